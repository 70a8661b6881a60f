"""Asking, searching, and checking an answer again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import APIRouter, Depends, Request
from fastapi.responses import JSONResponse

from ..ingestion import LibraryTexts
from ..verify import Check, check_answer
from ..wire import answer_json, checks_json, hits_json
from .problems import SENDING, UNKNOWN_DOCUMENT, UNPROVED
from .requests import AskRequest, SearchRequest, VerifyRequest, json_only
from .responses import AnswerBody, ChecksBody, HitsBody, problems
from .turns import in_turn

if TYPE_CHECKING:
    from ..ask import Asker

router = APIRouter(prefix="/v1", tags=["answers"], dependencies=[Depends(json_only)])


@router.post("/ask", response_model=AnswerBody, responses=problems(*SENDING, UNKNOWN_DOCUMENT, UNPROVED))
async def ask(body: AskRequest, request: Request) -> JSONResponse:
    """Ask a question.

    The answer carries numbered citations, each a place in a document whose words are shown to the letter. Where the
    documents do not answer the question, `outcome` is `refusal`, with the reason and the nearest passages; that is a
    response like any other, with status 200.
    """
    answer = await in_turn(request, lambda asker: asker.ask(body.asked()))
    return JSONResponse(answer_json(answer))


@router.post("/search", response_model=HitsBody, responses=problems(*SENDING, UNKNOWN_DOCUMENT))
async def search(body: SearchRequest, request: Request) -> JSONResponse:
    """Find passages, best first; an empty list where nothing fits."""
    hits = await in_turn(
        request,
        lambda asker: asker.search(
            body.query, k=body.k, mode=body.mode, documents=tuple(body.documents), trust=body.trust
        ),
    )
    return JSONResponse(hits_json(body.query, hits))


@router.post("/verify", response_model=ChecksBody, responses=problems(*SENDING))
async def verify(body: VerifyRequest, request: Request) -> JSONResponse:
    """Check each citation of an answer against the library as it is now: verified, changed or missing."""
    return JSONResponse(checks_json(await in_turn(request, lambda asker: _checks(asker, body))))


def _checks(asker: Asker, body: VerifyRequest) -> list[Check]:
    """In one state of the library, so that no document can go while it is looked at."""
    with asker.library.reading():
        return check_answer(body.model_dump(), LibraryTexts(asker.library))
