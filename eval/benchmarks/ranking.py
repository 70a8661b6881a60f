"""How good rankings are, counted by `ir-measures`, the only module that imports it.

A query without a ranking scores 0 and stays in the average. Rankings hold each document once, best first.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from ..errors import MissingExtra
from .collection import Entry, Judgments

Rankings = Mapping[str, Sequence[str]]  # query id -> document ids, best first

DEPTH: Final = 100
Measures = Mapping[str, str]  # our name -> that of ir-measures
MEASURES: Final[Measures] = {
    "nDCG@10": "nDCG@10",
    "recall@100": "R@100",
    "hit@1": "Success@1",
    "hit@5": "Success@5",
    "MRR@10": "RR@10",
    "MAP@100": "AP@100",
}
STEMMERS: Final = {"en": "english", "de": "german"}
OF_CANDIDATES: Final[Measures] = {"MAP": "AP", "MRR": "RR", "hit@1": "Success@1"}  # where all there is was ranked


def score(rankings: Rankings, judgments: Judgments, measures: Measures = MEASURES) -> dict[str, float]:
    """Means over the judged queries.

    Raises:
        MissingExtra: `ir-measures` is not installed.
    """
    try:
        import ir_measures
    except ImportError as error:
        raise MissingExtra("ir-measures") from error
    qrels = [
        ir_measures.Qrel(query, document, gain)
        for query, gains in judgments.items()
        for document, gain in gains.items()
    ]
    run = [
        ir_measures.ScoredDoc(query, document, 1 / rank)
        for query, documents in rankings.items()
        for rank, document in enumerate(documents, 1)
    ]
    parsed = {name: ir_measures.parse_measure(theirs) for name, theirs in measures.items()}
    means = ir_measures.calc_aggregate(parsed.values(), qrels, run)
    return {name: round(float(means[measure]), 4) for name, measure in parsed.items()}


def reference_bm25(
    documents: Sequence[Entry], queries: Mapping[str, str], *, depth: int = DEPTH, language: str = "en"
) -> dict[str, list[str]]:
    """The first `depth` by an independent BM25: bm25s over whole documents, stop words and stemmer of `language`.

    Raises:
        MissingExtra: `bm25s` is not installed.
    """
    try:
        import bm25s
    except ImportError as error:
        raise MissingExtra("bm25s") from error
    import snowballstemmer

    stem = snowballstemmer.stemmer(STEMMERS[language]).stemWords
    words = [
        bm25s.tokenize(list(texts), stopwords=language, stemmer=stem, return_ids=False, show_progress=False)
        for texts in ([entry.whole for entry in documents], queries.values())
    ]
    index = bm25s.BM25(k1=1.5, b=0.75)
    index.index(words[0], show_progress=False)
    found, scores = index.retrieve(words[1], k=min(depth, len(documents)), show_progress=False)
    return {
        query: [documents[place].id for place, score in zip(places, row, strict=True) if score > 0]
        for query, places, row in zip(queries, found, scores, strict=True)
    }
