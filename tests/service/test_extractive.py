"""Statements that are quotations."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from service.answer import Stance, Verdict
from service.writers.extractive import write

from .test_verify import citation

QUOTES = st.lists(st.tuples(st.text("ab .\n\t", min_size=1).filter(str.strip), st.sampled_from(Stance)), max_size=4)


def cited(quotes):
    return [
        replace(citation(number=number), quote=quote, stance=stance) for number, (quote, stance) in enumerate(quotes, 1)
    ]


@given(st.sampled_from([None, *Verdict]), QUOTES)
def test_each_statement_stands_at_its_place_followed_by_its_number(verdict, quotes):
    text, statements = write(verdict, cited(quotes))
    assert [statement.citations for statement in statements] == [(number,) for number in range(1, len(quotes) + 1)]
    for statement, (quote, _) in zip(statements, quotes, strict=True):
        assert text[statement.start : statement.end] == statement.text == " ".join(quote.split())
        assert text[statement.end :].startswith(f" [{statement.citations[0]}]")


def test_the_verdict_opens_and_what_is_against_is_marked():
    quotes = [("It shall.", Stance.SUPPORTS), ("It\nshall not.", Stance.OPPOSES)]
    assert write(Verdict.MIXED, cited(quotes))[0] == "Mixed. It shall. [1] Against: It shall not. [2]"
    assert write(Verdict.YES, cited(quotes[:1]))[0] == "Yes. It shall. [1]"
    assert write(None, cited(quotes[:1]))[0] == "It shall. [1]"
