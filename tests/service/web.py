"""A client that calls the application in the same process, and a small library to ask."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
from anyio.from_thread import BlockingPortal, start_blocking_portal
from fastapi import FastAPI

from index.add import add
from index.encoder import load_encoder
from index.library import Library

HERE = "http://127.0.0.1"

FILES = {
    "ruritania": """---
title: Treaty of Strelsau
aliases: [Strelsau Pact]
parties: [Ruritania, Graustark]
signed: 1951-09-01
in_force: 1952-04-29
trust: primary
---

# Treaty of Strelsau

## Article I

The Parties undertake to settle any dispute over the river Zenda by peaceful means.

## Article II

An armed attack on one Party is an attack on both, and each Party shall assist the other with armed force.
""",
    "borduria": """---
title: Trade Agreement of Szohôd
parties: [Borduria, Syldavia]
---

# Trade Agreement of Szohôd

## Article 1

Syldavia shall lower its duties on mineral water from Borduria to four per cent. The 𝒜 list names the springs.

## Article 2

Either Party may end this Agreement with notice of one year.
""",
}


def build(folder: Path) -> Path:
    """A library of two treaties in `folder`."""
    files = folder / "files"
    files.mkdir()
    for name, text in FILES.items():
        (files / f"{name}.md").write_text(text, encoding="utf-8")
    with Library.open(folder / "library", create=True) as library:
        add(library, [files], encoder=load_encoder(), workers=1)
    return folder / "library"


class Web:
    """Requests to one application, each from whatever thread asks."""

    def __init__(self, client: httpx.AsyncClient, portal: BlockingPortal) -> None:
        self._client = client
        self._portal = portal

    def request(self, method: str, path: str, **options: Any) -> httpx.Response:
        response: httpx.Response = self._portal.call(lambda: self._client.request(method, path, **options))
        return response

    def get(self, path: str, **options: Any) -> httpx.Response:
        return self.request("GET", path, **options)

    def post(self, path: str, body: Any) -> httpx.Response:
        return self.request("POST", path, json=body)


@contextlib.contextmanager
def calling(app: FastAPI) -> Iterator[Web]:
    """Errors that the application lets through reach the test."""
    with start_blocking_portal() as portal:
        client = httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url=HERE)
        yield Web(client, portal)
        portal.call(client.aclose)
