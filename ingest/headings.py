"""Which lines are headings: numbered ones ("ARTICLE IV.", "§ 3302. Definitions") and those without a number.

A line that begins "Article 51" is a heading, or the wrapped end of "in accordance with Article 51 of the Charter". It
is taken for a heading only where the line before it is finished, what follows on the line does not go on with a
sentence, and, where words follow at once, the number is the next one. Headings that the file's own format marks need no
such proof.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from .document import Heading, Span
from .numbering import Kind, Numbered, follows, parse
from .rows import Row, flat, rows
from .sentences import is_item


@dataclass(frozen=True, kw_only=True)
class Mark(Span):
    """A heading found: `text[start:end]`, with its title where that stands on the line below.

    `name` is what a reader calls it ("Article IV", "Chapter VIII", "Scope"), `number` its number as printed, empty
    without one; `level` the level the format gives it, None for a plain line; `style` tells unnumbered plain lines
    apart: 0 CAPITALS, 1 Title Case, 2 sentence case.
    """

    kind: Kind
    name: str
    number: str = ""
    title: str = ""
    level: int | None = None
    style: int = 0


TITLE_WORDS: Final = 15  # the longest heading without a number, and the longest title on a line of its own
TITLE_LETTERS: Final = 110
RUNNING: Final = 80  # letters of a line that is running text and no heading

_CONTENTS_LINE: Final = re.compile(r"(?:\.{3,}|(?:\s\.){3,}|…|\t)\s*\d{1,4}$")
_DATE: Final = re.compile(
    r"\b\d{1,2}(?:st|nd|rd|th)?\s+[A-Z][a-z]{2,8}\.?,?\s+\d{4}\b|\b[A-Z][a-z]{2,8}\.?\s+\d{1,2},\s*\d{4}\b"
)
_NO_HEADING: Final = re.compile(
    r"(?i)^(?:(?:written )?by|author|posted|published|updated|source|photo|image|see also|signed|for the government"
    r"|done (?:at|in)|in witness|in faith)\b"
)
_SENTENCE: Final = re.compile(
    r"\b(?:shall|will|must|may|is|are|was|were|has|have|undertakes?|agrees?|zal|zullen|doit|soll)\b"
)
_OPEN_ENDED: Final = re.compile(r"(?i)\b(?:a|an|and|as|at|by|for|from|in|into|of|on|or|that|the|to|under|which|with)$")
_LITTLE: Final = {"from", "with", "into", "upon", "over", "under", "between", "among", "against", "their", "that"}


def find(text: str, headings: tuple[Heading, ...]) -> list[Mark]:
    """Every heading of `text`, in order: the format's own, and plain lines where it marks none of their sort."""
    table = rows(text)
    marked = [_of_format(text, heading) for heading in sorted(headings, key=lambda heading: heading.start)]
    marks = [mark for mark in marked if mark.name]
    if not any(mark.number for mark in marks):
        marks += _numbered_lines(text, table, marks)
    if len(marked) < 2:
        marks += _unnumbered_lines(text, table, marks)
    return _without_contents(text, _apart(marks))


def _apart(marks: list[Mark]) -> list[Mark]:
    """In order, without those that begin inside another: a format may mark words in the middle of a line."""
    kept: list[Mark] = []
    for mark in sorted(marks, key=lambda mark: (mark.start, mark.level is None)):
        if not kept or mark.start >= kept[-1].end:
            kept.append(mark)
    return kept


def _of_format(text: str, heading: Heading) -> Mark:
    words = heading.of(text)
    start = heading.start + len(words) - len(words.lstrip())
    place = Span(start=start, end=start + len(words.strip()))
    found = parse(flat(words))
    if found is None or (found.title and (found.title[0].islower() or found.title[0] in ",;(")):
        return Mark(start=place.start, end=place.end, kind=Kind.GROUP, name=flat(words), level=heading.level)
    return _mark(place.start, place.end, found, found.title, heading.level)


def _mark(start: int, end: int, found: Numbered, title: str, level: int | None = None) -> Mark:
    return Mark(start=start, end=end, kind=found.kind, name=found.name, number=found.number, title=title, level=level)


def _numbered_lines(text: str, table: list[Row], taken: list[Mark]) -> Iterator[Mark]:
    """Plain lines that open an article, a chapter, an annex …; a title on the next line belongs to them."""
    held = _held(text, taken)
    last: dict[Kind, str] = {}
    for place, row in enumerate(table):
        found = parse(row.of(text)) if row.start not in held else None
        if found is None or not _opens(text, table, place, found, last.get(found.kind, "")):
            continue
        last[found.kind] = found.number
        yield _with_title(text, table, place, found)


def _opens(text: str, table: list[Row], place: int, found: Numbered, last: str) -> bool:
    """Whether a plain line that begins like a numbered heading is one, and not the rest of a sentence."""
    row, title = table[place], found.title
    if _CONTENTS_LINE.search(row.of(text)) or not (row.gap or _finished(text, table, place)):
        return False
    if not title:
        following = table[place + 1] if place + 1 < len(table) else None
        return following is None or following.gap or not text[following.start].islower() or is_item(following.of(text))
    if title[0] in ",;)&/" or title[0].islower() or (title[0].isdigit() and found.kind is not Kind.ARTICLE):
        return False
    if len(title.split()) <= TITLE_WORDS and title[-1] not in ".;," and not _SENTENCE.search(title):
        return True
    return found.kind is Kind.ARTICLE and (follows(found.number, last) or (row.gap and _parted(row.of(text), title)))


def _parted(line: str, title: str) -> bool:
    """Whether a stop, colon or dash stands between the number and the words behind it."""
    head = line[: len(line) - _tail(line, title)].rstrip()
    return head[-1] in ".:–—-"


def _finished(text: str, table: list[Row], place: int) -> bool:
    """Whether the line before ends a sentence or is itself a heading."""
    if place == 0:
        return True
    before = table[place - 1].of(text)
    return before[-1] in '.!?:;…"”’)' or parse(before) is not None


def _with_title(text: str, table: list[Row], place: int, found: Numbered) -> Mark:
    """The heading with its title, on its own line or below; only its number where the text goes on behind it."""
    row = table[place]
    if found.title and not _is_title(found.title):
        head = text[row.start : row.end - _tail(row.of(text), found.title)].rstrip()
        return _mark(row.start, row.start + len(head), found, "")
    if found.title or not _title_below(text, table, place + 1, found.kind):
        return _mark(row.start, row.end, found, found.title)
    below = table[place + 1]
    return _mark(row.start, below.end, found, flat(below.of(text)))


def _tail(line: str, title: str) -> int:
    """How many characters at the end of `line` hold `title`, whose white space was made plain."""
    wanted, place = sum(not letter.isspace() for letter in title), len(line)
    while wanted:
        place -= 1
        wanted -= not line[place].isspace()
    return len(line) - place


def _is_title(words: str) -> bool:
    """Whether `words` look like a title and not like a sentence or a list item."""
    return (
        len(words.split()) <= TITLE_WORDS
        and len(words) <= TITLE_LETTERS
        and words[-1] not in ".;:,!…"
        and (words[0].isupper() or words[0].isdigit())
        and not _SENTENCE.search(words)
        and not _OPEN_ENDED.search(words)
        and not is_item(words)
    )


def _title_below(text: str, table: list[Row], place: int, kind: Kind) -> bool:
    """Whether line `place` is the title of the numbered heading above it: something has to stand below it in turn."""
    if place + 1 >= len(table):
        return False
    words, following = table[place].of(text), table[place + 1].of(text)
    if not _is_title(words) or parse(words) is not None or _DATE.search(words) or following[0].islower():
        return False
    lettered = is_item(following) and following[0] == "("
    return kind is not Kind.ARTICLE or (len(words.split()) <= 10 and not lettered)


def _unnumbered_lines(text: str, table: list[Row], taken: list[Mark]) -> list[Mark]:
    """Short lines in title case, capitals or a few words that stand above running text."""
    held = _held(text, taken)
    opened = {mark.start for mark in taken}
    return [
        Mark(start=row.start, end=row.end, kind=Kind.GROUP, name=flat(row.of(text)), style=_style(row.of(text)))
        for place, row in enumerate(table)
        if row.start not in held and _stands_above(text, table, place, opened)
    ]


def _held(text: str, marks: list[Mark]) -> set[int]:
    """Where the lines begin on which a heading stands."""
    found: set[int] = set()
    for mark in marks:
        start = text.rfind("\n", 0, mark.start) + 1
        found.update(row.start for row in rows(text, start, mark.end))
    return found


def _stands_above(text: str, table: list[Row], place: int, opened: set[int]) -> bool:
    """Whether line `place` looks like a heading and has running text, or a numbered heading, below it."""
    row, words = table[place], table[place].of(text)
    if place + 1 >= len(table) or not _is_title(words) or not (row.gap or _finished(text, table, place)):
        return False
    if any(pattern.search(words) for pattern in (_DATE, _NO_HEADING, _CONTENTS_LINE)) or not words.lower().islower():
        return False
    below = table[place + 1]
    if is_item(below.of(text)) or text[below.start].islower():
        return False
    if below.start in opened:
        return below.gap or row.gap
    return _runs_on(text, row, below)


def _runs_on(text: str, row: Row, below: Row) -> bool:
    """Whether `below` is running text and `row` clearly shorter."""
    length = below.end - below.start
    if below.gap:
        return length >= RUNNING or (length * 2 >= RUNNING and text[below.end - 1] in ".:")
    return row.end - row.start <= 0.6 * length and length > (TITLE_LETTERS if _style(row.of(text)) > 1 else RUNNING)


def _style(words: str) -> int:
    """0 CAPITALS, 1 Title Case, 2 sentence case: most of the longer words after the first are small."""
    if words.upper() == words:
        return 0
    later = [word for word in words.split()[1:] if len(word) > 3 and word[0].isalpha() and word not in _LITTLE]
    return 2 if sum(word[0].islower() for word in later) * 2 > len(later) else 1


def _without_contents(text: str, marks: list[Mark]) -> list[Mark]:
    """Drop a table of contents: numbered plain lines with nothing below them whose numbers come again later."""
    left = Counter(mark.name for mark in marks)
    kept: list[Mark] = []
    for mark, following in pairwise([*marks, None]):
        assert mark is not None
        left[mark.name] -= 1
        empty = following is not None and not text[mark.end : following.start].strip()
        if not (empty and mark.level is None and mark.number and left[mark.name]):
            kept.append(mark)
    return kept
