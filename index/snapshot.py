"""One generation, opened: its vectors, and for every passage which document it is of and in which language.

A position counts passages in the order of documents and places. It means the same in the vectors, in the arrays here
and in rankings, and it does not depend on the order in which documents were added.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ingest.document import Trust

from . import generations
from .certificate import Certificate
from .dense import Dense
from .errors import LibraryDamaged, UnknownDocument
from .hit import Filters
from .names import Names
from .records import facts_from_json

if TYPE_CHECKING:
    from .library import Library


@dataclass(frozen=True, kw_only=True)
class Row:
    """What searching needs to know of a document; its passages stand at `first` up to `last`, exclusive."""

    number: int
    document_id: str
    title: str
    trust: Trust
    signed: str | None
    ended: str | None
    first: int
    last: int

    def fits(self, filters: Filters) -> bool:
        as_of = filters.as_of
        return (
            (not filters.documents or self.document_id in filters.documents)
            and (filters.trust is None or self.trust.at_least(filters.trust))
            and (as_of is None or self._stood(as_of))
        )

    def _stood(self, day: str) -> bool:
        """Dates may be as short as a year: "1951" begins before "1951-09-01" and ends after it."""
        began = self.signed is None or self.signed[: len(day)] <= day[: len(self.signed)]
        return began and (self.ended is None or self.ended >= day[: len(self.ended)])


class Snapshot:
    """Opened once for each generation and shared by all its searches."""

    def __init__(
        self,
        *,
        generation: int,
        certificate: Certificate,
        dense: Dense,
        passages: NDArray[np.void],
        documents: Sequence[Row],
        aliases: Sequence[tuple[str, str, str]],
    ) -> None:
        self.generation = generation
        self.certificate = certificate
        self.dense = dense
        self.documents = documents
        self.ids: NDArray[np.int64] = np.ascontiguousarray(passages["passage_id"])
        self.languages: NDArray[np.bytes_] = np.ascontiguousarray(passages["language"])
        self._aliases = aliases
        self._by_id = np.argsort(self.ids, kind="stable")
        self._sorted_ids = self.ids[self._by_id]
        self._by_document = {row.document_id: row for row in documents}

    @classmethod
    def open(cls, library: Library, connection: sqlite3.Connection) -> Snapshot | None:
        """The live generation; None where nothing was ever added.

        Raises:
            FileNotFoundError: its files have gone since the transaction began.
            LibraryDamaged: they cannot be read.
        """
        row = connection.execute("SELECT generation, certificate FROM generations WHERE live = 1").fetchone()
        if row is None:
            return None
        place = generations.folder(library, row["generation"])
        dense = Dense(place / generations.DENSE)
        try:
            passages = np.load(place / generations.PASSAGES)
        except (ValueError, EOFError) as error:
            raise LibraryDamaged(f"{place / generations.PASSAGES} cannot be read ({error})") from error
        certificate = Certificate.from_json(row["certificate"])
        if not len(passages) == len(dense.matrix) == certificate.passages:
            raise LibraryDamaged(
                f"{place} holds {len(passages)} passages and {len(dense.matrix)} vectors, "
                f"its certificate says {certificate.passages}"
            )
        return cls(
            generation=row["generation"],
            certificate=certificate,
            dense=dense,
            passages=passages,
            documents=_rows(connection, passages["document"]),
            aliases=library.aliases(),
        )

    def is_live(self, connection: sqlite3.Connection) -> bool:
        return generations.live(connection) == self.generation

    def allowed(self, filters: Filters) -> NDArray[np.bool_] | None:
        """Which positions a search may use; None for all.

        Raises:
            UnknownDocument: a filter names a document that is not there.
        """
        for document_id in filters.documents:
            if document_id not in self._by_document:
                raise UnknownDocument(f"the library has no document {document_id!r}: see `foedus documents list`")
        if filters == Filters():
            return None
        mask = np.zeros(len(self.ids), dtype=np.bool_)
        for row in self.documents:
            mask[row.first : row.last] = row.fits(filters)
        return mask

    def among(self, allowed: NDArray[np.bool_] | None) -> list[int] | None:
        """The numbers of the documents that `allowed` leaves, for the words' table."""
        if allowed is None:
            return None
        return [row.number for row in self.documents if row.first < row.last and allowed[row.first]]

    def positions(self, passage_ids: Sequence[int]) -> NDArray[np.int64]:
        """Where the passages of those ids stand."""
        found: NDArray[np.int64] = self._by_id[np.searchsorted(self._sorted_ids, passage_ids)]
        return found

    def document_of(self, position: int) -> Row:
        return self.documents[int(np.searchsorted(self._ends, position, side="right"))]

    def documents_of(self, positions: NDArray[np.int64]) -> NDArray[np.intp]:
        """Indices into `documents`."""
        return np.searchsorted(self._ends, positions, side="right")

    def rows_of(self, document_ids: Mapping[str, float]) -> list[tuple[Row, float]]:
        """The documents named there that the library holds."""
        named = ((self._by_document.get(document_id), strength) for document_id, strength in document_ids.items())
        return [(row, strength) for row, strength in named if row is not None]

    def prefer(self, question: str) -> dict[str, float]:
        """Which documents the question names, and how strongly."""
        return self._names.prefer(question)

    @cached_property
    def _names(self) -> Names:
        return Names(self._aliases)

    @cached_property
    def _ends(self) -> NDArray[np.int64]:
        return np.array([row.last for row in self.documents], dtype=np.int64)


def _rows(connection: sqlite3.Connection, passage_documents: NDArray[np.int32]) -> list[Row]:
    numbers, counts = np.unique(passage_documents, return_counts=True)
    lengths = dict(zip(numbers.tolist(), counts.tolist(), strict=True))
    rows, first = [], 0
    for row in connection.execute(
        "SELECT number, document_id, title, trust, facts FROM documents ORDER BY document_id"
    ):
        last = first + lengths.get(row["number"], 0)
        facts = facts_from_json(row["facts"])
        rows.append(
            Row(
                number=row["number"],
                document_id=row["document_id"],
                title=row["title"],
                trust=Trust(row["trust"]),
                signed=facts.signed,
                ended=facts.ended,
                first=first,
                last=last,
            )
        )
        first = last
    return rows
