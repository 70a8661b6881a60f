"""Find passages: by words, by vectors, or by both.

Every search sees one state of the library: it reads the live generation, the words and the passages in one transaction,
and opens newer files when another process has made them. Passages in another language than the question's come after
all others, since several treaties print the same article twice.
"""

from __future__ import annotations

import itertools
import sqlite3
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

import numpy as np
from numpy.typing import NDArray

from ingest.errors import UsageError

from . import build, lexical, records
from .certificate import Certificate
from .errors import IndexMismatch, LibraryDamaged
from .fuse import best, fuse
from .hit import Filters, Hit
from .library import words_at
from .snapshot import Row, Snapshot

if TYPE_CHECKING:
    from .encoder import Encoder
    from .library import Library

Mode = Literal["hybrid", "lexical", "dense"]

HITS_MOST: Final = 1_000  # hits of one search; more is reading the library, not searching it
CANDIDATES: Final = 100  # of each kind; see index/README.md for the measurement
SCORED: Final = 1_000  # passages whose BM25 score is known when vectors alone have found them
BONUS: Final = 0.3  # for a document that the question names outright; the fused score is at most 1
RETRIES: Final = 5  # times that files may vanish under a search before it is an error
DEFAULT_LANGUAGE: Final = "en"

Positions = NDArray[np.int64]
Scores = NDArray[np.float64]


class Searcher:
    """Searches one library with one encoder. May be shared by threads."""

    def __init__(self, library: Library, encoder: Encoder, *, notice: Callable[[str], None] | None = None) -> None:
        """Rebuilds what does not fit, telling `notice` about it.

        Raises:
            LibraryBusy: it has to be rebuilt and another process is writing.
        """
        self._library = library
        self._encoder = encoder
        self._snapshot: Snapshot | None = None
        self._lock = threading.Lock()
        build.ensure(library, encoder, notice or _silent)
        try:
            self._in_one_state(lambda snapshot, connection: [])
        except LibraryDamaged as error:
            (notice or _silent)(f"the search files are built anew: {error}")
            with library.sole_writer():
                build.rebuild(library, encoder)

    def search(
        self,
        question: str,
        *,
        k: int = 10,
        mode: Mode = "hybrid",
        filters: Filters | None = None,
        prefer: Mapping[str, float] | None = None,
        language: str | None = None,
    ) -> list[Hit]:
        """The `k` passages that fit best, best first; an empty list where nothing does.

        `prefer` maps ids of documents to how strongly the question points at them (0…1); by default the names in it
        decide. `language` is the question's (ISO 639-1); by default it is told from its words.

        Raises:
            UsageError: `k` is not in 1…HITS_MOST.
            UnknownDocument: a filter names a document that the library does not hold.
            IndexMismatch: another process has rebuilt the library with another encoder.
        """
        if not 1 <= k <= HITS_MOST:
            raise UsageError(f"k is {k}; it must be from 1 to {HITS_MOST}")
        words = lexical.terms(question)
        vector = None if mode == "lexical" or not question.strip() else self._encoder.encode([question])[0]
        with self._lock:
            return self._in_one_state(
                lambda snapshot, connection: _Search(
                    snapshot=snapshot,
                    connection=connection,
                    words=words,
                    vector=vector,
                    mode=mode,
                    allowed=snapshot.allowed(filters or Filters()),
                    prefer=snapshot.prefer(question) if prefer is None else prefer,
                    language=language or _language(question),
                ).hits(k)
            )

    def _in_one_state(self, search: Callable[[Snapshot, sqlite3.Connection], list[Hit]]) -> list[Hit]:
        """Search in one transaction; again in a later one if the files of the generation that it saw were removed
        before they could be opened.
        """
        for _ in range(RETRIES):
            try:
                with self._library.reading() as connection:
                    snapshot = self._current(connection)
                    return [] if snapshot is None else search(snapshot, connection)
            except FileNotFoundError:
                continue
        raise LibraryDamaged(f"{self._library.path}: its search files are missing; `foedus doctor` says what to do")

    def _current(self, connection: sqlite3.Connection) -> Snapshot | None:
        """The live generation, opened."""
        if self._snapshot is None or not self._snapshot.is_live(connection):
            self._snapshot = Snapshot.open(self._library, connection)
        if self._snapshot is not None:
            self._hold_to_encoder(self._snapshot.certificate)
        return self._snapshot

    def _hold_to_encoder(self, made: Certificate) -> None:
        if made.passages and made.encoder != self._encoder.id:
            raise IndexMismatch(
                f"{self._library.path} is built with the encoder {made.encoder}, this process searches with "
                f"{self._encoder.id}: start it again"
            )


@dataclass(frozen=True, kw_only=True)
class _Search:
    """One search in one state of the library."""

    snapshot: Snapshot
    connection: sqlite3.Connection
    words: tuple[str, ...]
    vector: NDArray[np.float32] | None
    mode: Mode
    allowed: NDArray[np.bool_] | None
    prefer: Mapping[str, float]
    language: str

    def hits(self, k: int) -> list[Hit]:
        bm25 = self._bm25(max(k, SCORED))
        positions = self._candidates(bm25, max(k, CANDIDATES))
        words = np.array([bm25.get(int(position), 0.0) for position in positions])
        cosines = self._cosines(positions)
        scores = self._scores(positions, words, cosines)
        return [
            self._hit(
                rank, int(positions[at]), float(scores[at]), None if cosines is None else float(cosines[at]), bm25
            )
            for rank, at in enumerate(best(scores, k), 1)
        ]

    def _bm25(self, limit: int) -> dict[int, float]:
        """The best passages by words, by position, best first."""
        if self.mode == "dense" or not len(self.snapshot.ids):
            return {}
        found = lexical.search(self.connection, self.words, limit, self.snapshot.among(self.allowed))
        positions = self.snapshot.positions([passage_id for passage_id, _ in found]).tolist()
        pairs = zip(positions, (score for _, score in found), strict=True)
        return dict(sorted(pairs, key=lambda pair: (-pair[1], pair[0])))

    def _candidates(self, bm25: Mapping[int, float], limit: int) -> Positions:
        """Positions, ascending, each once: the best by words, the best by vectors, the best of each named document."""
        groups = [np.fromiter(itertools.islice(bm25, limit), dtype=np.int64)]
        if self.vector is not None:
            groups.append(self.snapshot.dense.search(self.vector, limit, self.allowed))
            groups.extend(self._best_of(row) for row, _ in self.snapshot.rows_of(self.prefer))
        return np.unique(np.concatenate(groups))

    def _best_of(self, row: Row) -> Positions:
        assert self.vector is not None
        inside = self.snapshot.dense.cosines(slice(row.first, row.last), self.vector)
        found = best(inside.astype(np.float64), CANDIDATES) + row.first
        return found if self.allowed is None else found[self.allowed[found]]

    def _cosines(self, positions: Positions) -> Scores | None:
        if self.vector is None:
            return None
        return self.snapshot.dense.cosines(positions, self.vector).astype(np.float64)

    def _scores(self, positions: Positions, words: Scores, cosines: Scores | None) -> Scores:
        if cosines is None or self.mode == "lexical":
            scores: Scores = words
        elif self.mode == "dense":
            scores = cosines
        else:
            scores = fuse(words, cosines) + self._bonus(positions)
        behind = 1.0 + float(scores.max() - scores.min()) if len(scores) else 0.0
        return scores - behind * self._in_another_language(positions)

    def _bonus(self, positions: Positions) -> Scores:
        bonus = np.zeros(len(positions))
        for row, strength in self.snapshot.rows_of(self.prefer):
            bonus[(positions >= row.first) & (positions < row.last)] = BONUS * strength
        return bonus

    def _in_another_language(self, positions: Positions) -> NDArray[np.bool_]:
        languages = self.snapshot.languages[positions]
        result: NDArray[np.bool_] = (languages != b"") & (languages != self.language.encode())
        return result

    def _hit(self, rank: int, position: int, score: float, cosine: float | None, bm25: Mapping[int, float]) -> Hit:
        document = self.snapshot.document_of(position)
        passage_id = int(self.snapshot.ids[position])
        row = self.connection.execute("SELECT * FROM passages WHERE passage_id = ?", (passage_id,)).fetchone()
        passage = records.passage(row)
        return Hit(
            rank=rank,
            score=score,
            passage_id=passage_id,
            document_id=document.document_id,
            title=document.title,
            passage=passage,
            text=words_at(self.connection, document.number, passage.start, passage.end),
            cosine=cosine,
            bm25=bm25.get(position, 0.0) if self.mode != "dense" else None,
        )


def _language(question: str) -> str:
    from ingest.language import hint, language

    return language(question) or hint(question) or DEFAULT_LANGUAGE


def _silent(_: str) -> None:
    """Nobody listens."""
