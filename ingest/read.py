"""From bytes to a document: the limits, the kind, its reader, then the structure of the text.

A reader is imported when its kind turns up, so that plain text costs no PDF library.
"""

from __future__ import annotations

import re

from . import settings
from .document import Document, Extract
from .errors import Empty, OverLimit
from .kinds import Kind, recognise
from .structure import build


def read(data: bytes, *, name: str) -> Document:
    """Read a file whole; `name` is its file name or path.

    Raises:
        IngestError: one of its children, with the reason.
    """
    return build(extract(data, name=name), name=name)


def extract(data: bytes, *, name: str) -> Extract:
    """Read the text of a file and the places in it that its format marks.

    Raises:
        IngestError: one of its children, with the reason.
    """
    if not data:
        raise Empty(f"{name}: 0 bytes; get the file again")
    if len(data) > settings.FILE_BYTES:
        raise OverLimit(
            f"{name}: {len(data):,} bytes, the limit is {settings.FILE_BYTES:,}; split it into smaller files"
        )
    found = _by_kind(recognise(data, name=name), data, name)
    if len(found.text) > settings.CHARACTERS:
        raise OverLimit(
            f"{name}: {len(found.text):,} characters, the limit is {settings.CHARACTERS:,}; split it into smaller files"
        )
    if not re.search(r"[^\W_]", found.text):
        raise Empty(f"{name}: no words in it; there is nothing to search")
    return found


def _by_kind(kind: Kind, data: bytes, name: str) -> Extract:
    match kind:
        case Kind.PDF:
            from .readers.pdf import read
        case Kind.DOCX:
            from .readers.docx import read
        case Kind.HTML:
            from .readers.html import read
        case Kind.MARKDOWN:
            from .readers.markdown import read
        case Kind.TEXT:
            from .readers.text import read
    return read(data, name=name)
