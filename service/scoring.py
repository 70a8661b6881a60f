"""How much each measurement of a span counts, and when the best span is good enough to answer with.

Weighted sums, the first two squeezed into 0…1; of the three for a verdict the greatest counts. The weights are fitted
on the `tune` questions, never on `test`, by

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
from typing import Final

from .candidate import Candidate, Features

WEIGHTS: Final = Path(__file__).parent / "weights.json"


@dataclass(frozen=True, kw_only=True)
class Weights:
    """`rank` orders spans, `answer` says whether the first of them answers; `threshold` is on the latter. `verdict`
    weighs what `service/verdict.py` finds."""

    rank: Mapping[str, float]
    answer: Mapping[str, float]
    verdict: Mapping[str, float]
    threshold: float


@cache
def weights() -> Weights:
    return Weights(**json.loads(WEIGHTS.read_text("utf-8")))


def rank_score(features: Features) -> float:
    return _logistic(weights().rank, asdict(features))


def answer_features(first: Candidate, score: float, spans: Sequence[Candidate]) -> dict[str, float]:
    """What tells an answer from the best of a bad lot: the span that comes first, its `score` before it is squeezed,
    and `any`, what the reader thinks of all spans together: where one answers, a second often comes near.
    """
    together = math.log(sum(math.exp(span.features.reader) for span in spans))
    return {**asdict(first.features), "score": score, "any": together}


def answer_score(ranked: Sequence[Candidate]) -> float:
    """How likely the best span answers, in 0…1; 0 where there is none."""
    if not ranked:
        return 0.0
    return _logistic(weights().answer, answer_features(ranked[0], logit(ranked[0].score), ranked))


def _logistic(weighed: Mapping[str, float], values: Mapping[str, float]) -> float:
    total = weighed["bias"] + sum(weight * values[name] for name, weight in weighed.items() if name != "bias")
    return 1 / (1 + math.exp(-max(-40.0, min(40.0, total))))


def logit(probability: float) -> float:
    """The sum behind a squeezed value."""
    bounded = min(max(probability, 1e-9), 1 - 1e-9)
    return math.log(bounded / (1 - bounded))
