"""What a search returns."""

from __future__ import annotations

from dataclasses import dataclass

from ingest.document import Passage, Trust


@dataclass(frozen=True, kw_only=True)
class Filters:
    """Which documents a search may use; empty fields do not filter."""

    documents: tuple[str, ...] = ()
    trust: Trust | None = None  # the least trusted level to use
    as_of: str | None = None  # ISO date: only documents not ended and already signed then, or undated


@dataclass(frozen=True, kw_only=True)
class Hit:
    """A passage found; `score` orders hits of one search only. Ranks start at 1."""

    rank: int
    score: float
    passage_id: int
    document_id: str
    title: str
    passage: Passage
    text: str  # the passage's own words
    cosine: float | None = None
    bm25: float | None = None
