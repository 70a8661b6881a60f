from __future__ import annotations

import sqlite3

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index import lexical
from index.schema import TABLES


@pytest.fixture
def connection() -> sqlite3.Connection:
    opened = sqlite3.connect(":memory:", isolation_level=None)
    opened.executescript(TABLES)
    return opened


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("defence", "defense"),
        ("Organisation", "organization"),
        ("recognised", "recognized"),
        ("labour", "labor"),
        ("honours", "honors"),
        ("neighbouring", "neighboring"),
        ("programme", "program"),
        ("centre", "center"),
        ("travelled", "traveled"),
        ("Article IV", "article 4"),
        ("Chapter VIII", "chapter 8"),
        ("U.S.", "us"),
        ("métier", "metier"),
        ("NATO's", "nato"),
        ("ﬁnal", "final"),
        ("co\u00adoperate", "cooperate"),
    ],
)
def test_spellings_of_one_word_are_one(one: str, other: str) -> None:
    assert lexical.fold(one).split() == lexical.fold(other).split()


@pytest.mark.parametrize("word", ["four", "hour", "your", "called", "article civil", "civic", "rise", "is"])
def test_words_that_look_like_a_variant_keep_themselves_apart(word: str) -> None:
    assert lexical.fold(word) == word


def test_a_hyphenated_word_meets_both_its_forms() -> None:
    folded = lexical.fold("non-proliferation").split()
    assert set(lexical.fold("nonproliferation").split()) <= set(folded)
    assert set(lexical.fold("non proliferation").split()) <= set(folded)


def test_questions_lose_their_small_words_and_keep_abbreviations() -> None:
    assert lexical.terms("Does the US have a duty to defend us?") == ("us", "duty", "defend")
    assert lexical.terms("does the us have a duty") == ("duty",)
    assert lexical.terms("Is it?") == ()


def test_a_question_has_at_most_so_many_words() -> None:
    words = " ".join(f"w{number}" for number in range(lexical.LONGEST_QUERY + 1))
    assert len(lexical.terms(words)) == lexical.LONGEST_QUERY
    assert len(lexical.terms(words.rsplit(" ", 1)[0])) == lexical.LONGEST_QUERY


@given(st.text())
def test_folding_settles(text: str) -> None:
    """Folded words are found by folded words, so folding single words again must change nothing."""
    for word in lexical.terms(text):
        assert lexical.fold(word) == word


@given(st.text())
def test_any_text_can_be_asked(question: str) -> None:
    opened = sqlite3.connect(":memory:", isolation_level=None)
    opened.executescript(TABLES)
    lexical.add(opened, [(1, "title", "section", "an armed attack")])
    assert len(lexical.search(opened, lexical.terms(question), 10)) <= 1
    opened.close()


@pytest.mark.parametrize(
    "question", ['attack" OR title:x', "attack NOT armed", "NEAR(attack)", "attack*", "(((", "^attack"]
)
def test_query_language_in_a_question_is_only_words(connection: sqlite3.Connection, question: str) -> None:
    lexical.add(connection, [(1, "t", "s", "an armed attack"), (2, "t", "s", "a peaceful day")])
    found = lexical.search(connection, lexical.terms(question), 10)
    assert [number for number, _ in found] == ([1] if "attack" in question else [])


def test_a_word_in_the_title_counts_for_more(connection: sqlite3.Connection) -> None:
    lexical.add(connection, [(1, "other", "", "anzus today"), (2, "anzus", "", "other today"), (3, "x", "", "unlike")])
    assert [number for number, _ in lexical.search(connection, ("anzus",), 10)] == [2, 1]


def test_equal_scores_go_by_the_smaller_id(connection: sqlite3.Connection) -> None:
    lexical.add(connection, [(number, "t", "s", "same words") for number in (5, 3, 9)])
    assert [number for number, _ in lexical.search(connection, ("words",), 2)] == [3, 5]


def test_what_is_removed_leaves_the_statistics(connection: sqlite3.Connection) -> None:
    kept = [(number, f"t{number}", "s", f"alpha beta {'gamma ' * number}") for number in range(1, 8)]
    gone = [(number, "alpha", "gamma", "alpha alpha gamma") for number in range(20, 60)]
    lexical.add(connection, [*kept, *gone])
    lexical.remove(connection, [row[0] for row in gone])
    fresh = sqlite3.connect(":memory:", isolation_level=None)
    fresh.executescript(TABLES)
    lexical.add(fresh, kept)
    assert lexical.search(connection, ("gamma", "t3"), 10) == lexical.search(fresh, ("gamma", "t3"), 10)
    fresh.close()
