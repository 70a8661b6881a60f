"""What every request passes first: whom it was meant for, how long it is; and what every response carries.

A plain ASGI layer, because it must also see what goes wrong inside all others, and because the layers that frameworks
bring answer in plain text, not with problem documents.
"""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING, Final

from starlette.datastructures import Headers, MutableHeaders

from . import problems

if TYPE_CHECKING:
    from starlette.responses import Response
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

BODY_BYTES: Final = 1024 * 1024  # a stored answer of a hundred quotations takes about 100 KiB
DISCARDED_BYTES: Final = 64 * 1024 * 1024  # read and dropped, so that a sender can finish and read why it was refused
HEADERS: Final = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


def is_loopback(name: str) -> bool:
    """Whether a host name, or an address without its port, can only mean this machine."""
    if name.lower().rstrip(".") == "localhost":
        return True
    try:
        return ipaddress.ip_address(name.strip("[]")).is_loopback
    except ValueError:
        return False


class Guard:
    """Wraps an application; each response carries `HEADERS` where the application did not set its own."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        sending = _Sending(send)
        try:
            await self._guarded(scope, receive, sending)
        except Exception as error:
            if sending.started:
                raise
            await problems.unexpected(error, scope["method"], scope["path"])(scope, receive, sending)

    async def _guarded(self, scope: Scope, receive: Receive, send: Send) -> None:
        objection = _foreign(scope)
        if objection is None:
            body = await _body(receive)
            if body is not None:
                await self.app(scope, _Replayed(body, receive), send)
                return
            objection = problems.problem(
                problems.TOO_LARGE, f"a body may have {BODY_BYTES} bytes, and this one has more"
            )
        await objection(scope, receive, send)


def _foreign(scope: Scope) -> Response | None:
    hosts = Headers(scope=scope).getlist("host")
    if hosts and all(is_loopback(_without_port(host)) for host in hosts):
        return None
    return problems.problem(
        problems.FOREIGN_HOST, "this server answers to localhost, 127.0.0.1 and [::1]; the request names another host"
    )


def _without_port(host: str) -> str:
    name, colon, port = host.rpartition(":")
    return name if colon and port.isdigit() else host


async def _body(receive: Receive) -> bytes | None:
    """The whole body; None where it is longer than `BODY_BYTES`. A sender that goes away leaves what it had sent."""
    held, size, more = bytearray(), 0, True
    while more and size <= DISCARDED_BYTES:
        message = await receive()
        chunk = message.get("body", b"")
        size += len(chunk)
        if size <= BODY_BYTES:
            held += chunk
        more = message.get("more_body", False)
    return bytes(held) if size <= BODY_BYTES else None


class _Replayed:
    """Receives a body that was read already, then whatever comes next."""

    def __init__(self, body: bytes, receive: Receive) -> None:
        self._body: bytes | None = body
        self._receive = receive

    async def __call__(self) -> Message:
        if self._body is None:
            return await self._receive()
        body, self._body = self._body, None
        return {"type": "http.request", "body": body, "more_body": False}


class _Sending:
    """Sends with `HEADERS`, and knows whether anything was sent."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self.started = False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.started = True
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
        await self._send(message)
