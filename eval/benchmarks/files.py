"""Files of benchmarks, as they come from others.

A file that cannot be used is one `BadDataset` that names every bad line of it, not the first alone: who mends a file
wants to mend it once.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, Final, TypeVar

from ..errors import BadDataset

SHOWN: Final = 10  # problems of one file; more are counted

T = TypeVar("T")
Row = TypeVar("Row")
Numbered = Iterable[tuple[int, Row]]  # rows with the number of the line each begins on


def text(path: Path) -> str:
    """
    Raises:
        BadDataset: the file cannot be read, or is not UTF-8.
    """
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BadDataset(f"{path}: {error}") from error


def lines(path: Path) -> list[str]:
    """Those that are not blank."""
    return [line for line in text(path).split("\n") if line.strip()]


def each(path: Path, rows: Numbered[Row], read: Callable[[Row], T]) -> list[T]:
    """What `read` makes of every row; it says by a ValueError what is wrong with one.

    Raises:
        BadDataset: some rows cannot be used; all are named.
    """
    found: list[T] = []
    problems: list[str] = []
    for number, row in rows:
        try:
            found.append(read(row))
        except ValueError as error:
            problems.append(f"{path}:{number}: {error}")
    if problems:
        more = [f"and {len(problems) - SHOWN} more"] if len(problems) > SHOWN else []
        raise BadDataset("\n".join([*problems[:SHOWN], *more]))
    return found


def json_lines(path: Path, needed: Sequence[str]) -> list[dict[str, Any]]:
    """One object a line, each with the texts `needed`."""
    numbered = ((number, line) for number, line in enumerate(text(path).split("\n"), 1) if line.strip())
    return each(path, numbered, lambda line: _object(line, needed))


def json_value(path: Path) -> Any:
    try:
        return json.loads(text(path))
    except json.JSONDecodeError as error:
        raise BadDataset(f"{path}:{error.lineno}: not JSON: {error.msg} at column {error.colno}") from error


def csv_rows(path: Path, columns: Sequence[str]) -> list[tuple[int, dict[str, str]]]:
    """The rows of a table with a head, each with the number of the line on which it ends.

    Raises:
        BadDataset: the head lacks one of `columns`, or a row has more or fewer fields than the head.
    """
    reader = csv.DictReader(io.StringIO(text(path), newline=""))
    if missing := [column for column in columns if column not in (reader.fieldnames or ())]:
        raise BadDataset(f"{path}:1: the first line must name {', '.join(columns)}; it lacks {', '.join(missing)}")
    numbered = [(reader.line_num, row) for row in reader]
    each(path, numbered, _whole)
    return numbered


def _object(line: str, needed: Sequence[str]) -> dict[str, Any]:
    try:
        row = json.loads(line)
    except json.JSONDecodeError as error:
        raise ValueError(f"not JSON: {error.msg} at character {error.pos + 1}") from error
    if not isinstance(row, dict) or not all(isinstance(row.get(key), str) for key in needed):
        raise ValueError(f"needs the texts {', '.join(needed)}")
    return row


def _whole(row: dict[str | None, Any]) -> None:
    if None in row or None in row.values():
        raise ValueError("has another number of fields than the first line")
