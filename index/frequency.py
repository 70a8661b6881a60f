"""How rare a word is in a library."""

from __future__ import annotations

import math
import sqlite3
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final

from .library import Library
from .schema import LEXICAL_TABLE

Forms = Mapping[str, Sequence[Sequence[str]]]

_VOCABULARY: Final = "temp.vocabulary"
_LOOKUP: Final = f"SELECT doc FROM {_VOCABULARY} WHERE term = ?"  # noqa: S608  # a constant
_NO_FORMS: Final[Forms] = MappingProxyType({})


def rarity(library: Library, stems: Sequence[str], forms: Forms = _NO_FORMS) -> list[float]:
    """Inverse document frequency of each stem over the passages: `log(1 + (n - df + 0.5) / (df + 0.5))`, as in BM25.

    `stems` are folded words after Porter's algorithm, as the lexical index keeps them. A stem that is indexed under
    others has `forms`: it is as frequent as the most frequent of these, a form of several words as its rarest word.
    """
    with library.reading() as connection:
        connection.execute(
            f"CREATE VIRTUAL TABLE IF NOT EXISTS {_VOCABULARY} USING fts5vocab(main, {LEXICAL_TABLE}, row)"
        )
        count = connection.execute("SELECT count(*) FROM passages").fetchone()[0]
        return [_rarity(count, _frequency(connection, forms.get(stem, ((stem,),)))) for stem in stems]


def _frequency(connection: sqlite3.Connection, forms: Sequence[Sequence[str]]) -> int:
    return max(min(_passages_with(connection, word) for word in form) for form in forms)


def _passages_with(connection: sqlite3.Connection, word: str) -> int:
    row = connection.execute(_LOOKUP, (word,)).fetchone()
    return row[0] if row else 0


def _rarity(count: int, frequency: int) -> float:
    return math.log(1 + (count - frequency + 0.5) / (frequency + 0.5))
