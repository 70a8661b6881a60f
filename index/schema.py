"""The library's database, to the column: what is stored, how a file is known as ours, how it is opened.

`index/README.md` says the same in prose. A database of a later version is refused; there is no earlier one.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final

from .errors import LibraryBusy, LibraryDamaged, LibraryError, LibraryTooNew, NotALibrary
from .generations import FOLDER

APPLICATION_ID: Final = 0x464F4544  # "FOED"
SCHEMA_VERSION: Final = 1
DATABASE: Final = "library.db"
WRITER_LOCK: Final = "writer.lock"
LEXICAL_TABLE: Final = "words"
CHUNK: Final = 8192  # characters of a text in one row: a passage is read without reading its whole document
BUSY_SECONDS: Final = 30.0  # a commit of another process takes well under one

TABLES: Final = f"""
CREATE TABLE originals (
    sha256 TEXT PRIMARY KEY,
    size INTEGER NOT NULL,
    compressed BLOB NOT NULL
);
CREATE TABLE documents (
    number INTEGER PRIMARY KEY,
    document_id TEXT NOT NULL UNIQUE,
    original TEXT NOT NULL UNIQUE REFERENCES originals,
    sha256 TEXT NOT NULL,
    characters INTEGER NOT NULL,
    title TEXT NOT NULL,
    format TEXT NOT NULL,
    trust TEXT NOT NULL,
    language TEXT,
    encoding TEXT,
    facts TEXT NOT NULL,
    notices TEXT NOT NULL,
    reader TEXT NOT NULL,
    ingested_at TEXT NOT NULL
);
CREATE TABLE texts (
    document INTEGER NOT NULL REFERENCES documents ON DELETE CASCADE,
    chunk INTEGER NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (document, chunk)
);
CREATE TABLE pages (
    document INTEGER NOT NULL REFERENCES documents ON DELETE CASCADE,
    number INTEGER NOT NULL,
    start INTEGER NOT NULL,
    "end" INTEGER NOT NULL,
    PRIMARY KEY (document, number)
) WITHOUT ROWID;
CREATE TABLE sections (
    document INTEGER NOT NULL REFERENCES documents ON DELETE CASCADE,
    ordinal INTEGER NOT NULL,
    start INTEGER NOT NULL,
    "end" INTEGER NOT NULL,
    label TEXT NOT NULL,
    heading TEXT NOT NULL,
    level INTEGER NOT NULL,
    language TEXT,
    atomic INTEGER NOT NULL,
    PRIMARY KEY (document, ordinal)
) WITHOUT ROWID;
CREATE TABLE sources (
    location TEXT PRIMARY KEY,
    source TEXT NOT NULL,
    document INTEGER NOT NULL REFERENCES documents ON DELETE CASCADE
);
CREATE INDEX sources_document ON sources(document);
CREATE TABLE passages (
    passage_id INTEGER PRIMARY KEY AUTOINCREMENT,
    document INTEGER NOT NULL REFERENCES documents ON DELETE CASCADE,
    ordinal INTEGER NOT NULL,
    start INTEGER NOT NULL,
    "end" INTEGER NOT NULL,
    pinpoint TEXT NOT NULL,
    section TEXT NOT NULL,
    page INTEGER,
    language TEXT,
    embedded TEXT NOT NULL,
    UNIQUE (document, ordinal)
);
CREATE INDEX passages_embedded ON passages(embedded);
CREATE TABLE vectors (
    embedded TEXT NOT NULL,
    encoder TEXT NOT NULL,
    vector BLOB NOT NULL,
    PRIMARY KEY (embedded, encoder)
);
CREATE TABLE aliases (
    alias TEXT NOT NULL,
    document INTEGER NOT NULL REFERENCES documents ON DELETE CASCADE,
    origin TEXT NOT NULL CHECK (origin IN ('title', 'alias', 'file', 'party', 'definition')),
    count INTEGER NOT NULL,
    meaning TEXT,
    PRIMARY KEY (alias, document, origin)
);
CREATE INDEX aliases_document ON aliases(document);
CREATE TABLE generations (
    generation INTEGER PRIMARY KEY,
    live INTEGER NOT NULL,
    certificate_id TEXT NOT NULL,
    certificate TEXT NOT NULL,
    built_at TEXT NOT NULL
);
CREATE UNIQUE INDEX generations_live ON generations(live) WHERE live = 1;
CREATE VIRTUAL TABLE {LEXICAL_TABLE} USING fts5(
    title, section, passage, tokenize = 'porter unicode61 remove_diacritics 2'
);
"""


def connect(folder: Path, *, create: bool = False) -> sqlite3.Connection:
    """Open the database of a library and hold it to being ours; with `create`, an absent one is made.

    Raises:
        NotALibrary: the file is no database, or another program's.
        LibraryDamaged: the database is broken, or nothing is left in it.
        LibraryTooNew: a later version of foedus wrote it.
        LibraryBusy: another process keeps it to itself.
        LibraryError: it may not be opened, or SQLite failed at something else.
    """
    path = folder / DATABASE
    try:
        connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)
        try:
            _prepare(connection, path, create=create)
        except BaseException:
            connection.close()
            raise
    except sqlite3.DatabaseError as error:
        raise translated(error, path, remedy=_restore(path)) from error
    return connection


def _prepare(connection: sqlite3.Connection, path: Path, *, create: bool) -> None:
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA synchronous = FULL")  # commits are few, and each makes search files live
    connection.execute("PRAGMA mmap_size = 268435456")
    if create and _is_blank(connection):
        _hold_to_being_new(path)
        with sole_writer(path.parent, wait=BUSY_SECONDS):  # SQLite does not wait for its turn to switch to WAL
            if _is_blank(connection):
                _make(connection)
    _check(connection, path)


def _is_blank(connection: sqlite3.Connection) -> bool:
    return not connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]


@contextmanager
def sole_writer(folder: Path, *, wait: float) -> Iterator[None]:
    """Keep other processes from writing. The lock is an open transaction of a database made for it: it works on every
    system and ends with the process that holds it, however that ends.

    Raises:
        LibraryBusy: another process has been writing for `wait` seconds.
        LibraryError: one may not write here.
    """
    path = folder / WRITER_LOCK
    with ExitStack() as held:
        try:
            lock = sqlite3.connect(path, timeout=wait, isolation_level=None, check_same_thread=False)
            held.callback(lock.close)
            lock.execute("BEGIN EXCLUSIVE")
        except sqlite3.DatabaseError as error:
            raise translated(error, path, remedy="remove this file") from error
        yield


def _hold_to_being_new(path: Path) -> None:
    """Search files beside a database of no bytes tell that it held documents."""
    if (path.parent / FOLDER).exists():
        _hold_to_bytes(path)


def _hold_to_bytes(path: Path) -> None:
    if not path.stat().st_size:
        raise LibraryDamaged(f"{path} is empty: {_restore(path)}")


def _make(connection: sqlite3.Connection) -> None:
    connection.execute("PRAGMA journal_mode = WAL")
    connection.executescript(
        f"BEGIN IMMEDIATE; {TABLES} PRAGMA application_id = {APPLICATION_ID}; "
        f"PRAGMA user_version = {SCHEMA_VERSION}; COMMIT;"
    )


def _check(connection: sqlite3.Connection, path: Path) -> None:
    application = connection.execute("PRAGMA application_id").fetchone()[0]
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    _hold_to_bytes(path)
    if application != APPLICATION_ID:
        raise NotALibrary(f"{path} is another program's database: name another folder for the library")
    if version > SCHEMA_VERSION:
        raise LibraryTooNew(
            f"{path} has schema version {version}, this foedus reads up to {SCHEMA_VERSION}: "
            "use the newer foedus that wrote it"
        )


def translated(error: sqlite3.DatabaseError, path: Path, *, remedy: str) -> LibraryError:
    """Our error for one of SQLite's; `remedy` says what to do where the file is damaged.

    Only what SQLite calls corrupt or no database is damage. A disk that is full, a file that may not be opened, a lock
    that another process holds: the library is whole, and moving it away would be the wrong thing to do.
    """
    match getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF:  # the rest of the number is a detail
        case sqlite3.SQLITE_NOTADB:
            return NotALibrary(
                f"{path} is not an SQLite database: if it was a library, {_restore(path)}; else name another"
            )
        case sqlite3.SQLITE_CORRUPT:
            return LibraryDamaged(f"{path} cannot be read ({error}): {remedy}")
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return LibraryBusy(f"another process is adding to {path.parent}: wait until it is done, or end it")
    return LibraryError(
        f"{path} cannot be used ({error}): check that you may read and write it and its folder, "
        "and that there is space on the disk"
    )


def _restore(path: Path) -> str:
    """The whole folder goes: beside another database, its log and its search files would be wrong or in the way."""
    return f"move the folder {path.parent} away, then put a copy of it back or ingest its files again"
