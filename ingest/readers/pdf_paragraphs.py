"""Printed lines become paragraphs, also across columns and pages.

A paragraph ends where the page says so (a wider gap, an indented line, another size of letters), where its last line is
short and complete, and before a list item, an article or a heading. Where these signs are missing lines are joined: a
sentence in two pieces cannot be quoted.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

from ..hyphens import Known, seam
from ..lines import normalise
from ..wrapping import begins_anew, is_heading_of_article, is_item
from .pdf_lines import PrintedLine

_WIDE_GAP: Final = 1.35  # of the usual distance between baselines
_OTHER_SIZE: Final = 1.12  # times larger or smaller letters are another kind of text
_INDENT: Final = 0.8  # of the letter size
_SHORT: Final = 0.75  # of the characters of a full line
_USUAL_LEADING: Final = 1.2  # of the letter size, where a page does not show its own
_COMPLETE: Final = re.compile(r"[.!?:;][\"'”’»)\]]*$")
_HYPHEN_AT_END: Final = re.compile(r"[^\W\d_][-\u2010\u00ad]$")
_TITLE_LIKE: Final = re.compile(r"[^.;,]*$")


@dataclass(kw_only=True)
class Paragraph:
    """A paragraph in pieces; `turns` are the pages that begin inside it: (page number, offset in its text)."""

    gap: bool
    pieces: list[str] = field(default_factory=list)
    length: int = 0
    turns: list[tuple[int, int]] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "".join(self.pieces)

    def add(self, line: str, known: Known) -> int:
        """Add a printed line and return the offset at which it begins."""
        if self.pieces:
            before = len(self.pieces[-1])
            self.pieces[-1], space = seam(self.pieces[-1], line, known)
            self.length += len(self.pieces[-1]) - before + len(space)
            self.pieces.append(space)
        self.pieces.append(line)
        self.length += len(line)
        return self.length - len(line)


@dataclass(frozen=True, kw_only=True)
class _Measure:
    """What is usual on a page: the characters of a full line, the distance of baselines."""

    full: int
    leading: float


@dataclass(frozen=True, kw_only=True)
class _Joint:
    """Two lines that follow each other in reading order; `turned` where a page begins between them."""

    before: PrintedLine
    line: PrintedLine
    turned: bool


def paragraphs_of(pages: list[list[PrintedLine]]) -> list[Paragraph]:
    """Join the lines of all pages; the number of each page with lines stands in the `turns` of one paragraph."""
    known = Known.of("\n".join(normalise(line.text) for lines in pages for line in lines))
    paragraphs: list[Paragraph] = []
    before: PrintedLine | None = None
    for number, lines in enumerate(pages, start=1):
        measure = _measure(lines)
        for index, line in enumerate(lines):
            joint = _Joint(before=before, line=line, turned=index == 0) if before else None
            if joint is None or not _runs_on(joint, measure):
                paragraphs.append(Paragraph(gap=joint is None or _has_gap(joint, measure)))
            start = paragraphs[-1].add(normalise(line.text), known)
            if index == 0:
                paragraphs[-1].turns.append((number, start))
            before = line
    return paragraphs


def _measure(lines: list[PrintedLine]) -> _Measure:
    lengths = sorted(len(line.text.strip()) for line in lines)
    full = lengths[int(0.8 * (len(lengths) - 1))] if lengths else 0
    steps = Counter(
        round(before.y - line.y, 1)
        for before, line in pairwise(lines)
        if 0.5 * line.size < before.y - line.y < 3 * line.size
    )
    size = Counter(line.size for line in lines).most_common(1)[0][0] if lines else 0.0
    return _Measure(full=full, leading=steps.most_common(1)[0][0] if steps else _USUAL_LEADING * size)


def _runs_on(joint: _Joint, measure: _Measure) -> bool:
    """True where the line goes on with the paragraph of the one before it."""
    before, line = joint.before.text.strip(), joint.line.text.strip()
    if is_heading_of_article(before) or begins_anew(line, before) or _differs(joint):
        return False
    if joint.before.beside(joint.line) and joint.line.x > joint.before.x and not joint.turned:
        return True
    if _HYPHEN_AT_END.search(before) and line[:1].islower():
        return True
    if joint.turned or joint.line.y > joint.before.y:
        return not _COMPLETE.search(before) and line[:1].islower()
    return not _ends(joint, measure)


def _differs(joint: _Joint) -> bool:
    """True for another size of letters, or a bold line next to one that is not."""
    sizes = sorted((joint.before.size, joint.line.size))
    return sizes[1] > _OTHER_SIZE * sizes[0] or joint.before.bold != joint.line.bold


def _ends(joint: _Joint, measure: _Measure) -> bool:
    """True where the line before was the last of its paragraph, going by the page and by its words."""
    before, line = joint.before.text.strip(), joint.line.text.strip()
    if _is_wide(joint, measure):
        return True
    opens = not line[:1].islower()
    complete = bool(_COMPLETE.search(before))
    indent = joint.line.x - joint.before.x
    if complete and opens and indent > _INDENT * joint.line.size and not is_item(before):
        return True
    short = len(before) < _SHORT * measure.full
    return short and opens and (complete or bool(_TITLE_LIKE.match(before)))


def _is_wide(joint: _Joint, measure: _Measure) -> bool:
    return joint.before.y - joint.line.y > _WIDE_GAP * measure.leading


def _has_gap(joint: _Joint, measure: _Measure) -> bool:
    """True where a blank line should stand: not between the items of a list, nor between lines set close together."""
    if joint.turned or joint.line.y > joint.before.y or _differs(joint):
        return True
    item = is_item(joint.line.text.strip())
    return _is_wide(joint, measure) or (bool(_COMPLETE.search(joint.before.text.strip())) and not item)


def page_starts(paragraphs: list[Paragraph], starts: tuple[int, ...]) -> Iterator[tuple[int, int]]:
    """Yield each page number with the offset at which the page begins; `starts` are those of the paragraphs."""
    for paragraph, start in zip(paragraphs, starts, strict=True):
        for number, offset in paragraph.turns:
            yield number, start + offset
