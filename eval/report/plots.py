"""What is drawn of a run: search, refusal, how far scores can be trusted, time and memory."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from ..measures import CUTS, Measured
from ..results import Run, quantiles, stages
from .charts import Axis, Rows, axis_to
from .figure import figure, missing
from .markup import Markup, together
from .refusal import reliability, risk, trade_off
from .tables import share

Measures = Mapping[str, Measured]

NOT_MEASURED: Final = "Not measured: no timings lie beside the results."
SHAPES: Final = ("dot", "ring", "square")  # one for each cut
NAMES: Final = tuple(f"first {cut}" if cut > 1 else "first" for cut in CUTS)


def plots(run: Run, by_type: Mapping[str, Measures], everything: Measures) -> Markup:
    return together(
        _search({**by_type, "all": everything}),
        risk(run),
        trade_off(run),
        reliability(run),
        _latency(run),
        _memory(run),
    )


def _search(measured: Mapping[str, Measures]) -> Markup:
    title = "Where the first passage with gold stands"
    shares = {name: hits for name, one in measured.items() if (hits := _hits(one))}
    if not shares:
        return missing("search", title, "Not drawn: no case is answerable.")
    rows = Rows(names=list(shares), axis=Axis(label="share of answerable cases"))
    total = ", ".join(f"{share(hit)} in the {name}" for hit, name in zip(shares["all"], NAMES, strict=True))
    return figure(
        "search",
        title,
        f"The share of cases whose gold stands in one of the first passages found. All types: {total}.",
        [
            rows.frame(),
            rows.key(list(zip(SHAPES, NAMES, strict=True))),
            *(rows.span(row, min(hits), max(hits)) for row, hits in enumerate(shares.values())),
            *(
                rows.mark(row, *one)
                for row, hits in enumerate(shares.values())
                for one in zip(hits, SHAPES, strict=True)
            ),
        ],
        headings=["type", *(f"hit@{cut}" for cut in CUTS)],
        rows=[(name, *hits) for name, hits in shares.items()],
        height=rows.height,
    )


def _latency(run: Run) -> Markup:
    title = "Time to an answer"
    taken = {name: quantiles(run, name) for name in stages(run)}
    if not taken:
        return missing("latency", title, NOT_MEASURED)
    axis = axis_to("milliseconds", max(one["p95"] for one in taken.values()))
    rows = Rows(names=list(taken), axis=axis, left=76, right=96, top=10)
    return figure(
        "latency",
        title,
        f"Half of the {len(run.stages_ms)} cases took no longer than the bar (p50), 95 % no longer than the line "
        "(p95). Clock times: other load on the machine counts too.",
        [rows.frame(), *(_stage(rows, row, one["p50"], one["p95"]) for row, one in enumerate(taken.values()))],
        headings=["stage", "p50 ms", "p95 ms"],
        rows=[(name, f"{one['p50']:.1f}", f"{one['p95']:.1f}") for name, one in taken.items()],
        height=rows.height,
    )


def _stage(rows: Rows, row: int, p50: float, p95: float) -> Markup:
    return together(
        rows.bar(row, p50, "bar"),
        rows.span(row, p50, p95),
        rows.mark(row, p95, "tick"),
        rows.note(row, p95, f"{p50:.0f} / {p95:.0f} ms"),
    )


def _memory(run: Run) -> Markup:
    title = "Memory"
    held = run.memory_mb
    if not any(held.values()):
        return missing("memory", title, NOT_MEASURED)
    rows = Rows(names=list(held), axis=axis_to("megabytes", max(held.values())), left=104, right=60, top=10)
    bars = (
        together(rows.bar(row, mb, "bar"), rows.note(row, mb, f"{mb:.0f} MB")) for row, mb in enumerate(held.values())
    )
    return figure(
        "memory",
        title,
        "What the whole process held at each point, and the most it ever held.",
        [rows.frame(), *bars],
        headings=["when", "MB"],
        rows=[(name, f"{mb:.1f}") for name, mb in held.items()],
        height=rows.height,
    )


def _hits(measured: Measures) -> list[float]:
    """By cut; none where no case is answerable."""
    found = [measured[name].value for name in (f"passage_hit@{cut}" for cut in CUTS) if name in measured]
    return [value for value in found if value is not None]
