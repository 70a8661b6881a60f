"""Quotations: the shortest stretch of a source that says it, and where it stands."""

from __future__ import annotations

import datetime
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


def shorten(text: str, span: Span, wanted: Collection[str], longest: int = LONGEST_QUOTE) -> Span:
    """The run of whole clauses of at most `longest` words that holds most of the `wanted` stems; the span itself where
    it is short enough. A clause that is longer is cut between words."""
    if _words(span.of(text)) <= longest:
        return span
    edges = [span.start, *(span.start + found.end() for found in _CLAUSE_END.finditer(span.of(text))), span.end]
    runs = [
        Span(start=start, end=end)
        for number, start in enumerate(edges)
        for end in edges[number + 1 :]
        if _words(text[start:end]) <= longest
    ]
    best = max(runs, key=lambda run: _worth(text, run, wanted), default=None)
    return _trimmed(text, best) if best else _first_words(text, span, longest)


def _worth(text: str, run: Span, wanted: Collection[str]) -> tuple[int, int, int]:
    held = {term.stem for term in terms(run.of(text))} & set(wanted)
    return len(held), _words(run.of(text)), -run.start


def _first_words(text: str, span: Span, longest: int) -> Span:
    found = list(re.finditer(r"\S+", span.of(text)))[:longest]
    return Span(start=span.start, end=span.start + found[-1].end())


def _trimmed(text: str, span: Span) -> Span:
    return Span(start=span.start, end=span.start + len(span.of(text).rstrip(" \n,;:")))


def _words(text: str) -> int:
    return len(text.split())


class Citer:
    """Makes citations of the documents of one library."""

    def __init__(self, stored: Callable[[str], StoredDocument], document: Callable[[str], Document]) -> None:
        self._stored = stored
        self._document = document

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
