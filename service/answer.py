"""A question and what comes of it: an `Answer`, which may be a refusal, but never a failure (those are raised).

The fields are those of the public interface; `service/wire.py` turns them into JSON.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from ingest.document import Trust


class Verdict(StrEnum):
    YES = "yes"
    NO = "no"
    MIXED = "mixed"


class Stance(StrEnum):
    """Whether a citation supports the answer as given, or opposes it."""

    SUPPORTS = "supports"
    OPPOSES = "opposes"


class Reason(StrEnum):
    """Why a question is refused."""

    NOT_STATED = "not_stated"
    OUT_OF_SCOPE = "out_of_scope"
    EMPTY_LIBRARY = "empty_library"
    UNCLEAR_QUESTION = "unclear_question"


@dataclass(frozen=True, kw_only=True)
class Question:
    text: str
    k: int = 10  # passages to search for evidence
    documents: tuple[str, ...] = ()  # only these; empty: all
    trust: Trust | None = None  # the least trusted level to use
    history: tuple[tuple[str, str], ...] = ()  # (question, answer), oldest first


@dataclass(frozen=True, kw_only=True)
class Citation:
    """A quotation and the place where it stands: `quote == text[start:end]` of that version of the document."""

    number: int
    document_id: str
    document_sha256: str
    title: str
    source: str
    pinpoint: str
    page: int | None
    start: int
    end: int
    quote: str
    stance: Stance
    trust: Trust
    in_force: str  # "in force", "ended" or "unknown"
    ended: str | None
    answer_span: tuple[int, int] | None = None


@dataclass(frozen=True, kw_only=True)
class Statement:
    """A sentence of the answer; `start` and `end` are offsets into the answer's text."""

    text: str
    start: int
    end: int
    citations: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class Refusal:
    reason: Reason
    message: str
    nearest: tuple[Citation, ...] = ()  # not an answer: what came closest


@dataclass(frozen=True, kw_only=True)
class Answer:
    question: str
    verdict: Verdict | None
    text: str
    statements: tuple[Statement, ...]
    citations: tuple[Citation, ...]
    refusal: Refusal | None
    certificate: str
    documents: int
    writer: str = "extractive"
    understood_as: str | None = None
    confidence: float | None = None
    timings_ms: dict[str, float] = field(default_factory=dict, compare=False)

    @property
    def outcome(self) -> str:
        return "refusal" if self.refusal else "answer"
