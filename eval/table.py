"""Runs as tables for a person to read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final

from rich.markup import escape
from rich.table import Table

from .measures import Measured, Threshold
from .run import Outcome, Run

QUOTED: Final = 160  # characters of a quotation that a list of failures shows


def measures_table(run: Run) -> Table:
    table = Table(title=f"{len(run.outcomes)} cases, 95 % intervals by bootstrap over families")
    for heading in ("measure", "value", "interval", "cases"):
        table.add_column(heading, justify="left" if heading == "measure" else "right")
    for name, measured in run.measures().items():
        table.add_row(name, _value(measured), _interval(measured), str(measured.cases))
    return table


def types_table(run: Run) -> Table:
    """Measures by rows, types by columns."""
    by_type = run.by_type()
    sizes = Counter(outcome.case.type for outcome in run.outcomes)
    table = Table(title="by type")
    table.add_column("measure")
    for name in by_type:
        table.add_column(f"{name}\n{sizes[name]} cases", justify="right")
    for measure in run.measures():
        table.add_row(measure, *(_cell(measured, measure) for measured in by_type.values()))
    return table


def failures_table(failures: Sequence[Outcome]) -> Table:
    table = Table(title=f"{len(failures)} failures", show_lines=True)
    for heading in ("case", "question", "expected", "got"):
        table.add_column(heading, overflow="fold")
    for outcome in failures:
        row = (outcome.case.id, outcome.case.question, _expected(outcome), _got(outcome))
        table.add_row(*map(escape, row))  # a quotation may hold "[1]", which is no markup
    return table


def curve_table(curve: Sequence[Threshold]) -> Table:
    table = Table(title="what a threshold on the evidence score would do")
    for heading in ("threshold", "answerable answered", "unanswerable refused", "coverage", "risk"):
        table.add_column(heading, justify="right")
    for point in curve:
        shares = (point.answered, point.refused, point.coverage, point.risk)
        table.add_row(f"{point.threshold:.4f}", *map(_share, shares))
    return table


def _value(measured: Measured) -> str:
    return "–" if measured.value is None else f"{measured.value:.3f}"


def _interval(measured: Measured) -> str:
    if measured.low is None or measured.high is None:
        return measured.reason or ""
    return f"{measured.low:.3f} – {measured.high:.3f}"


def _cell(measured: Mapping[str, Measured], name: str) -> str:
    return _value(measured[name]) if measured[name].cases else ""


def _share(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"


def _expected(outcome: Outcome) -> str:
    case = outcome.case
    if not case.answerable:
        return "a refusal"
    quotes = [" or ".join(_cut(gold.quote) for gold in part) for part in case.gold]
    return "\n".join([f"verdict {case.verdict}"] * bool(case.verdict) + quotes)


def _got(outcome: Outcome) -> str:
    answer = outcome.answer
    if answer.refusal:
        return f"refused: {answer.refusal.reason} (evidence score {outcome.score:.3f})"
    quotes = [f"[{c.document_id}, {c.pinpoint}] {_cut(c.quote)}" for c in answer.citations]
    return "\n".join([f"verdict {answer.verdict}"] * bool(answer.verdict) + quotes)


def _cut(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= QUOTED else f"{text[:QUOTED]}…"
