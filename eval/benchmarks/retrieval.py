"""How well search ranks documents that other people judged.

    foedus eval retrieval BEIR_FOLDER
    python -m eval.benchmarks.retrieval FOLDER...      # BEIR, cranfield, cisi, cacm, vaswani_npl

Documents are indexed as they are, cut into passages like any other, and scored by their best passage: a document that
is longer than a passage has several chances. Beside our three modes stands BM25 by an independent library over whole
documents, so a number that is low because a collection is hard can be told from one that is low because of us.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
import tempfile
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Protocol

from index import build, store
from index.encoder import Encoder, load_encoder
from index.hit import Hit
from index.library import Library
from index.prepared import Cut, Prepared, cut
from index.search import HITS_MOST, Mode, Searcher
from ingest.document import Document, Trust
from ingest.errors import FoedusError

from ..errors import BadDataset
from . import ranking
from .readers import Collection, Entry, read

MODES: Final[tuple[Mode, ...]] = ("lexical", "dense", "hybrid")
REFERENCE: Final = "bm25s"
NO_READER: Final = "there is no reader yet"
PASSAGES_A_DOCUMENT: Final = 3  # passages fetched for each document wanted; more are fetched where that is too few


class Searches(Protocol):
    def search(self, question: str, *, k: int, mode: Mode) -> list[Hit]: ...


@dataclass(frozen=True, kw_only=True)
class Result:
    """`by_mode` has our modes and the reference; `documents` counts those with any text."""

    dataset: str
    queries: int
    documents: int
    passages: int
    encoder: str
    by_mode: Mapping[str, Mapping[str, float]]


def measure(
    collection: Collection, *, keep: Path | None = None, encoder: Encoder | None = None, modes: Sequence[Mode] = MODES
) -> Result:
    """Index `collection` and rank it in every mode, and by the reference.

    Raises:
        MissingExtra: `ir-measures` or `bm25s` is not installed.
        BadDataset: `keep` holds a library of other documents.
    """
    documents = [entry for entry in collection.documents if entry.whole]
    reference = ranking.reference_bm25(documents, collection.queries)
    by_mode = {REFERENCE: ranking.score(reference, collection.judgments)}
    encoder = encoder or load_encoder()
    with _folder(keep) as folder, Library.open(folder, create=True) as library:
        if library.is_empty:
            add(library, documents, encoder)
        elif {record.document_id for record in library.documents()} != {entry.id for entry in documents}:
            raise BadDataset(
                f"{folder} holds other documents than {collection.name}: name another folder to keep it in"
            )
        searcher = Searcher(library, encoder)
        for mode in modes:
            by_mode[mode] = ranking.score(rank_all(searcher, collection.queries, mode), collection.judgments)
        passages = library.certificate().passages
    return Result(
        dataset=collection.name,
        queries=len(collection.queries),
        documents=len(documents),
        passages=passages,
        encoder=encoder.id,
        by_mode=by_mode,
    )


def add(library: Library, documents: Iterable[Entry], encoder: Encoder) -> None:
    """Enter documents under their own ids, without reading them as files."""
    prepared = {entry.id: _prepared(entry, encoder) for entry in documents}
    with library.sole_writer():
        build.embed(library, encoder, _together(ready.cut for ready in prepared.values()))
        with library.writing() as connection:
            for name, ready in prepared.items():
                store.put_source(connection, name, name, store.put(connection, ready, name))
            build.commit_for(library, connection, encoder)


def rank_all(searcher: Searches, queries: Mapping[str, str], mode: Mode) -> dict[str, list[str]]:
    return {query: rank_documents(searcher, text, mode) for query, text in queries.items()}


def rank_documents(searcher: Searches, query: str, mode: Mode, *, depth: int = ranking.DEPTH) -> list[str]:
    """The first `depth` documents, each at the place of its best passage."""
    k = depth * PASSAGES_A_DOCUMENT
    while True:
        hits = searcher.search(query, k=k, mode=mode)
        documents = list(dict.fromkeys(hit.document_id for hit in hits))
        if len(documents) >= depth or len(hits) < k or k == HITS_MOST:
            return documents[:depth]
        k = min(2 * k, HITS_MOST)


def result_json(result: Result) -> dict[str, Any]:
    """As the public interface has it; `measures` are those of the default mode."""
    return {
        "dataset": result.dataset,
        "queries": result.queries,
        "documents": result.documents,
        "passages": result.passages,
        "encoder": result.encoder,
        "measures": result.by_mode["hybrid"],
        "by_mode": {**{mode: result.by_mode[mode] for mode in MODES}, "reader": None},
        "reader_reason": NO_READER,
        "reference": {REFERENCE: result.by_mode[REFERENCE]},
    }


def show(result: Result) -> None:
    from rich.console import Console
    from rich.table import Table

    title = f"{result.dataset}: {result.queries} queries, {result.documents} documents, {result.passages} passages"
    table = Table(title=title, caption="a document is scored by its best passage; bm25s is the independent reference")
    table.add_column("mode")
    for name in ranking.MEASURES:
        table.add_column(name, justify="right")
    for mode, measures in result.by_mode.items():
        table.add_row(mode, *(f"{value:.4f}" for value in measures.values()))
    Console().print(table)


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure search on public collections.")
    parser.add_argument("folders", metavar="FOLDER", nargs="+", type=Path)
    try:
        for folder in parser.parse_args().folders:
            show(measure(read(folder)))
    except FoedusError as error:
        sys.exit(str(error))


def _prepared(entry: Entry, encoder: Encoder) -> Prepared:
    document = Document(text=entry.text or entry.title, format="text", title=entry.title, trust=Trust.UNKNOWN)
    data = f"{entry.id}\n{entry.whole}".encode()  # with its id: collections hold the same words twice
    return Prepared(
        original=hashlib.sha256(data).hexdigest(),
        size=len(data),
        compressed=zlib.compress(data),
        document=document,
        cut=cut(document, encoder.count_tokens),
        aliases=(),
    )


def _together(cuts: Iterable[Cut]) -> Cut:
    """As one, so that batches are full."""
    pairs = [pair for one in cuts for pair in zip(one.passages, one.texts, strict=True)]
    return Cut(passages=tuple(passage for passage, _ in pairs), texts=tuple(text for _, text in pairs))


@contextmanager
def _folder(keep: Path | None) -> Iterator[Path]:
    if keep is not None:
        yield keep
        return
    with tempfile.TemporaryDirectory(prefix="foedus-") as folder:
        yield Path(folder)


if __name__ == "__main__":
    main()
