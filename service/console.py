"""What a person sees in the terminal. Answers go to stdout; progress and notices to stderr, bars only to a terminal.

Words of documents are shown as `rich.text.Text`, never as markup, and without control characters: a document can
neither colour the screen nor move the cursor.
"""

from __future__ import annotations

import re
import sys
import textwrap
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final, Self

from rich.console import Console
from rich.text import Text

from .answer import Answer, Citation, Reason, Stance, Verdict

if TYPE_CHECKING:
    from index.add import Event, Report
    from index.doctor import Finding
    from index.hit import Hit
    from index.records import StoredDocument

    from .settings import Settings
    from .verify import Check

_COLOUR: Final = {Verdict.YES: "green", Verdict.NO: "red", Verdict.MIXED: "yellow"}
_REFUSED: Final = {
    Reason.NOT_STATED: "Not stated",
    Reason.OUT_OF_SCOPE: "Out of scope",
    Reason.EMPTY_LIBRARY: "Empty library",
    Reason.UNCLEAR_QUESTION: "Unclear question",
}
COLUMNS: Final = ("document", "title", "trust", "in force")  # of the list of documents
UNBOUNDED: Final = 10_000  # characters of a line that no terminal has to show
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")  # the last: direction of writing


def _out() -> Console:
    return Console(highlight=False, soft_wrap=False)


def _out_for_tables() -> Console:
    """A program that reads a table wants every cell whole, however long the line."""
    return _out() if sys.stdout.isatty() else Console(highlight=False, width=UNBOUNDED)


def _plain(text: str) -> str:
    """On one line, and nothing in it that a terminal would obey."""
    return _CONTROL.sub("\N{REPLACEMENT CHARACTER}", " ".join(text.split()))


def _indented(out: Console, text: str, by: int) -> Text:
    """A paragraph as wide as the terminal, without the blanks that padding would leave at the ends of lines."""
    margin = " " * by
    return Text(
        textwrap.fill(_plain(text), max(out.width, by + 20), initial_indent=margin, subsequent_indent=margin) + "\n"
    )


def notice(text: str) -> None:
    """One line for the person at the terminal, never part of the output."""
    print(f"foedus: {_plain(text)}", file=sys.stderr)  # noqa: T201  # this is the place where notices are printed


def show_answer(answer: Answer) -> None:
    """The answer, then each quotation with its place."""
    out = _out()
    if answer.understood_as:
        out.print(Text(f"Understood as: {_plain(answer.understood_as)}", style="dim"))
    if answer.refusal:
        out.print(
            Text(f"{_REFUSED[answer.refusal.reason]}. ", style="bold yellow") + Text(_plain(answer.refusal.message))
        )
        if answer.refusal.nearest:
            out.print(Text("\nNearest passages, not an answer:", style="dim"))
        _show_citations(out, answer.refusal.nearest)
        return
    out.print(_coloured(answer))
    out.print()
    _show_citations(out, answer.citations)


def _coloured(answer: Answer) -> Text:
    text = Text(_plain(answer.text))
    if answer.verdict:
        text.stylize(f"bold {_COLOUR[answer.verdict]}", 0, answer.text.index(".") + 1)
    return text


def _show_citations(out: Console, citations: Sequence[Citation]) -> None:
    for citation in citations:
        out.print(_place(citation))
        out.print(_indented(out, f"“{citation.quote}”", 4))


def _place(citation: Citation) -> Text:
    page = f"page {citation.page}" if citation.page else ""
    where = " · ".join(part for part in (_plain(citation.pinpoint), page) if part)
    line = Text(f"[{citation.number}] {_plain(citation.title)}", style="bold")
    line.append(f" · {where}" if where else "", style="not bold")
    line.append(
        f" · {_plain(_near(citation.source))} · characters {citation.start}–{citation.end}", style="not bold dim"
    )
    for remark in _remarks(citation):
        line.append(f" · {_plain(remark)}", style="not bold yellow")
    return line


def _near(source: str) -> str:
    """A path inside the working folder as seen from there; any other as it is."""
    path = Path(source)
    inside = path.is_absolute() and path.is_relative_to(Path.cwd())
    return str(path.relative_to(Path.cwd())) if inside else source


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
        pinpoint = f" · {_plain(hit.passage.pinpoint)}" if hit.passage.pinpoint else ""
        heading = Text(f"{hit.rank}. {_plain(hit.title)}", style="bold")
        out.print(heading.append(pinpoint + page, style="not bold").append(f" · {hit.score:.3f}", style="not bold dim"))
        out.print(_indented(out, hit.text, 3))


def show_report(report: Report) -> None:
    """What became of each file; unchanged ones are only counted."""
    out = _out()
    colours = {"failed": "red", "skipped": "dim", "added": "green", "updated": "green"}
    for row in report.files:
        if row.status != "unchanged":
            source = _plain(_near(row.source))
            reason = _plain(row.reason or "").removeprefix(_plain(row.source)).removeprefix(":").strip()
            out.print(
                Text(f"{row.status:>9}", style=colours[row.status]).append(
                    f"  {source}{': ' * bool(reason)}{reason}", style="default"
                )
            )
    counts = ("added", "updated", "unchanged", "skipped", "failed")
    out.print(", ".join(f"{report.count(name)} {name}" for name in counts))


def show_documents(records: Sequence[StoredDocument]) -> None:
    """A line for each; on a narrow terminal the titles are cut short and nothing else is."""
    from rich.table import Table

    if not records:
        _out().print("The library is empty. Add documents: foedus ingest PATH")
        return
    out, table = _out_for_tables(), Table(box=None, pad_edge=False)
    rows = [tuple(map(_plain, (each.document_id, each.title, each.trust, _since(each)))) for each in records]
    ids, _, *others = (max(map(len, cells)) for cells in zip(COLUMNS, *rows, strict=True))
    room = out.width - ids - sum(others) - 2 * (len(COLUMNS) - 1)
    table.add_column(COLUMNS[0], no_wrap=True, overflow="fold", min_width=ids)
    table.add_column(COLUMNS[1], no_wrap=True, overflow="ellipsis", max_width=max(room, len(COLUMNS[1])))
    for name in COLUMNS[2:]:
        table.add_column(name, no_wrap=True)
    for row in rows:
        table.add_row(*map(Text, row))
    out.print(table)


def _since(record: StoredDocument) -> str:
    """The years in which it was in force: "1952–", "1955–1991"; "signed 2011", or nothing, where facts are silent."""
    start, end = (record.facts.in_force or "")[:4], (record.facts.ended or "")[:4]
    if start or end:
        return f"{start}–{end}"
    return f"signed {record.facts.signed[:4]}" if record.facts.signed else ""


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
        "files": record.sources,
        "rests on": facts.sources,
        "notices": record.notices,
    }
    for name, value in rows.items():
        lines = [str(line) for line in (value if isinstance(value, tuple) else (value,)) if line]
        for number, line in enumerate(lines):
            _out().print(Text(f"{'' if number else name:>13} ", style="bold").append(_plain(line), style="not bold"))


def show_checks(checks: Sequence[Check], *, refused: bool = False) -> None:
    """What became of each citation; of a refusal only its nearest passages can be checked."""
    out = _out()
    if refused:
        out.print(f"This is a refusal: it states nothing.{' Of its nearest passages:' if checks else ''}")
    for check in checks:
        colour = "green" if check.status == "verified" else "red"
        status = "stands where it says" if refused and check.status == "verified" else check.status
        moved = f"; the words stand now at {check.found_at[0]}–{check.found_at[1]}" if check.found_at else ""
        problem = f": {check.problem}{moved}" if check.problem else ""
        out.print(Text(f"[{check.number}] {_plain(check.document_id)} ") + Text(status, style=colour) + Text(problem))
    if not checks and not refused:
        out.print("The answer holds no citations.")


def show_findings(findings: Sequence[Finding]) -> None:
    out = _out()
    for finding in findings:
        out.print(Text(f"{_plain(finding.what)}. ", style="red") + Text(_plain(finding.remedy)))
    if not findings:
        out.print("Everything is consistent.")


class Progress:
    """A bar with rate and remaining time on stderr, on a terminal only; called with the events of an ingestion."""

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
