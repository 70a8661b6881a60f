"""What a person sees in the terminal. Answers go to stdout; progress and notices to stderr, bars only to a terminal."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Self

from rich.console import Console
from rich.markup import escape
from rich.padding import Padding
from rich.text import Text

from .answer import Answer, Citation, Reason, Stance, Verdict

if TYPE_CHECKING:
    from index.add import Event, Report
    from index.doctor import Finding
    from index.hit import Hit
    from index.records import StoredDocument

    from .settings import Settings
    from .verify import Check

_COLOUR = {Verdict.YES: "green", Verdict.NO: "red", Verdict.MIXED: "yellow"}
_REFUSED = {
    Reason.NOT_STATED: "Not stated",
    Reason.OUT_OF_SCOPE: "Out of scope",
    Reason.EMPTY_LIBRARY: "Empty library",
    Reason.UNCLEAR_QUESTION: "Unclear question",
}


def _out() -> Console:
    return Console(highlight=False, soft_wrap=False)


def notice(text: str) -> None:
    """One line for the person at the terminal, never part of the output."""
    print(f"foedus: {text}", file=sys.stderr)  # noqa: T201  # this is the place where notices are printed


def show_answer(answer: Answer) -> None:
    """The answer, then each quotation with its place."""
    out = _out()
    if answer.understood_as:
        out.print(Text(f"Understood as: {answer.understood_as}", style="dim"))
    if answer.refusal:
        out.print(Text(f"{_REFUSED[answer.refusal.reason]}. ", style="bold yellow") + Text(answer.refusal.message))
        if answer.refusal.nearest:
            out.print(Text("\nNearest passages, not an answer:", style="dim"))
        _show_citations(out, answer.refusal.nearest)
        return
    out.print(_coloured(answer))
    out.print()
    _show_citations(out, answer.citations)


def _coloured(answer: Answer) -> Text:
    text = Text(answer.text)
    if answer.verdict:
        text.stylize(f"bold {_COLOUR[answer.verdict]}", 0, answer.text.index(".") + 1)
    return text


def _show_citations(out: Console, citations: Sequence[Citation]) -> None:
    for citation in citations:
        out.print(_place(citation))
        out.print(Padding(Text(f"“{' '.join(citation.quote.split())}”"), (0, 0, 1, 4)))


def _place(citation: Citation) -> Text:
    page = f"page {citation.page}" if citation.page else ""
    where = " · ".join(part for part in (citation.pinpoint, page) if part)
    line = Text(f"[{citation.number}] ", style="bold") + Text(citation.title, style="bold")
    line.append(f" · {where}" if where else "")
    line.append(f" · {citation.source} · characters {citation.start}–{citation.end}", style="dim")
    for remark in _remarks(citation):
        line.append(f" · {remark}", style="yellow")
    return line


def _remarks(citation: Citation) -> list[str]:
    remarks = ["against"] if citation.stance is Stance.OPPOSES else []
    if citation.in_force == "ended":
        remarks.append(f"ended {citation.ended}" if citation.ended else "ended")
    if citation.trust == "generated":
        remarks.append("says that a machine wrote it")
    return remarks


def show_hits(hits: Sequence[Hit]) -> None:
    out = _out()
    if not hits:
        out.print("Nothing found.")
    for hit in hits:
        page = f" · page {hit.passage.page}" if hit.passage.page else ""
        pinpoint = f" · {hit.passage.pinpoint}" if hit.passage.pinpoint else ""
        out.print(f"[bold]{hit.rank}. {escape(hit.title)}[/bold]{escape(pinpoint)}{page} [dim]· {hit.score:.3f}[/dim]")
        out.print(Padding(Text(" ".join(hit.text.split())), (0, 0, 1, 3)))


def show_report(report: Report) -> None:
    """What became of each file; unchanged ones are only counted."""
    out = _out()
    colours = {"failed": "red", "skipped": "dim", "added": "green", "updated": "green"}
    for row in report.files:
        if row.status != "unchanged":
            reason = f": {row.reason}" if row.reason else ""
            colour = colours[row.status]
            out.print(Text(f"{row.status:>9}", style=colour) + Text(f"  {row.source}{reason}"))
    counts = ("added", "updated", "unchanged", "skipped", "failed")
    out.print(", ".join(f"{report.count(name)} {name}" for name in counts))


def show_documents(records: Sequence[StoredDocument]) -> None:
    from rich.table import Table

    if not records:
        _out().print("The library is empty. Add documents: foedus ingest PATH")
        return
    table = Table("document", "title", "trust", "pages", "passages", "in force", "ended", box=None, pad_edge=False)
    for record in records:
        facts = record.facts
        table.add_row(
            record.document_id, escape(record.title), record.trust, str(record.pages or ""), str(record.passages),
            facts.in_force or "", facts.ended or "",
        )  # fmt: skip
    _out().print(table)


def show_document(record: StoredDocument) -> None:
    facts = record.facts
    rows = {
        "document": record.document_id,
        "title": record.title,
        "also called": ", ".join(facts.aliases),
        "parties": ", ".join(facts.parties),
        "signed": facts.signed,
        "in force": facts.in_force,
        "ended": facts.ended,
        "trust": record.trust,
        "format": record.format,
        "language": record.language,
        "pages": record.pages,
        "passages": record.passages,
        "version": record.sha256,
        "files": "\n            ".join(record.sources),
        "rests on": "\n            ".join(facts.sources),
    }
    for name, value in rows.items():
        if value:
            _out().print(f"[bold]{name:>11}[/bold] {escape(str(value))}")


def show_checks(checks: Sequence[Check]) -> None:
    out = _out()
    for check in checks:
        colour = "green" if check.status == "verified" else "red"
        moved = f"; the words stand now at {check.found_at[0]}–{check.found_at[1]}" if check.found_at else ""
        problem = f": {check.problem}{moved}" if check.problem else ""
        out.print(Text(f"[{check.number}] {check.document_id} ") + Text(check.status, style=colour) + Text(problem))
    if not checks:
        out.print("The answer holds no citations.")


def show_findings(findings: Sequence[Finding]) -> None:
    out = _out()
    for finding in findings:
        out.print(Text(f"{finding.what}. ", style="red") + Text(finding.remedy))
    if not findings:
        out.print("Everything is consistent.")


class Progress:
    """A bar with rate and remaining time on stderr, on a terminal only; it is called with the events of an ingestion."""

    def __init__(self) -> None:
        from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
        from rich.progress import Progress as Bar

        console = Console(stderr=True)
        self._bar = Bar(
            TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TextColumn("files"),
            TextColumn("{task.fields[rate]}"), TimeRemainingColumn(),
            console=console, disable=not console.is_terminal, transient=True,
        )  # fmt: skip
        self._task = self._bar.add_task("reading", total=None, rate="")
        self._started = time.monotonic()

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.stop()

    def __call__(self, event: Event) -> None:
        rate = event.passages / max(time.monotonic() - self._started, 1e-3)
        self._bar.update(self._task, total=event.files, completed=event.done, rate=f"{rate:.0f} passages/s")


def build_default(settings: Settings) -> None:
    """As `ingestion.build_default`, with a bar."""
    from . import ingestion

    if not settings.library_present:
        with Progress() as progress:
            ingestion.build_default(settings, progress=progress, notice=notice)
