"""Cut a document into passages: by structure, then sentences, then a budget of tokens.

A passage never reaches from one article into another, nor from one language into another. Small neighbours that are
no articles share one where they stand under the same heading; a preamble stands on its own. The heading of a chapter,
which says nothing by itself, goes with the words below it, and the passage is then cited by those words.

For every document and every budget the passages are in reading order, do not overlap and together hold every character
that is not white space; none is blank, none is longer than `longest` tokens, and each fits `embedded` tokens together
with what stands in front of it when it is searched. Counting is the slow part: every stretch is counted about twice.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

from . import settings
from .budget import BLANK_LINE, Count, Piece, fit, joinable
from .document import Document, Passage, Section, Span
from .language import language
from .numbering import parse
from .pinpoints import Tree, crumbs, is_paragraph
from .prefix import Prefixes
from .prefix import embedded_text as embedded_text  # one door for whoever stores passages
from .rows import after_heading

SMALL_SHARE: Final = 2  # sections share a passage if they fill at most one part in two of it

_BLANK: Final = re.compile(r"\n\s*\n")


@dataclass(frozen=True, kw_only=True)
class _Run:
    """Neighbouring pieces of one section (`home`, None above all sections), headings that stand above it included."""

    pieces: tuple[Piece, ...]
    home: Section | None
    parent: Section | None
    shared: bool = False  # of several sections under `parent`

    @property
    def tokens(self) -> int:
        return sum(piece.tokens for piece in self.pieces)


def split(
    document: Document,
    *,
    count_tokens: Count,
    longest: int = settings.PASSAGE_TOKENS,
    embedded: int = settings.EMBEDDED_TOKENS,
) -> tuple[Passage, ...]:
    """The passages of `document`; `count_tokens` counts those of a text, with any that the encoder adds.

    Raises:
        ValueError: a budget is too small for one character, or for the title.
    """
    tree = Tree(document.sections)
    prefixes = Prefixes(document.title, count_tokens, embedded)
    found: list[Passage] = []
    for run in _shared(_runs(document.text, tree, count_tokens), longest // SMALL_SHARE):
        section, taken = prefixes.of(_crumbs(document, tree, run))
        room = min(longest, embedded - taken)
        if room < 1:
            raise ValueError(f"title and headings take {taken} of {embedded} tokens: give a larger budget")
        for span in fit(document.text, list(run.pieces), room, count_tokens):
            found.append(_passage(document, tree, run, span, section))
    return tuple(found)


def _crumbs(document: Document, tree: Tree, run: _Run) -> tuple[str, ...]:
    """The headings above a run, without one that is the document's title."""
    start = max(run.pieces[0].start, run.home.start if run.home else 0)
    parts = crumbs(tree.holding(start, run.pieces[-1].end))
    same = bool(parts) and parts[0].casefold() == document.title.casefold()
    return tuple(parts[1:] if same else parts)


def _passage(document: Document, tree: Tree, run: _Run, span: Span, section: str) -> Passage:
    start = max(span.start, min(run.home.start, span.end - 1) if run.home else 0)
    inside = tree.holding(start, span.end)
    spoken = [known for known in (held.language for held in reversed(inside)) if known]
    return Passage(
        start=span.start,
        end=span.end,
        pinpoint=inside[-1].label if inside else "",
        section=section,
        page=_page(document, span.start),
        language=language(span.of(document.text)) or (spoken[0] if spoken else document.language),
    )


def _page(document: Document, place: int) -> int | None:
    """The page on which `place` stands; the first one for what stands before it."""
    if not document.pages:
        return None
    before = bisect_right(document.pages, place, key=lambda page: page.start)
    return document.pages[max(0, before - 1)].number


def _runs(text: str, tree: Tree, count: Count) -> Iterator[_Run]:
    """The pieces of the text by the section that they must not leave; bare headings go with what follows."""
    added = count("")
    waiting: list[Piece] = []  # headings with nothing below them yet
    above: Section | None = None  # the last of them
    current: _Run | None = None
    for span, inside, border in _stretches(text, tree):
        words = span.of(text)
        tokens = max(1, count(words) - added)
        piece = Piece(start=span.start, end=span.end, border=border, language=language(words), tokens=tokens)
        if waiting and not _goes_with(waiting, above, piece):
            yield from _last(current, waiting, tree, above)
            current, waiting = None, []
        if inside and span.end <= after_heading(text, inside[-1]):  # nothing but a heading or a number
            waiting.append(piece)
            above = inside[-1]
            continue
        home = _home(inside)
        piece, waiting = _under(waiting, piece), []
        if current is not None and current.home is home:
            current = replace(current, pieces=(*current.pieces, piece))
            continue
        yield from _last(current, [], tree, None)
        current = _Run(pieces=(piece,), home=home, parent=tree.parent(home))
    yield from _last(current, waiting, tree, above)


def _goes_with(waiting: list[Piece], above: Section | None, piece: Piece) -> bool:
    """Whether headings may stand in one passage with the piece below them: not where the last is an empty article."""
    left = above is not None and above.atomic and above.end <= piece.start
    return not left and all(joinable(heading.language, piece.language) for heading in waiting)


def _last(current: _Run | None, waiting: list[Piece], tree: Tree, above: Section | None) -> Iterator[_Run]:
    """The run so far, and headings with nothing below them."""
    if current is not None:
        yield current
    if waiting:
        yield _Run(pieces=tuple(waiting), home=above, parent=tree.parent(above))


def _under(waiting: list[Piece], piece: Piece) -> Piece:
    """`piece` with the headings above it; they are never parted from it while it fits."""
    if not waiting:
        return piece
    tokens = piece.tokens + sum(other.tokens for other in waiting)
    return replace(piece, start=waiting[0].start, border=min(other.border for other in waiting), tokens=tokens)


def _stretches(text: str, tree: Tree) -> Iterator[tuple[Span, list[Section], int]]:
    """What stands between two section borders or blank lines: where, inside which sections, and how strong a border
    stands before it."""
    levels: dict[int, int] = {}
    for section in tree.sections:
        levels[section.end] = min(levels.get(section.end, BLANK_LINE), section.level)
    for section in tree.sections:
        levels[section.start] = min(levels.get(section.start, BLANK_LINE), section.level)
    borders = sorted({0, *levels, len(text)})
    for start, end in pairwise(borders):
        inside = tree.holding(start, end)
        border = levels.get(start, BLANK_LINE)
        for span in _blocks(text, start, end):
            yield span, inside, border
            border = BLANK_LINE


def _blocks(text: str, start: int, end: int) -> Iterator[Span]:
    """The parts of `text[start:end]` between blank lines, without white space at their edges."""
    place = start
    for stop, following in [(gap.start(), gap.end()) for gap in _BLANK.finditer(text, start, end)] + [(end, end)]:
        words = text[place:stop]
        if words.strip():
            left = place + len(words) - len(words.lstrip())
            yield Span(start=left, end=left + len(words.strip()))
        place = following


def _home(inside: list[Section]) -> Section | None:
    """The section that a passage must not leave: the outermost article, else the deepest that is no paragraph."""
    for section in inside:
        if section.atomic:
            return section
    headed = [section for section in inside if not is_paragraph(section)]
    return headed[-1] if headed else None


def _shared(runs: Iterator[_Run], small: int) -> Iterator[_Run]:
    """Join neighbours under one heading that are no articles and together fill only part of a passage."""
    last: _Run | None = None
    for run in runs:
        if last is not None and _may_share(last, run, small):
            last = replace(last, pieces=last.pieces + run.pieces, home=run.parent, shared=True)
            continue
        if last is not None:
            yield last
        last = run
    if last is not None:
        yield last


def _may_share(one: _Run, other: _Run, small: int) -> bool:
    return (
        (one.shared or _is_open(one.home))
        and _is_open(other.home)
        and one.parent is other.parent
        and one.tokens + other.tokens <= small
        and all(joinable(last.language, piece.language) for last in one.pieces for piece in other.pieces)
    )


def _is_open(home: Section | None) -> bool:
    """Whether a section may share a passage with its neighbour: it has a heading and no number, and is no article."""
    return home is not None and not home.atomic and bool(home.heading) and parse(home.heading) is None
