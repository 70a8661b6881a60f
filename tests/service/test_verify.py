"""A citation stands only where its words are, in the version that it names."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from ingest.document import Trust
from service.answer import Answer, Citation, Reason, Refusal, Stance, Statement
from service.errors import BadRequest, Unproved
from service.verify import Status, check, check_answer, prove
from service.wire import answer_json

TEXTS = {"one": "Each Party shall assist. Each Party may leave. 𝒜 ends.", "two": "Nothing of the kind."}
START, END = 25, 46  # "Each Party may leave."


class Held:
    """Two documents."""

    def canonical_text(self, document_id: str) -> str | None:
        return TEXTS.get(document_id)

    def version(self, document_id: str) -> str | None:
        return hashlib.sha256(TEXTS[document_id].encode()).hexdigest() if document_id in TEXTS else None


def citation(start: int = START, end: int = END, document_id: str = "one", number: int = 1) -> Citation:
    return Citation(
        number=number, document_id=document_id, document_sha256=Held().version(document_id) or "", title="T",
        source="t.md", pinpoint="", page=None, start=start, end=end, quote=TEXTS[document_id][start:end],
        stance=Stance.SUPPORTS, trust=Trust.UNKNOWN, in_force="unknown", ended=None,
    )  # fmt: skip


def answer(*citations: Citation, refusal: Refusal | None = None, **changes: object) -> Answer:
    quote = citations[0].quote if citations else ""
    statement = Statement(text=quote, start=5, end=5 + len(quote), citations=tuple(c.number for c in citations))
    made = Answer(
        question="May it leave?", verdict=None, text=f"Yes. {quote} [1]", statements=(statement,) if citations else (),
        citations=citations, refusal=refusal, certificate="c", documents=2,
    )  # fmt: skip
    return replace(made, **changes)


def stored(made: Answer) -> dict[str, object]:
    return json.loads(json.dumps(answer_json(made)))


@given(st.sampled_from(sorted(TEXTS)), st.integers(0, 60), st.integers(0, 60))
def test_what_is_there_is_verified(document_id, one, other):
    start, end = sorted((min(one, len(TEXTS[document_id])), min(other, len(TEXTS[document_id]))))
    assume(start < end)
    assert [c.status for c in check_answer(stored(answer(citation(start, end, document_id))), Held())] == ["verified"]


CHANGES = st.one_of(
    st.tuples(st.just("start"), st.integers(-5, 80)),
    st.tuples(st.just("end"), st.integers(-5, 80)),
    st.tuples(st.just("quote"), st.text("Each Party.", max_size=30)),
    st.tuples(st.just("document_sha256"), st.text("0af", max_size=64)),
    st.tuples(st.just("document_id"), st.sampled_from(["two", "three", ""])),
)


@given(CHANGES, st.sampled_from([(START, END), (47, 54)]))
def test_any_change_is_found(change, place):
    name, value = change
    claim = stored(answer(citation(*place)))
    record = claim["citations"][0]
    assume(record[name] != value)
    record[name] = value
    (found,) = check_answer(claim, Held())
    assert found.status is (Status.MISSING if value in {"three", ""} and name == "document_id" else Status.CHANGED)
    assert found.problem
    if found.found_at:
        assert TEXTS[record["document_id"]][slice(*found.found_at)] == record["quote"]


def claim(**changes: object) -> dict[str, object]:
    return {**stored(answer(citation()))["citations"][0], **changes}


@pytest.mark.parametrize(
    ("start", "at"), [(1, (0, 10)), (20, (25, 35)), (30, (25, 35)), (999, (25, 35)), (-9, (0, 10))]
)
def test_words_that_moved_are_found_where_they_stand_nearest(start, at):
    assert check(claim(start=start, end=start + 10, quote="Each Party"), Held()).found_at == at


def test_an_empty_quotation_proves_nothing():
    found = check(claim(start=4, end=4, quote=""), Held())
    assert (found.status, found.found_at) == ("changed", None)


@pytest.mark.parametrize(
    ("record", "message"),
    [
        ({}, "needs 'citations' as a list"),
        ({"citations": [], "refusal": "no", "statements": []}, "expected an object"),
        ({"citations": [], "refusal": {}, "statements": []}, "needs 'nearest' as a list"),
        ({"citations": [1], "statements": []}, "expected an object, found 1"),
        ({"citations": [claim(number=[1])], "statements": []}, "needs 'number' as int"),
        ({"citations": [claim(start=True)], "statements": []}, "needs 'start' as int"),
        ({"citations": [claim(quote=None)], "statements": []}, "needs 'quote' as str"),
        ({"citations": [claim()], "statements": [{"citations": [2]}]}, r"cites \[2\]"),
        ({"citations": [claim()], "statements": [{"citations": [[1]]}]}, r"cites \[\[1\]\]"),
    ],
)
def test_what_is_no_answer_is_said(record, message):
    with pytest.raises(BadRequest, match=message):
        check_answer(record, Held())


def test_a_message_stays_short_whatever_the_answer_holds():
    with pytest.raises(BadRequest) as raised:
        check_answer({"citations": "x" * 1_000_000, "statements": []}, Held())
    assert len(str(raised.value)) < 200


def test_the_nearest_passages_of_a_refusal_are_checked_too():
    refusal = Refusal(reason=Reason.NOT_STATED, message="No.", nearest=(citation(), replace(citation(), quote="x")))
    assert [c.status for c in check_answer(stored(answer(refusal=refusal)), Held())] == ["verified", "changed"]


def test_a_right_answer_is_let_through():
    made = answer(citation())
    assert prove(made, Held()) is made


WRONG = {
    "quote": answer(replace(citation(), quote="Each Party may leave!")),
    "place": answer(replace(citation(), start=24)),
    "end beyond the text": answer(replace(citation(47, 54), end=99)),
    "empty": answer(citation(4, 4)),
    "version": answer(replace(citation(), document_sha256="0" * 64)),
    "document": answer(replace(citation(), document_id="three")),
    "second citation": answer(citation(), replace(citation(number=2), start=0)),
    "nearest": answer(refusal=Refusal(reason=Reason.NOT_STATED, message="", nearest=(replace(citation(), end=9),))),
    "statement without citation": answer(
        citation(), statements=(Statement(text="Yes.", start=0, end=4, citations=()),)
    ),
    "statement with an unknown citation": answer(
        citation(), statements=(Statement(text="Yes.", start=0, end=4, citations=(7,)),)
    ),
    "statement elsewhere": answer(citation(), statements=(Statement(text="Yes.", start=1, end=5, citations=(1,)),)),
}


@pytest.mark.parametrize("fault", WRONG)
def test_a_wrong_answer_is_held_back(fault):
    with pytest.raises(Unproved, match="held back"):
        prove(WRONG[fault], Held())


@pytest.mark.parametrize(
    ("where", "value"),
    [("text", "Yes. No Party may leave. [1]"), ("start", 4), ("end", 9), ("words", "Each Party must leave.")],
)
def test_a_statement_that_says_something_else_is_found(where, value):
    made = stored(answer(citation(0, 10)))
    if where == "text":
        made["text"] = value
    else:
        made["statements"][0]["text" if where == "words" else where] = value
    (found,) = check_answer(made, Held())
    assert found.status == "changed"
    assert "statement" in found.problem


def test_a_statement_need_not_be_a_quotation_where_a_language_model_wrote_it():
    made = stored(answer(citation(0, 10)))
    made["text"] = made["statements"][0]["text"] = "In other words."
    made["statements"][0] |= {"start": 0, "end": len("In other words.")}
    assert check_answer(made, Held())[0].status == "changed"
    assert check_answer(made | {"writer": "language_model"}, Held())[0].status == "verified"
