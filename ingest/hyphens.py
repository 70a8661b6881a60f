"""Whether a hyphen at the end of a line belongs to the word.

A printer's hyphen goes, an author's hyphen stays, and the page does not say which is which: "co-" and "operation" may
be either. A word is joined only where the joined form occurs elsewhere in the document or is a word we know;
otherwise the hyphen stays, since a hyphen too many misleads nobody and a word that never was does.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from .words import is_word

_WORD: Final = re.compile(r"[^\W\d_]+(?:[-\u2010\u2011][^\W\d_]+)*")
_HYPHENS: Final = "-\u2010\u00ad"
_LAST_PART: Final = re.compile(r"([^\W\d_]+)[-\u2010\u00ad]$")
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


def join(left: str, right: str, known: Known) -> str:
    """Put two printed lines of one paragraph together."""
    head, tail = _LAST_PART.search(left), _FIRST_PART.match(right)
    if not head or not tail:
        return left + right if _dash_binds(left) else f"{left} {right}"
    if left.endswith("\u00ad"):  # a soft hyphen is always the printer's
        return left[:-1] + right
    if tail[0][0].islower() and _is_one_word(head[1].lower(), tail[0].lower(), known):
        return left[:-1] + right
    return left + right


def _dash_binds(left: str) -> bool:
    """True for a line that ends in a digit or letter and a hyphen ("1949-", "E-"), or in a long dash without space."""
    return bool(re.search(r"\w[-\u2010\u2014]$", left))


def _is_one_word(head: str, tail: str, known: Known) -> bool:
    if f"{head}-{tail}" in known.hyphenated:
        return False
    return head + tail in known.plain or is_word(head + tail)
