"""Read files in other processes, each within a limit of seconds.

A reader is other people's code on other people's bytes: it may hang, or take the process down with it. In a process of
its own that costs one file, which is reported, and the rest goes on. Processes are spawned, not forked: the parent runs
threads of onnxruntime and FAISS, and a fork would copy their locks without their owners.

One thread per process hands out files and waits for the answer, so a parent that is busy embedding neither delays a
file nor lets its clock run out unfairly.
"""

from __future__ import annotations

import multiprocessing
import os
import queue
import signal
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Final

from ingest import settings
from ingest.errors import IngestError, TookTooLong

from .prepared import Counter, Prepared, prepare

AHEAD: Final = 8  # files read before they are asked for, per process
CRASHED: Final = "crashed"  # the reason reports count

Reading = Callable[[Path, Counter], Prepared]


@dataclass(frozen=True, kw_only=True)
class Failure:
    """A file that could not be read: a word that reports can count, and a line for the person."""

    reason: str
    message: str


Outcome = Prepared | Failure


def read_file(path: Path, count_tokens: Counter) -> Prepared:
    """What a worker does with one file.

    Raises:
        IngestError: it cannot be read.
    """
    from ingest.sources import load

    return prepare(load(path), name=str(path), count_tokens=count_tokens)


class Workers:
    """A few processes; `read` gives their outcomes in the order of the paths."""

    def __init__(
        self,
        count: int,
        count_tokens: Counter,
        *,
        seconds: float = settings.SECONDS_PER_FILE,
        reading: Reading = read_file,
    ) -> None:
        self._seconds = seconds
        self._arguments = (reading, count_tokens)
        self._tasks: queue.Queue[tuple[Path, queue.Queue[Outcome]] | None] = queue.Queue()
        self._processes: list[_Process] = []
        self._closed = False
        self._closing = threading.Lock()
        self._threads = [threading.Thread(target=self._serve, daemon=True) for _ in range(count)]
        for thread in self._threads:
            thread.start()

    def __enter__(self) -> Workers:
        return self

    def __exit__(self, *_: object) -> None:
        """End the processes, also in the middle of a file; files not begun are forgotten."""
        with self._closing:
            self._closed = True
        for process in self._processes:
            process.end()
        for _thread in self._threads:
            self._tasks.put(None)
        for thread in self._threads:
            thread.join()

    def read(self, paths: Iterable[Path]) -> Iterator[tuple[Path, Outcome]]:
        """Outcomes in order; at most `AHEAD` files per process wait for the caller."""
        waiting: list[tuple[Path, queue.Queue[Outcome]]] = []
        for path in paths:
            outcome: queue.Queue[Outcome] = queue.Queue(1)
            waiting.append((path, outcome))
            self._tasks.put(waiting[-1])
            if len(waiting) > AHEAD * len(self._threads):
                first, done = waiting.pop(0)
                yield first, done.get()
        for path, outcome in waiting:
            yield path, outcome.get()

    def _serve(self) -> None:
        process: _Process | None = None
        while (task := self._tasks.get()) is not None:
            path, outcome = task
            try:
                process = process if process and process.alive else self._start()
            except (OSError, RuntimeError) as error:  # no memory, too many processes, a script without a main guard
                if any(other.alive for other in self._processes):
                    self._tasks.put(task)  # for those that were started
                    return
                outcome.put(
                    Failure(reason=CRASHED, message=f"{path}: no process could be started to read it ({error})")
                )
                continue
            if process is None:
                return
            outcome.put(process.read(path, self._seconds))

    def _start(self) -> _Process | None:
        """A new process; None where there shall be no more of them."""
        with self._closing:
            if self._closed:
                return None
            self._processes.append(_Process(self._arguments))
            return self._processes[-1]


class _Process:
    def __init__(self, arguments: tuple[Reading, Counter]) -> None:
        context = multiprocessing.get_context("spawn")
        self._ours, theirs = context.Pipe()
        self._process: BaseProcess = context.Process(target=_work, args=(theirs, *arguments), daemon=True)
        self._process.start()
        theirs.close()
        self.alive = True
        self._ready = False

    def read(self, path: Path, seconds: float) -> Outcome:
        try:
            self._wait_until_ready()
            self._ours.send(path)
            if not self._ours.poll(seconds):
                return self._ended(TookTooLong.reason, f"{path}: took more than {seconds:g} seconds and was ended")
            outcome: Outcome = self._ours.recv()
            return outcome
        except (EOFError, OSError):
            self._process.join(1)
            code = self._process.exitcode
            return self._ended(CRASHED, f"{path}: its reader ended with code {code}; try it alone, or leave it out")

    def end(self) -> None:
        self.alive = False
        self._process.kill()
        self._process.join()

    def _wait_until_ready(self) -> None:
        """A file's seconds count from when the process is up, not from when the machine began to start it."""
        if not self._ready:
            self._ours.recv()
            self._ready = True

    def _ended(self, reason: str, message: str) -> Failure:
        self.end()
        return Failure(reason=reason, message=message)


def _work(connection: Connection, reading: Reading, count_tokens: Counter) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C goes to the whole group; the parent decides what it means
    try:
        connection.send(os.getpid())
        while True:
            connection.send(_outcome(connection.recv(), reading, count_tokens))
    except (EOFError, OSError):
        return  # the parent is gone


def _outcome(path: Path, reading: Reading, count_tokens: Counter) -> Outcome:
    try:
        return reading(path, count_tokens)
    except IngestError as error:
        return Failure(reason=error.reason, message=str(error))
    except Exception as error:  # the outermost door of this process: one file fails, never the run
        return Failure(reason=CRASHED, message=f"{path}: its reader failed ({error!r}); try it alone, or leave it out")
