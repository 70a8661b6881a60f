"""PDF: pages, lines, paragraphs.

pypdf reads the file; what it is made to do by a broken one is told as one of our errors, and what it says on the way is
kept off the screen and told in one notice. A page that cannot be read costs that page and not the document, and is
named.
"""

from __future__ import annotations

import io
import logging
import struct
import threading
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from pypdf import PdfReader
from pypdf.errors import DependencyError, DeprecationError, FileNotDecryptedError, PyPdfError

from .. import settings
from ..document import Extract, Facts, Page
from ..errors import Damaged, Encrypted, OverLimit, Scanned
from ..lines import Line, place
from ..titles import sensible
from .pdf_furniture import without_furniture
from .pdf_lines import PrintedLine, in_reading_order, lines_of
from .pdf_paragraphs import page_starts, paragraphs_of

# pypdf says of itself that broken files may cause other exceptions than its own. These are the families that its code
# and odd files bring up; RuntimeError holds RecursionError, ValueError the Unicode errors, LookupError KeyError.
_FAILURES: Final = (
    PyPdfError, DependencyError, DeprecationError, ArithmeticError, AssertionError, AttributeError, LookupError,
    MemoryError, OSError, RuntimeError, TypeError, ValueError, EOFError, struct.error, zlib.error,
)  # fmt: skip

logging.getLogger("pypdf").propagate = False  # this is the only module that uses it, and it tells what matters itself


def read(data: bytes, *, name: str) -> Extract:
    """Read the text of a PDF, page by page.

    Raises:
        Encrypted: it needs a password.
        Scanned: its pages hold no text.
        OverLimit: too many pages or characters.
        Damaged: it cannot be read.
    """
    with _overheard() as remarks:
        reader, count = _open(data, name)
        pages, unread = _pages(reader, count, name)
        facts = Facts(title=_title(reader, name), aliases=_aliases(reader))
    blank = [number for number, lines in enumerate(pages, start=1) if not lines and number not in unread]
    if len(unread) == count:
        raise Damaged(f"{name}: none of its {count} pages can be read ({next(iter(unread.values()), 'no pages')})")
    if len(blank) + len(unread) == count:
        raise Scanned(
            f"{name}: no text on {_pages_in_words(count)}, pictures only; run text recognition (OCR) on it first"
        )
    notices = (*_told(unread, blank, count), *_repairs(remarks))
    return _extract(pages, facts, notices)


def _open(data: bytes, name: str) -> tuple[PdfReader, int]:
    """Open the file, with the empty password if it wants one, and count its pages."""
    try:
        reader = PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise Encrypted(f"{name}: needs a password; save a copy without one")
        count = len(reader.pages)
    except FileNotDecryptedError as error:
        raise Encrypted(f"{name}: needs a password ({_in_words(error)}); save a copy without one") from error
    except _FAILURES as error:
        raise Damaged(f"{name}: truncated or broken ({_in_words(error)}); get the file again") from error
    if count > settings.PAGES:
        raise OverLimit(f"{name}: {count:,} pages, the limit is {settings.PAGES:,}; split it into smaller files")
    return reader, count


def _pages(reader: PdfReader, count: int, name: str) -> tuple[list[list[PrintedLine]], dict[int, str]]:
    """The lines of each page, and why pages (counted from 1) could not be read."""
    pages: list[list[PrintedLine]] = []
    unread: dict[int, str] = {}
    total = 0
    for number in range(1, count + 1):
        try:
            pages.append(lines_of(reader.pages[number - 1]))
        except _FAILURES as error:
            pages.append([])
            unread[number] = _in_words(error)
        total += sum(len(line.text) for line in pages[-1])
        if total > settings.CHARACTERS:
            raise OverLimit(
                f"{name}: more than {settings.CHARACTERS:,} characters, the limit, by page {number:,} of {count:,};"
                " split it into smaller files"
            )
    return pages, unread


def _extract(pages: list[list[PrintedLine]], facts: Facts, notices: tuple[str, ...]) -> Extract:
    paragraphs = paragraphs_of([in_reading_order(lines) for lines in without_furniture(pages)])
    laid = place(Line(text=paragraph.text, gap=paragraph.gap) for paragraph in paragraphs)
    starts = dict(page_starts(paragraphs, laid.starts))
    return Extract(
        text=laid.text,
        format="pdf",
        pages=_spans(starts, len(pages), len(laid.text)),
        facts=facts,
        notices=notices,
    )


def _spans(starts: dict[int, int], count: int, length: int) -> tuple[Page, ...]:
    """Spans that together hold the whole text; a page without text has an empty one."""
    spans: list[Page] = []
    end = length
    for number in range(count, 0, -1):
        start = starts.get(number, end) if any(page < number for page in starts) else 0
        spans.append(Page(start=start, end=end, number=number))
        end = start
    return tuple(reversed(spans))


def _title(reader: PdfReader, name: str) -> str | None:
    try:
        return sensible(reader.metadata.title if reader.metadata else None, name=name)
    except _FAILURES:  # broken properties are not worth a document
        return None


def _aliases(reader: PdfReader) -> tuple[str, ...]:
    """Names after "aliases:" in the file's keywords, separated by semicolons: a PDF has no front matter."""
    try:
        keywords = (reader.metadata.keywords if reader.metadata else None) or ""
    except _FAILURES:
        return ()
    head, _, names = keywords.partition(":")
    return tuple(filter(None, map(str.strip, names.split(";")))) if head.strip().casefold() == "aliases" else ()


def _told(unread: dict[int, str], blank: list[int], count: int) -> list[str]:
    told = [f"page {number} could not be read ({reason})" for number, reason in list(unread.items())[:3]]
    if len(unread) > len(told):
        told.append(f"{len(unread)} of {_pages_in_words(count)} could not be read")
    if blank:
        told.append(f"no text on {len(blank)} of {_pages_in_words(count)}, the first is page {blank[0]}")
    return told


def _repairs(remarks: list[str]) -> list[str]:
    return [f"the file is irregular; the reader remarked {len(remarks)} times, first: {remarks[0]}"] if remarks else []


def _pages_in_words(count: int) -> str:
    return "its only page" if count == 1 else f"{count:,} pages"


def _in_words(error: BaseException) -> str:
    """One line that names the library's message."""
    return " ".join(f"{type(error).__name__}: {error}".split())[:200]


class _Listener(logging.Handler):
    """Collects what pypdf logs in this thread."""

    def __init__(self) -> None:
        super().__init__(level=logging.WARNING)
        self.remarks: list[str] = []
        self._thread = threading.get_ident()

    def emit(self, record: logging.LogRecord) -> None:
        if record.thread == self._thread:
            self.remarks.append(" ".join(record.getMessage().split())[:200])


@contextmanager
def _overheard() -> Iterator[list[str]]:
    """Collect what pypdf says while a file is read."""
    logger, listener = logging.getLogger("pypdf"), _Listener()
    logger.addHandler(listener)
    try:
        yield listener.remarks
    finally:
        logger.removeHandler(listener)
