"""Runs as tables for a person to read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final

from rich import box
from rich.console import Group
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from .calibration import Threshold
from .compare import Comparison, got_worse
from .expected import STATUSES, Checked
from .faithfulness import Judged, Statement
from .judge import Judge
from .measures import Measured
from .results import Outcome, Run

BY_TYPE: Final = {
    "passage_hit@1": "hit@1",
    "first_span": "first",
    "citation_precision": "precision",
    "citation_recall": "recall",
    "verdict_accuracy": "verdict",
    "answered": "answered",
    "refused": "refused",
}
QUOTED: Final = 160  # characters of a quotation that a list of failures shows
_OBEYED: Final = dict.fromkeys(  # what a terminal obeys, and what rich drops so that offsets would no longer fit
    [*range(9), 11, 12, *range(14, 32), *range(127, 160), *range(0x202A, 0x202F), *range(0x2066, 0x206A)], "\ufffd"
) | {13: " "}


def measures_table(run: Run) -> Table:
    table = Table(title=f"{len(run.outcomes)} cases, 95 % intervals by bootstrap over families")
    for heading in ("measure", "value", "interval", "cases"):
        table.add_column(heading, justify="left" if heading == "measure" else "right")
    for name, measured in run.measures().items():
        table.add_row(Text(name), _value(measured), _interval(measured), str(measured.cases))
    return table


def types_table(run: Run) -> Table:
    """Types by rows; the measures that matter most by columns, so that it fits a terminal of 80 characters."""
    sizes = Counter(outcome.type for outcome in run.outcomes)
    table = Table(title="by type", box=box.SIMPLE, padding=0)
    for heading in ("type", "cases", *BY_TYPE.values()):
        table.add_column(heading, justify="left" if heading == "type" else "right")
    for name, measured in run.by_type().items():
        table.add_row(name, str(sizes[name]), *(_cell(measured[measure]) for measure in BY_TYPE))
    return table


def failures_list(failures: Sequence[Outcome]) -> Group:
    """Each with its question, what was expected and what came."""
    blocks: list[Text | Padding] = [Text(f"{len(failures)} failures", style="bold")]
    for outcome in failures:
        blocks.append(Text(_plain(f"\n{outcome.id}: {outcome.question}"), style="bold"))
        for heading, lines in (("expected", _expected(outcome)), ("got", _got(outcome))):
            blocks += [Text(f"  {heading}"), *(Padding(Text(line), (0, 0, 0, 4)) for line in lines)]
    return Group(*blocks)


def curve_table(curve: Sequence[Threshold]) -> Table:
    table = Table(title="what a threshold on the evidence score would do")
    for heading in ("threshold", "answerable answered", "unanswerable refused", "coverage", "risk"):
        table.add_column(heading, justify="right")
    for point in curve:
        shares = (point.answered, point.refused, point.coverage, point.risk)
        table.add_row(f"{point.threshold:.4f}", *map(_share, shares))
    return table


def differences_table(found: Comparison, held: Mapping[str, float]) -> Table:
    """Before and after over the pairs; what fell by more than its tolerance is marked."""
    fallen = {one.measure for one in found.fallen(held)}
    table = Table(title=f"{len(found.pairs)} cases in both runs", box=box.SIMPLE, padding=0)
    for heading in ("measure", "before", "after", "change", "interval", "better", "worse", "p"):
        table.add_column(heading, justify="left" if heading == "measure" else "right")
    for one in found.differences():
        interval = f"{one.low:+.3f} – {one.high:+.3f}"
        numbers = (f"{one.before:.3f}", f"{one.after:.3f}", f"{one.change:+.3f}", interval)
        style = "bold red" if one.measure in fallen else ""
        table.add_row(Text(one.measure), *numbers, str(one.better), str(one.worse), f"{one.sign:.2f}", style=style)
    return table


def differing_list(found: Comparison) -> Group:
    """What else differs between the runs, and the cases that are in one only."""
    lines = [f"{name}: {_cut(str(one))} → {_cut(str(other))}" for name, (one, other) in found.differing.items()]
    reasons = Counter(found.alone.values())
    lines += [f"left out: {count} {_cases(count)}, {why}" for why, count in reasons.items()]
    return Group(*map(Text, lines or ["library, settings, versions and processor are the same"]))


def turned_list(pairs: Sequence[tuple[Outcome, Outcome]]) -> Group:
    """The cases that turned, with both answers."""
    blocks: list[Text | Padding] = [Text(f"{len(pairs)} {_cases(len(pairs))} turned", style="bold")]
    for before, after in pairs:
        worse = got_worse((before, after))
        title = f"\n{'worse' if worse else 'better'}  {before.id}: {before.question}"
        blocks.append(Text(_plain(title), style="bold red" if worse else "bold green"))
        for heading, lines in (("expected", _expected(before)), ("before", _got(before)), ("after", _got(after))):
            blocks += [Text(f"  {heading}"), *(Padding(Text(line), (0, 0, 0, 4)) for line in lines)]
    return Group(*blocks)


def faithfulness_table(measured: Mapping[str, Measured], judge: Judge) -> Table:
    title = f"judged by {judge.name}, supported from {judge.threshold}; 95 % intervals by bootstrap over answers"
    table = Table(title=title)
    for heading in ("measure", "value", "interval", "answers"):
        table.add_column(heading, justify="left" if heading == "measure" else "right")
    for name, one in measured.items():
        table.add_row(name, _value(one), _interval(one), str(one.cases))
    return table


def unsupported_list(judged: Sequence[Judged]) -> Group:
    """The answers that are not wholly supported, with what is not in red and what stands in no context underlined."""
    blocks: list[Text | Padding] = []
    for one in judged:
        if one.wholly:
            continue
        answer = Text(_plain(one.row.answer) or "(an empty answer)")
        for said in one.statements:
            if not said.supported:
                answer.stylize("red", said.start, said.end)
                for lost in said.missing:
                    answer.stylize("bold underline", said.start + lost.start, said.start + lost.end)
        title = _plain(f"\n{one.row.id}: {one.row.question}")
        blocks += [Text(title, style="bold"), Padding(answer, (0, 0, 0, 2))]
        blocks += [Padding(Text(line), (0, 0, 0, 4)) for said in one.statements for line in _unsupported(said)]
    return Group(*blocks)


def _unsupported(said: Statement) -> list[str]:
    if said.supported:
        return []
    lost = ", ".join(f"{each.kind} “{_plain(each.words)}”" for each in said.missing)
    why = f"in no context: {lost}" if lost else "too few of its words stand together in a context"
    return [f"characters {said.start}–{said.end}, score {said.score:.2f}: {why}"]


def checked_table(checked: Sequence[Checked]) -> Table:
    counts = Counter(one.status for one in checked)
    title = ", ".join(f"{counts[status]} {status}" for status in STATUSES if counts[status])
    table = Table(title=title or "nothing to check", box=box.SIMPLE, padding=0)
    for heading in ("entry", "number", "expected", "found", ""):
        table.add_column(heading, justify="right" if heading in ("expected", "found") else "left")
    for one in checked:
        numbers = ("–" if value is None else f"{value:.4f}" for value in (one.expected, one.found))
        style = "bold red" if one.status == "FAIL" else ""
        table.add_row(Text(one.entry), Text(one.number or one.problem), *numbers, one.status, style=style)
    return table


def _value(measured: Measured) -> str:
    return "–" if measured.value is None else f"{measured.value:.3f}"


def _interval(measured: Measured) -> str:
    if measured.low is None or measured.high is None:
        return measured.reason or ""
    return f"{measured.low:.3f} – {measured.high:.3f}"


def _cell(measured: Measured) -> str:
    return _value(measured) if measured.cases else ""


def _share(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"


def _expected(outcome: Outcome) -> list[str]:
    expected = outcome.expected
    if not outcome.answerable:
        return ["a refusal"]
    parts = [" or ".join(dict.fromkeys(_cut(words.quote) for words in part)) for part in expected.gold]
    return _verdict(expected.verdict) + parts


def _got(outcome: Outcome) -> list[str]:
    got = outcome.got
    if not outcome.answered:
        return [f"refused: {got.reason} (evidence score {outcome.evidence_score:.3f})"]
    quotes = [f"{c.document}, {c.pinpoint} ({c.stance}): {_cut(c.quote)}" for c in got.citations]
    return _verdict(got.verdict) + quotes


def _verdict(verdict: str | None) -> list[str]:
    return [f"verdict {verdict}"] if verdict else []


def _plain(text: str) -> str:
    """As many characters, and none that a terminal would obey."""
    return text.translate(_OBEYED)


def _cut(text: str) -> str:
    text = " ".join(_plain(text).split())
    return text if len(text) <= QUOTED else f"{text[:QUOTED]}…"


def _cases(count: int) -> str:
    return "case" if count == 1 else "cases"
