"""Folders of search files: written whole, flushed to the disk, and never changed again.

Which of them is live is a row of the library's database. A folder that no row calls live is a leftover of a process
that ended between writing and committing, or between committing and tidying; it is harmless, and removed when seen.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import sqlite3

    from .library import Library

FOLDER: Final = "generations"
DENSE: Final = "dense.faiss"
PASSAGES: Final = "passages.npy"
CERTIFICATE: Final = "certificate.json"


def folder(library: Library, generation: int) -> Path:
    return library.path / FOLDER / str(generation)


def live(connection: sqlite3.Connection) -> int | None:
    row = connection.execute("SELECT generation FROM generations WHERE live = 1").fetchone()
    return None if row is None else int(row[0])


def unused(library: Library, connection: sqlite3.Connection) -> int:
    """A number that no generation has or had as far as can be seen."""
    last = connection.execute("SELECT coalesce(max(generation), 0) FROM generations").fetchone()[0]
    return max([int(last), *(int(entry.name) for entry in _folders(library))]) + 1


def leftovers(library: Library) -> list[Path]:
    """Folders that are not live."""
    with library.reading() as connection:
        current = live(connection)
        return [entry for entry in _folders(library) if int(entry.name) != current]


def remove_leftovers(library: Library) -> None:
    """The caller is the sole writer."""
    for entry in leftovers(library):
        shutil.rmtree(entry, ignore_errors=True)  # a reader on Windows may hold it open; the next sweep takes it


def flush(place: Path) -> None:
    """Have the disk hold the files of a folder, and the folder itself, before a row says that they are live."""
    for path in sorted(place.iterdir()):
        with path.open("rb+") as file:
            os.fsync(file.fileno())
    if os.name == "posix":  # Windows opens no folders, and orders these writes itself
        for path in (place, place.parent):
            _flush_folder(path)


def _flush_folder(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _folders(library: Library) -> list[Path]:
    root = library.path / FOLDER
    if not root.is_dir():
        return []
    return sorted((entry for entry in root.iterdir() if entry.name.isdigit()), key=lambda entry: int(entry.name))
