"""What the commands of `foedus eval` show a person: results on stdout, progress and notices on stderr."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager

from rich.console import Console, RenderableType
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from . import faithfulness, table
from .compare import Comparison
from .expected import Checked, Entry
from .faithfulness import Judged
from .judge import Judge
from .results import Run


def show(*parts: RenderableType) -> None:
    console = Console()
    for part in parts:
        console.print(part)


def notice(text: str) -> None:
    Console(stderr=True).print(text, soft_wrap=True, markup=False, highlight=False)


@contextmanager
def progress(what: str, total: int) -> Iterator[Callable[[], None]]:
    """A bar, and only on a terminal; each call moves it by one."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal, transient=True) as bar:
        task = bar.add_task(what, total=total)
        yield lambda: bar.advance(task)


def show_run(done: Run, *, curve: bool) -> None:
    show(table.measures_table(done), table.types_table(done), table.failures_list(done.failures()))
    if curve:
        show(table.curve_table(done.curve()))


def show_comparison(found: Comparison, held: Mapping[str, float]) -> None:
    show(table.differing_list(found), table.differences_table(found, held), table.turned_list(found.turned()))


def show_judged(judged: Sequence[Judged], by: Judge) -> None:
    show(table.faithfulness_table(faithfulness.measures(judged), by), table.unsupported_list(judged))


def show_checked(checked: Sequence[Checked]) -> None:
    show(table.checked_table(checked))


def show_entries(entries: Sequence[Entry]) -> None:
    for entry in entries:
        Console().print(f"{entry.name}: {entry.command}", soft_wrap=True, markup=False, highlight=False)
