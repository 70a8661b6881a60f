"""Fit the weights of `service/scoring.py` on the `tune` questions:

    python -m eval.fit [--library DIR] [--write]

Each question's spans are measured as in an answer; those that overlap the gold are right. Small logistic regressions
with a penalty on large weights: one orders the spans of a question, one says whether the first of them answers, one
tells the verdict of a right span. The threshold is then the lowest that refuses `REFUSED` of the unanswerable
questions. Prints how well the order does on families that it was not fitted on, and what the threshold does to the
questions it was chosen on.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ingest.errors import FoedusError
from service import scoring, verdict
from service.answer import Question
from service.ask import Asker, open_asker
from service.candidate import Candidate
from service.console import notice
from service.settings import load

from .case import Case, read_cases
from .errors import EvalError
from .locate import Parts, Place, locate_gold
from .measures import hits
from .subject import subject_of

RANKED_BY: Final = ("meaning", "vector", "passage", "type", "strangers", "place", "reader", "mixed")
ANSWERED_BY: Final = ("score", "strangers", "any")
RANK_PENALTY: Final = 20.0  # on squared weights; on left-out families 79 % right first, with 5 it was 78 %
VERDICT_PENALTY: Final = 1.0  # on the columns as they are
ANSWER_PENALTY: Final = 3.0  # three weights from a few hundred questions
STEPS: Final = 100  # of Newton's method; it settles within about 30
DAMPING: Final = 0.7  # of each step: the full step can overshoot where a question's spans are nearly separable
REFUSED: Final = 0.87  # share of unanswerable tune questions; 0.85 is the aim for others
FOLDS: Final = 5

Matrix = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A question, its spans measured, and which of them are right."""

    case: Case
    spans: tuple[Candidate, ...]
    right: tuple[bool, ...]
    verdict: Matrix | None  # what the first right span says to a yes/no question, as `service.verdict.features` has it

    @property
    def matrix(self) -> Matrix:
        return np.array([[asdict(span.features)[name] for name in RANKED_BY] for span in self.spans], np.float64)


def ask_all(asker: Asker, cases: Sequence[Case]) -> list[Asked]:
    gold = locate_gold(cases, subject_of(asker).text_of)
    return [_asked(asker, case, gold[case.id]) for case in cases]


def _asked(asker: Asker, case: Case, parts: Parts) -> Asked:
    judged = asker.judge(Question(text=case.question, history=case.history))
    spans = judged.ranked
    places = [Place(document=span.document_id, start=span.span.start, end=span.span.end) for span in spans]
    right = tuple(any(hits(place, part) for part in parts) for place in places)
    first = next((span for span, hit in zip(spans, right, strict=True) if hit), None)
    told = None
    if case.verdict and first:
        said = verdict.says(judged.reading, first, asker.reader)
        told = verdict.features(judged.reading, said)
    return Asked(case=case, spans=spans, right=right, verdict=told)


def fit_rank(asked: Sequence[Asked]) -> dict[str, float]:
    """Right spans above the wrong ones of the same question: conditional logistic regression, by Newton's method.

    The chance that a right span is drawn, when spans of a question are drawn with weights `exp(sum)`, is made as great
    as the penalty allows; every question counts the same (McFadden, 1974).
    """
    rows = [one for one in asked if any(one.right)]
    everything = np.vstack([one.matrix for one in rows])
    mean, spread = everything.mean(axis=0), everything.std(axis=0) + 1e-9
    found = _conditional([((one.matrix - mean) / spread, np.array(one.right)) for one in rows], RANK_PENALTY)
    return _named(RANKED_BY, np.append(found / spread, 0.0))


def fit_verdict(asked: Sequence[Asked]) -> dict[str, float]:
    """The right verdict above the other two, for the same reason."""
    rows = [(one.verdict, np.array(verdict.VERDICTS) == one.case.verdict) for one in asked if one.verdict is not None]
    found = _conditional(rows, VERDICT_PENALTY)
    return {name: round(float(value), 4) for name, value in zip(verdict.WEIGHED, found, strict=True)}


def _conditional(rows: Sequence[tuple[Matrix, NDArray[np.bool_]]], penalty: float) -> Matrix:
    """Weights of the columns. A row is a question: (choices, columns), and which of the choices are right."""
    found = np.zeros(rows[0][0].shape[1]) if rows else np.zeros(0)
    for _ in range(STEPS):
        slope, curve = penalty * found, penalty * np.eye(len(found))
        for matrix, truth in rows:
            drawn = _shares(matrix @ found)
            right = drawn * truth
            centre = matrix.T @ drawn
            slope = slope + centre - matrix.T @ (right / max(float(right.sum()), 1e-12))
            curve = curve + (matrix.T * drawn) @ matrix - np.outer(centre, centre)
        step = np.linalg.solve(curve, slope)
        found = found - DAMPING * step
        if np.abs(step).max() < 1e-6:
            return found
    raise EvalError(f"the weights did not settle within {STEPS} steps; are there enough tune questions?")


def _shares(values: Matrix) -> Matrix:
    powers = np.exp(values - values.max())
    result: Matrix = powers / powers.sum()
    return result


def fit_answer(asked: Sequence[Asked], order: dict[str, float]) -> tuple[dict[str, float], Matrix, NDArray[np.bool_]]:
    """The first span of answerable questions against that of the others; also gives the scores."""
    rows, truth = [], []
    for one in asked:
        if one.spans:
            values = _first(one, order)
            rows.append([values[name] for name in ANSWERED_BY])
            truth.append(one.case.answerable)
    matrix, answerable = np.array(rows, np.float64), np.array(truth)
    found = _named(ANSWERED_BY, logistic(matrix, answerable.astype(np.float64), np.ones(len(rows))))
    return found, _scores(matrix, found), answerable


def _first(one: Asked, order: dict[str, float]) -> dict[str, float]:
    scores = _logits(one.matrix, order, RANKED_BY)
    best = int(scores.argmax())
    return scoring.answer_features(one.spans[best], float(scores[best]), one.spans)


def logistic(matrix: Matrix, truth: Matrix, weight: Matrix, penalty: float = ANSWER_PENALTY) -> Matrix:
    """Weights and, last, the bias, for the features as they are. Newton's method on standardised features."""
    mean, spread = matrix.mean(axis=0), matrix.std(axis=0) + 1e-9
    rows = np.hstack([(matrix - mean) / spread, np.ones((len(matrix), 1))])
    ridge = penalty * np.diag([1.0] * matrix.shape[1] + [1e-6])
    found = np.zeros(rows.shape[1])
    for _ in range(50):
        probability = 1 / (1 + np.exp(-np.clip(rows @ found, -30, 30)))
        slope = rows.T @ (weight * (probability - truth)) + ridge @ found
        curve = (rows.T * (weight * probability * (1 - probability))) @ rows + ridge
        step = np.linalg.solve(curve, slope)
        found -= step
        if np.abs(step).max() < 1e-8:
            break
    own = found[:-1] / spread
    return np.append(own, found[-1] - own @ mean)


def threshold(scores: Matrix, answerable: NDArray[np.bool_]) -> float:
    """The lowest that refuses enough; a higher one costs answers where texts are stranger and scores lower."""
    places = sorted({0.0, *scores.tolist(), 1.0})
    middles = [(low + high) / 2 for low, high in pairwise(places)]
    return min((at for at in middles if (scores[~answerable] < at).mean() >= REFUSED), default=1.0)


def across_folds(asked: Sequence[Asked]) -> float:
    """How often the first span is right on families that the order was not fitted on."""
    families = sorted({one.case.family for one in asked})
    fold = {family: number % FOLDS for number, family in enumerate(families)}
    right = []
    for left_out in range(FOLDS):
        order = fit_rank([one for one in asked if fold[one.case.family] != left_out])
        for one in asked:
            if fold[one.case.family] == left_out and one.case.answerable:
                right.append(bool(one.spans) and one.right[int(_logits(one.matrix, order, RANKED_BY).argmax())])
    return float(np.mean(right))


def _logits(matrix: Matrix, weights: dict[str, float], names: Sequence[str]) -> Matrix:
    result: Matrix = matrix @ np.array([weights[name] for name in names]) + weights["bias"]
    return result


def _scores(matrix: Matrix, weights: dict[str, float]) -> Matrix:
    result: Matrix = 1 / (1 + np.exp(-_logits(matrix, weights, ANSWERED_BY)))
    return result


def _named(names: Sequence[str], found: Matrix) -> dict[str, float]:
    return {"bias": round(float(found[-1]), 4)} | {
        name: round(float(value), 4) for name, value in zip(names, found, strict=False)
    }


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m eval.fit", description="Fit the weights on the tune questions.")
    parser.add_argument("--library", type=Path, help="a library of the bundled corpus")
    parser.add_argument("--write", action="store_true", help=f"store them in {scoring.WEIGHTS.name}")
    options = parser.parse_args(arguments)
    try:
        _fit(options.library, write=options.write)
    except FoedusError as error:
        sys.exit(str(error))
    return 0


def _fit(library: Path | None, *, write: bool) -> None:
    with open_asker(load(library), notice=notice) as asker:
        asked = ask_all(asker, read_cases(split="tune"))
    order = fit_rank(asked)
    answer, scores, answerable = fit_answer(asked, order)
    at = threshold(scores, answerable)
    found = {"rank": order, "answer": answer, "verdict": fit_verdict(asked), "threshold": round(at, 4)}
    text = json.dumps(found, indent=2) + "\n"
    print(text)
    print(f"first span right on other families: {across_folds(asked):.3f}")
    print(f"answered {(scores[answerable] >= at).mean():.3f}, refused {(scores[~answerable] < at).mean():.3f}")
    if write:
        scoring.WEIGHTS.write_text(text, "utf-8")


if __name__ == "__main__":
    sys.exit(main())
