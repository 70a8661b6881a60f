"""From the library to a new generation of search files, and back to a consistent state when they do not fit.

The files are written and flushed first; then one row, in the transaction that also changes the texts, makes them live.
What is derived from the texts (words, passages, vectors, files) is built anew whenever it was made with something else
than what is asked for now.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

import numpy as np

from . import certificate, generations, lexical, prepared, store
from .certificate import Certificate
from .errors import LibraryDamaged, LibraryError
from .prepared import Cut

if TYPE_CHECKING:
    from .encoder import Encoder
    from .library import Library

Notice = Callable[[str], None]
PASSAGE_ROW: Final = np.dtype([("passage_id", "<i8"), ("document", "<i4"), ("language", "S8")])
EMBED_AT_ONCE: Final = 256  # texts between two commits of vectors when a library is embedded anew


def renew(library: Library, connection: sqlite3.Connection) -> None:
    """A new generation, made with what the live one was made with."""
    row = connection.execute("SELECT certificate FROM generations WHERE live = 1").fetchone()
    if row is None:
        raise LibraryDamaged(f"{library.path} has documents but no generation: ingest them again")
    old = Certificate.from_json(row[0])
    commit(library, connection, encoder=old.encoder, dimensions=old.dimensions, splitter=old.splitter)


def commit(
    library: Library, connection: sqlite3.Connection, *, encoder: str, dimensions: int, splitter: Mapping[str, str]
) -> None:
    """Write the search files for what the open transaction holds, and make them live in it."""
    issued = certificate.issue(connection, encoder=encoder, dimensions=dimensions, splitter=splitter)
    generation = generations.unused(library, connection)
    _write_files(library, connection, generation, issued)
    connection.execute("DELETE FROM generations")
    connection.execute(
        "INSERT INTO generations(generation, live, certificate_id, certificate, built_at) VALUES (?, 1, ?, ?, ?)",
        (generation, issued.id, issued.to_json(), datetime.now(UTC).isoformat(timespec="seconds")),
    )


def _write_files(library: Library, connection: sqlite3.Connection, generation: int, issued: Certificate) -> None:
    from . import dense

    place = generations.folder(library, generation)
    table, matrix = rows(connection, issued)
    try:
        place.mkdir(parents=True)
        np.save(place / generations.PASSAGES, table)
        dense.write(place / generations.DENSE, matrix)
        (place / generations.CERTIFICATE).write_text(issued.to_json() + "\n", encoding="utf-8")
        generations.flush(place)
    except (OSError, RuntimeError) as error:  # RuntimeError is how FAISS says that a disk is full
        raise LibraryError(
            f"{place} cannot be written ({error}): nothing was changed; free space on the disk"
        ) from error


def rows(
    connection: sqlite3.Connection, issued: Certificate
) -> tuple[np.ndarray[tuple[int], np.dtype[np.void]], np.ndarray[tuple[int, int], np.dtype[np.float32]]]:
    """Every passage in the order of documents and places, and its vector."""
    table = np.zeros(issued.passages, dtype=PASSAGE_ROW)
    matrix = np.empty((issued.passages, issued.dimensions), dtype=np.float32)
    rows = connection.execute(
        "SELECT passage_id, document, p.language, vector FROM passages p JOIN documents ON number = document "
        "LEFT JOIN vectors v ON v.embedded = p.embedded AND v.encoder = ? ORDER BY document_id, ordinal",
        (issued.encoder,),
    )
    for at, (passage_id, document, language, vector) in enumerate(rows):
        if vector is None or len(vector) != 4 * issued.dimensions:
            raise LibraryDamaged(f"passage {passage_id} has no vector of {issued.encoder}: ingest its document again")
        table[at] = (passage_id, document, (language or "").encode())
        matrix[at] = np.frombuffer(vector, dtype="<f4")
    return table, matrix


def mismatch(library: Library, encoder: Encoder) -> str | None:
    """Why the live generation does not fit the encoder and this program's settings; None where it does."""
    if library.is_empty:
        return None
    made = library.certificate()
    asked = {"encoder": encoder.id, "splitter": prepared.splitter(encoder.id), "words": lexical.LEXICAL_VERSION}
    found = {"encoder": made.encoder, "splitter": dict(made.splitter), "words": made.lexical}
    for name, value in asked.items():
        if found[name] != value:
            return f"built with {name} {found[name]}, now it is {value}"
    return _missing_file(library)


def _missing_file(library: Library) -> str | None:
    """Looks at sizes only; what is inside shows when it is opened."""
    with library.reading() as connection:
        place = generations.folder(library, generations.live(connection) or 0)
        made = library.certificate()
    least = {generations.DENSE: 4 * made.passages * made.dimensions, generations.PASSAGES: made.passages}
    for name, size in least.items():
        if not (place / name).is_file() or (place / name).stat().st_size < size:
            return f"{place / name} is missing or cut short"
    return None


def ensure(library: Library, encoder: Encoder, notice: Notice) -> None:
    """Rebuild what is derived where it does not fit, and say so.

    Raises:
        LibraryBusy: another process is writing.
    """
    if mismatch(library, encoder) is None:
        return
    with library.sole_writer():
        repair(library, encoder, notice)


def repair(library: Library, encoder: Encoder, notice: Notice) -> None:
    """The same for a caller who is the sole writer."""
    reason = mismatch(library, encoder)
    if reason is not None:  # else another process has just done it
        notice(f"the index of {library.path} is built anew from its texts: {reason}")
        rebuild(library, encoder)


def rebuild(library: Library, encoder: Encoder) -> None:
    """Derive everything from the stored documents again; only texts without a vector are embedded. The caller is the
    sole writer.
    """
    cuts: dict[str, Cut] = {}
    for stored in library.documents():
        cuts[stored.document_id] = prepared.cut(library.read(stored.document_id), encoder.counter)
        embed(library, encoder, cuts[stored.document_id])
    with library.writing() as connection:
        lexical.clear(connection)
        connection.execute("DELETE FROM passages")
        for document_id, cut in cuts.items():
            store.put_passages(connection, library.number(document_id), library.read(document_id), cut)
        commit_for(library, connection, encoder)
        store.drop_unused_vectors(connection)
    generations.remove_leftovers(library)


def commit_for(library: Library, connection: sqlite3.Connection, encoder: Encoder) -> None:
    commit(
        library,
        connection,
        encoder=encoder.id,
        dimensions=encoder.dimensions,
        splitter=prepared.splitter(encoder.id),
    )


def embed(library: Library, encoder: Encoder, cut: Cut) -> int:
    """Store the vectors that are missing for `cut`, batch by batch; gives their number."""
    texts = dict(zip(cut.embedded, cut.texts, strict=True))
    with library.reading() as connection:
        missing = store.without_vector(connection, encoder.id, texts)
    for at in range(0, len(missing), EMBED_AT_ONCE):
        keys = missing[at : at + EMBED_AT_ONCE]
        vectors = encoder.encode([texts[key] for key in keys])
        with library.writing() as connection:
            store.put_vectors(connection, encoder.id, keys, vectors)
    return len(missing)
