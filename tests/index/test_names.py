"""Names of documents in questions."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.names import Names

ROWS = [
    ("NATO", "nato", "alias"),
    ("The North Atlantic Treaty", "nato", "title"),
    ("NATO SOFA", "sofa", "alias"),
    ("NATO", "sofa", "definition"),
    ("Security Treaty 1951", "anzus", "title"),
    ("anzus 1951", "anzus", "file"),
    ("Helsinki Final Act", "one", "title"),
    ("Helsinki Final Act", "two", "title"),
    ("United Nations", "un", "title"),
    ("UN", "un", "alias"),
    ("US", "us", "alias"),
    ("U.S.-Japan Alliance", "japan", "title"),
    ("treaty", "file", "file"),
    ("draft text 2", "file", "file"),
    ("Ruritania", "nato", "party"),
    ("Moroccan–American Defence Pact", "morocco", "title"),
    ("SACEUR", "nato", "definition"),
    ("1949", "year", "title"),
    (" ".join(["word"] * 15), "long", "title"),
]
NAMES = Names(ROWS)


def found(question: str) -> list[tuple[str, set[str]]]:
    return [(mention.name, set(mention.documents)) for mention in NAMES.mentions(question)]


@pytest.mark.parametrize(
    ("question", "name", "documents"),
    [
        ("What is the NATO SOFA?", "NATO SOFA", {"sofa"}),  # the longest
        ("what is the nato sofa", "nato sofa", {"sofa"}),
        ("Does NATO's Article 5 bind?", "NATO", {"nato"}),  # a document's own name goes over what another defines
        ("does the north atlantic treaty bind?", "north atlantic treaty", {"nato"}),
        ("Who is SACEUR?", "SACEUR", {"nato"}),
        ("Is the Security Treaty binding?", "Security Treaty", {"anzus"}),
        ("Is the Security Treaty 1951 binding?", "Security Treaty 1951", {"anzus"}),
        ("when was anzus signed?", "anzus", {"anzus"}),
        ("Is the Helsinki Final Act binding?", "Helsinki Final Act", {"one", "two"}),
        ("Is the UN bound?", "UN", {"un"}),
        ("is the un bound?", "un", {"un"}),
        ("Does it bind the U.S.?", "U.S.", {"us"}),
        ("Is the US-Japan alliance old?", "US-Japan alliance", {"japan"}),
        ("Is the U.S.–Japan Alliance old?", "U.S.–Japan Alliance", {"japan"}),
        ("the Moroccan-American defense pact", "Moroccan-American defense pact", {"morocco"}),
        ("In 1949?", "1949", {"year"}),
    ],
)
def test_a_name_is_found_as_people_write_it(question, name, documents):
    assert found(question) == [(name, documents)]


@pytest.mark.parametrize(
    "question",
    [
        "Tell us about it",
        "tell us about it",
        "TELL US ABOUT IT",
        "Is the Un a name?",  # an abbreviation counts in capitals where others are
        "Does the treaty end?",  # a file that is called so is not meant
        "Is the draft text 2 final?",
        "Is Ruritania bound?",  # a party is no name of its treaty
        "Natos Natolin",
        "word " * 15,
        "",
        "?!",
    ],
)
def test_what_is_no_name_is_not_found(question):
    assert found(question) == []


def test_a_shared_name_points_at_each_weakly():
    assert NAMES.prefer("Is the Helsinki Final Act binding?") == {"one": 0.5, "two": 0.5}
    assert NAMES.prefer("Is the NATO SOFA like ANZUS?") == {"sofa": 1.0, "anzus": 0.8}
    assert NAMES.prefer("Who is SACEUR? Does NATO say?") == {"nato": 1.0}
    assert NAMES.prefer("Who?") == {}


PIECES = st.lists(
    st.sampled_from(["NATO", "sofa", "nato's", "the", "U.S.", "US", "-", "Japan", "Alliance", "é½", "North Atlantic"])
    | st.text(max_size=5),
    max_size=12,
)


@given(PIECES, st.sampled_from([" ", "", "\n"]))
def test_mentions_never_overlap_and_are_slices_of_the_question(pieces, between):
    question = between.join(pieces)
    end = 0
    for mention in NAMES.mentions(question):
        assert end <= mention.start < mention.end <= len(question)
        assert question[mention.start : mention.end] == mention.name
        assert mention.documents
        assert all(0 < strength <= 1 for strength in mention.documents.values())
        end = mention.end


def test_no_names_at_all():
    assert Names([]).mentions("Does NATO bind?") == ()
