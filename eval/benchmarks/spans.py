"""How much of what a question needs is in the passages found, and how much else.

    python -m eval.benchmarks.spans FOLDER [--reader] [--json]      # chunking_evaluation

Each question has reference spans, to the character (Smith and Troynikov, 2024: Evaluating Chunking Strategies for
Retrieval, a report by Chroma). All texts lie in one library, so a question may also be led into the wrong text. Texts
are indexed to the letter, without the cleaning that a reader of files does, so that offsets stay those of the
references; titles, sections and passages are found as always. Counted are characters, as the authors' own code does.
"""

from __future__ import annotations

import argparse
import itertools
import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from index.encoder import Encoder, load_encoder
from index.hit import Hit
from index.reader import ANSWERS, OnnxReader, Reader
from index.search import Mode, Searcher
from ingest.document import Document, Extract, Passage, Span
from ingest.errors import FoedusError
from ingest.prefix import heading
from ingest.structure import build

from ..errors import BadDataset
from . import files, ranking
from .characters import Place, share, whole
from .collection import Entry
from .indexing import library_of
from .rerank import READ, excerpt
from .retrieval import MODES, REFERENCE

QUESTIONS: Final = "questions_df.csv"
COLUMNS: Final = ("question", "references", "corpus_id")
DEPTHS: Final = (5, 10)  # passages that are looked at; the report's own tables have 5 and 10 as well
SENTENCES: Final = "reader, sentences"

Ranked = Sequence[Place]  # best first


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A question and where the words stand that answer it."""

    question: str
    places: tuple[Place, ...]


@dataclass(frozen=True, kw_only=True)
class Spanned:
    """Texts, and questions whose answers are places in them."""

    name: str
    texts: Mapping[str, str]
    asked: tuple[Asked, ...]


def read_spans(folder: Path) -> Spanned:
    """questions_df.csv (question, references, corpus_id) and corpora/CORPUS.md.

    Raises:
        BadDataset: a file cannot be read, or a reference does not stand where it says; all such lines are named.
    """
    rows = files.csv_rows(folder / QUESTIONS, COLUMNS)
    if not rows:
        raise BadDataset(f"{folder / QUESTIONS}: holds no question")
    names = sorted({row["corpus_id"] for _, row in rows})
    texts = {name: files.text(folder / "corpora" / f"{name}.md") for name in names}
    asked = files.each(folder / QUESTIONS, rows, lambda row: _asked(row, texts[row["corpus_id"]]))
    return Spanned(name=folder.resolve().name, texts=texts, asked=tuple(asked))


def numbers(folder: Path, *, reader: Reader | None = None) -> dict[str, float]:
    """Flat: "hybrid recall@5", means over questions, in characters."""
    return measure(read_spans(folder), reader=reader)


def measure(given: Spanned, *, encoder: Encoder | None = None, reader: Reader | None = None) -> dict[str, float]:
    """Recall, precision and IoU of every mode at every depth, and the precision that the passages allow.

    Raises:
        MissingExtra: `bm25s` is not installed.
    """
    encoder = encoder or load_encoder()
    documents = {
        name: build(Extract(text=text, format="text"), name=f"{name}.md") for name, text in given.texts.items()
    }
    with library_of(documents, encoder) as library:
        searcher = Searcher(library, encoder)
        cut = {name: [stored.passage for stored in library.passages(name)] for name in documents}
        ranked = {REFERENCE: by_reference(given.asked, documents, cut)} | {
            mode: by_search(given, searcher, mode) for mode in MODES
        }
        if reader:
            ranked[SENTENCES] = by_sentences(given, searcher, reader)
    passages = [(name, passage) for name in cut for passage in cut[name]]
    allowed = {"passages precision_omega": mean(whole(passages, one.places).precision for one in given.asked)}
    return allowed | _means(given, ranked)


def _means(given: Spanned, ranked: Mapping[str, Sequence[Ranked]]) -> dict[str, float]:
    found = {}
    for mode, depth in itertools.product(ranked, DEPTHS):
        shares = [share(some[:depth], one.places) for some, one in zip(ranked[mode], given.asked, strict=True)]
        found[f"{mode} recall@{depth}"] = mean(one.recall for one in shares)
        found[f"{mode} precision@{depth}"] = mean(one.precision for one in shares)
        found[f"{mode} IoU@{depth}"] = mean(one.iou for one in shares)
    return found


def mean(values: Iterable[float]) -> float:
    every = list(values)
    return round(sum(every) / len(every), 4)


def by_reference(
    asked: Sequence[Asked], documents: Mapping[str, Document], cut: Mapping[str, Sequence[Passage]]
) -> list[Ranked]:
    """BM25 by bm25s over the same passages."""
    entries: dict[Entry, Place] = {}
    for name, document in documents.items():
        for passage in cut[name]:
            number, title = str(len(entries)), heading(document.title, passage)
            entries[Entry(id=number, title=title, text=passage.of(document.text))] = (name, passage)
    places = list(entries.values())
    queries = {str(number): one.question for number, one in enumerate(asked)}
    ranked = ranking.reference_bm25(list(entries), queries, depth=max(DEPTHS))
    return [[places[int(number)] for number in ranked[query]] for query in queries]


def by_search(given: Spanned, searcher: Searcher, mode: Mode) -> list[Ranked]:
    found = (searcher.search(one.question, k=max(DEPTHS), mode=mode) for one in given.asked)
    return [[(hit.document_id, hit.passage) for hit in hits] for hits in found]


def by_sentences(given: Spanned, searcher: Searcher, reader: Reader) -> list[Ranked]:
    """Sentences of the first passages of a hybrid search, as the reader values them."""
    return [sentences_of(reader, one.question, searcher.search(one.question, k=READ)) for one in given.asked]


def sentences_of(reader: Reader, question: str, hits: Sequence[Hit]) -> Ranked:
    """All sentences of the hits, best first, equal ones in the order of the hits."""
    excerpts = [excerpt(hit) for hit in hits]
    told = [
        (float(row[ANSWERS]), (hit.document_id, _moved(span, hit.passage.start)))
        for hit, read, rows in zip(hits, excerpts, reader.read(question, excerpts), strict=True)
        for span, row in zip(read.spans, rows, strict=True)
    ]
    return [place for _, place in sorted(told, key=lambda one: -one[0])]


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m eval.benchmarks.spans", description="Measure which characters search finds."
    )
    parser.add_argument("folder", metavar="FOLDER", type=Path)
    parser.add_argument("--reader", action="store_true", help="also measure the sentences that the reader likes best")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    options = parser.parse_args()
    try:
        found = numbers(options.folder, reader=OnnxReader() if options.reader else None)
    except FoedusError as error:
        sys.exit(str(error))
    name = options.folder.resolve().name
    print(json.dumps({"dataset": name, "numbers": found}) if options.json else table(name, found))


def table(name: str, found: Mapping[str, float]) -> str:
    return "\n".join([name, *(f"  {measure:36}{value:8.4f}" for measure, value in found.items())])


def _asked(row: Mapping[str, str], text: str) -> Asked:
    try:
        references = [
            (Span(start=one["start_index"], end=one["end_index"]), one["content"])
            for one in json.loads(row["references"])
        ]
    except (json.JSONDecodeError, KeyError, TypeError) as error:
        raise ValueError(f"references must be a list of content, start_index, end_index: {error}") from error
    if not references:
        raise ValueError("has no references")
    for span, content in references:
        if not content or span.of(text) != content:
            raise ValueError(f"not at {span.start}–{span.end} of {row['corpus_id']}: {content[:60]!r}")
    return Asked(question=row["question"], places=tuple((row["corpus_id"], span) for span, _ in references))


def _moved(span: Span, by: int) -> Span:
    return Span(start=span.start + by, end=span.end + by)


if __name__ == "__main__":
    main()
