"""What kind of file bytes are: the bytes decide, the name only where they leave it open.

A name is a claim, and people rename files. So a PDF or DOCX is known by its own marks, a web page by its first tags,
and the suffix only tells Markdown from plain text. A name that claims PDF or DOCX for other bytes is an error that
says both: whoever made that file expects something that is not in it.
"""

from __future__ import annotations

import io
import re
import zipfile
from enum import StrEnum
from pathlib import PurePath
from typing import Final

from .errors import Damaged, NotWhatItSays, Unsupported


class Kind(StrEnum):
    PDF = "pdf"
    DOCX = "docx"
    HTML = "html"
    MARKDOWN = "markdown"
    TEXT = "text"


OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENCRYPTED_PACKAGE: Final = "EncryptedPackage".encode("utf-16-le")  # the stream in which Office keeps a locked file

_CLAIMS: Final = {".pdf": Kind.PDF, ".docx": Kind.DOCX}
_SPOKEN: Final = {Kind.PDF: "a PDF", Kind.DOCX: "a Word document", Kind.HTML: "a web page"}
_WEB: Final = {".html", ".htm", ".xhtml"}
_MARKDOWN: Final = {".md", ".markdown"}
_MARKS: Final = (
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"\x89PNG\r\n\x1a\n", "a PNG picture"),
    (b"GIF8", "a GIF picture"),
    (b"II*\x00", "a TIFF picture"),
    (b"MM\x00*", "a TIFF picture"),
    (b"\x7fELF", "a program"),
    (b"MZ\x90", "a program"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ\x00", "an xz archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive"),
    (b"Rar!\x1a\x07", "a RAR archive"),
    (b"\x28\xb5\x2f\xfd", "a Zstandard archive"),
    (b"SQLite format 3\x00", "an SQLite database"),
    (b"{\\rtf", "an RTF document"),
    (b"%!PS", "a PostScript file"),
    (b"ID3", "a sound file"),
    (b"OggS", "a sound file"),
    (b"RIFF", "a media file"),
    (OLE, "an old Office document"),
)
_ZIPPED: Final = (
    ("xl/workbook.xml", "an Excel workbook"),
    ("ppt/presentation.xml", "a PowerPoint presentation"),
    ("META-INF/container.xml", "an EPUB book"),
    ("content.xml", "an OpenDocument file"),
)
_BOMS: Final = (b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")
_HTML_START: Final = re.compile(r"(?:\s|<\?xml[^>]*>|<!--.*?-->)*+<(?:!doctype\s+html|html|head|body)\b", re.I | re.S)
_XML_START: Final = re.compile(r"\s*<(?:\?xml|svg)\b", re.I)
_HEAD: Final = 4096  # characters looked at; tags that open a page stand before any of its text


def recognise(data: bytes, *, name: str) -> Kind:
    """Say how `data` is to be read; `name` is a file name or path.

    Raises:
        Unsupported: a kind that has no reader.
        NotWhatItSays: the suffix claims PDF or DOCX and the bytes are something else.
        Damaged: a DOCX whose zip archive is broken.
    """
    suffix = PurePath(name).suffix.lower()
    found = _by_marks(data, suffix, name) or _by_text(data, suffix)
    claim = _CLAIMS.get(suffix)
    if claim and found != claim:
        raise NotWhatItSays(
            f"{name}: the name says {_SPOKEN[claim]}, the bytes are {_spoken(found)}; rename or replace it"
        )
    if not isinstance(found, Kind):
        raise Unsupported(f"{name}: {found}; foedus reads PDF, DOCX, HTML, Markdown and plain text")
    return found


def _spoken(found: Kind | str) -> str:
    return _SPOKEN.get(found, "text") if isinstance(found, Kind) else found


def _by_marks(data: bytes, suffix: str, name: str) -> Kind | str | None:
    """The kind that binary marks give, in words where it has no reader; None where there are none."""
    if b"%PDF-" in data[:1024] or (suffix == ".pdf" and _body_of_a_pdf(data)):
        return Kind.PDF
    if data.startswith(b"PK\x03\x04"):
        return _zipped(data, suffix, name)
    if data.startswith(OLE) and ENCRYPTED_PACKAGE in data and suffix in {".docx", ""}:
        return Kind.DOCX
    if data[4:8] == b"ftyp":
        return "a film or sound file"
    return next((kind for mark, kind in _MARKS if data.startswith(mark)), None)


def _body_of_a_pdf(data: bytes) -> bool:
    """True for a PDF that has lost its first line: objects, and the table or the dictionary that lists them."""
    return b" obj" in data and any(mark in data for mark in (b"startxref", b"trailer", b"/XRef"))


def _zipped(data: bytes, suffix: str, name: str) -> Kind | str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as error:
        if suffix == ".docx":
            raise Damaged(f"{name}: truncated or broken ({error}); get the file again") from error
        return "a broken zip archive"
    if "word/document.xml" in names:
        return Kind.DOCX
    return next((kind for entry, kind in _ZIPPED if entry in names), "a zip archive")


def _by_text(data: bytes, suffix: str) -> Kind | str:
    """The kind of bytes without binary marks: text, unless it holds NUL, as no text does but UTF-16 and UTF-32."""
    if b"\x00" in data and not data.startswith(_BOMS):
        return "binary data"
    head = _head(data)
    if suffix in _WEB or _HTML_START.match(head):
        return Kind.HTML
    if _XML_START.match(head) and suffix not in _MARKDOWN:
        return "XML data"
    if suffix in _MARKDOWN or re.match(r"\ufeff?---\s*\n[\w-]+:", head):
        return Kind.MARKDOWN
    return Kind.TEXT


def _head(data: bytes) -> str:
    encoding = "utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8"
    return data[: 2 * _HEAD].decode(encoding, "replace").lstrip("\ufeff")
