"""How often the judges of support are wrong, on claims that people have judged.

    python -m eval.benchmarks.faithfulness FOLDER... [--json]

Balanced accuracy is the mean of the shares of supported and of other claims that are told right, so that a set with
few supported ones cannot be won by always saying no; F1 is that of the class "not supported", which is what a warning
is worth. Intervals by bootstrap over groups of claims that share a document. AUROC needs no threshold: how likely a
supported claim scores higher than another. Thresholds were fitted elsewhere (`eval/judge.py`).
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ingest.errors import FoedusError
from ingest.sentences import sentences

from ..calibration import separation
from ..judge import JUDGES, Judge
from ..measures import DIGITS, LEVEL, SEED
from .claims import Claim, read_claims

RESAMPLES: Final = 1_000  # some sets have thousands of groups
Counts = NDArray[np.int64]  # (…, 4): supported told right and wrong, others told right and wrong


@dataclass(frozen=True, kw_only=True)
class Score:
    """Each value with the ends of its interval."""

    judge: str
    claims: int
    supported: int
    balanced_accuracy: tuple[float, float, float]
    f1: tuple[float, float, float]
    auroc: float


def measure(claims: Sequence[Claim], judge: Judge) -> Score:
    scores = [score_claim(claim, judge) for claim in claims]
    groups: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for claim, score in zip(claims, scores, strict=True):
        wrong = (score >= judge.threshold) != claim.supported
        groups[claim.group][2 * (not claim.supported) + wrong] += 1
    counts = np.array([groups[name] for name in sorted(groups)])
    auroc = separation([(score, claim.supported) for score, claim in zip(scores, claims, strict=True)]).auroc
    return Score(
        judge=judge.name,
        claims=len(claims),
        supported=sum(claim.supported for claim in claims),
        balanced_accuracy=_with_interval(counts, balanced_accuracy),
        f1=_with_interval(counts, f1),
        auroc=auroc if auroc is not None else 0.0,
    )


def score_claim(claim: Claim, judge: Judge) -> float:
    """That of its least supported sentence."""
    said = [span.of(claim.text) for span in sentences(claim.text)]
    return min((judge.score(sentence, claim.evidence) for sentence in said), default=0.0)


def balanced_accuracy(counts: Counts) -> NDArray[np.float64]:
    """A class without claims counts as half right."""
    return (_share(counts[..., 0], counts[..., 1]) + _share(counts[..., 2], counts[..., 3])) / 2


def f1(counts: Counts) -> NDArray[np.float64]:
    """Of "not supported": told so rightly 2, told so wrongly 1, missed 3."""
    right = 2.0 * counts[..., 2]
    found: NDArray[np.float64] = right / np.maximum(right + counts[..., 1] + counts[..., 3], 1)
    return found


def numbers(folder: Path) -> dict[str, float]:
    """What is published of a set, by name."""
    found: dict[str, float] = {}
    for score in scores(folder):
        found[f"{score.judge}: balanced accuracy"] = score.balanced_accuracy[0]
        found[f"{score.judge}: F1"] = score.f1[0]
        found[f"{score.judge}: AUROC"] = score.auroc
    return found


def scores(folder: Path) -> list[Score]:
    """Of each judge.

    Raises:
        BadDataset: the folder holds no set that can be read.
    """
    claims = read_claims(folder)
    return [measure(claims, judge) for judge in JUDGES.values()]


def show(results: Mapping[str, Sequence[Score]]) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(title="claims that people have judged")
    for heading in ("set", "claims", "supported", "judge", "balanced accuracy", "F1 not supported", "AUROC"):
        table.add_column(heading, justify="left" if heading in ("set", "judge") else "right")
    for name, found in results.items():
        for one in found:
            values = (_text(one.balanced_accuracy), _text(one.f1), f"{one.auroc:.3f}")
            table.add_row(name, f"{one.claims:,}", f"{one.supported:,}", one.judge, *values)
    Console().print(table)


def _with_interval(counts: Counts, statistic: Callable[[Counts], NDArray[np.float64]]) -> tuple[float, float, float]:
    """By bootstrap over the rows of (groups, 4), percentile method, fixed seed."""
    generator = np.random.default_rng(SEED)
    drawn = [counts[generator.integers(len(counts), size=len(counts))].sum(axis=0) for _ in range(RESAMPLES)]
    low, high = np.quantile(statistic(np.array(drawn)), [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    value = float(statistic(counts.sum(axis=0)))
    return round(value, DIGITS), round(min(float(low), value), DIGITS), round(max(float(high), value), DIGITS)


def _share(right: Counts, wrong: Counts) -> NDArray[np.float64]:
    return np.where(right + wrong > 0, right / np.maximum(right + wrong, 1), 0.5)


def _text(value: tuple[float, float, float]) -> str:
    return f"{value[0]:.3f} ({value[1]:.3f}–{value[2]:.3f})"


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m eval.benchmarks.faithfulness", description="Measure the judges of support."
    )
    parser.add_argument("folders", metavar="FOLDER", nargs="+", type=Path)
    parser.add_argument("--json", action="store_true", help="one flat JSON object; takes one folder")
    options = parser.parse_args()
    if options.json and len(options.folders) > 1:
        parser.error("--json takes one folder")
    try:
        if options.json:
            print(json.dumps(numbers(options.folders[0]), indent=2))
        else:
            show({folder.resolve().name: scores(folder) for folder in options.folders})
    except FoedusError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
