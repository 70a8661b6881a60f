"""What is sent back, described for `/openapi.json`; the JSON itself is made by `service.wire`.

Two descriptions of one thing would drift apart, so the tests hold every response to these, unknown fields forbidden.
"""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from ingest.document import Trust

from ..answer import Reason, Stance, Verdict
from ..verify import Status
from .problems import INTERNAL, MEDIA_TYPE, Kind


class _Sent(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Place(_Sent):
    """Code points of a text, counted from 0; `end` is exclusive."""

    start: int
    end: int


class CitationBody(Place):
    """A quotation: `quote` is `text[start:end]` of that version of the document's canonical text."""

    number: int
    document_id: str
    document_sha256: str = Field(description="The version: sha256 of the canonical text as UTF-8.")
    title: str
    source: str = Field(description="The file, as it was named when it was added.")
    pinpoint: str = Field(description="Where in the document, in a reader's words.")
    page: int | None = Field(description="Counts from 1; null where the format has no pages.")
    quote: str
    answer_span: Place | None = Field(description="The words inside that answer a factual question.")
    stance: Stance = Field(description="Whether it supports the answer as given, or opposes it.")
    trust: Trust
    in_force: Literal["in force", "ended", "unknown"]
    ended: str | None = Field(description="The date.")


class StatementBody(Place):
    """A sentence of the answer; `start` and `end` are offsets into the answer's `text`."""

    text: str
    citations: list[int]


class RefusalBody(_Sent):
    """Why there is no answer; `nearest` is not an answer, only what came closest."""

    reason: Reason
    message: str
    nearest: list[CitationBody]


class LibraryBody(_Sent):
    certificate: str = Field(description="Names the state of the library that was asked.")
    documents: int


class AnswerBody(_Sent):
    """An answer, or a refusal: both are 200. The same question to the same library gives the same, timings apart."""

    question: str
    outcome: Literal["answer", "refusal"]
    verdict: Verdict | None = Field(description="Null where the question is not one of yes or no.")
    text: str
    statements: list[StatementBody]
    citations: list[CitationBody]
    understood_as: str | None
    confidence: float | None
    refusal: RefusalBody | None
    writer: str
    library: LibraryBody
    timings_ms: dict[str, float]


class HitBody(Place):
    """A passage; `text` is `text[start:end]` of the document's canonical text. Scores compare within one search."""

    rank: int
    score: float
    document_id: str
    title: str
    pinpoint: str
    page: int | None
    text: str


class HitsBody(_Sent):
    query: str
    hits: list[HitBody]


class CheckBody(_Sent):
    """`changed`: the document is there, but not with these words at this place of this version."""

    number: int
    document_id: str
    status: Status
    found_at: Place | None = Field(description="Where the words stand now, when they moved.")
    problem: str | None


class ChecksBody(_Sent):
    verified: bool = Field(description="Whether every citation is.")
    citations: list[CheckBody]


class DocumentBody(_Sent):
    """What is known of a document; dates are ISO 8601, null where the source does not give them."""

    document_id: str
    title: str
    document_sha256: str
    trust: Trust
    language: str | None
    format: str
    encoding: str | None
    aliases: list[str]
    parties: list[str]
    signed: str | None
    in_force: str | None
    ended: str | None
    rests_on: list[str] = Field(description="Sources that the document names for what it says.")
    sources: list[str] = Field(description="The files that hold it, as they were named when they were added.")
    pages: int | None
    passages: int
    characters: int
    notices: list[str]
    ingested_at: str


class DocumentsBody(_Sent):
    documents: list[DocumentBody]


class PageBody(Place):
    number: int


class SectionBody(Place):
    """A part of the text and all that stands in it; sections nest and never cross. Level 0 is outermost."""

    label: str = Field(description="The whole pinpoint: Article IV(2).")
    heading: str = Field(description="The line that opens it, as printed.")
    level: int
    language: str | None


class TextBody(_Sent):
    """The canonical text, to which every `start` and `end` refers."""

    document_id: str
    document_sha256: str
    title: str
    text: str
    pages: list[PageBody]
    sections: list[SectionBody]


class HealthBody(_Sent):
    status: Literal["up"]


class ReadyLibraryBody(LibraryBody):
    passages: int


class ReadyBody(_Sent):
    status: Literal["ready"]
    library: ReadyLibraryBody
    encoder: str = Field(description="Names the model that turns texts into vectors, and its version.")


class FaultBody(_Sent):
    field: str
    problem: str


class Problem(_Sent):
    """RFC 9457. `type` leads to the explanation in `/docs`."""

    type: str
    title: str
    status: int
    detail: str
    errors: list[FaultBody] | None = Field(
        default=None, description="Of an invalid request: what is wrong, field by field."
    )


def problems(*kinds: Kind) -> dict[int | str, dict[str, Any]]:
    """For OpenAPI: the problems that a route can come to. `default` stands for those that nobody expects."""
    statuses = sorted({kind.status for kind in kinds})
    known: dict[int | str, dict[str, Any]] = {status: _described(status, kinds) for status in statuses}
    return known | {"default": _described(INTERNAL.status, (INTERNAL,))}


def _described(status: int, kinds: tuple[Kind, ...]) -> dict[str, Any]:
    said = " Or: ".join(kind.meaning for kind in kinds if kind.status == status)
    return {"description": said, "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}}
