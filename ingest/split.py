"""Cut a document into passages: by structure, then sentences, then a budget of tokens.

A passage never reaches from one article into another, nor from one language into another. Small neighbours that are no
articles share one where they stand under the same heading; a preamble stands on its own. The heading of a chapter, which
says nothing by itself, goes with the words below it, and the passage is then cited by those words.

For every document and every budget the passages are in reading order, do not overlap and together hold every character
that is not white space; none is blank, none is longer than `longest` tokens, and each fits `embedded` tokens together
with what stands in front of it when it is searched. Counting is the slow part: every stretch is counted about twice.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from . import settings
from .budget import BLANK_LINE, Count, Piece, fit, joinable
from .document import Document, Passage, Section, Span
from .language import language
from .headings import parse
from .pinpoints import JOINER, Tree, crumbs, is_paragraph
from .rows import after_heading

TITLE_LETTERS: Final = 100  # of the document's title in front of a passage
PREFIX_SHARE: Final = 4  # title and headings take at most one part in four of the embedded tokens
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
    prefixes = _Prefixes(document.title, count_tokens, embedded)
    found: list[Passage] = []
    for run in _shared(_runs(document.text, tree, count_tokens), longest // SMALL_SHARE):
        section, taken = prefixes.of(_crumbs(document, tree, run))
        room = min(longest, embedded - taken)
        if room < 1:
            raise ValueError(f"title and headings take {taken} of {embedded} tokens: give a larger budget")
        for span in fit(document.text, list(run.pieces), room, count_tokens):
            found.append(_passage(document, tree, run, span, section))
    return tuple(found)


def embedded_text(document_title: str, passage: Passage, text: str) -> str:
    """What is embedded and matched: `title › section › passage`; `text` is the passage's own words."""
    return JOINER.join(filter(None, [_short(document_title), passage.section, text]))


def _short(title: str) -> str:
    """The title on one line, cut after a word where it is too long to stand in front of every passage."""
    plain = " ".join(title.split())
    return plain if len(plain) <= TITLE_LETTERS else plain[:TITLE_LETTERS].rsplit(" ", 1)[0]


class _Prefixes:
    """What stands in front of passages, with its tokens; the same headings are counted once."""

    def __init__(self, title: str, count: Count, embedded: int) -> None:
        self.title, self.count, self.embedded = _short(title), count, embedded
        self.added = count("")
        self.known: dict[tuple[str, ...], tuple[str, int]] = {}

    def of(self, parts: tuple[str, ...]) -> tuple[str, int]:
        """The headings, outer ones dropped and the last one cut until they are short enough, and the tokens of all."""
        if parts not in self.known:
            self.known[parts] = self._trimmed(list(parts))
        return self.known[parts]

    def _trimmed(self, parts: list[str]) -> tuple[str, int]:
        while True:
            section = JOINER.join(parts)
            tokens = self._tokens(section)
            if not parts or tokens * PREFIX_SHARE <= self.embedded:
                return section, tokens
            parts = parts[1:] if len(parts) > 1 else _halved(parts[0])

    def _tokens(self, section: str) -> int:
        prefix = JOINER.join(filter(None, [self.title, section]))
        return self.count(prefix + JOINER) - self.added if prefix else 0


def _halved(heading: str) -> list[str]:
    """The first half of a heading's words; nothing of a single word."""
    words = heading.split()
    return [" ".join(words[: len(words) // 2])] if len(words) > 1 else []


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
    current: _Run | None = None
    for span, inside, border in _stretches(text, tree):
        words = span.of(text)
        piece = Piece(
            start=span.start, end=span.end, border=border, language=language(words), tokens=max(1, count(words) - added)
        )
        if _is_bare(text, span, inside):
            waiting.append(piece)
            continue
        home = _home(inside)
        if not all(joinable(other.language, piece.language) for other in waiting):
            yield from _last(current, waiting)
            current, waiting = None, []
        piece, waiting = _under(waiting, piece), []
        if current is not None and current.home is home:
            current = replace(current, pieces=(*current.pieces, piece))
            continue
        if current is not None:
            yield current
        current = _Run(pieces=(piece,), home=home, parent=tree.parent(home))
    yield from _last(current, waiting)


def _last(current: _Run | None, waiting: list[Piece]) -> Iterator[_Run]:
    """What is left at the end: the last run, and headings with nothing below them."""
    if current is not None:
        yield current
    if waiting:
        yield _Run(pieces=tuple(waiting), home=None, parent=None)


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
    for start, end in zip(borders, borders[1:], strict=False):
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


def _is_bare(text: str, span: Span, inside: list[Section]) -> bool:
    """Whether a stretch is only the heading, or only the number, of the section it opens."""
    return bool(inside) and span.end <= after_heading(text, inside[-1])


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
