"""A library made from documents that never were files, under ids of their own.

They are cut, embedded and stored as any other document; only the reading of a file is left out, so that a judged id is
a document's id and a reference's offsets are those of the text.
"""

from __future__ import annotations

import hashlib
import tempfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from index import build, store
from index.encoder import Encoder
from index.library import Library
from index.prepared import Cut, Prepared, cut
from ingest.document import Document, Trust

from ..errors import BadDataset
from .collection import Entry


@contextmanager
def library_of(documents: Mapping[str, Document], encoder: Encoder, *, keep: Path | None = None) -> Iterator[Library]:
    """A library that holds exactly these documents; in `keep` it stays and is used again.

    Raises:
        BadDataset: `keep` holds a library of other documents.
    """
    with _folder(keep) as folder, Library.open(folder, create=True) as library:
        if library.is_empty:
            add(library, documents, encoder)
        elif {record.document_id: (record.sha256, record.title) for record in library.documents()} != {
            name: (document.sha256, document.title) for name, document in documents.items()
        }:
            raise BadDataset(f"{folder} holds other documents than these: name another folder to keep them in")
        yield library


def add(library: Library, documents: Mapping[str, Document], encoder: Encoder) -> None:
    prepared = {name: _prepared(name, document, encoder) for name, document in documents.items()}
    with library.sole_writer():
        build.embed(library, encoder, _together(ready.cut for ready in prepared.values()))
        with library.writing() as connection:
            for name, ready in prepared.items():
                store.put_source(connection, name, name, store.put(connection, ready, name))
            build.commit_for(library, connection, encoder)


def document_of(entry: Entry) -> Document:
    return Document(text=entry.text or entry.title, format="text", title=entry.title, trust=Trust.UNKNOWN)


def _prepared(name: str, document: Document, encoder: Encoder) -> Prepared:
    data = f"{name}\n{document.title}\n{document.text}".encode()  # with its id: collections hold the same words twice
    return Prepared(
        original=hashlib.sha256(data).hexdigest(),
        size=len(data),
        compressed=zlib.compress(data),
        document=document,
        cut=cut(document, encoder.count_tokens),
        aliases=(),
    )


def _together(cuts: Iterable[Cut]) -> Cut:
    """As one, so that batches are full."""
    pairs = [pair for one in cuts for pair in zip(one.passages, one.texts, strict=True)]
    return Cut(passages=tuple(passage for passage, _ in pairs), texts=tuple(text for _, text in pairs))


@contextmanager
def _folder(keep: Path | None) -> Iterator[Path]:
    if keep is not None:
        yield keep
        return
    with tempfile.TemporaryDirectory(prefix="foedus-") as folder:
        yield Path(folder)
