"""Everything that can go wrong over HTTP, as RFC 9457 problem documents.

`type` is the place in `/docs` that explains the problem, so it can be read by a person and compared by a program. What
an error says never holds the question; an unexpected one says nothing of our insides.
"""

from __future__ import annotations

import json
import logging
import re
import traceback
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from index.errors import EncoderError, LibraryBusy, LibraryError, UnknownDocument
from ingest.errors import FoedusError, UsageError

from ..errors import BadRequest, TooBusy, Unproved

if TYPE_CHECKING:
    from fastapi import FastAPI
    from starlette.requests import Request

MEDIA_TYPE: Final = "application/problem+json"
FAULTS_NAMED: Final = 20  # of one request; whoever has more sees these first
NAME_CHARACTERS: Final = 80  # of a field name that is repeated to the sender
BUSY_SECONDS: Final = 5  # after which it is worth asking again: a process that writes, or those who wait, may be done

logger = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A kind of problem; `slug` is the last part of its `type`."""

    slug: str
    status: int
    title: str
    meaning: str

    @property
    def type(self) -> str:
        return f"/docs#{self.slug}"


MALFORMED: Final = Kind(
    slug="malformed-json", status=400, title="Not JSON", meaning="The body of the request is not JSON in UTF-8."
)
NO_SUCH_PATH: Final = Kind(
    slug="no-such-path",
    status=404,
    title="Nothing is here",
    meaning="No route has this path; routes end without a slash.",
)
UNKNOWN_DOCUMENT: Final = Kind(
    slug="unknown-document",
    status=404,
    title="Unknown document",
    meaning="The library holds no document of that id. GET /v1/documents lists those it holds.",
)
METHOD: Final = Kind(
    slug="method-not-allowed",
    status=405,
    title="Method not allowed",
    meaning="The path is known, but not with this method; the header Allow names those that it has.",
)
TOO_LARGE: Final = Kind(
    slug="too-large", status=413, title="Too large", meaning="The body of the request is longer than this server reads."
)
NOT_JSON: Final = Kind(
    slug="unsupported-type",
    status=415,
    title="Unsupported type",
    meaning="A body must come with the header Content-Type: application/json.",
)
FOREIGN_HOST: Final = Kind(
    slug="foreign-host",
    status=421,
    title="Foreign host name",
    meaning="The header Host names something other than this machine. A web page elsewhere could otherwise read the "
    "library by letting its own name point here.",
)
INVALID: Final = Kind(
    slug="invalid-request",
    status=422,
    title="Invalid request",
    meaning="The JSON does not fit the route. `errors` names each field and what is wrong with it.",
)
TOO_BUSY: Final = Kind(
    slug="too-busy",
    status=429,
    title="Too many requests",
    meaning="As many requests wait for their turn as may. The header Retry-After says when to ask again, in seconds.",
)
INTERNAL: Final = Kind(
    slug="internal-error",
    status=500,
    title="Internal error",
    meaning="A fault of foedus. The server's own output on the machine says more.",
)
UNPROVED: Final = Kind(
    slug="unproved",
    status=500,
    title="Answer held back",
    meaning="A citation did not stand on its document, so the answer was not given. `foedus doctor` on the "
    "machine of the server says what to do.",
)
UNAVAILABLE: Final = Kind(
    slug="unavailable",
    status=503,
    title="Unavailable",
    meaning="The library or the encoder cannot be used now; `detail` says what to do.",
)
KINDS: Final = (
    MALFORMED, NO_SUCH_PATH, UNKNOWN_DOCUMENT, METHOD, TOO_LARGE, NOT_JSON, FOREIGN_HOST, INVALID, TOO_BUSY, INTERNAL,
    UNPROVED, UNAVAILABLE,
)  # fmt: skip
READING: Final = (FOREIGN_HOST, TOO_BUSY, UNAVAILABLE)  # what any route that reads the library can come to
SENDING: Final = (MALFORMED, TOO_LARGE, NOT_JSON, INVALID, *READING)  # what any route with a body can come to

_BY_STATUS: Final = {kind.status: kind for kind in (MALFORMED, NO_SUCH_PATH, METHOD, NOT_JSON)}
_DETAILS: Final = {
    MALFORMED: "the body is not JSON in UTF-8",
    NO_SUCH_PATH: "there is no such path; /docs lists what there is",
    METHOD: "the path does not have this method",
    NOT_JSON: "send JSON, with the header Content-Type: application/json",
}
_WORDS: Final = {  # where the validator's own would mean nothing to the sender
    "extra_forbidden": "there is no such field; /docs lists those of each route",
    "missing": "is missing",
    "model_attributes_type": "must be a JSON object",
}
_LISTING: Final = ("`foedus documents list`", "GET /v1/documents")
_COMMAND: Final = re.compile(r"`foedus [^`]+`")
_BY_ERROR: Final[tuple[tuple[type[FoedusError], Kind], ...]] = (
    (UnknownDocument, UNKNOWN_DOCUMENT),
    (BadRequest, INVALID),
    (UsageError, INVALID),
    (TooBusy, TOO_BUSY),
    (Unproved, UNPROVED),
    (LibraryError, UNAVAILABLE),
    (EncoderError, UNAVAILABLE),
)


def problem(kind: Kind, detail: str, *, headers: Mapping[str, str] | None = None, **more: Any) -> Response:
    """A problem document. ASCII, so that whatever a sender put into a name can be sent back to it."""
    body = {"type": kind.type, "title": kind.title, "status": kind.status, "detail": detail, **more}
    return Response(json.dumps(body), status_code=kind.status, headers=dict(headers or {}), media_type=MEDIA_TYPE)


def unexpected(error: Exception, method: str, path: str) -> Response:
    """Log where an unexpected error arose, and tell the sender only that it did.

    The error's own message is left out of the log: it may quote a question, and questions are never logged.
    """
    frames = "".join(traceback.format_tb(error.__traceback__))
    logger.error("%s %s failed with %s\n%s", method, path, type(error).__qualname__, frames)
    return problem(INTERNAL, "foedus failed to do this; its output on the machine says where")


def register(app: FastAPI) -> None:
    """Let every error of `app` become a problem document."""
    app.add_exception_handler(HTTPException, _from_http)
    app.add_exception_handler(RequestValidationError, _from_validation)
    app.add_exception_handler(FoedusError, _from_foedus)


async def _from_http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    kind = _BY_STATUS[error.status_code]
    return problem(kind, _DETAILS[kind], headers=error.headers)


async def _from_validation(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    faults = error.errors()[:FAULTS_NAMED]
    if faults[0]["type"] == "json_invalid":
        at = faults[0]["loc"][-1]
        return problem(MALFORMED, f"{_DETAILS[MALFORMED]}: {faults[0]['ctx']['error']} at character {at}")
    named = [{"field": _field(fault["loc"]), "problem": _wrong(fault)} for fault in faults]
    return problem(INVALID, "; ".join(f"{each['field']}: {each['problem']}" for each in named), errors=named)


def _field(location: tuple[int | str, ...]) -> str:
    """`citations.0.start`; "body" for the whole of it."""
    return ".".join(str(part) for part in location[1:])[:NAME_CHARACTERS] or "body"


def _wrong(fault: Mapping[str, Any]) -> str:
    message: str = _WORDS.get(fault["type"]) or fault["msg"]
    return message[:1].lower() + message[1:]


async def _from_foedus(request: Request, error: Exception) -> Response:
    """Folders of this machine are none of the sender's business: the library's own is called "the library"."""
    assert isinstance(error, FoedusError)
    kind = next((kind for kinds, kind in _BY_ERROR if isinstance(error, kinds)), None)
    if kind is None:
        return unexpected(error, request.method, request.url.path)
    detail = str(error).replace(str(request.app.state.asker.library.path), "the library")
    headers = {"Retry-After": str(BUSY_SECONDS)} if isinstance(error, LibraryBusy | TooBusy) else None
    return problem(kind, _for_senders(detail), headers=headers)


def _for_senders(detail: str) -> str:
    """Commands are for whoever has the machine; a sender has routes."""
    return _COMMAND.sub(r"\g<0> on the machine of the server", detail.replace(*_LISTING))
