"""BM25 by FTS5 and by tantivy: how fast, how large, how good, and what is left of a passage that was removed.

    python -m eval.benchmarks.lexical DOCUMENTS COLLECTION [--passages 2000 100000 1000000]

DOCUMENTS is a folder of Markdown or text files from whose paragraphs passages of 110 words are made, up to the asked
number by joining halves of two; COLLECTION is judged and gives the quality, with `bm25s` as an independent check. Both
see the same folded words under the same weights. tantivy is no dependency of foedus: `pip install tantivy` to repeat
this.
"""

from __future__ import annotations

import argparse
import importlib
import random
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Protocol

from index import lexical
from index.schema import LEXICAL_TABLE, TABLES

from . import ranking
from .readers import Collection, read

WORDS: Final = 110
DEPTH: Final = 100
QUERIES: Final = (
    "Does the agreement oblige both governments to consult before an attack on their territory?",
    "What did the Prime Minister say about the defence of the islands to the north?",
    "Can a member withdraw from the treaty after one year's notice?",
    "Which countries supported the resolution in the General Assembly?",
    "When were Australian troops to be sent to the Middle East?",
    "Who asked for fighter aircraft from the United States?",
    "Is there a clause on safeguards for nuclear material?",
    "How many divisions could Japan bring against Malaya?",
)

Row = tuple[int, str, str, str]  # passage id, title, section, passage


class Engine(Protocol):
    name: str

    def build(self, rows: Iterable[Row]) -> None: ...
    def remove(self, passages: Sequence[int]) -> None: ...
    def search(self, question: str, limit: int) -> list[tuple[int, float]]: ...


class Fts5:
    name = "FTS5"

    def __init__(self, folder: Path) -> None:
        self._connection = sqlite3.connect(folder / "words.db", isolation_level=None)
        self._connection.executescript(TABLES[TABLES.index(f"CREATE VIRTUAL TABLE {LEXICAL_TABLE}") :])

    def build(self, rows: Iterable[Row]) -> None:
        self._connection.execute("BEGIN")
        lexical.add(self._connection, rows)
        self._connection.execute("COMMIT")

    def remove(self, passages: Sequence[int]) -> None:
        lexical.remove(self._connection, passages)

    def search(self, question: str, limit: int) -> list[tuple[int, float]]:
        return lexical.search(self._connection, lexical.terms(question), limit)


class Tantivy:
    name = "tantivy"

    def __init__(self, folder: Path) -> None:
        import snowballstemmer

        self._library: Any = importlib.import_module("tantivy")
        self._stem = snowballstemmer.stemmer("english").stemWord
        fields = self._library.SchemaBuilder().add_integer_field("id", stored=True, indexed=True)
        for name in ("title", "section", "passage"):
            fields.add_text_field(name, tokenizer_name="en_stem")
        self._schema = fields.build()
        self._index = self._library.Index(self._schema, path=str(folder))

    def build(self, rows: Iterable[Row]) -> None:
        writer = self._index.writer(200_000_000, 1)
        for number, *texts in rows:
            title, section, passage = (lexical.fold(text) for text in texts)
            fields = {"id": number, "title": title, "section": section, "passage": passage}
            writer.add_document(self._library.Document.from_dict(fields, self._schema))
        self._commit(writer)

    def remove(self, passages: Sequence[int]) -> None:
        writer = self._index.writer(200_000_000, 1)
        for number in passages:
            writer.delete_documents_by_term("id", number)
        self._commit(writer)

    def search(self, question: str, limit: int) -> list[tuple[int, float]]:
        query, searcher = self._library.Query, self._index.searcher()
        fields = tuple(zip(("title", "section", "passage"), lexical.WEIGHTS, strict=True))
        clauses = [
            (self._library.Occur.Should, query.boost_query(query.term_query(self._schema, field, stem), weight))
            for stem in map(self._stem, lexical.terms(question))
            for field, weight in fields
        ]
        found = searcher.search(query.boolean_query(clauses), limit).hits
        return [(searcher.doc(address)["id"][0], score) for score, address in found]

    def _commit(self, writer: Any) -> None:
        writer.commit()
        writer.wait_merging_threads()
        self._index.reload()


@dataclass(frozen=True, kw_only=True)
class Speed:
    engine: str
    passages: int
    built: float  # passages a second
    megabytes: float
    p50: float  # milliseconds
    p95: float
    drift: float  # largest change of a score against a build without what was removed


def speed(make: Callable[[Path], Engine], rows: Sequence[Row]) -> Speed:
    with tempfile.TemporaryDirectory() as folder:
        engine = make(Path(folder))
        started = time.perf_counter()
        engine.build(rows)
        built = len(rows) / (time.perf_counter() - started)
        size = sum(path.stat().st_size for path in Path(folder).iterdir()) / 1e6
        times = sorted(_milliseconds(engine, question) for _ in range(3) for question in QUERIES)
        return Speed(
            engine=engine.name,
            passages=len(rows),
            built=built,
            megabytes=size,
            p50=times[len(times) // 2],
            p95=times[int(len(times) * 0.95)],
            drift=_drift(make, rows[:2000]),
        )


def quality(make: Callable[[Path], Engine], collection: Collection) -> float:
    """nDCG@10 over whole documents."""
    documents = [entry for entry in collection.documents if entry.whole]
    with tempfile.TemporaryDirectory() as folder:
        engine = make(Path(folder))
        engine.build((at, entry.title, "", entry.text) for at, entry in enumerate(documents))
        rankings = {
            query: [documents[at].id for at, _ in engine.search(text, DEPTH)]
            for query, text in collection.queries.items()
        }
    return ranking.score(rankings, collection.judgments)["nDCG@10"]


def _milliseconds(engine: Engine, question: str) -> float:
    started = time.perf_counter()
    engine.search(question, DEPTH)
    return 1000 * (time.perf_counter() - started)


def _drift(make: Callable[[Path], Engine], rows: Sequence[Row]) -> float:
    """How far scores are, after every second passage was removed, from those of a build without them."""
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as other:
        removed, fresh = make(Path(one)), make(Path(other))
        removed.build(rows)
        removed.remove([row[0] for row in rows[1::2]])
        fresh.build(rows[::2])
        scores = [(dict(removed.search(text, len(rows))), dict(fresh.search(text, len(rows)))) for text in QUERIES]
        assert all(left.keys() == right.keys() for left, right in scores)
        return max((abs(left[number] - right[number]) for left, right in scores for number in left), default=0.0)


def passages(folder: Path, count: int) -> list[Row]:
    own = list(_paragraphs(folder))
    chance = random.Random(1)  # noqa: S311  # repeatable, nothing secret

    def made(number: int) -> Row:
        if number < len(own):
            return (number, own[number][0], "", " ".join(own[number][1]))
        (title, first), (_, second) = chance.choice(own), chance.choice(own)
        return (number, title, "", " ".join([*first[: WORDS // 2], *second[WORDS // 2 :]]))

    return [made(number) for number in range(count)]


def _paragraphs(folder: Path) -> Iterator[tuple[str, list[str]]]:
    for path in sorted([*folder.rglob("*.md"), *folder.rglob("*.txt")]):
        words = path.read_text(encoding="utf-8").split()
        for at in range(0, len(words), WORDS):
            yield path.stem.replace("-", " "), words[at : at + WORDS]


def main() -> None:
    parser = argparse.ArgumentParser(description="Compare two BM25 engines.")
    parser.add_argument("documents", type=Path)
    parser.add_argument("collection", type=Path)
    parser.add_argument("--passages", type=int, nargs="+", default=[2_000, 100_000])
    options = parser.parse_args()
    engines: tuple[Callable[[Path], Engine], ...] = (Fts5, Tantivy)
    print("engine     passages  built/s      MB   p50 ms   p95 ms   drift")
    for count in options.passages:
        rows = passages(options.documents, count)
        for make in engines:
            row = speed(make, rows)
            print(
                f"{row.engine:8} {row.passages:10,} {row.built:8,.0f} {row.megabytes:7.1f} "
                f"{row.p50:8.2f} {row.p95:8.2f} {row.drift:7.3f}",
                flush=True,
            )
    collection = read(options.collection)
    reference = ranking.score(ranking.reference_bm25(collection.documents, collection.queries), collection.judgments)
    print(f"nDCG@10 on {collection.name}: bm25s {reference['nDCG@10']:.4f}", end="")
    for make in engines:
        print(f", {make.__name__} {quality(make, collection):.4f}", end="")
    print()


if __name__ == "__main__":
    main()
