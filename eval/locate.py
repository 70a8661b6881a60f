"""Where the words of a gold quotation stand in a canonical text.

Gold is written by people who look at a file, and the canonical text is what a reader made of that file. So the words
are looked for to the letter first, and then with everything set aside that readers are free to change: white space,
markup and link targets, the shapes of quotation marks and dashes, ligatures. Case stays. The places found are offsets
into the canonical text, so hits are counted on places and never on strings.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from ingest.document import Span

from .case import Case
from .errors import BadCases

TextOf = Callable[[str], str | None]  # document id -> canonical text; None where the library has no such document

_MARKUP: Final = re.compile(
    r"""
      </?[A-Za-z][^<>]*>            # tags: 9<sup>th</sup>
    | \]\([^()\s]*(?:\s"[^"]*")?\)  # the target of a link
    | !?\[(?=[^\[\]]*\]\()          # the bracket that opens one
    | \\(?=[^\w\s])                 # an escape
    | (?m:^[ \t]*(?:[-+•>]|\#+)[ \t]*)  # list marks, quoting, headings
    | [*_`#\u00ad\u200b\ufeff]      # emphasis, code, soft hyphens and other marks without width
    """,
    re.VERBOSE,
)
_SHAPES: Final = str.maketrans(
    {**dict.fromkeys("“”„‟«»″", '"'), **dict.fromkeys("‘’‚‛′`´", "'"), **dict.fromkeys("‐‑‒–—―−", "-")}
)


@dataclass(frozen=True, kw_only=True)
class Place(Span):
    """A span of a document."""

    document: str


Places = tuple[Place, ...]
Parts = tuple[tuple[Places, ...], ...]  # per part its alternatives, per alternative every place where its words stand


def locate_gold(cases: Iterable[Case], text_of: TextOf) -> dict[str, Parts]:
    """Find all gold of `cases`, by case id.

    Raises:
        BadCases: a document is not in the library, or a quotation not in its document; all of them are named.
    """
    problems: list[str] = []
    found: dict[str, Parts] = {}
    text_once = lru_cache(maxsize=None)(text_of)
    for case in cases:
        found[case.id] = tuple(
            tuple(_places(gold.quote, gold.documents, text_once) for gold in part) for part in case.gold
        )
        wrong = list(_missing(case, text_once)) or list(_unfound(case, found[case.id]))
        problems += [f"{case.place}: {problem}" for problem in wrong]
    if problems:
        raise BadCases(problems)
    return found


def locate(quote: str, text: str) -> tuple[Span, ...]:
    """Every place in `text` where the words of `quote` stand, in reading order; empty where they do not.

    A place never begins or ends inside a word: "ten" does not stand in "attention".
    """
    exact = tuple(Span(start=start, end=start + len(quote)) for start in _occurrences(quote, text))
    whole = tuple(span for span in exact if _whole_words(span, text))
    return whole or tuple(_located_loosely(quote, text))


def _located_loosely(quote: str, text: str) -> Iterator[Span]:
    wanted, _ = _folded(quote)
    folded, origins = _folded(text)
    for at in _occurrences(wanted, folded):
        span = Span(start=origins[at], end=origins[at + len(wanted) - 1] + 1)
        if _whole_words(span, text):
            yield span


@lru_cache(maxsize=256)
def _folded(text: str) -> tuple[str, tuple[int, ...]]:
    """The characters that count, and for each the offset in `text` of the one it comes from."""
    letters: list[str] = []
    origins: list[int] = []
    for at in _kept(text):
        for letter in unicodedata.normalize("NFKD", text[at]).translate(_SHAPES):
            if not letter.isspace():
                letters.append(letter)
                origins.append(at)
    return "".join(letters), tuple(origins)


def _kept(text: str) -> Iterator[int]:
    at = 0
    for mark in _MARKUP.finditer(text):
        yield from range(at, mark.start())
        at = mark.end()
    yield from range(at, len(text))


def _occurrences(wanted: str, text: str) -> Iterator[int]:
    at = text.find(wanted) if wanted else -1
    while at >= 0:
        yield at
        at = text.find(wanted, at + 1)


def _whole_words(span: Span, text: str) -> bool:
    return not any(
        0 < edge < len(text) and text[edge - 1].isalnum() and text[edge].isalnum() for edge in (span.start, span.end)
    )


def _places(quote: str, documents: Iterable[str], text_of: TextOf) -> Places:
    return tuple(
        Place(document=document, start=span.start, end=span.end)
        for document in documents
        for span in locate(quote, text_of(document) or "")
    )


def _missing(case: Case, text_of: TextOf) -> Iterator[str]:
    for document in sorted({name for part in case.gold for gold in part for name in gold.documents}):
        if text_of(document) is None:
            yield f"document {document!r} is not in the library"


def _unfound(case: Case, parts: Parts) -> Iterator[str]:
    for part, alternatives in zip(case.gold, parts, strict=True):
        for gold, places in zip(part, alternatives, strict=True):
            if not places:
                yield f"not found in {' or '.join(map(repr, gold.documents))}: {gold.quote!r}"
