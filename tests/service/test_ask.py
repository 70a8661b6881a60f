"""A question to a real library."""

from __future__ import annotations

import shutil
import warnings
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.add import add
from index.encoder import Encoder
from index.errors import UnknownDocument
from index.library import Library
from service import refusal, subject
from service.answer import Question, Reason
from service.ask import Asker, open_asker
from service.errors import BadRequest
from service.judgement import Judgement
from service.question import read
from service.settings import K_MOST, QUESTION_CHARACTERS, Settings
from service.verify import check_answer
from service.wire import answer_json


def test_an_answer_is_proved_by_the_words_of_its_document(asker: Asker):
    answer = asker.ask(Question(text="When was the Treaty of Strelsau signed?"))
    assert answer.outcome == "answer"
    assert answer.verdict is None
    assert "1 September 1951" in answer.text
    (first, *_) = answer.citations
    assert (first.document_id, first.pinpoint, first.trust) == ("strelsau", "Article III", "primary")
    assert first.quote == asker.library.text("strelsau")[first.start : first.end]
    assert [check.status for check in check_answer(answer_json(answer), asker.state().texts)] == ["verified"] * len(
        answer.citations
    )


def test_a_yes_or_no_question_gets_a_verdict(asker: Asker):
    answer = asker.ask(Question(text="Is an armed attack on one Party of the Strelsau Pact an attack on both?"))
    assert answer.verdict == "yes"
    assert answer.text.startswith("Yes. ")
    assert answer.citations[0].pinpoint == "Article II"


def test_the_same_question_gives_the_same_answer(asker: Asker):
    question = Question(text="May a Party withdraw from the Treaty of Strelsau?")
    first, second = asker.ask(question), asker.ask(question)
    assert replace(first, timings_ms={}) == replace(second, timings_ms={})
    assert {"search", "rerank", "total"} <= set(first.timings_ms)


def test_an_article_beyond_the_last_is_refused(asker: Asker):
    refused = asker.ask(Question(text="What does Article XII of the Treaty of Strelsau say?")).refusal
    assert refused
    assert (refused.reason, refused.message) == (
        Reason.NOT_STATED,
        "Treaty of Strelsau has no Article XII; its last is Article IV.",
    )
    assert 0 < len(refused.nearest) <= 3


def test_a_treaty_that_the_library_does_not_hold_is_refused(asker: Asker):
    answer = asker.ask(Question(text="Does the African Union have a lighthouse clause?"))
    assert answer.refusal
    assert (answer.refusal.reason, answer.citations, answer.statements) == (Reason.OUT_OF_SCOPE, (), ())
    assert "“African Union”" in answer.text


NOTHING_ASKED = ["", "  \n", "?!", "___", "Hello", "Good Morning!", "thanks", "ok", "Why not?", "who are you?", "asdf"]


@pytest.mark.parametrize("text", NOTHING_ASKED)
def test_what_asks_nothing_is_unclear_and_costs_no_warning(asker: Asker, text):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        refused = asker.ask(Question(text=text)).refusal
    assert refused
    assert (refused.reason, refused.nearest) == (Reason.UNCLEAR_QUESTION, ())


def unclear(asker: Asker, text: str) -> bool:
    """Whether the words alone are a reason to refuse; nothing is searched."""
    state, reading = asker.state(), read(text)
    about = subject.find(reading, state.names.mentions(text), state.names.prefer(text))
    refused = refusal.find(Judgement(reading=reading, about=about, hits=(), ranked=()), state, threshold=0.0)
    return refused is not None and refused.reason is Reason.UNCLEAR_QUESTION


@given(st.lists(st.sampled_from(["hello", "Hi", "thanks", "a", "lot", "good", "night", "ok", "you", "very", "much"])))
def test_courtesies_in_any_order_ask_nothing(asker: Asker, words):
    assert unclear(asker, " ".join(words))


@given(
    st.permutations(["hello", "thanks", "ok"]), st.sampled_from(["withdrawal", "TOS", "mineral water", "Lutha Pact"])
)
def test_bare_words_are_a_question_where_a_document_holds_one_or_they_name_something(
    asker: Asker, words, subject_words
):
    assert not unclear(asker, subject_words)
    assert not unclear(asker, f"{subject_words} {' '.join(words)}")


def test_a_question_need_not_use_the_words_of_the_documents(asker: Asker):
    assert unclear(asker, "zeppelins")
    assert not unclear(asker, "Are zeppelins forbidden?")
    assert not unclear(asker, "What is a zeppelin?")


def test_an_empty_library_says_so(tmp_path, encoder: Encoder):
    with Library.open(tmp_path / "library", create=True) as library:
        refused = Asker(library, encoder, notice=lambda _: None).ask(Question(text="When was it signed?")).refusal
    assert refused
    assert refused.reason is Reason.EMPTY_LIBRARY


def test_limits_at_their_edges(asker: Asker):
    longest = "word " * (QUESTION_CHARACTERS // 5)
    assert len(longest) == QUESTION_CHARACTERS
    assert asker.ask(Question(text=longest, k=K_MOST)).refusal
    with pytest.raises(BadRequest, match=f"has {QUESTION_CHARACTERS + 1} characters, the limit is"):
        asker.ask(Question(text=longest + "x"))
    for k in (0, K_MOST + 1):
        with pytest.raises(BadRequest, match=f"k is {k}; it must be from 1 to {K_MOST}"):
            asker.ask(Question(text="When?", k=k))


def test_only_the_documents_that_are_asked(asker: Asker):
    hits = asker.search("Ruritania and Graustark", documents=("mountain-page",))
    assert {hit.document_id for hit in hits} == {"mountain-page"}
    with pytest.raises(UnknownDocument, match="none"):
        asker.ask(Question(text="When was it signed?", documents=("none",)))


def test_a_library_that_changes_during_a_question_is_asked_again(library_path, sources, encoder, tmp_path, monkeypatch):
    own = tmp_path / "library"
    shutil.copytree(library_path, own)
    late = tmp_path / "late.md"
    late.write_text("# Pact of Lutha\n\nThe Pact of Lutha was signed at Lustadt in 1907.\n", "utf-8")
    with open_asker(Settings(library=own), notice=lambda _: None) as asker:
        judge, changed = asker.judge, []

        def judge_after_a_change(*arguments, **named):
            if not changed:
                changed.append(True)
                with Library.open(own) as other:
                    add(other, [late], encoder=encoder)
            return judge(*arguments, **named)

        monkeypatch.setattr(asker, "judge", judge_after_a_change)
        answer = asker.ask(Question(text="Where was the Pact of Lutha signed?"))
        assert answer.certificate == asker.library.certificate().id
        assert answer.documents == len(asker.library.documents())
