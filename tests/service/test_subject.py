"""What a question is about, and what a document lacks."""

from __future__ import annotations

import pytest

from index.lexical import fold
from index.names import Names
from ingest.document import Document, Section, Trust
from service import subject
from service.question import read
from service.subject import lacks

NAMES = Names(
    [
        ("ANZUS Treaty", "anzus", "title"),
        ("ANZUS", "anzus", "alias"),
        ("North Atlantic Treaty", "nato", "title"),
        ("NATO", "nato", "alias"),
        ("United States", "us", "title"),
    ]
)


def others(question: str) -> tuple[str, ...]:
    reading = read(question)
    return subject.find(reading, NAMES.mentions(question), NAMES.prefer(question)).other_names


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Does the African Union have a defense clause?", ("African Union",)),
        ("Does ANZUS have a defense clause?", ()),
        ("Does the NATO Treaty have a defense clause?", ()),
        ("Does the North Atlantic Treaty bind Freedonia?", ("Freedonia",)),
        ("Does the Treaty bind the Parties?", ()),
        ("Does ANZUS bind the US Navy?", ("US Navy",)),
    ],
)
def test_names_that_are_no_documents(question, expected):
    assert others(question) == expected


def test_an_abbreviation_inside_another_is_another_name():
    names = Names([("ANZUS", "anzus", "alias")])
    question = "Does ANZUS bind the ANZ Bank and NZ?"
    assert subject.find(read(question), names.mentions(question), {}).other_names == ("ANZ Bank", "NZ")


def test_the_names_of_a_document_are_those_that_the_question_uses():
    question = "Do NATO and ANZUS differ? NATO is larger."
    about = subject.find(read(question), NAMES.mentions(question), NAMES.prefer(question))
    assert about.names_of("nato") == ["NATO", "NATO"]
    assert about.names_of("us") == []


def document(*labels: str, text: str = "") -> Document:
    sections = tuple(Section(start=0, end=1, label=label, heading=label, level=0) for label in labels)
    return Document(text=text or "Words.", format="text", title="T", trust=Trust.UNKNOWN, sections=sections)


ANZUS = document(*(f"Article {roman}" for roman in ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI")))


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        ("Article XII", "its last is Article XI"),
        ("Article 12(7)", "its last is Article XI"),
        ("Article XI", None),
        ("Article 4(2)", None),
        ("Chapter 3", None),  # nothing is numbered so
        ("Annex B", None),
    ],
)
def test_an_article_beyond_the_last_is_lacking(place, expected):
    assert lacks(ANZUS, fold(place)) == expected


def test_a_document_that_numbers_nothing_lacks_nothing():
    assert lacks(document("Preamble", "Signature"), "article 5") is None
    assert lacks(document("Article 1"), "article 5") is None


def test_a_document_that_mentions_an_article_does_not_lack_it():
    numbered = document("Article 1", "Article 2", text="Article 5 of the other treaty applies.")
    assert lacks(numbered, "article 5") is None
    assert lacks(numbered, "article 55") == "its last is Article 2"


def test_a_gap_in_the_numbers_is_told_as_a_gap():
    assert lacks(document("Article 1", "Article 2(1)", "Article 6"), "article 4") == (
        "it has only Article 1, Article 2, Article 6"
    )


def test_only_the_last_part_of_a_label_counts():
    nested = document("Chapter I › Article 1", "Chapter I › Article 2", "Chapter II › Article 3")
    assert lacks(nested, "article 4") == "its last is Article 3"
    assert lacks(nested, "chapter 4") is None
