"""Words: what a text and a question are matched by, and BM25 over them.

The words of a passage stand in an FTS5 table of the library's own database, so they change in the same transaction as
the text, and what is removed is gone from the statistics at once. Spelling is folded before words go in and before
they are asked for, by one function; nobody's text ever reaches FTS5's query parser, only quoted words that we made.
"""

from __future__ import annotations

import re
import sqlite3
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Final

from .schema import LEXICAL_TABLE

LEXICAL_VERSION: Final = 1  # raised whenever `fold` changes: tables made by another version are built anew
WEIGHTS: Final = (2.0, 1.5, 1.0)  # title, section, passage; see index/README.md for the measurement
LONGEST_QUERY: Final = 64  # distinct words; a question has about ten, a pasted page should not stall the search

_WORD: Final = re.compile(r"\w+")
_POSSESSIVE: Final = re.compile(r"(?<=\w)['’]s\b")
_HYPHENS: Final = re.compile(r"[\u00ad\u200b]|(?<=\w)[-\u2010\u2011]\s*\n\s*(?=\w)")
_HYPHENATED: Final = re.compile(r"\w+(?:[-\u2010\u2011]\w+)+")
_DOTTED: Final = re.compile(r"\b(?:[a-z]\.){2,}")
_NUMBERED: Final = re.compile(r"\b(articles?|arts?|chapter|part|title|annex|protocol)\b(\.?\s+)([ivxlc]+)\b")
_ROMAN: Final = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}

_WHOLE: Final = {
    "programme": "program", "programmes": "programs", "centre": "center", "centres": "centers", "centred": "centered",
    "theatre": "theater", "theatres": "theaters", "metre": "meter", "metres": "meters", "kilometre": "kilometer",
    "kilometres": "kilometers", "litre": "liter", "litres": "liters", "fibre": "fiber", "fibres": "fibers",
    "calibre": "caliber", "practise": "practice", "practised": "practiced", "practising": "practicing",
    "judgement": "judgment", "judgements": "judgments", "acknowledgement": "acknowledgment", "grey": "gray",
    "catalogue": "catalog", "catalogues": "catalogs", "dialogue": "dialog", "dialogues": "dialogs",
    "manoeuvre": "maneuver", "manoeuvres": "maneuvers", "sceptical": "skeptical", "ageing": "aging",
    "fulfil": "fulfill", "fulfils": "fulfills", "fulfilment": "fulfillment", "enrol": "enroll",
    "enrolment": "enrollment", "instalment": "installment", "instalments": "installments", "artefact": "artifact",
    "artefacts": "artifacts", "connexion": "connection", "gaol": "jail", "tonne": "ton", "tonnes": "tons",
    "aluminium": "aluminum", "plough": "plow", "cheque": "check", "cheques": "checks", "per cent": "percent",
}  # fmt: skip
_ENCE: Final = re.compile(r"^(defen|offen|licen|preten)c(e|es|ed|ing|eless)$")
_ISE: Final = re.compile(r"^(\w{2,}[a-z])([iy])s(e|es|ed|er|ers|ing|ation|ations|ational)$")
_OUR: Final = re.compile(r"^([a-z]{3,})our(s|ed|er|ers|ing|able|ably|al|ite|ites|less|ful|hood|hoods|ly)?$")
_DOUBLED: Final = re.compile(
    r"^((?:travel|cancel|label|signal|model|marshal|counsel|fuel|level|channel|initial|total|rival|quarrel)l?)l"
    r"(ed|ing|er|ers|or|ors|ation|ations)$"
)

STOP_WORDS: Final = frozenset(
    [
        "a",
        "about",
        "after",
        "all",
        "also",
        "am",
        "an",
        "and",
        "any",
        "are",
        "as",
        "at",
        "be",
        "because",
        "been",
        "before",
        "being",
        "but",
        "by",
        "can",
        "could",
        "did",
        "do",
        "does",
        "doing",
        "each",
        "either",
        "else",
        "for",
        "from",
        "had",
        "has",
        "have",
        "having",
        "he",
        "her",
        "here",
        "him",
        "his",
        "how",
        "i",
        "if",
        "in",
        "into",
        "is",
        "it",
        "its",
        "itself",
        "just",
        "let",
        "me",
        "might",
        "more",
        "most",
        "must",
        "my",
        "no",
        "nor",
        "not",
        "of",
        "on",
        "once",
        "only",
        "or",
        "other",
        "our",
        "ours",
        "out",
        "own",
        "please",
        "same",
        "shall",
        "she",
        "should",
        "so",
        "some",
        "such",
        "tell",
        "than",
        "that",
        "the",
        "their",
        "theirs",
        "them",
        "then",
        "there",
        "these",
        "they",
        "this",
        "those",
        "through",
        "to",
        "too",
        "under",
        "until",
        "up",
        "upon",
        "us",
        "very",
        "was",
        "we",
        "were",
        "what",
        "whatever",
        "when",
        "where",
        "whether",
        "which",
        "while",
        "who",
        "whom",
        "whose",
        "why",
        "will",
        "with",
        "would",
        "you",
        "your",
    ]
)


def fold(text: str) -> str:
    """Write words the one way in which they are matched: lower case, no diacritics, one spelling, plain numbers.

    A hyphenated word becomes its parts and the parts joined, so "non-proliferation" meets "nonproliferation" as well as
    "non proliferation". "Article IV" becomes "article 4".
    """
    text = unicodedata.normalize("NFKD", _HYPHENS.sub("", text)).casefold()
    text = "".join(char for char in text if not unicodedata.combining(char)) if not text.isascii() else text
    text = _POSSESSIVE.sub("", text)
    text = _DOTTED.sub(lambda match: match.group().replace(".", ""), text)
    text = _NUMBERED.sub(lambda match: match[1] + match[2] + _arabic(match[3]), text)
    text = _HYPHENATED.sub(_parts_and_whole, text)
    return _WORD.sub(lambda match: _spelling(match.group()), text)


def terms(question: str) -> tuple[str, ...]:
    """The distinct words of a question that are worth matching, in its order; capitals tell "US" from "us"."""
    kept = _WORD.sub(lambda match: "" if _is_stop_word(match.group(), question) else match.group(), question)
    return tuple(dict.fromkeys(word for word in _WORD.findall(fold(kept)) if word.strip("_")))[:LONGEST_QUERY]


def add(connection: sqlite3.Connection, rows: Iterable[tuple[int, str, str, str]]) -> None:
    """Enter passages: (passage id, title, section, passage)."""
    connection.executemany(
        f"INSERT INTO {LEXICAL_TABLE}(rowid, title, section, passage) VALUES (?, ?, ?, ?)",  # noqa: S608  # a constant
        ((number, fold(title), fold(section), fold(passage)) for number, title, section, passage in rows),
    )


def remove(connection: sqlite3.Connection, passages: Iterable[int]) -> None:
    statement = f"DELETE FROM {LEXICAL_TABLE} WHERE rowid = ?"  # noqa: S608  # a constant
    connection.executemany(statement, ((number,) for number in passages))


def clear(connection: sqlite3.Connection) -> None:
    connection.execute(f"DELETE FROM {LEXICAL_TABLE}")  # noqa: S608  # a constant


def search(
    connection: sqlite3.Connection, words: Sequence[str], limit: int, documents: Sequence[int] | None = None
) -> list[tuple[int, float]]:
    """The `limit` best (passage id, BM25) for any of `words`, best first, ties by the smaller id.

    `documents` are numbers of rows in the table `documents`; None means all.
    """
    if not words:
        return []
    match = " OR ".join(f'"{word}"' for word in words)
    among, values = _among(documents)
    rows = connection.execute(
        f"SELECT rowid, -bm25({LEXICAL_TABLE}, ?, ?, ?) AS score FROM {LEXICAL_TABLE} "  # noqa: S608  # constants
        f"WHERE {LEXICAL_TABLE} MATCH ?{among} ORDER BY score DESC, rowid LIMIT ?",
        (*WEIGHTS, match, *values, limit),
    )
    return [(int(number), float(score)) for number, score in rows]


def _among(documents: Sequence[int] | None) -> tuple[str, tuple[str, ...]]:
    if documents is None:
        return "", ()
    chosen = "[" + ",".join(str(int(number)) for number in documents) + "]"
    clause = " AND rowid IN (SELECT passage_id FROM passages WHERE document IN (SELECT value FROM json_each(?)))"
    return clause, (chosen,)


def _is_stop_word(word: str, question: str) -> bool:
    emphasised = len(word) > 1 and word.isupper() and not question.isupper()
    return word.casefold() in STOP_WORDS and not emphasised


def _parts_and_whole(match: re.Match[str]) -> str:
    parts = _WORD.findall(match.group())
    return " ".join([*parts, "".join(parts)])


def _arabic(roman: str) -> str:
    """4 for "iv"; what is no Roman number comes back as it is."""
    values = [_ROMAN[char] for char in roman]
    signed = (-value if value < following else value for value, following in zip(values, [*values[1:], 0], strict=True))
    number = sum(signed)
    return str(number) if 0 < number < 400 and _is_plausible(roman) else roman


def _is_plausible(roman: str) -> bool:
    return re.fullmatch(r"c{0,3}(xc|xl|l?x{0,3})(ix|iv|v?i{0,3})", roman) is not None


@lru_cache(maxsize=100_000)  # words of a library repeat
def _spelling(word: str) -> str:
    if word in _WHOLE:
        return _WHOLE[word]
    word = _ENCE.sub(r"\1s\2", word)
    word = _ISE.sub(r"\1\2z\3", word)
    word = _OUR.sub(lambda match: f"{match[1]}or{match[2] or ''}", word)
    return _DOUBLED.sub(r"\1\2", word)
