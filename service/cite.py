"""Quotations: the shortest stretch of a source that says it, and where it stands."""

from __future__ import annotations

import datetime
import itertools
import re
from collections.abc import Callable, Collection
from typing import Final

from index.records import StoredDocument
from ingest.document import Document, Span
from ingest.pinpoints import pinpoint

from .answer import Citation, Stance
from .terms import terms

LONGEST_QUOTE: Final = 60  # words; a longer sentence is cut to the clauses that the question is about
_CLAUSE_END: Final = re.compile(r"[;:,]\s+")
_OPEN_END: Final = re.compile(r"[\s,;:]+$")
_TOKEN: Final = re.compile(r"\S+")


def shorten(text: str, span: Span, wanted: Collection[str], longest: int = LONGEST_QUOTE) -> Span:
    """The run of whole clauses of at most `longest` words that holds most of the `wanted` stems; all of the span where
    it is short enough. A clause that is longer is cut between words. White space at the ends never belongs to it.

    Raises:
        ValueError: there is no word in the span.
    """
    span = _trimmed(text, span)
    if _words(span.of(text)) <= longest:
        return span
    edges = _edges(text, span, longest)
    runs = (
        Span(start=start, end=end)
        for number, start in enumerate(edges)
        for end in edges[number + 1 : number + 1 + longest]  # a clause has a word at least
        if _words(text[start:end]) <= longest
    )
    best = _trimmed(text, max(runs, key=lambda run: _worth(text, run, wanted)))
    kept = _OPEN_END.sub("", best.of(text)) or best.of(text)
    return Span(start=best.start, end=best.start + len(kept))


def _edges(text: str, span: Span, longest: int) -> list[int]:
    """Where a quotation may begin or end: at clauses, and inside a long clause after every `longest` words."""
    ends = [span.start + found.end() for found in _CLAUSE_END.finditer(span.of(text))]
    edges = []
    for start, end in itertools.pairwise([span.start, *ends, span.end]):
        edges += [start + word.start() for word in itertools.islice(_TOKEN.finditer(text[start:end]), 0, None, longest)]
    return [*edges, span.end]


def _worth(text: str, run: Span, wanted: Collection[str]) -> tuple[int, int, int]:
    held = {term.stem for term in terms(run.of(text))} & set(wanted)
    return len(held), _words(run.of(text)), -run.start


def _trimmed(text: str, span: Span) -> Span:
    words = span.of(text)
    if not words.strip():
        raise ValueError(f"there is no word from character {span.start} to {span.end}")
    start = span.start + len(words) - len(words.lstrip())
    return Span(start=start, end=start + len(words.strip()))


def _words(text: str) -> int:
    return len(text.split())


class Citer:
    """Makes citations of the documents of one library."""

    def __init__(self, stored: Callable[[str], StoredDocument], document: Callable[[str], Document]) -> None:
        self._stored = stored
        self._document = document

    def in_force(self, document_id: str) -> str:
        """ "in force", "ended" or "unknown", today."""
        return _force(self._stored(document_id))

    def cite(self, number: int, document_id: str, span: Span, stance: Stance = Stance.SUPPORTS) -> Citation:
        stored, document = self._stored(document_id), self._document(document_id)
        page = next((page.number for page in document.pages if page.start <= span.start < page.end), None)
        return Citation(
            number=number,
            document_id=document_id,
            document_sha256=stored.sha256,
            title=stored.title,
            source=stored.sources[0],
            pinpoint=pinpoint(document.sections, span.start, span.end),
            page=page,
            start=span.start,
            end=span.end,
            quote=span.of(document.text),
            stance=stance,
            trust=stored.trust,
            in_force=_force(stored),
            ended=stored.facts.ended,
        )


def _force(stored: StoredDocument) -> str:
    """What the facts say of today; nothing is guessed where they are silent."""
    today = datetime.date.today().isoformat()
    if stored.facts.ended and stored.facts.ended <= today:
        return "ended"
    if stored.facts.in_force and stored.facts.in_force <= today:
        return "in force"
    return "unknown"
