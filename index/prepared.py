"""A file, read and cut: everything about it that the library stores, vectors apart.

Made in worker processes, so nothing here needs the library. What is embedded and matched is `title › section ›
passage`; vectors are kept by the sha256 of exactly that text.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from ingest import settings
from ingest.document import Document, Passage

from . import aliases
from .records import Alias

READER_VERSION = "2"  # raised whenever readers or the structure they find change: files are read anew when next met
SPLITTER_VERSION = "1"  # raised whenever passages of the same document come out differently

Counter = Callable[[str], int]


@dataclass(frozen=True, kw_only=True)
class Cut:
    """The passages of a document; `texts[i]` is what stands for `passages[i]` in search."""

    passages: tuple[Passage, ...]
    texts: tuple[str, ...]

    @cached_property
    def embedded(self) -> tuple[str, ...]:
        """The keys of the texts' vectors."""
        return tuple(text_key(text) for text in self.texts)


@dataclass(frozen=True, kw_only=True)
class Prepared:
    """`original` is the sha256 of the file's bytes, `size` their number."""

    original: str
    size: int
    compressed: bytes
    document: Document
    cut: Cut
    aliases: tuple[Alias, ...]


def text_key(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def prepare(data: bytes, *, name: str, count_tokens: Counter) -> Prepared:
    """Read a file's bytes.

    Raises:
        IngestError: the file cannot be read; its `reason` says why.
    """
    from ingest.read import read

    document = read(data, name=name)
    return Prepared(
        original=hashlib.sha256(data).hexdigest(),
        size=len(data),
        compressed=zlib.compress(data, 6),
        document=document,
        cut=cut(document, count_tokens),
        aliases=aliases.of(document, name),
    )


def cut(document: Document, count_tokens: Counter) -> Cut:
    """Cut a document into passages."""
    from ingest.split import embedded_text, split

    passages = tuple(split(document, count_tokens=count_tokens))
    texts = tuple(embedded_text(document.title, passage, passage.of(document.text)) for passage in passages)
    return Cut(passages=passages, texts=texts)


def splitter(encoder: str) -> dict[str, str]:
    """All that decides where passages begin and end; stands in the certificate."""
    return {
        "version": SPLITTER_VERSION,
        "tokenizer": encoder,
        "passage_tokens": str(settings.PASSAGE_TOKENS),
        "embedded_tokens": str(settings.EMBEDDED_TOKENS),
    }
