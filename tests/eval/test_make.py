"""Proposed cases: sound, to the letter, the same each time, and no gold before a person has looked at them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from eval.case import PROPOSED, read_cases
from eval.errors import BadCases, EvalError
from eval.locate import locate_gold
from eval.make import Found, drafts, lines, propose, stands, topic, write
from index.add import add
from index.library import Library
from ingest.document import Section
from tests.index.encoders import HashingEncoder

STRELSAU = """# Treaty of Strelsau (Zenda Pact)

## Article I

The Parties shall settle any dispute over the river Zenda by peaceful means. They meet in spring.

## Article II

No Party may station foreign garrisons on the northern bank of the river.

## Article III

The Treaty of Strelsau entered into force on 29 April 1952 in both kingdoms.

## Article IV

A Party may withdraw, unless the Council objects to that withdrawal within a year.

| one | two |
|-----|-----|
| three | four |
"""
SZOHOD = """# Trade Agreement of Szohôd

## Article 1

A duty is the amount of money that mineral water costs a merchant at the frontier.

## Article 2

Percy Wagg signed the agreement in Klow on behalf of the Bordurian government.
"""
GERMAN = """# Vertrag von Strelsau

## Artikel 1

Die Parteien verpflichten sich, alle Streitigkeiten über den Fluss Zenda mit friedlichen Mitteln beizulegen.

Jede Partei unterstützt die andere im Falle eines bewaffneten Angriffs mit allen Mitteln, die ihr zur Verfügung stehen.
"""


@contextmanager
def filled(folder: Path, **texts: str) -> Iterator[Library]:
    """A library of those documents, added in that order."""
    with Library.open(folder / "library", create=True) as opened:
        for name, text in texts.items():
            (folder / f"{name}.md").write_text(text, encoding="utf-8")
        files = [folder / f"{name}.md" for name in texts]
        add(opened, files, encoder=HashingEncoder(), workers=1)
        yield opened


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    with filled(tmp_path_factory.mktemp("made"), strelsau=STRELSAU, szohod=SZOHOD) as opened:
        yield opened


@pytest.fixture
def proposals(library: Library) -> list[dict[str, Any]]:
    return propose(library)


def asked(words: str, label: str = "Article 4") -> dict[str, tuple[str, str | None]]:
    """The questions about a sentence of an article: type -> the first of that type, and its verdict."""
    section = Section(start=0, end=len(words), label=label, heading=label, level=0, atomic=True)
    found = Found(start=0, end=len(words), document_id="x", words=words, section=section)
    by_type: dict[str, tuple[str, str | None]] = {}
    for _, draft in drafts(found):
        by_type.setdefault(draft.type, (draft.text, draft.verdict))
    return by_type


def test_proposals_are_refused_until_the_mark_is_deleted(
    proposals: list[dict[str, Any]], library: Library, tmp_path: Path
) -> None:
    path = tmp_path / "cases.jsonl"
    write(proposals, path)
    with pytest.raises(BadCases, match=r"cases\.jsonl:1: .*delete the field 'proposed'") as refused:
        read_cases(path)
    assert len(refused.value.problems) == len(proposals)
    for proposal in proposals:
        assert proposal.pop(PROPOSED) is True
    path.write_text(lines(proposals), encoding="utf-8")
    cases = read_cases(path)
    assert [case.id for case in cases] == [proposal["id"] for proposal in proposals]
    places = locate_gold(cases, lambda document: library.text(document))
    assert all(places[case.id] for case in cases if case.answerable)
    assert {case.type for case in cases} == {"polar", "factoid", "definition", "unanswerable"}


def test_gold_is_a_whole_sentence_to_the_letter(proposals: list[dict[str, Any]], library: Library) -> None:
    for proposal in proposals:
        for part in proposal.get("gold", []):
            (gold,) = part
            assert gold["quote"] in library.text(gold["document"])
            assert stands(gold["quote"])


def test_the_same_library_gives_the_same_lines_whatever_the_order_of_adding(
    proposals: list[dict[str, Any]], tmp_path: Path
) -> None:
    with filled(tmp_path, szohod=SZOHOD, strelsau=STRELSAU) as other:
        assert lines(propose(other)) == lines(proposals)


def test_no_document_gets_more_than_was_asked_for(library: Library) -> None:
    for most in (1, 2, 3):
        about = [row["gold"][0][0]["document"] for row in propose(library, per_document=most) if "gold" in row]
        assert 0 < about.count("strelsau") <= most
        assert 0 < about.count("szohod") <= most


def test_what_a_document_cannot_answer_is_in_none_of_its_words(
    proposals: list[dict[str, Any]], library: Library
) -> None:
    strange = [proposal for proposal in proposals if proposal["type"] == "unanswerable"]
    assert {proposal["id"] for proposal in strange} == {"strelsau-unanswerable", "szohod-unanswerable"}
    for proposal in strange:
        subject = proposal["question"].partition(" say about ")[2].rstrip("?")
        assert not set(subject.split()) & set(library.text(proposal["id"].partition("-")[0]).lower().split())


@pytest.mark.parametrize(
    ("sentence", "kind", "question", "verdict"),
    [
        ("The Parties shall consult.", "polar", "Must the Parties consult, according to Article 4 of {title}?", "yes"),
        ("Any Party may leave.", "polar", "May any Party leave, according to Article 4 of {title}?", "yes"),
        ("Spies shall not enter.", "polar", "May spies enter, according to Article 4 of {title}?", "no"),
        ("No Party may leave.", "polar", "May any Party leave, according to Article 4 of {title}?", "no"),
        ("A duty is the price of entry.", "definition", "What is a duty?", None),
        ("“Party” means a state.", "definition", "What is meant by Party in Article 4 of {title}?", None),
        ("NORAD entered into force on 12 May 1958.", "factoid", "When did NORAD come into force?", None),
        ("The pact was signed in Klow on 12 May 1958.", "factoid", "When was the pact signed in Klow?", None),
        ("Percy Wagg signed it.", "factoid", "Who signed it?", None),
        ("A vote needs 1,250 delegates.", "factoid", "How many delegates does Article 4 of {title} speak of?", None),
        ("They fear an armed attack.", "factoid", "What does Article 4 of {title} say about armed attack?", None),
    ],
)
def test_a_form_asks_for_what_the_sentence_says(sentence: str, kind: str, question: str, verdict: str | None) -> None:
    assert asked(sentence)[kind] == (question, verdict)


@pytest.mark.parametrize(
    "sentence",
    [
        "A Party may leave unless the Council objects.",
        "Nothing shall impair the Charter.",
        "In Article 4 the Parties shall consult.",
    ],
)
def test_no_verdict_is_proposed_where_a_condition_or_an_opening_could_turn_it(sentence: str) -> None:
    assert "polar" not in asked(sentence)


@pytest.mark.parametrize("sentence", ["Article 5 is the defence clause.", "Protected are all the islands of the sea."])
def test_no_definition_is_proposed_of_what_is_no_thing(sentence: str) -> None:
    assert "definition" not in asked(sentence)


@pytest.mark.parametrize("words", [8, 60])
def test_a_sentence_of_a_length_at_the_limit_stands(words: int) -> None:
    assert stands("Word" + " word" * (words - 1) + ".")


@pytest.mark.parametrize(
    "sentence",
    [
        "Word" + " word" * 6 + ".",
        "Word" + " word" * 60 + ".",
        "They undertake to settle any dispute by peaceful means.",
        "The latter undertakes to settle any dispute by peaceful means.",
        "The Parties undertake to settle such disputes by peaceful means.",
        "The Parties undertake the following: to settle any dispute peacefully.",
        "the Parties undertake to settle any dispute by peaceful means.",
        "The Parties undertake to settle any dispute by peaceful means",
        "(a) The Parties undertake to settle any dispute by peaceful means.",
        "Article IV Party Council Treaty Zenda Strelsau Klow Borduria Syldavia.",
    ],
)
def test_a_sentence_that_leans_on_others_does_not_stand(sentence: str) -> None:
    assert not stands(sentence)


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [("There was an armed attack on the fleet.", "armed attack"), ("The Parties agree.", ""), ("Of it.", "")],
)
def test_the_topic_is_what_stands_after_an_article(sentence: str, expected: str) -> None:
    assert topic(sentence) == expected


def test_a_file_that_is_there_is_never_overwritten(proposals: list[dict[str, Any]], tmp_path: Path) -> None:
    path = tmp_path / "new" / "cases.jsonl"
    write(proposals, path)
    before = path.read_bytes()
    assert [json.loads(line) for line in before.splitlines()] == proposals
    with pytest.raises(EvalError, match=r"cases\.jsonl is there already .*--to"):
        write(proposals[:1], path)
    assert path.read_bytes() == before


def test_a_place_that_cannot_be_written_is_named(proposals: list[dict[str, Any]], tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(EvalError, match=r"file.cases\.jsonl cannot be written"):
        write(proposals, tmp_path / "file" / "cases.jsonl")


@pytest.mark.parametrize("texts", [{}, {"vertrag": GERMAN}])
def test_a_library_with_nothing_to_ask_about_is_named(texts: dict[str, str], tmp_path: Path) -> None:
    with filled(tmp_path, **texts) as library, pytest.raises(EvalError, match="no document has an English sentence"):
        propose(library)
