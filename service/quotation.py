"""What is quoted of the evidence: one sentence as a rule, more where the question asks for more.

An item of a list says little without the words that introduce the list, so both are quoted; a question that asks for a
list gets all its items. A comparison gets a quotation for each side.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from ingest.document import Document, Span
from ingest.sentences import is_item, sentences, stem

from .candidate import Candidate
from .cite import LONGEST_QUOTE, shorten
from .question import Kind, Reading
from .subject import Subject

ITEMS_MOST: Final = 12  # of one list; a longer one is better read in the document
AHEAD: Final = 8_000  # characters in which the items of a list are looked for
POINTED: Final = 0.3  # how strongly a question must point at a document for it to be a side of a comparison


@dataclass(frozen=True, kw_only=True)
class Quotation:
    """A place that will be cited, and the evidence it comes from."""

    candidate: Candidate
    span: Span


def choose(
    reading: Reading, about: Subject, ranked: Sequence[Candidate], document_of: Callable[[str], Document]
) -> list[Quotation]:
    """What is quoted, best first."""
    first = _sides(about, ranked) if reading.kind is Kind.COMPARISON else list(ranked[:1])
    return [
        Quotation(candidate=candidate, span=shorten(document.text, span, candidate.wanted))
        for candidate in first
        for document in (document_of(candidate.document_id),)
        for span in _whole(document, candidate.span, all_items=reading.kind is Kind.LIST)
    ]


def _sides(about: Subject, ranked: Sequence[Candidate]) -> list[Candidate]:
    """The best of each document that is compared; the best of all where the question names fewer than two."""
    named = [document for document, strength in about.named.items() if strength >= POINTED]
    best = [next((one for one in ranked if one.document_id == document), None) for document in named]
    found = [one for one in best if one is not None]
    return sorted(found, key=ranked.index) if len(found) > 1 else list(ranked[:1])


def _whole(document: Document, span: Span, *, all_items: bool) -> list[Span]:
    """The span, with the words that introduce it if it is an item of a list; with its fellows if all are wanted."""
    text = document.text
    lead = span if text[span.end - 1] in ":—" else stem(text, document.sections, span)
    if lead is None:
        return [span]
    items = _items(text, lead) if all_items or lead == span else [span]
    if not items:
        return [span]
    together = Span(start=lead.start, end=items[-1].end)
    if len(together.of(text).split()) <= LONGEST_QUOTE:
        return [together]
    return [lead, *items]


def _items(text: str, lead: Span) -> list[Span]:
    """The items of the list that `lead` introduces."""
    found: list[Span] = []
    for sentence in sentences(text, lead.end, min(len(text), lead.end + AHEAD)):
        if not is_item(sentence.of(text)) or len(found) == ITEMS_MOST:
            break
        found.append(sentence)
    return found
