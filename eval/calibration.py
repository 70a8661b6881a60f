"""How far a score can be trusted: does it part what can be answered from what cannot, and does it mean what it says?

`eval/README.md` gives each measure's formula, its source and what it does not show.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

DIGITS: Final = 6  # below what the order of a sum can change
BINS: Final = 10
POINTS: Final = 20  # of the curve

Scored = Sequence[tuple[float, bool]]  # a score, and whether what it stands for is so


@dataclass(frozen=True, kw_only=True)
class Threshold:
    """What a threshold on the evidence score would do: questions below it are refused."""

    threshold: float
    answered: float | None  # share of answerable cases at or above it
    refused: float | None  # share of unanswerable cases below it
    coverage: float  # share of all cases at or above it
    risk: float | None  # of those, the share that is unanswerable; None where none is left


@dataclass(frozen=True, kw_only=True)
class Separation:
    """`auroc`: how likely an answerable case has a higher score than an unanswerable one, ties half; None where one of
    the two is missing. `aurc`: the mean risk over all coverages; 0 is best, the share of unanswerable cases is chance.
    """

    auroc: float | None
    aurc: float | None


@dataclass(frozen=True, kw_only=True)
class Bin:
    """Cases whose score is in [low, high), the last one including 1. Both means are None in a bin without cases."""

    low: float
    high: float
    cases: int
    score: float | None  # the mean
    right: float | None  # the share


@dataclass(frozen=True, kw_only=True)
class Calibration:
    """`ece`: the mean distance between score and share right, over bins of equal width weighted by their cases."""

    ece: float | None
    cases: int
    bins: tuple[Bin, ...]


def risk_coverage(scores: Scored, *, points: int = POINTS) -> tuple[Threshold, ...]:
    """The curve over (evidence score, answerable) pairs, at up to `points` of the scores that occur, rising.

    (El-Yaniv and Wiener, 2010: a selective predictor's risk at each coverage.)
    """
    occurring = sorted({score for score, _ in scores})
    step = max(1, math.ceil(len(occurring) / points))
    return tuple(_at(threshold, scores) for threshold in occurring[::step])


def separation(scores: Scored) -> Separation:
    """Over (evidence score, answerable) pairs."""
    return Separation(auroc=_auroc(scores), aurc=_aurc(scores))


def calibrate(scores: Scored) -> Calibration:
    """Over (score, right) pairs with scores in 0…1. (Expected calibration error: Guo et al., 2017, ten bins.)"""
    placed: list[list[tuple[float, bool]]] = [[] for _ in range(BINS)]
    for score, right in scores:
        placed[min(int(score * BINS), BINS - 1)].append((score, right))
    bins = tuple(_bin(number, members) for number, members in enumerate(placed))
    distances = [
        one.cases * abs(one.score - one.right) for one in bins if one.score is not None and one.right is not None
    ]
    ece = round(math.fsum(distances) / len(scores), DIGITS) if scores else None
    return Calibration(ece=ece, cases=len(scores), bins=bins)


def _bin(number: int, members: Scored) -> Bin:
    scores, rights = [score for score, _ in members], [right for _, right in members]
    return Bin(
        low=number / BINS,
        high=(number + 1) / BINS,
        cases=len(members),
        score=round(math.fsum(scores) / len(scores), DIGITS) if scores else None,
        right=_share(sum(rights), len(rights)),
    )


def _auroc(scores: Scored) -> float | None:
    """The Mann–Whitney statistic over all pairs."""
    high = np.array([score for score, answerable in scores if answerable])
    low = np.array([score for score, answerable in scores if not answerable])
    if not len(high) or not len(low):
        return None
    won = (high[:, None] > low[None, :]).sum() + (high[:, None] == low[None, :]).sum() / 2
    return round(float(won) / (len(high) * len(low)), DIGITS)


def _aurc(scores: Scored) -> float | None:
    """The mean, over all numbers of cases kept, of the share of unanswerable ones among them. Cases of one score are
    kept together: each counts as unanswerable by their share, so that their order changes nothing."""
    if not scores:
        return None
    groups: dict[float, list[bool]] = {}
    for score, answerable in sorted(scores, key=lambda pair: -pair[0]):
        groups.setdefault(score, []).append(answerable)
    shares = [group.count(False) / len(group) for group in groups.values() for _ in group]
    risks = np.cumsum(shares) / np.arange(1, len(shares) + 1)
    return round(float(risks.mean()), DIGITS)


def _at(threshold: float, scores: Scored) -> Threshold:
    kept = [answerable for score, answerable in scores if score >= threshold]
    answerable = sum(answerable for _, answerable in scores)
    unanswerable = len(scores) - answerable
    return Threshold(
        threshold=round(threshold, DIGITS),
        answered=_share(sum(kept), answerable),
        refused=_share(unanswerable - (len(kept) - sum(kept)), unanswerable),
        coverage=round(len(kept) / len(scores), DIGITS),
        risk=_share(len(kept) - sum(kept), len(kept)),
    )


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, DIGITS) if whole else None
