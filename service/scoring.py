"""How much each measurement of a span counts, and when the best span is good enough to answer with.

Both are logistic: a weighted sum, squeezed into 0…1. The weights are fitted on the `tune` questions, never on `test`,
by

    python -m eval.fit

which prints them as they stand in `weights.json`, with the command's own measurements.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from .evidence import Candidate, Features

WEIGHTS: Final = Path(__file__).parent / "weights.json"


@dataclass(frozen=True, kw_only=True)
class Weights:
    """`rank` orders spans, `answer` says whether the first of them answers; `threshold` is on the latter."""

    rank: Mapping[str, float]
    answer: Mapping[str, float]
    threshold: float


@cache
def weights() -> Weights:
    return Weights(**json.loads(WEIGHTS.read_text("utf-8")))


def rank_score(features: Features) -> float:
    return _logistic(weights().rank, asdict(features))


def answer_features(ranked: Sequence[Candidate]) -> dict[str, float]:
    """What tells an answer from the best of a bad lot: the first span, and what the reader thinks of any."""
    readers = max(candidate.features.reader for candidate in ranked)
    return {**asdict(ranked[0].features), "score": _logit(ranked[0].score), "reader": readers}


def answer_score(ranked: Sequence[Candidate]) -> float:
    """How likely the best span answers, in 0…1; 0 where there is none."""
    return _logistic(weights().answer, answer_features(ranked)) if ranked else 0.0


def _logistic(weighed: Mapping[str, float], values: Mapping[str, float]) -> float:
    total = weighed["bias"] + sum(weight * values[name] for name, weight in weighed.items() if name != "bias")
    return 1 / (1 + math.exp(-max(-40.0, min(40.0, total))))


def _logit(probability: float) -> float:
    bounded = min(max(probability, 1e-9), 1 - 1e-9)
    return math.log(bounded / (1 - bounded))
