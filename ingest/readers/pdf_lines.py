"""The lines of a PDF page, in the order a person reads them.

A PDF says where glyphs stand, not what follows what. pypdf groups them into words and lines; this module keeps for each
line where it begins and how large it is printed, and mends the one order that often comes out wrong: two columns of
prose drawn row by row. A table is drawn row by row as well and stays so; it is told apart by its short cells.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, Final

from pypdf import PageObject

_SAME_ROW: Final = 0.35  # of the letter size: baselines nearer than that are one row
_PAIRED_ROWS: Final = 5  # fewer rows with two lines are not two columns
_PAIRED_SHARE: Final = 0.6  # of all rows
_PROSE: Final = 24  # characters; the median line of a column is at least as long, the median cell of a table is not
_COLUMN_EDGE: Final = 4.0  # points by which the lines of a column begin apart
_LETTER_WIDTH: Final = 0.46  # of its size; the average over text faces


@dataclass(frozen=True, kw_only=True)
class PrintedLine:
    """A line as printed: where its first letter stands (points, from the bottom left) and how large."""

    text: str
    x: float
    y: float
    size: float
    bold: bool

    @property
    def end(self) -> float:
        """About where it ends; pypdf does not say."""
        return self.x + _LETTER_WIDTH * self.size * len(self.text)

    def beside(self, other: PrintedLine) -> bool:
        """True for two lines of one row."""
        return abs(self.y - other.y) <= _SAME_ROW * max(self.size, other.size, 1.0)


@dataclass(kw_only=True)
class _Collector:
    """Receives pieces of text from pypdf and makes lines of them."""

    lines: list[PrintedLine] = field(default_factory=list)
    pieces: list[PrintedLine] = field(default_factory=list)  # of the line that has not ended

    def visit(self, text: str, cm: Sequence[float], tm: Sequence[float], font: Any, size: float) -> None:
        """Take a piece as pypdf's `visitor_text` gives it: matrices of the page and the text, font, nominal size."""
        *whole, rest = text.replace("\r", "\n").split("\n")
        for part in whole:
            self._add(part, cm, tm, font, size)
            self.end_line()
        self._add(rest, cm, tm, font, size)

    def _add(self, text: str, cm: Sequence[float], tm: Sequence[float], font: Any, size: float) -> None:
        if not text:
            return
        x = tm[4] * cm[0] + tm[5] * cm[2] + cm[4]
        y = tm[4] * cm[1] + tm[5] * cm[3] + cm[5]
        height = math.hypot(tm[2] * cm[0] + tm[3] * cm[2], tm[2] * cm[1] + tm[3] * cm[3])
        self.pieces.append(PrintedLine(text=text, x=x, y=y, size=abs(size) * height, bold=_is_bold(font)))

    def end_line(self) -> None:
        pieces, self.pieces = self.pieces, []
        printed = [piece for piece in pieces if piece.text.strip()]
        if printed:
            main = max(printed, key=lambda piece: len(piece.text.strip()))
            self.lines.append(
                PrintedLine(
                    text="".join(piece.text for piece in pieces),
                    x=printed[0].x,
                    y=main.y,
                    size=main.size,
                    bold=all(piece.bold for piece in printed),
                )
            )


def lines_of(page: PageObject) -> list[PrintedLine]:
    """Return the lines of a page in the order in which it draws them."""
    collector = _Collector()
    page.extract_text(visitor_text=collector.visit)
    collector.end_line()
    return collector.lines


def in_reading_order(lines: list[PrintedLine]) -> list[PrintedLine]:
    """Put two columns that were drawn row by row one after the other."""
    rows = rows_of(lines)
    gutter = _gutter(rows)
    if gutter is None:
        return lines
    ordered: list[PrintedLine] = []
    left: list[PrintedLine] = []
    right: list[PrintedLine] = []
    for row in rows:
        if len(row) == 1 and row[0].x < gutter - _COLUMN_EDGE and row[0].end > gutter + row[0].size:
            ordered += [*left, *right, *row]  # a line across both columns ends them
            left, right = [], []
            continue
        left += [line for line in row if line.x < gutter - _COLUMN_EDGE]
        right += [line for line in row if line.x >= gutter - _COLUMN_EDGE]
    return [*ordered, *left, *right]


def rows_of(lines: list[PrintedLine]) -> list[list[PrintedLine]]:
    """Group lines that are drawn one after the other on one baseline, left to right."""
    rows: list[list[PrintedLine]] = []
    for line in lines:
        if rows and line.beside(rows[-1][-1]) and line.x > rows[-1][-1].x:
            rows[-1].append(line)
        else:
            rows.append([line])
    return rows


def _gutter(rows: list[list[PrintedLine]]) -> float | None:
    """Where the right one of two columns of prose begins, None where there are none or they come in order already."""
    pairs = [row for row in rows if len(row) == 2]
    if len(pairs) < max(_PAIRED_ROWS, _PAIRED_SHARE * len(rows)):
        return None
    edge, count = Counter(round(right.x / _COLUMN_EDGE) for _, right in pairs).most_common(1)[0]
    gutter = edge * _COLUMN_EDGE
    cells = sorted(len(line.text.strip()) for row in pairs for line in row)
    in_place = count >= _PAIRED_SHARE * len(pairs)
    return gutter if in_place and cells[len(cells) // 2] >= _PROSE and _runs_down(pairs) else None


def _runs_down(pairs: list[list[PrintedLine]]) -> bool:
    """True where lines of the left column run on into the next row, as those of a table do not."""
    running = sum(after[0].text.strip()[:1].islower() for _, after in pairwise(pairs))
    return running >= 0.3 * (len(pairs) - 1)


def _is_bold(font: Any) -> bool:
    name = str(font.get("/BaseFont", "")) if hasattr(font, "get") else ""
    return any(mark in name.lower() for mark in ("bold", "black", "heavy", "-medi"))
