"""How rare a word is in a library."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

from .library import Library
from .schema import LEXICAL_TABLE

_VOCABULARY: Final = "temp.vocabulary"


def rarity(library: Library, stems: Sequence[str]) -> list[float]:
    """Inverse document frequency of each stem over the passages: `log(1 + (n - df + 0.5) / (df + 0.5))`, as in BM25.

    `stems` are folded words after Porter's algorithm, as the lexical index keeps them.
    """
    with library.reading() as connection:
        connection.execute(
            f"CREATE VIRTUAL TABLE IF NOT EXISTS {_VOCABULARY} USING fts5vocab(main, {LEXICAL_TABLE}, row)"
        )
        count = connection.execute("SELECT count(*) FROM passages").fetchone()[0]
        return [_rarity(count, connection.execute(_LOOKUP, (stem,)).fetchone()) for stem in stems]


_LOOKUP: Final = f"SELECT doc FROM {_VOCABULARY} WHERE term = ?"  # noqa: S608  # a constant


def _rarity(count: int, row: Sequence[int] | None) -> float:
    frequency = row[0] if row else 0
    return math.log(1 + (count - frequency + 0.5) / (frequency + 0.5))
