"""How well search ranks documents that other people judged.

    foedus eval retrieval BEIR_FOLDER
    python -m eval.benchmarks.retrieval FOLDER... [--reader] [--json]
        # BEIR, cranfield, cisi, cacm, vaswani_npl, trecqa_wang, xquad_en

Documents are indexed as they are, cut into passages like any other, and scored by their best passage: a document that
is longer than a passage has several chances. Beside our modes stands BM25 by an independent library over whole
documents, so a number that is low because a collection is hard can be told from one that is low because of us.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final, Protocol

from index.encoder import Encoder, load_encoder
from index.hit import Filters, Hit
from index.reader import OnnxReader, Reader
from index.search import HITS_MOST, Mode, Searcher
from ingest.errors import FoedusError

from ..errors import BadDataset
from . import ranking
from .collection import Collection
from .indexing import document_of, library_of
from .readers import read_all
from .rerank import READ, reranked

MODES: Final[tuple[Mode, ...]] = ("lexical", "dense", "hybrid")
READER: Final = "reader"
REFERENCE: Final = "bm25s"
NOT_ASKED: Final = "not asked for"
PASSAGES_A_DOCUMENT: Final = 3  # passages fetched for each document wanted; more are fetched where that is too few


class Searches(Protocol):
    def search(self, question: str, *, k: int, mode: Mode, filters: Filters | None = None) -> list[Hit]: ...


@dataclass(frozen=True, kw_only=True)
class Result:
    """`by_mode` has our modes, the reader where it was asked for, and the reference; `documents` counts those with any
    text."""

    dataset: str
    queries: int
    documents: int
    passages: int
    encoder: str
    by_mode: Mapping[str, Mapping[str, float]]


def measure(
    collection: Collection,
    *,
    keep: Path | None = None,
    encoder: Encoder | None = None,
    reader: Reader | None = None,
    modes: Sequence[Mode] = MODES,
) -> Result:
    """Index `collection` and rank it in every mode, by the reader if there is one, and by the reference.

    Raises:
        MissingExtra: `ir-measures` or `bm25s` is not installed.
        BadDataset: no document has any text, or `keep` holds a library of other documents.
    """
    score = partial(
        ranking.score,
        judgments=collection.judgments,
        measures=ranking.OF_CANDIDATES if collection.pooled else ranking.MEASURES,
    )
    documents = {entry.id: document_of(entry) for entry in collection.documents if entry.whole}
    if not documents:
        raise BadDataset(f"{collection.label}: no document has any text")
    by_mode = {REFERENCE: score(reference(collection))}
    encoder = encoder or load_encoder()
    with library_of(documents, encoder, keep=keep) as library:
        searcher = Searcher(library, encoder)
        for mode in modes:
            by_mode[mode] = score(rank_all(searcher, collection, mode))
        if reader:
            by_mode[READER] = score(rank_all(searcher, collection, "hybrid", reader))
        passages = library.certificate().passages
    return Result(
        dataset=collection.label,
        queries=len(collection.queries),
        documents=len(documents),
        passages=passages,
        encoder=encoder.id,
        by_mode=by_mode,
    )


def reference(collection: Collection) -> dict[str, list[str]]:
    """What BM25 by bm25s ranks; of a query with candidates, these alone."""
    documents = [entry for entry in collection.documents if entry.whole]
    depth = len(documents) if collection.pooled else ranking.DEPTH
    ranked = ranking.reference_bm25(documents, collection.queries, depth=depth, language=collection.language)
    if not collection.pooled:
        return ranked
    return {query: [name for name in names if name in collection.judgments[query]] for query, names in ranked.items()}


def rank_all(
    searcher: Searches, collection: Collection, mode: Mode, reader: Reader | None = None
) -> dict[str, list[str]]:
    pools = collection.judgments if collection.pooled else {}
    return {
        query: rank_documents(searcher, text, mode, reader=reader, candidates=tuple(pools.get(query, ())))
        for query, text in collection.queries.items()
    }


def rank_documents(
    searcher: Searches,
    query: str,
    mode: Mode,
    *,
    depth: int = ranking.DEPTH,
    reader: Reader | None = None,
    candidates: Sequence[str] = (),
) -> list[str]:
    """The first `depth` documents, or all `candidates` that are found, each at the place of its best passage.

    A reader puts the first passages in its own order; of candidates it reads all.
    """
    depth = len(candidates) or depth
    hits = _enough(partial(searcher.search, query, mode=mode, filters=Filters(documents=tuple(candidates))), depth)
    if reader:
        hits = reranked(reader, query, hits, read=len(hits) if candidates else READ)
    return _documents(hits)[:depth]


def numbers(folder: Path, *, reader: Reader | None = None) -> dict[str, float]:
    """All that is measured of a folder, flat: "hybrid nDCG@10"; of its variants "German: hybrid nDCG@10"."""
    return _flat(_measured(folder, reader))


def result_json(result: Result) -> dict[str, Any]:
    """As the public interface has it; `measures` are those of the default mode."""
    told = result.by_mode.get(READER)
    return {
        "dataset": result.dataset,
        "queries": result.queries,
        "documents": result.documents,
        "passages": result.passages,
        "encoder": result.encoder,
        "measures": result.by_mode["hybrid"],
        "by_mode": {**{mode: result.by_mode[mode] for mode in MODES}, READER: told},
        "reader_reason": None if told else NOT_ASKED,
        "reference": {REFERENCE: result.by_mode[REFERENCE]},
    }


def show(result: Result) -> None:
    from rich.console import Console
    from rich.table import Table

    title = f"{result.dataset}: {result.queries} queries, {result.documents} documents, {result.passages} passages"
    table = Table(title=title, caption="a document is scored by its best passage; bm25s is the independent reference")
    table.add_column("mode")
    for name in result.by_mode[REFERENCE]:
        table.add_column(name, justify="right")
    for mode, measures in result.by_mode.items():
        table.add_row(mode, *(f"{value:.4f}" for value in measures.values()))
    Console().print(table)


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m eval.benchmarks.retrieval", description="Measure search on public collections."
    )
    parser.add_argument("folders", metavar="FOLDER", nargs="+", type=Path)
    parser.add_argument(
        "--reader", action="store_true", help=f"also put the first {READ} passages in the reader's order"
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object for each folder, one a line")
    options = parser.parse_args()
    try:
        reader = OnnxReader() if options.reader else None
        for folder in options.folders:
            if options.json:
                found = {"dataset": folder.resolve().name, "numbers": numbers(folder, reader=reader)}
                print(json.dumps(found, ensure_ascii=False), flush=True)
            else:
                for _, result in _measured(folder, reader):
                    show(result)
    except FoedusError as error:
        sys.exit(str(error))


def _measured(folder: Path, reader: Reader | None) -> Iterable[tuple[Collection, Result]]:
    return ((one, measure(one, reader=reader)) for one in read_all(folder))


def _flat(measured: Iterable[tuple[Collection, Result]]) -> dict[str, float]:
    return {
        f"{collection.variant}: {mode} {name}".removeprefix(": "): value
        for collection, result in measured
        for mode, measures in result.by_mode.items()
        for name, value in measures.items()
    }


def _enough(search: Callable[..., list[Hit]], depth: int) -> list[Hit]:
    """Passages of at least `depth` documents, where so many are found."""
    k = min(depth * PASSAGES_A_DOCUMENT, HITS_MOST)
    while True:
        hits = search(k=k)
        if len(_documents(hits)) >= depth or len(hits) < k or k == HITS_MOST:
            return hits
        k = min(2 * k, HITS_MOST)


def _documents(hits: Iterable[Hit]) -> list[str]:
    return list(dict.fromkeys(hit.document_id for hit in hits))


if __name__ == "__main__":
    main()
