"""Is everything in the library consistent, and what to do where it is not.

Nothing is changed while looking. What is derived can be built anew from the stored texts; a text that is damaged comes
back only from its file.
"""

from __future__ import annotations

import hashlib
import sqlite3
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from . import build, certificate, generations
from .certificate import Certificate
from .errors import LibraryDamaged
from .library import Library
from .schema import LEXICAL_TABLE

if TYPE_CHECKING:
    from .encoder import Encoder

UNIT_ERROR: Final = 1e-3  # of a unit vector in 32-bit floats; far above rounding
REBUILD: Final = "Run `foedus doctor --repair`: it is built anew from the stored texts."
RESTORE: Final = "Move the folder of the library away, then put a copy of it back or ingest its files again."
INGEST_AGAIN: Final = "Remove the document with `foedus documents remove` and ingest its file again."


@dataclass(frozen=True, kw_only=True)
class Finding:
    """Something that is not as it should be, and what to do about it."""

    what: str
    remedy: str


def examine(library: Library) -> list[Finding]:
    """Everything that is wrong; an empty list where nothing is.

    Raises:
        LibraryError: the library may be sound but cannot be looked at now.
    """
    try:
        with library.reading() as connection:
            return list(_database(connection)) or _contents(library, connection)  # the second trusts the first
    except LibraryDamaged as error:
        return [Finding(what=f"library.db is damaged: {error.__cause__ or error}", remedy=RESTORE)]


def _contents(library: Library, connection: sqlite3.Connection) -> list[Finding]:
    checks = (_texts, _originals, _passages, _words, _vectors)
    found = [finding for check in checks for finding in check(connection)]
    return [*found, *_generation(library, connection)]


def rebuild(library: Library, encoder: Encoder, *, notice: Callable[[str], None]) -> None:
    """Build all that is derived anew from the stored texts.

    Raises:
        LibraryBusy: another process is writing.
    """
    notice(f"building the index of {library.path} anew from its texts")
    with library.sole_writer():
        generations.remove_leftovers(library)
        if not library.is_empty:
            _discard_broken_vectors(library, encoder)
            build.rebuild(library, encoder)


def _discard_broken_vectors(library: Library, encoder: Encoder) -> None:
    """Vectors that are not of unit length are not what the encoder gave; without them the texts are embedded again."""
    with library.writing() as connection:
        rows = connection.execute("SELECT rowid, vector FROM vectors WHERE encoder = ?", (encoder.id,))
        broken = [(rowid,) for rowid, vector in rows if not _is_unit(vector, encoder.dimensions)]
        connection.executemany("DELETE FROM vectors WHERE rowid = ?", broken)


def _is_unit(vector: bytes, dimensions: int) -> bool:
    return len(vector) == 4 * dimensions and abs(float(np.linalg.norm(np.frombuffer(vector, "<f4"))) - 1) < UNIT_ERROR


def _database(connection: sqlite3.Connection) -> Iterator[Finding]:
    for row in connection.execute("PRAGMA integrity_check(5)"):
        if row[0] != "ok":
            yield Finding(what=f"library.db is damaged: {row[0]}", remedy=RESTORE)
    for row in connection.execute("PRAGMA foreign_key_check"):
        yield Finding(what=f"library.db: row {row[1]} of {row[0]} belongs to no row of {row[2]}", remedy=RESTORE)


def _texts(connection: sqlite3.Connection) -> Iterator[Finding]:
    for row in connection.execute("SELECT number, document_id, sha256, characters FROM documents ORDER BY document_id"):
        parts = connection.execute("SELECT text FROM texts WHERE document = ? ORDER BY chunk", (row["number"],))
        text = "".join(part[0] for part in parts)
        found = hashlib.sha256(text.encode()).hexdigest()
        if found != row["sha256"] or len(text) != row["characters"]:
            yield Finding(
                what=f"the text of {row['document_id']} has sha256 {found}, it was stored with {row['sha256']}",
                remedy=INGEST_AGAIN,
            )


def _originals(connection: sqlite3.Connection) -> Iterator[Finding]:
    query = "SELECT document_id, o.sha256, compressed FROM documents JOIN originals o ON original = o.sha256"
    for document_id, expected, compressed in connection.execute(query):
        try:
            found = hashlib.sha256(zlib.decompress(compressed)).hexdigest()
        except zlib.error as error:
            found = f"({error})"
        if found != expected:
            yield Finding(what=f"the stored file of {document_id} is damaged: sha256 {found}", remedy=INGEST_AGAIN)


def _passages(connection: sqlite3.Connection) -> Iterator[Finding]:
    query = (
        'SELECT document_id, start, "end", characters FROM passages JOIN documents ON number = document '
        'WHERE start < 0 OR "end" > characters OR start >= "end"'
    )
    for document_id, start, end, characters in connection.execute(query):
        yield Finding(
            what=f"a passage of {document_id} is at {start}–{end}, its text has {characters} characters", remedy=REBUILD
        )


def _words(connection: sqlite3.Connection) -> Iterator[Finding]:
    passages = connection.execute("SELECT count(*) FROM passages").fetchone()[0]
    words = connection.execute(f"SELECT count(*) FROM {LEXICAL_TABLE}").fetchone()[0]  # noqa: S608  # a constant
    strays = connection.execute(
        f"SELECT count(*) FROM {LEXICAL_TABLE} WHERE rowid NOT IN (SELECT passage_id FROM passages)"  # noqa: S608  # a constant
    ).fetchone()[0]
    if passages != words or strays:
        yield Finding(
            what=f"the words of {words} passages are indexed, {strays} of them unknown; there are {passages}",
            remedy=REBUILD,
        )


def _vectors(connection: sqlite3.Connection) -> Iterator[Finding]:
    row = connection.execute("SELECT certificate FROM generations WHERE live = 1").fetchone()
    if row is None:
        return
    made = Certificate.from_json(row[0])
    missing = connection.execute(
        "SELECT count(*) FROM passages p LEFT JOIN vectors v ON v.embedded = p.embedded AND v.encoder = ? "
        "WHERE vector IS NULL OR length(vector) != ?",
        (made.encoder, 4 * made.dimensions),
    ).fetchone()[0]
    if missing:
        yield Finding(what=f"{missing} passages have no vector of {made.encoder}", remedy=REBUILD)


def _generation(library: Library, connection: sqlite3.Connection) -> Iterator[Finding]:
    row = connection.execute("SELECT generation, certificate FROM generations WHERE live = 1").fetchone()
    if row is None:
        if not library.is_empty:
            yield Finding(what="there are documents and no search files", remedy=REBUILD)
        return
    for path in generations.leftovers(library):
        yield Finding(what=f"{path} is left over from a process that was ended", remedy=REBUILD)
    yield from _certificate(connection, Certificate.from_json(row["certificate"]))
    yield from _files(library, connection, row["generation"])


def _certificate(connection: sqlite3.Connection, made: Certificate) -> Iterator[Finding]:
    now = certificate.issue(connection, encoder=made.encoder, dimensions=made.dimensions, splitter=made.splitter)
    if (now.content, now.documents, now.passages) != (made.content, made.documents, made.passages):
        yield Finding(
            what=f"the index was built from {made.documents} documents and {made.passages} passages "
            f"(content {made.content[:12]}); the library holds {now.documents} and {now.passages} "
            f"(content {now.content[:12]})",
            remedy=REBUILD,
        )


def _files(library: Library, connection: sqlite3.Connection, generation: int) -> Iterator[Finding]:
    from .snapshot import Snapshot

    place = generations.folder(library, generation)
    try:
        opened = Snapshot.open(library, connection)
        assert opened is not None
        table, matrix = build.rows(connection, opened.certificate)
    except (FileNotFoundError, LibraryDamaged) as error:
        yield Finding(what=f"the search files in {place} cannot be used: {error}", remedy=REBUILD)
        return
    if not (np.array_equal(table["passage_id"], opened.ids) and np.array_equal(matrix, opened.dense.matrix)):
        yield Finding(what=f"the search files in {place} differ from the library", remedy=REBUILD)
