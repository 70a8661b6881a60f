"""What a statement says beyond its source is found, in whatever form either writes it."""

from __future__ import annotations

from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.checks import Kind, missing


@pytest.mark.parametrize(
    ("statement", "source"),
    [
        ("NATO has thirty-two members.", "The alliance (NATO) counts 32 members."),
        ("It lasted 1,000 days.", "It lasted a thousand days."),
        ("It cost 2.5 million.", "It cost 2,500,000."),
        ("Two hundred and five thousand men served.", "205,000 men"),
        ("It was signed on 4 April 1949.", "Done the 4th day of April, 1949."),
        ("It was signed on April 4, 1949.", "1949-04-04"),
        ("It was signed in April 1949.", "4 April 1949"),
        ("It was signed in 1949.", "4 April 1949"),
        ("In May 1951 they met.", "They met in May 1951."),
        ("The United States may leave.", "The US could withdraw."),
        ("The Canadian Government agreed.", "Canada's government agrees."),
        ("Parties must consult.", "The Parties shall consult."),
        ("It doesn't bind.", "It does not bind."),
        ("One may withdraw.", "A party may withdraw."),
        ("It has 1 party.", "It has one party."),
        ("See No. 5.", "It is number 5; see there."),
        ("It has five or six members.", "Between five and six members."),
        ("Two hundred and five.", "205"),
        ("It lasted one hundred thousand days.", "100,000 days"),
        ("They muſt leave on 5 auguſt.", "They must leave on 5 August."),
        ("", ""),
    ],
)
def test_the_same_in_other_forms_is_not_missing(statement: str, source: str) -> None:
    assert missing(statement, source) == ()


@pytest.mark.parametrize(
    ("statement", "source", "kind", "words"),
    [
        ("It has 32 members.", "It has 31 members.", Kind.NUMBER, "32"),
        ("It has five members.", "It has members.", Kind.NUMBER, "five"),
        ("Signed on 4 April 1949.", "Signed on 5 April 1949.", Kind.DATE, "4 April 1949"),
        ("Signed on 4 April 1949.", "Signed in April 1949.", Kind.DATE, "4 April 1949"),
        ("Signed in May 1949.", "Signed in April 1949.", Kind.DATE, "May 1949"),
        ("It was signed in Paris.", "It was signed in Washington.", Kind.NAME, "Paris"),
        ("It does not bind.", "It binds.", Kind.NEGATION, "not"),
        ("It binds without delay.", "It binds.", Kind.NEGATION, "without"),
        ("They shall consult.", "They may consult.", Kind.MODAL, "shall"),
        ("They may consult.", "They consulted in May.", Kind.MODAL, "may"),
    ],
)
def test_what_the_source_does_not_hold_is_missing(statement: str, source: str, kind: Kind, words: str) -> None:
    (found,) = missing(statement, source)
    assert (found.kind, found.words) == (kind, words)
    assert statement[found.start : found.end] == words


SAID = "The Parties shall not may consult 32 thirty-two 1,000 4 April 1949 May 1951-09-01 NATO Paris. , never"
TEXTS = st.lists(st.sampled_from(SAID.split()), max_size=12).map(" ".join)


@given(TEXTS)
def test_a_text_holds_all_that_it_says(text: str) -> None:
    assert missing(text, text) == ()


@given(TEXTS, TEXTS)
def test_a_longer_source_misses_no_more(statement: str, source: str) -> None:
    longer = f"{source}\n{statement}"
    assert missing(statement, longer) == ()
    for found in missing(statement, source):
        assert statement[found.start : found.end] == found.words


def test_capitals_from_other_alphabets_break_nothing() -> None:
    assert missing("aprİl 5, ſix, thırty", "") != ()


def test_a_number_without_end_breaks_nothing() -> None:
    endless = "hundred and " * 500
    assert missing(endless, endless) == ()


def test_the_time_is_linear() -> None:
    """A thousand times the words, far less than a million times the work: the tables of dates are looked up."""
    many = " ".join(f"It was on {1 + day % 28} May {1000 + day}." for day in range(5_000))
    started = perf_counter()
    assert missing(many, many) == ()
    assert perf_counter() - started < 10  # by comparing each date with each it is more than a minute
