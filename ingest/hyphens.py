"""Whether a hyphen at the end of a line belongs to the word.

A printer's hyphen goes, an author's hyphen stays, and the page does not say which is which: "co-" and "operation" may
be either. A word is joined only where the joined form occurs elsewhere in the document or is a word we know;
otherwise the hyphen stays, since a hyphen too many misleads nobody and a word that never was does.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from .words import is_word

_WORD: Final = re.compile(r"[^\W\d_]+(?:[-\u2010\u2011][^\W\d_]+)*")
_LAST_PART: Final = re.compile(r"([^\W\d_]+)[-\u2010\u00ad]$")
_DASH_THAT_BINDS: Final = re.compile(r"\w[-\u2010\u2014]$")  # "1949-", "E-", "the treaty—"
_LONGEST_WORD: Final = 60  # characters
_FIRST_PART: Final = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, kw_only=True)
class Known:
    """The words of a document in lower case: plain ones, and those with a hyphen in the middle of a line."""

    plain: frozenset[str]
    hyphenated: frozenset[str]

    @classmethod
    def of(cls, text: str) -> Known:
        """Collect the words of `text`; what stands at the edge of a line with a hyphen is no evidence."""
        words = {match[0].lower() for match in _WORD.finditer(text)}
        return cls(
            plain=frozenset(word for word in words if "-" not in word),
            hyphenated=frozenset(word for word in words if "-" in word),
        )


def join(lines: Iterable[str], known: Known) -> str:
    """Put the printed lines of one paragraph together; linear in their length."""
    parts: list[str] = []
    for line in lines:
        if parts:
            parts[-1], space = seam(parts[-1], line, known)
            parts.append(space)
        parts.append(line)
    return "".join(parts)


def seam(left: str, right: str, known: Known) -> tuple[str, str]:
    """Return a line without a printer's hyphen at its end, and what stands between it and the next line."""
    head, tail = _LAST_PART.search(left[-_LONGEST_WORD:]), _FIRST_PART.match(right)
    if not head or not tail:
        return left, "" if _DASH_THAT_BINDS.search(left[-2:]) else " "
    printers = left.endswith("\u00ad") or (
        tail[0][0].islower() and _is_one_word(head[1].lower(), tail[0].lower(), known)
    )
    return (left[:-1] if printers else left), ""


def _is_one_word(head: str, tail: str, known: Known) -> bool:
    if f"{head}-{tail}" in known.hyphenated:
        return False
    return head + tail in known.plain or is_word(head + tail)
