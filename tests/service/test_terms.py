"""Stems that question and source are compared by."""

from __future__ import annotations

import itertools
import re
import sqlite3
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import corpus
from index.frequency import rarity
from index.lexical import fold
from index.library import Library
from service.terms import INDEXED, is_nation, stem, stems, terms

TEXTS = sorted(Path(corpus.__file__).parent.glob("*.md"))


def indexed(words: list[str]) -> list[str]:
    """The stems that an FTS5 table of the library's kind keeps of each word."""
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE VIRTUAL TABLE t USING fts5(word, tokenize = 'porter unicode61 remove_diacritics 2')")
    connection.execute("CREATE VIRTUAL TABLE v USING fts5vocab(t, instance)")
    connection.executemany("INSERT INTO t(rowid, word) VALUES (?, ?)", enumerate(map(fold, words)))
    found: dict[int, list[str]] = {number: [] for number in range(len(words))}
    for number, term in connection.execute("SELECT doc, term FROM v ORDER BY doc, offset"):
        found[number].append(term)
    connection.close()
    return [" ".join(each) for each in found.values()]


def test_stems_are_those_of_the_lexical_index_for_every_word_of_the_corpus():
    words = sorted({word for path in TEXTS for word in re.findall(r"[^\W_]+", path.read_text(encoding="utf-8"))})
    assert len(words) > 2_000
    words += ["assembly", "assemblies", "possibly", "impossibly", "feebly", "technology", "eulogy", "ideologies", "es"]
    differing = [
        (word, ours, theirs)
        for word, theirs in zip(words, indexed(words), strict=True)
        if (ours := stem(word)) not in {"", theirs, *INDEXED}
    ]
    assert differing == []


def test_every_form_of_a_nation_is_a_stem_that_the_index_keeps():
    forms = sorted({word for alternatives in INDEXED.values() for form in alternatives for word in form})
    assert indexed(forms) == [indexed([form])[0] for form in forms]
    assert all(nation in {form[0] for form in INDEXED[nation]} for nation in INDEXED)


@pytest.mark.parametrize(
    "same",
    [
        "America|American|Americans|US|U.S.|USA|U.S.A.|United States|united states of america|the US",
        "Britain|British|UK|U.K.|United Kingdom|Great Britain",
        "Soviet Union|Soviet|USSR|U.S.S.R.|Soviets",
        "Morocco|Moroccan|Moroccans|morocco's",
        "Turkey|Turkish|Türkiye",
        "Russia|Russian",
        "Netherlands|Dutch",
        "defence|defense",
        "withdrawing|withdraw",
        "Article IV|article 4|Articles 4",
        "N.A.T.O.|NATO's|nato",
    ],
)
def test_spellings_of_one_thing_have_one_stem(same):
    assert len({stems(form) for form in same.split("|")}) == 1, {form: stems(form) for form in same.split("|")}


@pytest.mark.parametrize(
    ("one", "other"),
    [("North America", "US"), ("Latin American", "American"), ("tell us", "tell the US"), ("Russia", "Soviet Union")],
)
def test_what_only_looks_alike_differs(one, other):
    assert not stems(other) & stems(one)


def test_offsets_are_those_of_the_words_as_written():
    text = "Has the United States of America\nratified Art. IV, or Türkiye's U.S. treaty?"
    assert [text[term.start : term.end] for term in terms(text)] == [
        "United States of America", "ratified", "Art", "IV", "Türkiye's", "U.S.", "treaty",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "text", ["isn't, can't, won’t they've", "What's the? WHO is IT", "TELL US ALL THINGS", "'’ … _", ""]
)
def test_function_words_have_no_stem(text):
    assert terms(text) == []


@given(st.text(max_size=60))
def test_terms_are_in_order_never_overlap_and_hold_a_stem(text):
    found = terms(text)
    assert all(term.stem and 0 <= term.start < term.end <= len(text) for term in found)
    assert all(before.end <= after.start for before, after in itertools.pairwise(found))


def test_nations():
    assert all(map(is_nation, ["Canada", "Canadian", "US", "United States", "Türkiye"]))
    assert not any(map(is_nation, ["NATO", "Treaty", "Canada Dry", "", "the"]))


def test_a_nation_is_as_frequent_as_its_most_frequent_form(library_path):
    with Library.open(library_path) as library:
        never, often, by_form, by_rarest_word = rarity(
            library,
            ["zzz", "parti", "nation", "pair"],
            {"nation": (("zzz",), ("parti",)), "pair": (("parti", "zzz"),)},
        )
    assert never == by_rarest_word > often == by_form > 0
