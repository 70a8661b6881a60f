from __future__ import annotations

import threading
import time
from multiprocessing.process import BaseProcess
from pathlib import Path

import pytest

from index.prepared import Prepared
from index.workers import AHEAD, Failure, Workers

from .conftest import treaty
from .encoders import count_words
from .readings import by_name


def write(folder: Path, *names: str) -> list[Path]:
    for name in names:
        (folder / name).write_text(treaty(name, "border"), encoding="utf-8")
    return [folder / name for name in names]


def test_a_file_that_hangs_or_kills_its_reader_costs_itself_only(files: Path) -> None:
    paths = write(files, "a.md", "hangs.md", "b.md", "dies.md", "c.md", "fails.md", "d.md")
    with Workers(1, count_words, seconds=2.0, reading=by_name) as workers:
        outcomes = dict(workers.read(paths))
    read = {path.name for path, outcome in outcomes.items() if isinstance(outcome, Prepared)}
    assert read == {"a.md", "b.md", "c.md", "d.md"}
    failures = {path.name: outcome for path, outcome in outcomes.items() if isinstance(outcome, Failure)}
    assert failures["hangs.md"].reason == "took too long"
    assert "took more than 2 seconds" in failures["hangs.md"].message
    assert failures["dies.md"].reason == "crashed"
    assert "code -9" in failures["dies.md"].message
    assert "ZeroDivisionError" in failures["fails.md"].message


def test_outcomes_come_in_the_order_of_the_paths(files: Path) -> None:
    paths = write(files, *(f"{number:03}.md" for number in range(3 * AHEAD)))
    with Workers(2, count_words) as workers:
        assert [path for path, _ in workers.read(paths)] == paths


def test_what_readers_refuse_has_its_own_reason(files: Path) -> None:
    (files / "empty.md").write_bytes(b"")
    with Workers(1, count_words) as workers:
        [(_, outcome)] = workers.read([files / "empty.md"])
    assert isinstance(outcome, Failure)
    assert outcome.reason == "empty"


def test_leaving_ends_processes_in_the_middle_of_a_file_and_begins_no_other(files: Path) -> None:
    paths = write(files, "hangs.md", "a.md", "b.md")
    with Workers(1, count_words, reading=by_name) as workers:
        threading.Thread(target=lambda: list(workers.read(paths)), daemon=True).start()
        while not workers._processes:
            time.sleep(0.01)
    assert [process.alive for process in workers._processes] == [False]


def test_where_no_process_can_be_started_the_files_fail_and_nobody_waits(
    files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(self: BaseProcess) -> None:
        raise BlockingIOError("Resource temporarily unavailable")

    monkeypatch.setattr("multiprocessing.context.SpawnProcess.start", refuse)
    with Workers(1, count_words) as workers:
        outcomes = [outcome for _, outcome in workers.read(write(files, "a.md", "b.md"))]
    assert [isinstance(outcome, Failure) and "Resource temporarily" in outcome.message for outcome in outcomes] == [
        True,
        True,
    ]
