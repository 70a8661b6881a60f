"""Write rows: documents, their sources, vectors. Every function works in a transaction that its caller opened."""

from __future__ import annotations

import json
import re
import sqlite3
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import PurePath
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ingest.document import Document

from . import lexical, records
from .prepared import READER_VERSION, Cut, Prepared
from .schema import CHUNK

LONGEST_ID: Final = 80  # characters; file names may have 255


def slug(name: str) -> str:
    """A document id from a file's name: "North Atlantic Treaty (1949).md" gives "north-atlantic-treaty-1949"."""
    stem = unicodedata.normalize("NFKD", PurePath(name).stem).casefold()
    bare = "".join(char for char in stem if not unicodedata.combining(char))
    return re.sub(r"[\W_]+", "-", bare).strip("-")[:LONGEST_ID].strip("-") or "document"


def free_id(name: str, taken: Iterable[str]) -> str:
    """The slug of `name`, with the smallest number appended that makes it differ from `taken`."""
    base, others = slug(name), set(taken)
    number, candidate = 1, base
    while candidate in others:
        number += 1
        candidate = f"{base}-{number}"
    return candidate


def put(connection: sqlite3.Connection, prepared: Prepared, document_id: str) -> int:
    """Enter a document, in place of the one that has its id; sources stay. Gives its number."""
    row = connection.execute("SELECT number FROM documents WHERE document_id = ?", (document_id,)).fetchone()
    sources = [] if row is None else _sources(connection, row[0])
    if row is not None:
        _delete(connection, row[0])
    number = _put_document(connection, prepared, document_id)
    for location, source in sources:
        put_source(connection, location, source, number)
    _put_parts(connection, number, prepared)
    put_passages(connection, number, prepared.document, prepared.cut)
    return number


def put_source(connection: sqlite3.Connection, location: str, source: str, number: int) -> None:
    """Note that the document was read from there, and no other any more."""
    connection.execute(
        "INSERT INTO sources(location, source, document) VALUES (?, ?, ?) "
        "ON CONFLICT(location) DO UPDATE SET source = excluded.source, document = excluded.document",
        (location, source, number),
    )


def put_passages(connection: sqlite3.Connection, number: int, document: Document, cut: Cut) -> None:
    """Enter the passages of a document that has none, and the words that stand for them."""
    connection.executemany(
        'INSERT INTO passages(document, ordinal, start, "end", pinpoint, section, page, language, embedded) '
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            (number, at, part.start, part.end, part.pinpoint, part.section, part.page, part.language, embedded)
            for at, (part, embedded) in enumerate(zip(cut.passages, cut.embedded, strict=True))
        ),
    )
    ids = connection.execute("SELECT passage_id FROM passages WHERE document = ? ORDER BY ordinal", (number,))
    numbered = zip(ids.fetchall(), cut.passages, strict=True)
    lexical.add(connection, ((row[0], document.title, part.section, part.of(document.text)) for row, part in numbered))


def remove(connection: sqlite3.Connection, number: int) -> None:
    """Remove a document and all that only it needed."""
    _delete(connection, number)
    drop_unused_vectors(connection)


def without_source(connection: sqlite3.Connection) -> list[int]:
    """Numbers of documents that no file stands for any more."""
    rows = connection.execute("SELECT number FROM documents WHERE number NOT IN (SELECT document FROM sources)")
    return [row[0] for row in rows]


def remove_passages(connection: sqlite3.Connection, number: int) -> None:
    ids = connection.execute("SELECT passage_id FROM passages WHERE document = ?", (number,)).fetchall()
    lexical.remove(connection, [row[0] for row in ids])
    connection.execute("DELETE FROM passages WHERE document = ?", (number,))


def put_vectors(
    connection: sqlite3.Connection, encoder: str, embedded: Sequence[str], vectors: NDArray[np.float32]
) -> None:
    """`vectors` has one row of 32-bit floats for each key in `embedded`."""
    little = np.ascontiguousarray(vectors, dtype="<f4")
    connection.executemany(
        "INSERT OR REPLACE INTO vectors(embedded, encoder, vector) VALUES (?, ?, ?)",
        ((key, encoder, row.tobytes()) for key, row in zip(embedded, little, strict=True)),
    )


def without_vector(connection: sqlite3.Connection, encoder: str, embedded: Iterable[str]) -> list[str]:
    """Those keys that `encoder` has not embedded yet, each once, in their order."""
    query = "SELECT 1 FROM vectors WHERE embedded = ? AND encoder = ?"
    return [key for key in dict.fromkeys(embedded) if connection.execute(query, (key, encoder)).fetchone() is None]


def drop_unused_vectors(connection: sqlite3.Connection) -> None:
    connection.execute(
        "DELETE FROM vectors WHERE NOT EXISTS (SELECT 1 FROM passages WHERE passages.embedded = vectors.embedded)"
    )


def _delete(connection: sqlite3.Connection, number: int) -> None:
    remove_passages(connection, number)
    original = connection.execute("SELECT original FROM documents WHERE number = ?", (number,)).fetchone()[0]
    connection.execute("DELETE FROM documents WHERE number = ?", (number,))
    connection.execute("DELETE FROM originals WHERE sha256 = ?", (original,))


def _put_document(connection: sqlite3.Connection, prepared: Prepared, document_id: str) -> int:
    document = prepared.document
    connection.execute(
        "INSERT INTO originals(sha256, size, compressed) VALUES (?, ?, ?)",
        (prepared.original, prepared.size, prepared.compressed),
    )
    values = {
        "document_id": document_id,
        "original": prepared.original,
        "sha256": document.sha256,
        "characters": len(document.text),
        "title": document.title,
        "format": document.format,
        "trust": str(document.trust),
        "language": document.language,
        "encoding": document.encoding,
        "facts": records.facts_to_json(document.facts),
        "notices": json.dumps(document.notices, ensure_ascii=False),
        "reader": READER_VERSION,
        "ingested_at": datetime.now(UTC).isoformat(timespec="seconds"),
    }
    names = ", ".join(values)
    marks = ", ".join(f":{name}" for name in values)
    cursor = connection.execute(f"INSERT INTO documents({names}) VALUES ({marks})", values)  # noqa: S608  # our names
    assert cursor.lastrowid is not None
    return cursor.lastrowid


def _put_parts(connection: sqlite3.Connection, number: int, prepared: Prepared) -> None:
    document = prepared.document
    chunks = (document.text[at : at + CHUNK] for at in range(0, len(document.text), CHUNK))
    connection.executemany(
        "INSERT INTO texts(document, chunk, text) VALUES (?, ?, ?)",
        ((number, chunk, text) for chunk, text in enumerate(chunks)),
    )
    connection.executemany(
        'INSERT INTO pages(document, number, start, "end") VALUES (?, ?, ?, ?)',
        ((number, page.number, page.start, page.end) for page in document.pages),
    )
    connection.executemany(
        'INSERT INTO sections(document, ordinal, start, "end", label, heading, level, language, atomic) '
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            (number, at, part.start, part.end, part.label, part.heading, part.level, part.language, part.atomic)
            for at, part in enumerate(document.sections)
        ),
    )
    connection.executemany(
        "INSERT OR IGNORE INTO aliases(alias, document, origin, count, meaning) VALUES (?, ?, ?, ?, ?)",
        ((alias.alias, number, alias.origin, alias.count, alias.meaning) for alias in prepared.aliases),
    )


def _sources(connection: sqlite3.Connection, number: int) -> list[tuple[str, str]]:
    rows = connection.execute("SELECT location, source FROM sources WHERE document = ? ORDER BY rowid", (number,))
    return [(row[0], row[1]) for row in rows]
