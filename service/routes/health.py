"""Whether the process is up, and whether it can answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

from index.reader import Excerpt
from ingest.document import Span

from .problems import READING
from .responses import HealthBody, ReadyBody, problems
from .turns import past_the_queue

if TYPE_CHECKING:
    from ..ask import Asker
    from ..wire import Json

router = APIRouter(prefix="/health", tags=["health"])


@router.get("", name="health", response_model=HealthBody, responses=problems())
async def up() -> JSONResponse:
    """The process is up; nothing is looked at."""
    return JSONResponse({"status": "up"})


@router.get("/ready", response_model=ReadyBody, responses=problems(*READING))
async def ready(request: Request) -> JSONResponse:
    """The library, the encoder and the reader have just been used; 503 where they could not be.

    It does not wait with the questions: a server with many of them is ready.
    """
    return JSONResponse(await past_the_queue(request, _ready_json))


def _ready_json(asker: Asker) -> Json:
    """A search and a reading take a few milliseconds and pass every file that an answer needs."""
    asker.search("ready", k=1)
    asker.reader.read("ready", [Excerpt(heading="", text="ready", spans=(Span(start=0, end=5),))])
    certificate = asker.library.certificate()
    return {
        "status": "ready",
        "library": {
            "certificate": certificate.id,
            "documents": certificate.documents,
            "passages": certificate.passages,
        },
        "encoder": asker.encoder.id,
    }
