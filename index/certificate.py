"""What a generation of search files was built from and with.

Two libraries with the same documents, cut and embedded the same way, have the same `id`, whatever the order of adding
and removing that led there, the folder they lie in, and the day. Versions are told but are not part of it.
"""

from __future__ import annotations

import hashlib
import json
import platform
import sqlite3
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from importlib import metadata

from .lexical import LEXICAL_VERSION
from .schema import SCHEMA_VERSION


@dataclass(frozen=True, kw_only=True)
class Certificate:
    """`content` is a sha256 over every document's version and facts and every passage's place and words."""

    encoder: str
    dimensions: int
    splitter: Mapping[str, str]  # what decides where passages begin and end, the tokenizer included
    documents: int
    passages: int
    content: str
    lexical: int = LEXICAL_VERSION
    schema: int = SCHEMA_VERSION
    versions: Mapping[str, str] = field(default_factory=dict, compare=False)

    @property
    def id(self) -> str:
        """Sixteen hexadecimal digits."""
        settled = {name: value for name, value in asdict(self).items() if name != "versions"}
        return hashlib.sha256(json.dumps(settled, sort_keys=True).encode()).hexdigest()[:16]

    def to_json(self) -> str:
        return json.dumps(asdict(self), sort_keys=True, indent=1)

    @classmethod
    def from_json(cls, text: str) -> Certificate:
        return cls(**json.loads(text))


EMPTY = Certificate(
    encoder="", dimensions=0, splitter={}, documents=0, passages=0, content=hashlib.sha256(b"").hexdigest()
)


def issue(connection: sqlite3.Connection, *, encoder: str, dimensions: int, splitter: Mapping[str, str]) -> Certificate:
    """Certify what the open transaction sees."""
    content, documents, passages = _content(connection)
    return Certificate(
        encoder=encoder,
        dimensions=dimensions,
        splitter=dict(splitter),
        documents=documents,
        passages=passages,
        content=content,
        versions=_versions(),
    )


def _content(connection: sqlite3.Connection) -> tuple[str, int, int]:
    digest, documents, passages = hashlib.sha256(), 0, 0
    for row in connection.execute(
        "SELECT document_id, sha256, title, trust, language, facts FROM documents ORDER BY document_id"
    ):
        digest.update((json.dumps(tuple(row)) + "\n").encode())
        documents += 1
    for row in connection.execute(
        'SELECT document_id, start, "end", p.language, embedded FROM passages p JOIN documents ON number = document '
        "ORDER BY document_id, ordinal"
    ):
        digest.update("\t".join(map(str, row)).encode() + b"\n")
        passages += 1
    return digest.hexdigest(), documents, passages


def _versions() -> dict[str, str]:
    return {
        "foedus": _version("foedus"),
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        "faiss": _version("faiss-cpu"),
    }


def _version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return "not installed as a package"
