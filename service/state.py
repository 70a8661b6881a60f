"""What is kept of a library between two questions, and the clock of one question."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Final

from index.frequency import rarity
from index.library import Library
from index.names import Names
from ingest.document import Document

from .cite import Citer
from .ingestion import LibraryTexts
from .terms import INDEXED

KEPT_DOCUMENTS: Final = 64  # whole documents in memory; a treaty takes about 200 KB


class State:
    """One state of a library, named by its certificate: documents, their names, their texts."""

    def __init__(self, library: Library, certificate: str) -> None:
        self.certificate = certificate
        self._library = library
        self.stored = {record.document_id: record for record in library.documents()}
        self.names = Names(library.aliases())
        self.texts = LibraryTexts(library)
        self.document = lru_cache(maxsize=KEPT_DOCUMENTS)(library.read)
        self.citer = Citer(self.stored.__getitem__, self.document)

    def is_party(self, name: str) -> bool:
        """Whether the facts of some document name it as a party."""
        return any(
            name.casefold() == party.casefold() for record in self.stored.values() for party in record.facts.parties
        )

    def knows(self, stems: Collection[str]) -> bool:
        """Whether a passage holds one of these; a word that none holds is as rare as the empty one."""
        unknown, *found = rarity(self._library, ["", *sorted(stems)], INDEXED)
        return any(each < unknown for each in found)

    def named(self, strengths: dict[str, float], least: float) -> list[Document]:
        """The documents that a question points at with at least that strength."""
        return [self.document(document_id) for document_id, strength in strengths.items() if strength >= least]


class Clock:
    """Milliseconds by stage."""

    def __init__(self) -> None:
        self._started = time.perf_counter()
        self._laps: dict[str, float] = {}

    @contextmanager
    def lap(self, stage: str) -> Iterator[None]:
        began = time.perf_counter()
        try:
            yield
        finally:
            self._laps[stage] = _milliseconds(began)

    def laps(self) -> dict[str, float]:
        return {**self._laps, "total": _milliseconds(self._started)}


def _milliseconds(began: float) -> float:
    return round((time.perf_counter() - began) * 1000, 2)
