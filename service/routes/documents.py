"""Reading what the library holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

from ..wire import Json, document_json
from .problems import READING, UNKNOWN_DOCUMENT
from .responses import DocumentBody, DocumentsBody, TextBody, problems
from .turns import in_turn

if TYPE_CHECKING:
    from index.library import Library
    from ingest.document import Page, Section

router = APIRouter(prefix="/v1/documents", tags=["documents"])


@router.get("", name="list documents", response_model=DocumentsBody, responses=problems(*READING))
async def listing(request: Request) -> JSONResponse:
    """All documents, by id."""
    records = await in_turn(request, lambda asker: asker.library.documents())
    return JSONResponse({"documents": [document_json(record) for record in records]})


@router.get("/{document_id}", response_model=DocumentBody, responses=problems(*READING, UNKNOWN_DOCUMENT))
async def facts(document_id: str, request: Request) -> JSONResponse:
    """What is known of a document."""
    return JSONResponse(document_json(await in_turn(request, lambda asker: asker.library.document(document_id))))


@router.get("/{document_id}/text", response_model=TextBody, responses=problems(*READING, UNKNOWN_DOCUMENT))
async def text(document_id: str, request: Request) -> JSONResponse:
    """The canonical text with its pages and sections; citations and passages are places in it."""
    return JSONResponse(await in_turn(request, lambda asker: _text_json(asker.library, document_id)))


def _text_json(library: Library, document_id: str) -> Json:
    document = library.read(document_id)
    return {
        "document_id": document_id,
        "document_sha256": document.sha256,
        "title": document.title,
        "text": document.text,
        "pages": [_page_json(page) for page in document.pages],
        "sections": [_section_json(section) for section in document.sections],
    }


def _page_json(page: Page) -> Json:
    return {"number": page.number, "start": page.start, "end": page.end}


def _section_json(section: Section) -> Json:
    names = ("label", "heading", "level", "start", "end", "language")
    return {name: getattr(section, name) for name in names}
