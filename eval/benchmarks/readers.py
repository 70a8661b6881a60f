"""Public retrieval collections in the forms they come in.

A collection is documents, queries and judgments; whatever its form, it becomes one `Collection`, so that all are
measured by the same lines. Nothing is guessed from a name: `read` looks at which files a folder holds.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from ..errors import BadDataset

Judgments = Mapping[str, Mapping[str, int]]  # query id -> document id -> gain; above 0 is relevant

_SMART_MARK: Final = re.compile(r"\.([A-Z])\s*(\d*)\s*")
_TREC_DOCUMENT: Final = re.compile(r"<DOC>\s*<DOCNO>\s*(\S+?)\s*</DOCNO>(.*?)</DOC>", re.DOTALL)
_TREC_TOPIC: Final = re.compile(r"<top>\s*<num>\s*(\S+?)\s*</num>\s*<title>(.*?)</title>", re.DOTALL)


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A document of a collection; `title` may be empty."""

    id: str
    title: str
    text: str

    @property
    def whole(self) -> str:
        return f"{self.title}\n\n{self.text}".strip()


@dataclass(frozen=True, kw_only=True)
class Collection:
    """`queries` are those with at least one relevant document: for the others no ranking is right or wrong."""

    name: str
    documents: tuple[Entry, ...]
    queries: Mapping[str, str]
    judgments: Judgments


def read(folder: Path, *, split: str = "test") -> Collection:
    """Read the collection in `folder`, whatever its form.

    Raises:
        BadDataset: no known form fits, or a file of it is broken.
    """
    for marker, reader in READERS.items():
        if (folder / marker).is_file():
            return reader(folder)
    return read_beir(folder, split=split)


def read_beir(folder: Path, *, split: str = "test") -> Collection:
    """corpus.jsonl (_id, title, text), queries.jsonl (_id, text), qrels/SPLIT.tsv (query-id, corpus-id, score)."""
    documents = [
        Entry(id=row["_id"], title=row.get("title") or "", text=row["text"])
        for row in _json_lines(folder / "corpus.jsonl", ("_id", "text"))
    ]
    queries = {row["_id"]: row["text"] for row in _json_lines(folder / "queries.jsonl", ("_id", "text"))}
    return _collection(folder, documents, queries, _qrels(folder / "qrels" / f"{split}.tsv"))


def read_cranfield(folder: Path) -> Collection:
    """SMART files. Judgments count queries by their place in the file, not by the number printed there.

    The grades 1 to 4 are all relevant (1 is the best, so they are no gains); -1 marks references of no interest.
    """
    queries = enumerate(_smart(folder / "cran.qry"), 1)
    judged = (line.split() for line in _lines(folder / "cranqrel"))
    return _collection(
        folder,
        _smart_entries(folder / "cran.all.1400"),
        {str(place): _field(fields, "W") for place, (_, fields) in queries},
        ((query, document, int(int(grade) > 0)) for query, document, grade in judged),
    )


def read_cisi(folder: Path) -> Collection:
    """SMART files; a query is its title, where it has one, and its words."""
    queries = {
        number: f"{_field(fields, 'T')} {_field(fields, 'W')}".strip() for number, fields in _smart(folder / "CISI.QRY")
    }
    judged = (line.split()[:2] for line in _lines(folder / "CISI.REL"))
    return _collection(folder, _smart_entries(folder / "CISI.ALL"), queries, ((q, d, 1) for q, d in judged))


def read_cacm(folder: Path) -> Collection:
    """SMART files; judgments write numbers with leading zeros."""
    queries = {number: _field(fields, "W") for number, fields in _smart(folder / "query.text")}
    judged = (line.split()[:2] for line in _lines(folder / "qrels.text"))
    return _collection(
        folder, _smart_entries(folder / "cacm.all"), queries, ((str(int(q)), str(int(d)), 1) for q, d in judged)
    )


def read_vaswani(folder: Path) -> Collection:
    """TREC files, without titles."""
    documents = [
        Entry(id=number, title="", text=_one_space(text))
        for number, text in _TREC_DOCUMENT.findall(_text(folder / "corpus" / "doc-text.trec"))
    ]
    topics = _TREC_TOPIC.findall(_text(folder / "query-text.trec"))
    judged = (line.split() for line in _lines(folder / "qrels"))
    return _collection(
        folder,
        documents,
        {number: _one_space(text).lower() for number, text in topics},  # printed in capitals throughout
        ((query, document, int(gain)) for query, _, document, gain in judged),
    )


READERS: Final[Mapping[str, Callable[[Path], Collection]]] = {
    "cran.all.1400": read_cranfield,
    "CISI.ALL": read_cisi,
    "cacm.all": read_cacm,
    "query-text.trec": read_vaswani,
}


def _collection(
    folder: Path, documents: Iterable[Entry], queries: Mapping[str, str], judged: Iterable[tuple[str, str, int]]
) -> Collection:
    judgments: dict[str, dict[str, int]] = defaultdict(dict)
    for query, document, gain in judged:
        judgments[query][document] = max(gain, judgments[query].get(document, 0))
    relevant = {query: gains for query, gains in judgments.items() if any(gain > 0 for gain in gains.values())}
    if missing := sorted(relevant.keys() - queries.keys()):
        raise BadDataset(f"{folder}: judgments name queries that are not there: {', '.join(missing[:5])}")
    if not relevant:
        raise BadDataset(f"{folder}: no query has a relevant document")
    return Collection(
        name=folder.resolve().name,
        documents=tuple(documents),
        queries={query: queries[query] for query in relevant},
        judgments=relevant,
    )


def _qrels(path: Path) -> Iterator[tuple[str, str, int]]:
    lines = _lines(path)
    if lines[:1] != ["query-id\tcorpus-id\tscore"]:
        raise BadDataset(f"{path}: the first line must be query-id, corpus-id, score, parted by tabs")
    for number, line in enumerate(lines[1:], 2):
        try:
            query, document, gain = line.split("\t")
            yield query, document, int(gain)
        except ValueError as error:
            raise BadDataset(f"{path}:{number}: must be two ids and a whole number, it is {line!r}") from error


def _smart_entries(path: Path) -> Iterator[Entry]:
    for number, fields in _smart(path):
        yield Entry(id=number, title=_one_space(_field(fields, "T")), text=_field(fields, "W"))


def _smart(path: Path) -> Iterator[tuple[str, dict[str, str]]]:
    """Records of a SMART file: their number and their fields, by letter; a field that occurs twice is joined."""
    number, fields, letter = "", defaultdict[str, list[str]](list), ""
    for line in _lines(path):
        mark = _SMART_MARK.fullmatch(line)
        if mark and mark[1] == "I":
            if number:
                yield number, {key: "\n".join(lines) for key, lines in fields.items()}
            number, fields, letter = str(int(mark[2])), defaultdict(list), ""
        elif mark and not mark[2]:
            letter = mark[1]
        else:
            fields[letter].append(line)
    if not number:
        raise BadDataset(f"{path}: holds no record that starts with .I")
    yield number, {key: "\n".join(lines) for key, lines in fields.items()}


def _field(fields: Mapping[str, str], letter: str) -> str:
    return fields.get(letter, "").strip()


def _one_space(text: str) -> str:
    return " ".join(text.split())


def _json_lines(path: Path, needed: Iterable[str]) -> Iterator[dict[str, Any]]:
    for number, line in enumerate(_lines(path), 1):
        try:
            row = json.loads(line)
        except json.JSONDecodeError as error:
            raise BadDataset(f"{path}:{number}: not JSON: {error.msg} at character {error.pos + 1}") from error
        if not isinstance(row, dict) or not all(isinstance(row.get(key), str) for key in needed):
            raise BadDataset(f"{path}:{number}: needs the texts {', '.join(needed)}")
        yield row


def _lines(path: Path) -> list[str]:
    return [line for line in _text(path).split("\n") if line.strip()]


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BadDataset(f"{path}: {error}") from error
