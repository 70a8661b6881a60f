"""The published numbers and the commands that make them: do they still come out?

Each file of `expected/` lists entries: a command that prints one JSON value, what it needs, and the numbers that it
printed. A number that is off by less than rounding is OK; within its tolerance it is OKish, since another type of
processor gives other last bits and now and then another order; beyond it, or missing, it is FAIL. A command that breaks
is a FAIL with its message and never a number.
"""

from __future__ import annotations

import json
import math
import os
import shlex
import string
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from ingest.errors import UsageError

from .errors import BadExpected, EvalError
from .measures import DIGITS

FOLDER: Final = Path(__file__).parent / "expected"
DATA: Final = Path(__file__).parents[2] / "shared"
SAME: Final = 0.0005  # half of the last digit that is published
STATUSES: Final = ("OK", "OKish", "FAIL", "SKIPPED")
LIBRARY: Final = "library"  # what `needs` says where the command asks a library made of the bundled corpus
STARTS: Final = (["foedus", "eval"], ["python", "-m"])
_FIELDS: Final = {"name": str, "command": str, "needs": str, "tolerance": float, "measured_on": str, "numbers": dict}
_FILLED: Final = {"data", "library"}  # what stands in braces in a command


@dataclass(frozen=True, kw_only=True)
class Entry:
    """`needs` is a folder below the data, `library`, or empty; `numbers` by dotted path into what is printed."""

    name: str
    command: str
    needs: str
    tolerance: float
    measured_on: str
    numbers: Mapping[str, float]
    file: Path


@dataclass(frozen=True, kw_only=True)
class Checked:
    """One number; `found` is None where there is none, and `problem` says why."""

    entry: str
    number: str
    expected: float | None
    found: float | None
    status: str
    problem: str = ""


def read_expected(folder: Path = FOLDER) -> tuple[Entry, ...]:
    """All entries of a folder, by file and place.

    Raises:
        BadExpected: anything is wrong with any file; everything is named.
    """
    problems: list[str] = []
    entries = [entry for file in sorted(folder.glob("*.json")) for entry in _read_file(file, problems)]
    names = [entry.name for entry in entries]
    problems += [f"{name!r} is there twice" for name in sorted({name for name in names if names.count(name) > 1})]
    if not entries and not problems:
        problems.append(f"{folder}: holds no published numbers, so nothing would be checked")
    if problems:
        raise BadExpected(problems)
    return tuple(entries)


def chosen(entries: Sequence[Entry], names: Sequence[str]) -> tuple[Entry, ...]:
    """Those named, or all.

    Raises:
        UsageError: a name is unknown.
    """
    known = {entry.name: entry for entry in entries}
    if strange := [name for name in names if name not in known]:
        raise UsageError(f"no published numbers are called {', '.join(strange)}; known are {', '.join(known)}")
    return tuple(known[name] for name in names) if names else tuple(entries)


def check(entry: Entry, *, data: Path, library: Path) -> tuple[Checked, ...]:
    """Run the command and hold what it prints against what is expected."""
    if entry.needs not in ("", LIBRARY) and not (data / entry.needs).exists():
        return (_whole(entry, "SKIPPED", f"{data / entry.needs} is not there; name the data with --data"),)
    done = subprocess.run(  # noqa: S603  # this interpreter, and arguments that no shell reads
        _arguments(entry, data.resolve(), library),
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=library.parent,  # away from a foedus.toml
        env=_environment(library.parent),
    )
    if done.returncode:
        last = done.stderr.strip().rpartition("\n")[2] or f"exit code {done.returncode}"
        return (_whole(entry, "FAIL", f"{entry.command}: {last}"),)
    try:
        printed = json.loads(done.stdout)
    except ValueError:
        return (_whole(entry, "FAIL", f"{entry.command}: prints no JSON"),)
    return tuple(_hold(entry, name, number, printed) for name, number in entry.numbers.items())


def _environment(folder: Path) -> dict[str, str]:
    """The user's, without settings of foedus, and so that this program runs and not another that is installed."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("FOEDUS_")}
    return {**kept, "PYTHONPATH": str(Path(__file__).parents[1]), "XDG_CONFIG_HOME": str(folder)}


def status(expected: float, found: float, tolerance: float) -> str:
    """OK, OKish or FAIL."""
    off = round(abs(found - expected), DIGITS)  # 0.75 - 0.74 is a little more than 0.01
    if off <= SAME:
        return "OK"
    return "OKish" if off <= tolerance else "FAIL"


def renew(entries: Sequence[Entry], checked: Sequence[Checked], processor: str) -> None:
    """Write what was found into the files of these entries; a number that was not found stays."""
    found = {(one.entry, one.number): one.found for one in checked if one.found is not None}
    for file in sorted({entry.file for entry in entries}):
        rows = json.loads(file.read_text(encoding="utf-8"))
        for row in rows:
            new = {name: found.get((row["name"], name), number) for name, number in row["numbers"].items()}
            if new != row["numbers"]:
                row.update(numbers=new, measured_on=processor)
        part = file.with_name(f"{file.name}.part")
        try:
            part.write_text(json.dumps(rows, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
            part.replace(file)
        except OSError as error:
            raise EvalError(f"{file} cannot be written ({error.strerror}): --update needs a checkout") from error


def _read_file(file: Path, problems: list[str]) -> Iterator[Entry]:
    try:
        rows = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        problems.append(f"{file}: {error}")
        return
    if not isinstance(rows, list):
        problems.append(f"{file}: holds no list")
        return
    for place, row in enumerate(rows, 1):
        found = list(_problems(row))
        problems += [f"{file}: entry {place}: {problem}" for problem in found]
        if not found:
            yield Entry(**{name: row[name] for name in _FIELDS}, file=file)


def _problems(row: Any) -> Iterator[str]:
    if not isinstance(row, dict) or row.keys() != _FIELDS.keys():
        yield f"must have the fields {', '.join(_FIELDS)}"
        return
    for name, kind in _FIELDS.items():
        if not (_is_number(row[name]) if kind is float else isinstance(row[name], kind)):
            yield f"{name!r} is {row[name]!r}, it must be {kind.__name__}"
    if isinstance(row["command"], str):
        yield from _command_problems(row["command"])
    if isinstance(row["numbers"], dict) and not all(map(_is_number, row["numbers"].values())):
        yield "all its numbers must be numbers"


def _command_problems(command: str) -> Iterator[str]:
    try:
        words = shlex.split(command)
        filled = {name for word in words for _, name, _, _ in string.Formatter().parse(word) if name is not None}
    except ValueError as error:
        yield f"its command cannot be taken apart ({error}): {command!r}"
        return
    if not any(words[: len(start)] == start for start in STARTS):
        yield f"its command must start with {' or '.join(map(shlex.join, STARTS))}, it is {command!r}"
    if strange := sorted(filled - _FILLED):
        yield f"its command holds {{{strange[0]}}}; only {{data}} and {{library}} are filled in"


def _is_number(value: Any) -> bool:
    return isinstance(value, float | int) and not isinstance(value, bool) and math.isfinite(value)


def _arguments(entry: Entry, data: Path, library: Path) -> list[str]:
    """No shell: what stands in a file is data. The program is the one that runs now."""
    words = [word.format(data=data, library=library) for word in shlex.split(entry.command)]
    start = ["-c", "from service.cli import main; main()"] if words[0] == "foedus" else []
    return [sys.executable, *start, *words[1:]]


def _hold(entry: Entry, name: str, expected: float, printed: Any) -> Checked:
    found = _number(printed, name)
    if found is None:
        found = _number(printed, f"numbers.{name}")  # where benchmarks keep theirs
    if found is None:
        problem = "is not among what was printed"
        return Checked(entry=entry.name, number=name, expected=expected, found=None, status="FAIL", problem=problem)
    verdict = status(expected, found, entry.tolerance)
    return Checked(entry=entry.name, number=name, expected=expected, found=found, status=verdict)


def _number(printed: Any, path: str) -> float | None:
    """By a key of the outermost object or, part by part, by a dotted path."""
    if isinstance(printed, dict):
        if _is_number(printed.get(path)):
            return float(printed[path])
        heads = [key for key in printed if path.startswith(f"{key}.")]
        for key in heads:
            if (found := _number(printed[key], path[len(key) + 1 :])) is not None:
                return found
    return None


def _whole(entry: Entry, state: str, problem: str) -> Checked:
    return Checked(entry=entry.name, number="", expected=None, found=None, status=state, problem=problem)
