"""A library: the folder that holds documents, passages, vectors and the files that searching reads.

`library.db` is the truth; everything under `generations/` is derived from it. Text and index change in one transaction,
so whoever reads sees the library before a change or after it, whatever happens to the process that makes the change.
Any number of processes may read while one writes.
"""

from __future__ import annotations

import sqlite3
import threading
import zlib
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from types import TracebackType

from ingest.document import Document

from . import records, schema
from .certificate import EMPTY, Certificate
from .errors import LibraryError, LibraryMissing, NotALibrary, UnknownDocument
from .records import Alias, StoredDocument, StoredPassage

WRITER_WAIT_SECONDS = 5.0  # removing a document takes less; adding many takes longer, and then it is better to say so

_LISTING = (
    "SELECT *, (SELECT count(*) FROM pages WHERE document = d.number) AS page_count, "
    "(SELECT count(*) FROM passages WHERE document = d.number) AS passage_count FROM documents d "
)


class Library:
    """Use `Library.open`, as a context manager or with `close`. One instance may serve several threads."""

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        self.path = path
        self._connection = connection
        self._lock = threading.RLock()
        connection.row_factory = sqlite3.Row

    @classmethod
    def open(cls, path: Path, *, create: bool = False) -> Library:
        """Open the library in the folder `path`; with `create`, make an empty one where there is none.

        Raises:
            LibraryMissing: there is none, and `create` is not set.
            NotALibrary: the folder holds other files, or a database of another program.
            LibraryTooNew, LibraryDamaged, LibraryBusy: see there.
            LibraryError: it may not be opened.
        """
        if not _is_there(path / schema.DATABASE):
            _make_room(path, create=create)
        library = cls(path, schema.connect(path, create=create))
        library._sweep()
        return library

    def __enter__(self) -> Library:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        self._connection.close()

    @property
    def is_empty(self) -> bool:
        with self.reading() as connection:
            return connection.execute("SELECT 1 FROM documents LIMIT 1").fetchone() is None

    def documents(self) -> list[StoredDocument]:
        """All documents, by id."""
        with self.reading() as connection:
            sources = _sources(connection)
            rows = connection.execute(_LISTING + "ORDER BY document_id")
            return [records.stored_document(row, sources.get(row["number"], ())) for row in rows]

    def document(self, document_id: str) -> StoredDocument:
        """
        Raises:
            UnknownDocument: the library holds no document of that id.
        """
        with self.reading() as connection:
            number = self.number(document_id)
            row = connection.execute(_LISTING + "WHERE number = ?", (number,)).fetchone()
            return records.stored_document(row, _sources(connection, number).get(number, ()))

    def text(self, document_id: str) -> str:
        """The canonical text."""
        with self.reading() as connection:
            return _text(connection, self.number(document_id))

    def read(self, document_id: str) -> Document:
        """The whole document, as its reader made it."""
        with self.reading() as connection:
            number = self.number(document_id)
            pages = connection.execute("SELECT * FROM pages WHERE document = ? ORDER BY number", (number,))
            sections = connection.execute("SELECT * FROM sections WHERE document = ? ORDER BY ordinal", (number,))
            return records.whole_document(
                self.document(document_id),
                _text(connection, number),
                tuple(records.page(row) for row in pages),
                tuple(records.section(row) for row in sections),
            )

    def original(self, document_id: str) -> bytes:
        """The bytes of the file that the document was read from."""
        with self.reading() as connection:
            row = connection.execute(
                "SELECT compressed FROM originals JOIN documents ON original = originals.sha256 WHERE number = ?",
                (self.number(document_id),),
            ).fetchone()
            return zlib.decompress(row[0])

    def passages(self, document_id: str) -> list[StoredPassage]:
        """In reading order."""
        with self.reading() as connection:
            rows = connection.execute(
                "SELECT * FROM passages WHERE document = ? ORDER BY ordinal", (self.number(document_id),)
            )
            return [StoredPassage(passage_id=row["passage_id"], passage=records.passage(row)) for row in rows]

    def aliases(self) -> list[tuple[str, str, str]]:
        """All names of all documents: (name, document id, origin); origins as in `Alias`."""
        with self.reading() as connection:
            rows = connection.execute(
                "SELECT alias, document_id, origin FROM aliases JOIN documents ON number = document "
                "ORDER BY document_id, alias, origin"
            )
            return [(row[0], row[1], row[2]) for row in rows]

    def names_of(self, document_id: str) -> list[Alias]:
        """The names of one document, with counts and meanings."""
        with self.reading() as connection:
            rows = connection.execute(
                "SELECT alias, origin, count, meaning FROM aliases WHERE document = ? ORDER BY alias, origin",
                (self.number(document_id),),
            )
            return [Alias(alias=row[0], origin=row[1], count=row[2], meaning=row[3]) for row in rows]

    def certificate(self) -> Certificate:
        """Of the live generation; `certificate.EMPTY` where nothing was ever added."""
        with self.reading() as connection:
            row = connection.execute("SELECT certificate FROM generations WHERE live = 1").fetchone()
            return Certificate.from_json(row[0]) if row else EMPTY

    def remove(self, document_id: str) -> None:
        """Remove a document with all that was derived from it.

        Raises:
            UnknownDocument, LibraryBusy.
        """
        from . import build, generations, store

        with self.sole_writer():
            with self.writing() as connection:
                store.remove(connection, self.number(document_id))
                build.renew(self, connection)
            generations.remove_leftovers(self)

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """One state of the library for as long as the block lasts; blocks may nest."""
        with self._lock:
            if self._connection.in_transaction:
                yield self._connection
                return
            with self._transaction("BEGIN") as connection:
                yield connection

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """One change: all of the block, or nothing of it. The caller is the sole writer."""
        with self._lock, self._transaction("BEGIN IMMEDIATE") as connection:
            yield connection

    def sole_writer(self, wait: float = WRITER_WAIT_SECONDS) -> AbstractContextManager[None]:
        """Keep other processes from writing; see `schema.sole_writer`."""
        return schema.sole_writer(self.path, wait=wait)

    @contextmanager
    def _transaction(self, begin: str) -> Iterator[sqlite3.Connection]:
        try:
            self._connection.execute(begin)
            try:
                yield self._connection
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise
        except sqlite3.DatabaseError as error:
            path = self.path / schema.DATABASE
            raise schema.translated(error, path, remedy="`foedus doctor` says what to do") from error

    def number(self, document_id: str) -> int:
        """Of its row, inside a transaction.

        Raises:
            UnknownDocument: the library holds no document of that id.
        """
        row = self._connection.execute("SELECT number FROM documents WHERE document_id = ?", (document_id,)).fetchone()
        if row is None:
            raise UnknownDocument(f"{self.path} has no document {document_id!r}: see `foedus documents list`")
        return int(row[0])

    def _sweep(self) -> None:
        """Remove search files that are not live: another process ended before it could."""
        from . import generations

        if not generations.leftovers(self):
            return
        try:
            with self.sole_writer(wait=0):
                generations.remove_leftovers(self)
        except LibraryError:
            return  # the writer is alive and sweeps for itself, or this process may only read


def _is_there(database: Path) -> bool:
    try:
        return database.is_file()
    except OSError as error:
        raise LibraryError(f"{database} cannot be looked at ({error.strerror}): check its permissions") from error


def _make_room(path: Path, *, create: bool) -> None:
    if not create:
        raise LibraryMissing(path)
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise NotALibrary(f"{path} cannot become a library ({error.strerror}): name another folder") from error
    strangers = [
        entry.name for entry in path.iterdir() if not entry.name.startswith((schema.DATABASE, schema.WRITER_LOCK))
    ]
    if strangers:
        raise NotALibrary(f"{path} holds other files ({sorted(strangers)[0]} …): name an empty folder for the library")


def _sources(connection: sqlite3.Connection, number: int | None = None) -> dict[int, tuple[str, ...]]:
    found: dict[int, tuple[str, ...]] = {}
    query = "SELECT document, source FROM sources WHERE ? IS NULL OR document = ? ORDER BY rowid"
    for document, source in connection.execute(query, (number, number)):
        found[document] = (*found.get(document, ()), source)
    return found


def _text(connection: sqlite3.Connection, number: int) -> str:
    rows = connection.execute("SELECT text FROM texts WHERE document = ? ORDER BY chunk", (number,))
    return "".join(row[0] for row in rows)


def words_at(connection: sqlite3.Connection, number: int, start: int, end: int) -> str:
    """`text[start:end]` of the document with that number, without reading the rest of it."""
    first = start // schema.CHUNK
    rows = connection.execute(
        "SELECT text FROM texts WHERE document = ? AND chunk BETWEEN ? AND ? ORDER BY chunk",
        (number, first, end // schema.CHUNK),
    )
    offset = first * schema.CHUNK
    return "".join(row[0] for row in rows)[start - offset : end - offset]
