from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.document import Span
from ingest.pinpoints import sections
from ingest.sentences import sentences, stem

from .texts import dirty_texts


def words(text: str) -> list[str]:
    return [span.of(text) for span in sentences(text)]


ONE = [
    "It is set out in Art. 5 of the treaty.",
    "Mr. Dulles met Gen. Ridgway at No. 10.",
    "The U.S. Senate gave its consent.",
    "Some states, e.g. Iceland, have no army.",
    "The vote was 3.5 to 1.",
    "Percy C. Spender signed.",
    "See Case v. State, pp. 12-14, and St. Kitts.",
    "He said: “Never.” and left.",
    "They waited ... and then agreed.",
    "1. The Parties will consult.",
    "The charter (see Art. 51) permits it.",
    "A long line that was only wrapped by the printer because it was full, and which\ngoes on here to its end.",
]


@pytest.mark.parametrize("text", ONE)
def test_stays_one_sentence(text: str) -> None:
    assert words(text) == [text]


MANY = [
    ["The Parties agree.", "They will act."],
    ["Each Party shall act as agreed.", "They will report."],
    ["Was it signed?", "Yes!", "It was."],
    ["As set forth in Article IV.", "The Council shall meet."],
    ["This is laid down in Article V.", "The Council shall meet."],
    ["It was signed in 1951.", "It came into force later."],
    ["He left the U.S.", "The treaty stayed."],
    ["“We agree.”", "They signed (at last.)", "It held."],
    ["They waited ...", "Then they agreed."],
    ["条約は発効した。", "締約国は協議する。"],
]


@pytest.mark.parametrize("parts", MANY)
def test_stops_part_sentences(parts: list[str]) -> None:
    assert words(" ".join(parts)) == parts


def test_a_missing_space_after_the_stop_still_parts() -> None:
    assert words("Each will act as agreed.They will report.") == ["Each will act as agreed.", "They will report."]
    assert words("See www.Nato.Int and U.S.A. Ph.D. papers") == ["See www.Nato.Int and U.S.A. Ph.D. papers"]


def test_a_heading_on_its_own_line_is_a_sentence() -> None:
    text = (
        "Membership Coverage\nMilitary alliances are formal agreements between nations for mutual defense against all."
    )
    assert words(text)[0] == "Membership Coverage"


def test_list_items_are_sentences_of_their_own() -> None:
    text = "The Parties shall\n(a) consult;\n(b) act together;\n(c) report\n- to the Council\n• to the public"
    assert words(text) == text.split("\n")


def test_a_blank_line_always_parts() -> None:
    assert words("the first half\n \nthe second half") == ["the first half", "the second half"]


def test_a_range_is_kept_to() -> None:
    text = "One two. Three four. Five six."
    assert [span.of(text) for span in sentences(text, 4, 18)] == ["two.", "Three fou"]


@given(dirty_texts(), st.data())
@settings(max_examples=150, deadline=None)
def test_every_sentence_promise(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    found = sentences(text, start, end)
    held = "".join("".join(span.of(text).split()) for span in found)
    assert held == "".join(text[start:end].split())
    assert all(span.of(text) == span.of(text).strip() != "" for span in found)
    assert all(one.end <= other.start for one, other in pairwise(found))
    assert all(start <= span.start < span.end <= end for span in found)


@pytest.mark.parametrize("piece", ["(", ".", "a.", ". A", "\n(", '."', "No. ", "\n \n", "…", "U.S."])
def test_endless_repetition_is_read_in_one_go(piece: str) -> None:
    text = piece * (200_000 // len(piece))
    assert sum(span.end - span.start for span in sentences(text)) <= len(text)


def stem_of(text: str, item: str) -> str | None:
    start = text.index(item)
    found = stem(text, sections(text), Span(start=start, end=start + len(item)))
    return found.of(text) if found else None


TREATY = """Article 1

The Parties undertake:

(a) to consult together;

(b) to act as follows:

(i) at once;

(ii) jointly.

Article 2

(a) Nothing introduces this.

This sentence is no item."""


def test_the_stem_of_an_item_is_what_introduces_its_list() -> None:
    assert stem_of(TREATY, "(b) to act") == "The Parties undertake:"
    assert stem_of(TREATY, "to consult together") == "The Parties undertake:"
    assert stem_of(TREATY, "(ii) jointly.") == "(b) to act as follows:"


def test_what_is_no_item_or_has_no_introduction_has_no_stem() -> None:
    assert stem_of(TREATY, "The Parties undertake:") is None
    assert stem_of(TREATY, "(a) Nothing") is None
    assert stem_of("Plain text here. More of it.", "More of it.") is None


def test_a_list_outside_articles_has_a_stem_too() -> None:
    text = "Much was said. Key challenges include:\n\n  1. Political quarrels.\n  2. Limited budgets.\n\nThe end."
    assert stem_of(text, "2. Limited budgets.") == "Key challenges include:"
    assert stem_of(text, "The end.") is None
