"""Drawings of the evidence score: what it would do as a threshold, and whether it means what it says."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from .. import calibration
from ..calibration import Threshold
from ..results import Run
from .charts import Axis, Plane, Point
from .figure import figure, missing
from .markup import Markup
from .tables import share


def risk(run: Run) -> Markup:
    title = "Risk and coverage"
    curve = [one for one in run.curve() if one.risk is not None]
    if not curve:
        return missing("risk", title, "Not drawn: there are no cases.")
    plane = Plane(x=Axis(label="coverage: share of all cases answered"), y=Axis(label="risk: share unanswerable"))
    return figure(
        "risk",
        title,
        "Of the cases that each threshold on the evidence score would answer, the share that cannot be answered. "
        f"{_in_words(run)} Mean risk over all coverages (AURC): {share(run.separation().aurc)}.",
        [plane.frame(), *_curve(plane, curve, run, lambda one: (one.coverage, one.risk or 0.0))],
        headings=["threshold", "coverage", "risk"],
        rows=[(one.threshold, one.coverage, one.risk) for one in curve],
    )


def trade_off(run: Run) -> Markup:
    title = "Answering and refusing"
    curve = [one for one in run.curve() if one.answered is not None and one.refused is not None]
    if not curve:
        return missing("trade-off", title, "Not drawn: the cases are of one kind only, answerable or not.")
    plane = Plane(x=Axis(label="unanswerable cases refused"), y=Axis(label="answerable cases answered"))
    chance = plane.line((0, 1), (1, 0), "chance")
    return figure(
        "trade-off",
        title,
        "What each threshold on the evidence score would do: best is the upper right corner, chance the broken line. "
        f"{_in_words(run)} An answerable case has the higher score with probability {share(run.separation().auroc)} "
        "(AUROC).",
        [plane.frame(), chance, *_curve(plane, curve, run, lambda one: (one.refused or 0.0, one.answered or 0.0))],
        headings=["threshold", "refused", "answered"],
        rows=[(one.threshold, one.refused, one.answered) for one in curve],
    )


def reliability(run: Run) -> Markup:
    title = "Is the score what it says?"
    found = run.calibration()
    if not found.cases:
        return missing("reliability", title, "Not drawn: no case was answered.")
    plane = Plane(x=Axis(label="evidence score"), y=Axis(label="share right"))
    filled = [one for one in found.bins if one.cases]
    most = max(one.cases for one in filled)
    points = [(one.score or 0.0, one.right or 0.0) for one in filled]
    bars = [plane.bar(one.low, one.high, one.cases / most, "count") for one in filled]
    meant = plane.line((0, 0), (1, 1), "chance")
    return figure(
        "reliability",
        title,
        "Answered cases in ten bins of the score: it means what it says where the share whose first quotation is right "
        f"lies on the broken line. Bars: cases in a bin, up to {most}. Mean distance (ECE): {share(found.ece)}.",
        [*bars, plane.frame(), meant, plane.path(points, "curve"), plane.dots(points, radius=3.5)],
        headings=["score", "cases", "mean score", "right"],
        rows=[(f"{one.low:.1f} – {one.high:.1f}", str(one.cases), one.score, one.right) for one in found.bins],
    )


def _curve(plane: Plane, curve: Sequence[Threshold], run: Run, point: Callable[[Threshold], Point]) -> Iterator[Markup]:
    """What thresholds do, and the one in use marked."""
    points = list(map(point, curve))
    yield plane.path(points, "curve")
    yield plane.dots(points)
    if used := _in_use(run):
        yield plane.pointed(point(used), f"in use: {run.settings['threshold']:.3f}")


def _in_use(run: Run) -> Threshold | None:
    """What the threshold in use does by itself; None where it is not known or refuses everything."""
    used = run.settings.get("threshold")
    if not isinstance(used, int | float):
        return None
    scored = [(outcome.evidence_score, outcome.answerable) for outcome in run.outcomes]
    every = calibration.risk_coverage(scored, points=len(scored))
    return next((one for one in every if one.threshold >= used), None)


def _in_words(run: Run) -> str:
    used = _in_use(run)
    if used is None:
        return "The one in use is not known, or refuses everything."
    return (
        f"The one in use answers {share(used.answered)} of the answerable and refuses {share(used.refused)} of others."
    )
