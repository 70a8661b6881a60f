"""Quotations are short, whole and in their place."""

from __future__ import annotations

import datetime
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.document import Span
from service.answer import Stance
from service.ask import Asker
from service.cite import LONGEST_QUOTE, Citer, shorten

WORDS = st.lists(st.sampled_from(["attack", "treaty", "war,", "peace;", "is:", ";", "a", "\n", "  "]), max_size=200)


@given(WORDS, st.integers(0, 30), st.integers(0, 30), st.sets(st.sampled_from(["attack", "treati", "war"])))
def test_a_quotation_is_whole_words_inside_the_span(words, before, behind, wanted):
    text = " ".join(words)
    span = Span(start=min(before, len(text)), end=max(len(text) - behind, min(before, len(text))))
    if not span.of(text).strip():
        with pytest.raises(ValueError, match=f"no word from character {span.start} to {span.end}"):
            shorten(text, span, wanted)
        return
    found = shorten(text, span, wanted)
    quote = found.of(text)
    assert span.start <= found.start < found.end <= span.end
    assert quote == quote.strip()
    assert len(quote.split()) <= LONGEST_QUOTE
    assert found.start == span.start or text[found.start - 1].isspace()
    assert found.end == span.end or text[found.end].isspace() or text[found.end] in ",;:"


def words(number: int, word: str = "word") -> str:
    return " ".join([word] * number)


@pytest.mark.parametrize("number", [1, LONGEST_QUOTE])
def test_a_short_sentence_is_quoted_whole(number):
    text = words(number) + "."
    assert shorten(text, Span(start=0, end=len(text)), ()) == Span(start=0, end=len(text))


def test_one_word_more_is_too_long():
    text = words(LONGEST_QUOTE + 1)
    assert shorten(text, Span(start=0, end=len(text)), ()).of(text) == words(LONGEST_QUOTE)


def test_the_clause_that_the_question_is_about_is_kept():
    text = f"{words(50, 'alpha')}, and each Party shall withdraw its troops; {words(50, 'omega')}"
    quote = shorten(text, Span(start=0, end=len(text)), {"withdraw", "troop"}).of(text)
    assert "each Party shall withdraw its troops" in quote


def test_a_long_clause_is_cut_and_not_left_for_a_short_one_that_says_nothing():
    text = f"{words(70, 'alpha')} withdraw {words(30, 'omega')}, amen"
    assert "withdraw" in shorten(text, Span(start=0, end=len(text)), {"withdraw"}).of(text)


def test_what_is_known_of_the_document_stands_in_the_citation(asker: Asker):
    state = asker.state()
    text = state.document("szohod").text
    start = text.index("Syldavia shall")
    cited = state.citer.cite(3, "szohod", Span(start=start, end=start + 14), Stance.OPPOSES)
    assert (cited.number, cited.pinpoint, cited.page, cited.quote) == (3, "Article 1", None, "Syldavia shall")
    assert (cited.in_force, cited.ended, cited.trust, cited.stance) == ("ended", "1989-11-09", "unknown", "opposes")
    assert cited.document_sha256 == state.document("szohod").sha256


@pytest.mark.parametrize(("document", "expected"), [("strelsau", "in force"), ("red-alarm", "unknown")])
def test_force_is_what_the_facts_say(asker: Asker, document, expected):
    assert asker.state().citer.cite(1, document, Span(start=0, end=5)).in_force == expected


@pytest.mark.parametrize(
    ("days", "expected"), [(1, "in force"), (0, "ended"), (-1, "ended")], ids=["tomorrow", "today", "yesterday"]
)
def test_what_has_yet_to_end_is_in_force(asker: Asker, days, expected):
    state = asker.state()
    ended = (datetime.date.today() + datetime.timedelta(days=days)).isoformat()
    facts = replace(state.stored["strelsau"].facts, ended=ended)
    citer = Citer(lambda document_id: replace(state.stored[document_id], facts=facts), state.document)
    assert citer.cite(1, "strelsau", Span(start=0, end=5)).in_force == expected
