"""What may be sent: JSON bodies, held to their limits before anything is done with them."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import HTTPException, Request
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from index.search import Mode
from ingest.document import Trust

from ..answer import Question
from ..settings import K_MOST, QUESTION_CHARACTERS

CITATIONS_MOST: Final = 500  # to verify at once; an answer has a few


def json_only(request: Request) -> None:
    """Refuse what is not declared as JSON. A web page elsewhere can send other types without asking first."""
    declared = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if declared != "application/json":
        raise HTTPException(415)


def _whole(text: str) -> str:
    """JSON can spell half a character (`"\\ud800"`), which no text can hold."""
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise ValueError(f"half a character at {error.start}; a text needs whole ones") from None
    return text


Text = Annotated[str, AfterValidator(_whole)]
Words = Annotated[str, Field(max_length=QUESTION_CHARACTERS), AfterValidator(_whole)]
Passages = Annotated[int, Field(strict=True, ge=1, le=K_MOST)]


class _Filtered(BaseModel):
    model_config = ConfigDict(extra="forbid")

    k: Passages = Field(default=10, description="How many passages to look at.")
    documents: list[Text] = Field(default=[], description="Ids of the only documents to use; empty: all of them.")
    trust: Trust | None = Field(default=None, description="The least trusted kind of source to use.")


class AskRequest(_Filtered):
    """A question."""

    question: Words = Field(description="In ordinary words.", examples=["Does ANZUS have a mutual defense clause?"])

    def asked(self) -> Question:
        return Question(text=self.question, k=self.k, documents=tuple(self.documents), trust=self.trust)


class SearchRequest(_Filtered):
    """What to look for."""

    query: Words = Field(description="Words or a question.", examples=["mutual defense"])
    mode: Mode = Field(default="hybrid", description="By words, by meaning (dense), or by both.")


class _Claimed(BaseModel):
    """Part of an answer that is sent back; fields that are not needed to check it may be there or not."""

    model_config = ConfigDict(extra="ignore", strict=True)


class ClaimedCitation(_Claimed):
    number: int
    document_id: Text
    document_sha256: Text
    start: int
    end: int
    quote: Text


class ClaimedStatement(_Claimed):
    text: Text
    start: int = Field(description="Offset into the answer's text.")
    end: int
    citations: list[int] = Field(description="Numbers of citations.")


class ClaimedRefusal(_Claimed):
    nearest: list[ClaimedCitation] = Field(max_length=CITATIONS_MOST)


class VerifyRequest(_Claimed):
    """An answer, as `/v1/ask` or `foedus ask --json` gave it; only these fields of it are looked at."""

    text: Text = ""
    writer: Text = Field(default="extractive", description="Who wrote the statements; extractive ones only quote.")
    statements: list[ClaimedStatement]
    citations: list[ClaimedCitation] = Field(max_length=CITATIONS_MOST)
    refusal: ClaimedRefusal | None = None
