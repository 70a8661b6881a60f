"""One spelling for white space and characters, and the way lines become a canonical text.

Two files that print the same words should give the same string, or a search for a word misses it: so composed letters
(NFC), single spaces, LF, at most one blank line, and none of the characters that print nothing. Ligatures are
letters. The words and their order are never touched, and U+FFFD stays: it shows where a source is broken.

Readers hand over `Line`s; `place` is the only one who makes offsets of them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from .document import Heading

_LIGATURES: Final = {0xFB00: "ff", 0xFB01: "fi", 0xFB02: "fl", 0xFB03: "ffi", 0xFB04: "ffl", 0xFB05: "st", 0xFB06: "st"}
_BREAKS: Final = dict.fromkeys([0x0B, 0x0C, 0x0D, 0x85, 0x2028, 0x2029], "\n")
_PRINTS_NOTHING: Final = [
    *(code for code in (*range(0x20), *range(0x7F, 0xA0)) if code not in (0x09, 0x0A, *_BREAKS)),
    0xAD,  # soft hyphen
    0x200B,  # zero-width space
    *range(0x200E, 0x2010),  # marks of direction
    *range(0x202A, 0x202F),
    *range(0x2060, 0x2065),
    *range(0x2066, 0x2070),
    0xFEFF,
]
_SURROGATES: Final = dict.fromkeys(range(0xD800, 0xE000), "\ufffd")
_TABLE: Final = {**dict.fromkeys(_PRINTS_NOTHING), **_LIGATURES, **_BREAKS, **_SURROGATES}
_SPACES: Final = re.compile(r"[^\S\n]+")


@dataclass(frozen=True, kw_only=True)
class Line:
    """A line or paragraph of the text to be. `level` makes it a heading; `gap` asks for a blank line before it."""

    text: str
    level: int | None = None
    gap: bool = False


@dataclass(frozen=True, kw_only=True)
class Laid:
    """The canonical text, where each line given begins in it (one without text: where the next may), its headings."""

    text: str
    starts: tuple[int, ...]
    headings: tuple[Heading, ...]


def normalise(text: str) -> str:
    """Return `text` in the one spelling; applying it twice changes nothing."""
    lines = [tidy(line) for line in spell(text).split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n")


def spell(text: str) -> str:
    """Replace or remove single characters, and compose letters; white space inside lines stays as it is."""
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n").translate(_TABLE))


def tidy(line: str) -> str:
    """Return a line with single spaces and none at its ends."""
    return _SPACES.sub(" ", line).strip()


def lay(lines: Iterable[Line]) -> tuple[str, tuple[Heading, ...]]:
    """Put lines under each other and return the canonical text with the place of each heading."""
    laid = place(lines)
    return laid.text, laid.headings


def place(lines: Iterable[Line]) -> Laid:
    """Put lines under each other.

    Lines without text are dropped and blank lines stand only where `gap` asks for them, so there is never more than
    one in a row. A line break inside `Line.text` stays one.
    """
    parts: list[str] = []
    starts: list[int] = []
    headings: list[Heading] = []
    length = 0
    for line in lines:
        text = re.sub(r"\n{2,}", "\n", normalise(line.text))
        lead = ("\n\n" if line.gap else "\n") if parts and text else ""
        start, length = length + len(lead), length + len(lead) + len(text)
        starts.append(start)
        parts += [lead + text] if text else []
        if line.level is not None and text:
            headings.append(Heading(start=start, end=length, level=line.level))
    return Laid(text="".join(parts), starts=tuple(starts), headings=tuple(headings))
