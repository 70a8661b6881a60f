"""Proof that a citation stands: its words are those of the document, at that place, in that version.

Used before an answer leaves (it fails closed: `Unproved`) and again whenever somebody doubts a stored answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from reprlib import repr as shown  # shortened: a stored answer may hold megabytes where a word belongs
from typing import Protocol

from .answer import Answer, Citation
from .errors import BadRequest, Unproved


class Status(StrEnum):
    """`changed`: the document is there, but the words are not at that place of that version."""

    VERIFIED = "verified"
    CHANGED = "changed"
    MISSING = "missing"


class Texts(Protocol):
    """Where canonical texts come from; `None` where the document is not there."""

    def canonical_text(self, document_id: str) -> str | None: ...

    def version(self, document_id: str) -> str | None: ...


@dataclass(frozen=True, kw_only=True)
class Check:
    """What became of one citation; `found_at` is where the words stand now, when they moved."""

    number: int
    document_id: str
    status: Status
    found_at: tuple[int, int] | None = None
    problem: str = ""


def check(claim: Mapping[str, object], texts: Texts) -> Check:
    """Check one citation in its JSON form.

    Raises:
        BadRequest: the citation lacks a field or holds one of the wrong type.
    """
    number, document_id, sha256, start, end, quote = _fields(claim)
    text = texts.canonical_text(document_id)
    if text is None:
        return Check(number=number, document_id=document_id, status=Status.MISSING, problem="no such document")
    same_version = texts.version(document_id) == sha256
    if same_version and _at(text, start, end, quote):
        return Check(number=number, document_id=document_id, status=Status.VERIFIED)
    return Check(
        number=number,
        document_id=document_id,
        status=Status.CHANGED,
        found_at=_nearest(text, quote, start),
        problem="the quotation is not at that place" if same_version else "the document has another version now",
    )


def _at(text: str, start: int, end: int, quote: str) -> bool:
    """Whether these words stand at this place. The length is compared too: a slice forgives an end beyond the text."""
    return 0 <= start < end and end - start == len(quote) and text[start:end] == quote


def _nearest(text: str, quote: str, start: int) -> tuple[int, int] | None:
    """Where the words stand, nearest to `start`; None where nowhere."""
    start = min(max(start, 0), len(text))
    found = [at for at in (text.rfind(quote, 0, start + len(quote)), text.find(quote, start)) if at >= 0]
    if not quote or not found:
        return None
    at = min(found, key=lambda place: abs(place - start))
    return at, at + len(quote)


def check_answer(answer: Mapping[str, object], texts: Texts) -> list[Check]:
    """Check each citation of an answer in its JSON form, a refusal's nearest passages included.

    Raises:
        BadRequest: this is not an answer, or a statement names a citation that the answer does not hold.
    """
    citations = _list(answer, "citations")
    refusal = answer.get("refusal")
    nearest = [] if refusal is None else _list(_mapping(refusal), "nearest")
    checks = [check(_mapping(citation), texts) for citation in [*citations, *nearest]]
    statements = [_mapping(statement) for statement in _list(answer, "statements")]
    _numbers_fit(statements, [found.number for found in checks[: len(citations)]])
    return _with_statements(answer, statements, citations, checks)


def _with_statements(
    answer: Mapping[str, object],
    statements: Sequence[Mapping[str, object]],
    citations: Sequence[object],
    checks: list[Check],
) -> list[Check]:
    """The same, where each statement stands in the answer's text and, if it only quotes, in a citation of its own."""
    text, quotes = (
        answer.get("text"),
        {_mapping(one).get("number"): str(_mapping(one).get("quote")) for one in citations},
    )
    doubted: dict[object, str] = {}
    for statement in statements:
        start, end, words = statement.get("start"), statement.get("end"), statement.get("text")
        numbers = _list(statement, "citations")
        placed = isinstance(text, str) and isinstance(start, int) and isinstance(end, int) and text[start:end] == words
        quoted = any(quotes.get(number, "").split() == str(words).split() for number in numbers)
        if not placed or (answer.get("writer") == "extractive" and not quoted):
            doubted |= dict.fromkeys(numbers, "a statement with this number does not say what is quoted")
    return [
        replace(found, status=Status.CHANGED, problem=doubted[found.number])
        if found.status is Status.VERIFIED and at < len(citations) and found.number in doubted
        else found
        for at, found in enumerate(checks)
    ]


def prove(answer: Answer, texts: Texts) -> Answer:
    """Return the answer if each of its citations and offsets stands.

    Raises:
        Unproved: one does not; the message names it. This is a fault of ours, never of the documents.
    """
    nearest = answer.refusal.nearest if answer.refusal else ()
    for citation in (*answer.citations, *nearest):
        if not _stands(citation, texts):
            raise Unproved(
                f"citation {citation.number} ({citation.document_id}, characters {citation.start} to {citation.end}) "
                "does not stand on its document; the answer was held back. Run `foedus doctor`"
            )
    numbers = {citation.number for citation in answer.citations}
    for statement in answer.statements:
        cited = bool(statement.citations) and numbers.issuperset(statement.citations)
        if not cited or answer.text[statement.start : statement.end] != statement.text:
            raise Unproved(f"the statement at character {statement.start} carries no proof; the answer was held back")
    return answer


def _stands(citation: Citation, texts: Texts) -> bool:
    text = texts.canonical_text(citation.document_id)
    return (
        text is not None
        and texts.version(citation.document_id) == citation.document_sha256
        and _at(text, citation.start, citation.end, citation.quote)
    )


def _fields(claim: Mapping[str, object]) -> tuple[int, str, str, int, int, str]:
    kinds: dict[str, type] = {
        "number": int, "document_id": str, "document_sha256": str, "start": int, "end": int, "quote": str,
    }  # fmt: skip
    for name, kind in kinds.items():
        if not isinstance(claim.get(name), kind) or isinstance(claim.get(name), bool):
            raise BadRequest(f"a citation needs {name!r} as {kind.__name__}, and has {shown(claim.get(name))}")
    values = [claim[name] for name in kinds]
    return tuple(values)  # type: ignore[return-value]  # each type was checked just above


def _numbers_fit(statements: Iterable[object], numbers: Sequence[int]) -> None:
    held = set(numbers)
    for statement in statements:
        for number in _list(_mapping(statement), "citations"):
            if not isinstance(number, int) or number not in held:
                raise BadRequest(f"a statement cites [{shown(number)}], which the answer does not hold")


def _list(record: Mapping[str, object], name: str) -> list[object]:
    value = record.get(name)
    if not isinstance(value, list):
        raise BadRequest(f"an answer needs {name!r} as a list, and has {shown(value)}")
    return value


def _mapping(value: object) -> Mapping[str, object]:
    if not isinstance(value, dict):
        raise BadRequest(f"expected an object, found {shown(value)}")
    return value
