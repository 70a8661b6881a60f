"""A retrieval collection: documents, queries and judgments, whatever form it came in.

All forms become this one, so that all are measured by the same lines.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from ..errors import BadDataset

Judgments = Mapping[str, Mapping[str, int]]  # query id -> document id -> gain; above 0 is relevant


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
    """`queries` are those with at least one relevant document: for the others no ranking is right or wrong.

    Where `pooled`, each query has its own candidates, the documents that are judged for it, and only these are ranked.
    `variant` tells collections of one folder apart; `language` is that of queries and documents, for the reference.
    """

    name: str
    documents: tuple[Entry, ...]
    queries: Mapping[str, str]
    judgments: Judgments
    variant: str = ""
    language: str = "en"
    pooled: bool = False

    @property
    def label(self) -> str:
        return f"{self.name} ({self.variant})" if self.variant else self.name


def collection(
    folder: Path,
    documents: Iterable[Entry],
    queries: Mapping[str, str],
    judged: Iterable[tuple[str, str, int]],
    *,
    variant: str = "",
    language: str = "en",
    pooled: bool = False,
) -> Collection:
    """`judged` are (query, document, gain); of a pair that stands twice, the higher one. Named after the folder.

    Raises:
        BadDataset: judgments name unknown queries, an id stands for two documents, or nothing is relevant.
    """
    entries = tuple(documents)
    if twice := [name for name, count in Counter(entry.id for entry in entries).items() if count > 1]:
        raise BadDataset(f"{folder}: ids that stand for more than one document: {', '.join(twice[:5])}")
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
        documents=entries,
        queries={query: queries[query] for query in relevant},
        judgments=relevant,
        variant=variant,
        language=language,
        pooled=pooled,
    )
