"""Tables: measures with their intervals, the same by type, and the figures behind each drawing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from ..measures import Measured
from ..results import Run
from ..table import BY_TYPE
from .charts import whisker
from .markup import Child, Markup, element, together

NONE: Final = "–"
SCALE: Final = "0 to 1"  # heads a drawn column, by which nothing can be sorted
MEANING: Final = {
    "passage_hit@1": "the first passage found holds gold",
    "passage_hit@3": "one of the first three passages holds gold",
    "passage_hit@10": "one of the first ten passages holds gold",
    "passage_mrr@10": "1 / rank of the first passage that holds gold",
    "first_span": "the first supporting quotation hits the gold",
    "citation_precision": "share of supporting quotations that hit",
    "citation_recall": "share of the gold’s parts that are quoted",
    "answer_patterns": "the quotations hold all expected patterns",
    "exact_match": "the first quotation is the gold, word for word",
    "token_f1": "words that the first quotation shares with the gold",
    "verdict_accuracy": "yes, no or mixed, as expected",
    "answered": "answerable questions that were answered",
    "refused": "unanswerable questions that were refused",
    "alce_recall[overlap]": "statements that their quotations support, by word overlap",
    "alce_precision[overlap]": "quotations that their statement needs, by word overlap",
    "faithfulness": "statements that their sources support",
}


@dataclass(frozen=True, kw_only=True)
class Cell:
    """What a cell shows, and the number that it is sorted by where that is not what it shows."""

    shown: Child
    sort: float | None = None


Row = Sequence[Cell | str]


def measures_table(now: Mapping[str, Measured], before: Mapping[str, Measured] | None) -> Markup:
    """One row a measure; with an earlier run beside it, also what changed."""
    headings = ["measure", "value", "interval", SCALE, "cases"]
    rows: list[list[Cell | str]] = [
        [_measure(name), _value(one), Cell(shown=_interval(one), sort=one.low), _drawn(one), str(one.cases)]
        for name, one in now.items()
    ]
    if before is not None:
        headings += ["before", "change"]
        for row, (name, one) in zip(rows, now.items(), strict=True):
            row += _against(one, before.get(name))
    return table("measures", headings, rows, sortable=True, class_="measures")


def types_table(run: Run, by_type: Mapping[str, Mapping[str, Measured]]) -> Markup:
    """One row a type, with the measures that matter most."""
    sizes = Counter(outcome.type for outcome in run.outcomes)
    chosen = [name for name in BY_TYPE if any(name in measured for measured in by_type.values())]
    rows: list[Row] = [
        [Cell(shown=name), str(sizes[name]), *(_small(measured.get(one)) for one in chosen)]
        for name, measured in by_type.items()
    ]
    headings = ["type", "cases", *map(BY_TYPE.__getitem__, chosen)]
    return table("measures by type of question", headings, rows, sortable=True, class_="types")


def table(
    name: str,
    headings: Sequence[str],
    rows: Iterable[Row],
    *,
    sortable: bool = False,
    class_: str | None = None,
) -> Markup:
    """The first column names the row. The script turns the headings of a sortable table into buttons."""
    head = (element("th", heading, scope="col", data_plain=heading == SCALE) for heading in headings)
    body = (element("tr", _row_head(row[0]), map(_data, row[1:])) for row in rows)
    drawn = element(
        "table", element("thead", element("tr", head)), element("tbody", body), class_=class_, data_sortable=sortable
    )
    return element("div", drawn, class_="scroll", tabindex="0", role="group", aria_label=f"table: {name}")


def share(value: float | None) -> str:
    return NONE if value is None else f"{value:.3f}"


def _row_head(cell: Cell | str) -> Markup:
    return element("th", cell.shown if isinstance(cell, Cell) else cell, scope="row")


def _data(cell: Cell | str) -> Markup:
    if isinstance(cell, str):
        return element("td", cell)
    return element("td", cell.shown, data_sort=None if cell.sort is None else f"{cell.sort:g}")


def _measure(name: str) -> Cell:
    return Cell(shown=[element("code", name), element("small", MEANING.get(name))])


def _value(measured: Measured) -> str:
    return share(measured.value)


def _interval(measured: Measured) -> str | Markup:
    if measured.low is None or measured.high is None:
        return element("small", measured.reason)
    return f"{measured.low:.3f} – {measured.high:.3f}"


def _drawn(measured: Measured) -> Cell:
    if measured.value is None or measured.low is None or measured.high is None:
        return Cell(shown="")
    return Cell(shown=whisker(measured.value, measured.low, measured.high))


def _small(measured: Measured | None) -> Cell:
    """The value with its interval below; nothing where no case belongs to it."""
    if measured is None or measured.value is None:
        return Cell(shown="")
    limits = element("small", f"{measured.low:.2f}–{measured.high:.2f}")
    return Cell(shown=together(share(measured.value), limits), sort=measured.value)


def _against(now: Measured, before: Measured | None) -> list[Cell | str]:
    if before is None or before.value is None or now.value is None:
        return [NONE, NONE]
    change = round(now.value - before.value, 3)
    shown = f"{change:+.3f}".replace("-", "−") if change else "0"
    return [share(before.value), Cell(shown=shown, sort=change)]
