"""How long a person waits, and how much memory that takes.

    python -m eval.benchmarks.latency [--library DIR] [--documents FOLDER]

Warm numbers are taken in this process after some questions that are not counted; cold ones are whole processes, from
before the interpreter starts until it has ended, with the files they read already cached by the system. Memory and
imports are asked of the process itself as it ends. Other load on the machine counts too: run it on a quiet one.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
from rich.console import Console
from rich.table import Table

import corpus
from ingest.errors import FoedusError
from service.answer import Question

from ..case import read_cases

if TYPE_CHECKING:
    from index.encoder import Encoder

CORPUS: Final = Path(corpus.__file__).parent
QUESTION: Final = "Does ANZUS have a mutual defense clause?"
SEARCHED: Final = 10  # passages of a search
COLD_RUNS: Final = 7
ASKED: Final = 100  # at least so many of the bundled questions, evenly spread
WARMING: Final = 10
ENCODED: Final = 400  # texts by which the encoder's own rate is taken, evenly spread: passages differ in length

_MAIN: Final = "from service.cli import main; main()"
_WATCHED: Final = """
import json, resource, sys
from pathlib import Path
from service.cli import main
try:
    main()
finally:
    status = Path("/proc/self/status")
    # getrusage would count the memory of the process that started this one
    lines = status.read_text().splitlines() if status.exists() else []
    peak = [int(line.split()[1]) for line in lines if line.startswith("VmHWM")]
    peak = peak or [resource.getrusage(resource.RUSAGE_SELF).ru_maxrss]
    print(json.dumps({"peak": peak[0] / 1024, "torch": "torch" in sys.modules}), file=sys.stderr)
"""


@dataclass(frozen=True, kw_only=True)
class Row:
    what: str
    value: str
    goal: str = ""


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure latency, memory and throughput.")
    parser.add_argument("--library", type=Path, help="the library to ask; without it one is built from the corpus")
    parser.add_argument("--documents", type=Path, default=CORPUS, help="what ingestion is measured with")
    arguments = parser.parse_args()
    try:
        rows = list(measure(arguments.library, arguments.documents))
    except FoedusError as error:
        sys.exit(str(error))
    show(rows)


def measure(library: Path | None, documents: Path) -> Iterator[Row]:
    """Every row of the table; `library` None stands for one built from `documents`."""
    from index.encoder import load_encoder

    encoder = load_encoder()
    with tempfile.TemporaryDirectory(prefix="foedus-") as folder:
        built = Path(folder) / "library"
        yield from ingestion(built, documents, encoder)
        yield from warm(library or built)
        yield from cold(library or built)


def ingestion(folder: Path, documents: Path, encoder: Encoder) -> Iterator[Row]:
    """Passages a second of the whole way from files to a searchable library, and of the encoder alone."""
    from index.add import add
    from index.library import Library
    from index.prepared import cut

    with Library.open(folder, create=True) as library:
        started = time.perf_counter()
        add(library, [documents], encoder=encoder)
        rate = library.certificate().passages / (time.perf_counter() - started)
        texts = [
            text
            for record in library.documents()
            for text in cut(library.read(record.document_id), encoder.count_tokens).texts
        ]
    sample = texts[:: -(-len(texts) // ENCODED)]
    own = _rate(lambda: encoder.encode(sample), len(sample))
    yield Row(what=f"ingestion, whole ({len(texts)} passages)", value=f"{rate:.1f} passages/s")
    yield Row(what=f"encoder alone, {len(sample)} of them", value=f"{own:.1f} passages/s")
    yield Row(what="ingestion / encoder", value=f"{rate / own:.2f}", goal="≥ 0.8")


def warm(library: Path) -> Iterator[Row]:
    """Search and whole answers over the bundled questions, in one process that has answered before."""
    from service.ask import open_asker
    from service.settings import load

    bundled = [case.question for case in read_cases()]
    questions = bundled[:: len(bundled) // ASKED]
    with open_asker(load(library), notice=_tell) as asker:
        searches = _times(questions, lambda text: asker.searcher.search(text, k=SEARCHED))
        answers = _times(questions, lambda text: asker.ask(Question(text=text)))
    yield from _quantiles(f"warm search, {len(questions)} questions", searches, goal="≤ 6 ms")
    yield from _quantiles("warm answer, same questions", answers, goal="≤ 100 ms")


def cold(library: Path) -> Iterator[Row]:
    """Whole processes, and what the one that answers needs."""
    arguments = ("ask", QUESTION, "--library", str(library), "--json")
    asked = _wall(_MAIN, *arguments)
    version = _wall(_MAIN, "--version")
    watched = json.loads(_process(_WATCHED, *arguments).stderr.splitlines()[-1])
    yield Row(what=f"cold foedus ask, median of {COLD_RUNS}", value=f"{asked:.2f} s", goal="≤ 1.0 s")
    yield Row(what="its peak memory", value=f"{watched['peak']:.0f} MB", goal="≤ 300 MB")
    yield Row(what="torch imported in it", value="yes" if watched["torch"] else "no", goal="no")
    yield Row(what=f"foedus --version, median of {COLD_RUNS}", value=f"{version:.2f} s", goal="≤ 0.3 s")


def show(rows: Sequence[Row]) -> None:
    table = Table(title="latency and memory")
    for heading in ("what", "measured", "goal"):
        table.add_column(heading, justify="left" if heading == "what" else "right")
    for row in rows:
        table.add_row(row.what, row.value, row.goal)
    Console().print(table)


def _times(questions: Sequence[str], act: Callable[[str], object]) -> list[float]:
    """Milliseconds for each question, after some that warm up what is kept between questions."""
    for question in questions[:: len(questions) // WARMING]:
        act(question)
    return [_seconds(partial(act, question)) * 1000 for question in questions]


def _quantiles(what: str, milliseconds: Sequence[float], *, goal: str) -> Iterator[Row]:
    middle, late = np.quantile(milliseconds, [0.5, 0.95])
    yield Row(what=f"{what}: p50", value=f"{middle:.1f} ms", goal=goal)
    yield Row(what=f"{what}: p95", value=f"{late:.1f} ms")


def _rate(act: Callable[[], object], count: int) -> float:
    return count / _seconds(act)


def _seconds(act: Callable[[], object]) -> float:
    started = time.perf_counter()
    act()
    return time.perf_counter() - started


def _wall(code: str, *arguments: str) -> float:
    """Median seconds of several processes, one after another."""
    return statistics.median(_seconds(lambda: _process(code, *arguments)) for _ in range(COLD_RUNS))


def _process(code: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """A program of ours as a process of its own.

    Raises:
        FoedusError: it failed; the message is what it said last.
    """
    ended = subprocess.run(  # noqa: S603  # this interpreter, our own code
        [sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=False
    )
    if ended.returncode:
        raise FoedusError(f"foedus {' '.join(arguments)}: {ended.stderr.strip().splitlines()[-1]}")
    return ended


def _tell(text: str) -> None:
    Console(stderr=True).print(text)


if __name__ == "__main__":
    main()
