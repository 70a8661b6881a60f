"""The HTTP doors: one asker behind them, on this machine only.

Nothing is sent to other hosts, neither by the server nor by the pages it serves, and questions are never logged.
"""

from __future__ import annotations

import contextlib
import errno
import ipaddress
import signal
import socket
from collections.abc import Iterator
from importlib.metadata import version
from types import FrameType
from typing import TYPE_CHECKING, Any, Final

import typer
import uvicorn
from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from ingest.errors import SettingsError, UsageError

from .routes import answers, docs, documents, examples, health, problems, responses, turns
from .routes.guard import Guard, is_loopback

if TYPE_CHECKING:
    from .ask import Asker
    from .ingestion import Notice
    from .settings import Settings

FINISH_SECONDS: Final = 10  # for answers that run when the server is told to stop; one takes a fraction of a second
WAITING: Final = 128  # connections that may wait to be accepted
ABOUT: Final = (
    "Answers questions from documents and proves every answer: each citation is a place in a document whose words are "
    "shown to the letter.\n\nJSON in, JSON out. A refusal is an answer, with status 200; what went wrong is a problem "
    "document (RFC 9457). All offsets count Unicode code points of a document's canonical text."
)


class _App(FastAPI):
    def openapi(self) -> dict[str, Any]:
        """The framework's own document, made when first asked for, with our problem documents and examples in it."""
        if self.openapi_schema is None:
            document = get_openapi(
                title=self.title, version=self.version, description=self.description, routes=self.routes
            )
            schemas = document["components"]["schemas"]
            problem = responses.Problem.model_json_schema(ref_template="#/components/schemas/{model}")
            schemas |= problem.pop("$defs") | {"Problem": problem}
            for name, example in examples.OF_SCHEMA.items():
                schemas[name]["examples"] = [example]
            self.openapi_schema = document
        return self.openapi_schema


def create_app(asker: Asker) -> FastAPI:
    """The application around one asker, which stays its caller's to close."""
    app = _App(
        title="foedus",
        version=version("foedus"),
        description=ABOUT,
        docs_url=None,  # the framework's page loads scripts from another host
        redoc_url=None,
        redirect_slashes=False,
        telemetry={"tracing": False, "metrics": False, "logs": False, "auto_configure": False},
    )
    turns.share(app, asker)
    app.add_middleware(Guard)
    problems.register(app)
    for routes in (answers, documents, health, docs):
        app.include_router(routes.router)
    return app


def serve(settings: Settings, *, host: str, port: int, notice: Notice) -> None:
    """Answer over HTTP until the process is told to stop (SIGINT or SIGTERM); running answers finish first.

    Raises:
        UsageError: `host` is not this machine's own.
        SettingsError: the port cannot be had.
        LibraryError, EncoderError: the library cannot be asked.
    """
    from .ask import open_asker

    address = _address(host)
    with _stopped_by_signals(), _listening(address, port) as listener, open_asker(settings, notice=notice) as asker:
        config = uvicorn.Config(
            create_app(asker),
            http="h11",
            ws="none",
            lifespan="off",
            log_level="warning",
            access_log=False,
            server_header=False,
            proxy_headers=False,
            timeout_graceful_shutdown=FINISH_SECONDS,
        )
        _Server(config, f"foedus serves {settings.library} at {_url(listener)} (docs at /docs)").run([listener])


class _Server(uvicorn.Server):
    """Says where it is once it answers there."""

    def __init__(self, config: uvicorn.Config, said: str) -> None:
        super().__init__(config)
        self._said = said

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        typer.echo(self._said)


def _address(host: str) -> str:
    if not is_loopback(host):
        raise UsageError(
            f"--host {host}: foedus listens on this machine only (127.0.0.1, ::1 or localhost); "
            "to listen elsewhere it would need keys, which this version does not have"
        )
    return "127.0.0.1" if host.lower().rstrip(".") == "localhost" else host.strip("[]")


@contextlib.contextmanager
def _listening(address: str, port: int) -> Iterator[socket.socket]:
    """The port is taken before anything else is done: whoever cannot have it is told at once."""
    six = ipaddress.ip_address(address).version == 6
    with socket.socket(socket.AF_INET6 if six else socket.AF_INET) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((address, port))
            listener.listen(WAITING)
        except OSError as error:
            raise SettingsError(f"port {port} on {address}: {_reason(error)}; choose another with --port") from error
        yield listener


def _reason(error: OSError) -> str:
    return "another program has it" if error.errno == errno.EADDRINUSE else str(error.strerror)


def _url(listener: socket.socket) -> str:
    address, port = listener.getsockname()[:2]
    return f"http://[{address}]:{port}" if ":" in address else f"http://{address}:{port}"


@contextlib.contextmanager
def _stopped_by_signals() -> Iterator[None]:
    """SIGINT and SIGTERM are the ways to end a server, so they end it with exit code 0.

    The server handles them while it runs, and raises them again when it has finished: then they arrive here.
    """
    before = {number: signal.signal(number, _leave) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _leave(number: int, frame: FrameType | None) -> None:
    raise SystemExit(0)
