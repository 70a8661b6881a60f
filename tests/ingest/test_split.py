from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.document import Document, Extract, Facts, Heading, Page, Passage
from ingest.read import read
from ingest.split import embedded_text, split
from ingest.structure import build

from .texts import by_bytes, by_letters, by_words, dirty_texts

ACT = "The Parties agree that an armed attack on one of them shall be met by all the others together at once. "


def document(text: str, *, title: str = "A Treaty", **fields: object) -> Document:
    extract = Extract(text=text, format="text", facts=Facts(title=title), **fields)  # type: ignore[arg-type]  # its fields
    return build(extract, name="a.txt")


def told(text: str, **limits: int) -> list[tuple[str, str]]:
    """Pinpoint and words of every passage."""
    whole = document(text)
    return [(passage.pinpoint, passage.of(text)) for passage in split(whole, count_tokens=by_words, **limits)]


def check(
    whole: Document, passages: tuple[Passage, ...], count: Callable[[str], int], longest: int, embedded: int
) -> None:
    """Every promise of the splitter."""
    text = whole.text
    assert "".join("".join(passage.of(text).split()) for passage in passages) == "".join(text.split())
    assert all(one.end <= other.start for one, other in pairwise(passages))
    for passage in passages:
        words = passage.of(text)
        assert words.strip()
        assert count(words) <= longest
        assert count(embedded_text(whole.title, passage, words)) <= embedded
        articles = [s for s in whole.sections if s.atomic and s.start < passage.end and passage.start < s.end]
        outermost = [
            s for s in articles if not any(o.start <= s.start and s.end <= o.end for o in articles if o is not s)
        ]
        assert len(outermost) <= 1


@given(dirty_texts(), st.sampled_from([by_words, by_letters, by_bytes]), st.integers(12, 200))
@settings(max_examples=200, deadline=None)
def test_every_promise_for_any_text(text: str, count: Callable[[str], int], longest: int) -> None:
    whole = document(text)
    check(whole, split(whole, count_tokens=count, longest=longest, embedded=260), count, longest, 260)


@pytest.mark.parametrize(
    "piece", ["(", "𝒜", "e\u0301", "約", "x", "\n\n\n", "(a)\n", "Article 1\n\n", "No. ", "ab. Cd "]
)
def test_every_promise_for_a_flood(piece: str) -> None:
    whole = document("Begin " + piece * (20_000 // len(piece)) + " end")
    for count in (by_words, by_letters):
        check(whole, split(whole, count_tokens=count), count, 180, 256)


def test_a_text_at_the_limit_is_one_passage_and_one_token_more_is_two() -> None:
    text = "word " * 17 + "word"
    assert by_words(text) == 20
    assert len(told(text, longest=20)) == 1
    assert len(told(text, longest=19)) == 2


def test_the_prefix_counts_towards_what_the_encoder_reads() -> None:
    whole = document(f"Article 1\n\n{ACT * 10}")
    taken = by_words("A Treaty › Article 1 › ") - by_words("")
    for embedded in (60, 61, 100):
        passages = split(whole, count_tokens=by_words, longest=1000, embedded=embedded)
        assert max(by_words(passage.of(whole.text)) for passage in passages) <= embedded - taken
        check(whole, passages, by_words, 1000, embedded)


def test_articles_never_share_a_passage() -> None:
    text = "Article 1\n\nShort.\n\nArticle 2\n\nShort too.\n\nArticle 3\n\n(a) One.\n\n(b) Two."
    assert told(text) == [
        ("Article 1", "Article 1\n\nShort."),
        ("Article 2", "Article 2\n\nShort too."),
        ("Article 3", "Article 3\n\n(a) One.\n\n(b) Two."),
    ]


def test_the_heading_of_a_chapter_goes_with_its_first_article() -> None:
    text = f"CHAPTER I\n\nPURPOSES\n\nArticle 1\n\n{ACT}\n\nArticle 2\n\n{ACT}\n\nCHAPTER II"
    found = told(text)
    assert [pinpoint for pinpoint, _ in found] == ["Article 1", "Article 2", "Chapter II"]
    assert found[0][1].startswith("CHAPTER I\n\nPURPOSES\n\nArticle 1")


def test_a_preamble_stands_on_its_own() -> None:
    text = f"The Parties to this treaty, desiring peace, agree as follows:\n\nArticle 1\n\n{ACT}"
    assert [pinpoint for pinpoint, _ in told(text)] == ["Preamble", "Article 1"]


def test_a_long_article_is_cut_between_its_paragraphs() -> None:
    text = "Article 1\n\n" + "\n\n".join(f"{number}. {ACT}{ACT}".strip() for number in range(1, 6))
    found = told(text, longest=150)
    assert [words.split()[0] for _, words in found] == ["Article", "3.", "5."]
    assert [pinpoint for pinpoint, _ in found] == ["Article 1", "Article 1", "Article 1(5)"]


def test_a_long_paragraph_is_cut_between_its_sentences() -> None:
    found = told(f"Article 1\n\n{ACT * 12}", longest=100)
    assert len(found) > 2
    assert all(words.endswith(".") for _, words in found)


def test_a_long_sentence_is_cut_between_its_words() -> None:
    found = told("and so on " * 200, longest=50)
    assert {word for _, words in found for word in words.split()} == {"and", "so", "on"}


def test_two_languages_never_share_a_passage() -> None:
    dutch = "De partijen zijn overeengekomen dat een aanval op een van hen door allen zal worden beantwoord met geweld."
    text = f"{ACT.strip()}\n\n{dutch}\n\n{ACT.strip()}"
    whole = document(text)
    assert [passage.language for passage in split(whole, count_tokens=by_words)] == ["en", "nl", "en"]


def test_small_neighbours_share_a_passage_only_below_the_same_heading() -> None:
    parts = [("Weapons", 2), ("Guns", 3), ("Ships", 3), ("Treaties", 2), ("Peace", 3)]
    text, headings = "", []
    for name, level in parts:
        headings.append((name, level, len(text)))
        text += f"{name}\n\nA few words about {name.lower()} here.\n\n"
    marks = tuple(Heading(start=start, end=start + len(name), level=level) for name, level, start in headings)
    whole = document(text, headings=marks)
    found = [passage.of(text).split("\n")[0] for passage in split(whole, count_tokens=by_words)]
    assert found == ["Weapons", "Guns", "Treaties", "Peace"]


def test_a_passage_knows_its_page() -> None:
    text = f"{ACT}\n\nArticle 1\n\n{ACT}"
    turn = text.index("Article")
    pages = (Page(start=0, end=turn, number=1), Page(start=turn, end=len(text), number=2))
    assert [passage.page for passage in split(document(text, pages=pages), count_tokens=by_words)] == [1, 2]
    assert [passage.page for passage in split(document(text), count_tokens=by_words)] == [None, None]


def test_what_is_embedded_is_title_section_and_passage() -> None:
    text = f"CHAPTER VII\n\nACTION\n\nArticle 42\n\n{ACT.strip()}"
    (passage,) = split(document(text, title="Charter"), count_tokens=by_words)
    assert embedded_text("Charter", passage, "Words.") == "Charter › Chapter VII: ACTION › Article 42 › Words."


def test_long_headings_give_way_from_the_outside() -> None:
    whole = document(f"CHAPTER I\n\n{'Very Long ' * 7}Title\n\nArticle 1\n\n{ACT}", title="A Treaty of Peace")
    (passage,) = split(whole, count_tokens=by_words, embedded=100, longest=60)
    assert by_words(embedded_text(whole.title, passage, "")) <= 100 // 4 + by_words("")
    assert passage.section == "Article 1"


def test_a_long_title_is_cut_after_a_word() -> None:
    whole = document(ACT, title="A Treaty of Peace " * 8)
    (passage,) = split(whole, count_tokens=by_words)
    prefix = embedded_text(whole.title, passage, "").removesuffix(" › ")
    assert len(prefix) <= 100
    assert whole.title.startswith(f"{prefix} ")


def test_a_heading_that_is_the_title_is_not_said_twice() -> None:
    text = f"Charter of Peace\n\n{ACT}\n\nArticle 1\n\n{ACT}\n\nCharter of War\n\n{ACT}\n\nArticle 1\n\n{ACT}"
    whole = document(text, title="Charter of Peace")
    assert all("Charter of Peace" not in passage.section for passage in split(whole, count_tokens=by_words))


def test_a_budget_too_small_for_a_character_is_refused() -> None:
    with pytest.raises(ValueError, match="budget"):
        split(document("𝒜"), count_tokens=by_bytes, longest=3)
    with pytest.raises(ValueError, match="budget"):
        split(document("word", title="A Treaty of Peace"), count_tokens=by_letters, embedded=18)


def test_an_empty_text_has_no_passages() -> None:
    assert split(document(" \n "), count_tokens=by_words) == ()


def test_counting_is_asked_for_sparingly() -> None:
    whole = document("\n\n".join(f"Article {number}\n\n{ACT * 8}" for number in range(1, 60)))
    asked: list[int] = []

    def count(text: str) -> int:
        asked.append(len(text))
        return by_words(text)

    split(whole, count_tokens=count)
    assert sum(asked) < 5 * len(whole.text)


@pytest.mark.shared
@pytest.mark.parametrize("name", ["north_atlantic_treaty_1949", "nato_sofa_1951", "tlatelolco_1967"])
def test_every_promise_for_real_treaties(shared: Path, name: str) -> None:
    whole = read((shared / "treaties" / f"{name}.md").read_bytes(), name=f"{name}.md")
    passages = split(whole, count_tokens=by_words)
    check(whole, passages, by_words, 180, 256)
    for passage in passages:
        assert passage.language == ("nl" if "Artikel" in passage.pinpoint else passage.language)
