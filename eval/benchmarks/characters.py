"""How many characters two sets of places have in common.

Every character counts once, however many places hold it: passages or references that overlap earn nothing twice. The
words are those of Smith and Troynikov (2024), who call them token-wise and count characters as well.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ingest.document import Span

Place = tuple[str, Span]  # document id, where in it


@dataclass(frozen=True, kw_only=True)
class Share:
    """Characters found, characters wanted, and those that are both."""

    both: int
    found: int
    wanted: int

    @property
    def recall(self) -> float:
        """1 where nothing was wanted."""
        return self.both / self.wanted if self.wanted else 1.0

    @property
    def precision(self) -> float:
        """0 where nothing was found."""
        return self.both / self.found if self.found else 0.0

    @property
    def iou(self) -> float:
        """Intersection over union; 0 where there is neither."""
        either = self.found + self.wanted - self.both
        return self.both / either if either else 0.0


def share(found: Iterable[Place], wanted: Iterable[Place]) -> Share:
    ours, theirs = _by_document(found), _by_document(wanted)
    return Share(
        both=sum(shared(one, other) for name in theirs for one in ours.get(name, ()) for other in theirs[name]),
        found=_length(ours.values()),
        wanted=_length(theirs.values()),
    )


def whole(passages: Iterable[Place], wanted: Sequence[Place]) -> Share:
    """The share of finding exactly the passages that hold something wanted; its precision is what the report calls
    precision omega, the most that this cutting of the texts allows when nothing may be missed."""
    needed = [
        (document, span)
        for document, span in passages
        if any(document == name and shared(span, other) for name, other in wanted)
    ]
    return share(needed, wanted)


def union(spans: Iterable[Span]) -> list[Span]:
    """The same characters, in order, without overlap."""
    merged: list[Span] = []
    for span in sorted(spans, key=lambda span: (span.start, span.end)):
        if merged and span.start <= merged[-1].end:
            merged[-1] = Span(start=merged[-1].start, end=max(merged[-1].end, span.end))
        else:
            merged.append(span)
    return merged


def shared(one: Span, other: Span) -> int:
    return max(0, min(one.end, other.end) - max(one.start, other.start))


def _by_document(places: Iterable[Place]) -> dict[str, list[Span]]:
    found: dict[str, list[Span]] = defaultdict(list)
    for document, span in places:
        found[document].append(span)
    return {document: union(spans) for document, spans in found.items()}


def _length(groups: Iterable[Iterable[Span]]) -> int:
    return sum(span.end - span.start for spans in groups for span in spans)
