"""One order from two: BM25 scores and cosines over the same candidates.

Both are stretched to 0…1 over the candidates of one question and added with fixed weights. Ranks alone (reciprocal rank
fusion) throw away how far ahead the first is; measured on treaties and on public collections they do worse
(index/README.md). Equal scores keep the order of the candidates, so the same question gives the same order everywhere.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

LEXICAL_WEIGHT: Final = 0.4
DENSE_WEIGHT: Final = 0.6

Scores = NDArray[np.float64]


def fuse(lexical: Scores, dense: Scores) -> Scores:
    """Scores in 0…1 from BM25 scores and cosines of the same candidates."""
    return LEXICAL_WEIGHT * stretch(lexical) + DENSE_WEIGHT * stretch(dense)


def stretch(scores: Scores) -> Scores:
    """The least score becomes 0 and the greatest 1; where all are equal, all become 0."""
    if not len(scores):
        return scores
    low, high = scores.min(), scores.max()
    return (scores - low) / (high - low) if high > low else np.zeros_like(scores)


def best(scores: Scores, limit: int) -> NDArray[np.intp]:
    """Indices of the `limit` greatest scores, greatest first, the smaller index first among equals."""
    order: NDArray[np.intp] = np.argsort(-scores, kind="stable")[:limit]
    return order
