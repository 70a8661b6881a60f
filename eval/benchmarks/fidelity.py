"""How near one encoder's vectors are to another's of the same texts: shape (texts, dimensions), rows of unit length."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from .ranking import DEPTH, score
from .readers import Collection

Vectors = NDArray[np.float32]


class Encodes(Protocol):
    """What is compared: ours, or the original behind its own library."""

    def encode(self, texts: Sequence[str], /) -> Vectors: ...


def cosines(left: Vectors, right: Vectors) -> NDArray[np.float32]:
    """Of each text's two vectors."""
    products: NDArray[np.float32] = (left * right).sum(axis=1)
    return products


def neighbour_overlap(left: Vectors, right: Vectors, *, k: int = 10) -> float:
    """The share of each text's `k` nearest other texts on which both encoders agree, averaged over texts."""
    pairs = zip(_neighbours(left, k), _neighbours(right, k), strict=True)
    return float(np.mean([len(np.intersect1d(ours, theirs)) / k for ours, theirs in pairs]))


def ndcg(collection: Collection, documents: Vectors, queries: Vectors) -> float:
    """nDCG@10 of ranking a collection by these vectors alone, in the order of its documents and queries."""
    return score(_rankings(collection, documents, queries), collection.judgments)["nDCG@10"]


def _rankings(collection: Collection, documents: Vectors, queries: Vectors) -> Mapping[str, Sequence[str]]:
    order = np.argsort(-(queries @ documents.T), axis=1, kind="stable")[:, :DEPTH]
    return {
        query: [collection.documents[place].id for place in row]
        for query, row in zip(collection.queries, order, strict=True)
    }


def _neighbours(vectors: Vectors, k: int) -> NDArray[Any]:
    products = vectors @ vectors.T
    np.fill_diagonal(products, -np.inf)
    return np.argsort(-products, axis=1, kind="stable")[:, :k]
