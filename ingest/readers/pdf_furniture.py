"""Running heads, feet and page numbers: they are found by standing in one place on page after page.

Only lines near the top or the bottom of a page are looked at. A head also stands apart from the text: a line that
follows its neighbour at the usual distance is text, however often it comes back. One that opens an article or section
is kept unless it is repeated to the letter: a document with an article a page is not a document with a running head.
On two pages nothing but a page number can be told from text, so nothing but page numbers goes.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from ..lines import spell, tidy
from ..wrapping import opens_article
from .pdf_lines import PrintedLine

_EDGE_ROWS: Final = 3  # rows from the top and from the bottom of a page
_SAME_PLACE: Final = 5.0  # points
_GAP: Final = 1.25  # of the usual distance between rows
_HEAD_PAGES: Final = 3  # fewer repetitions may be text
_HEAD_SHARE: Final = 0.45  # of the pages from its first to its last: heads of left and right pages take turns
_NUMBER: Final = re.compile(
    r"[-–—\[(|•\s]*(?:(?:page|p\.|pg\.|seite|pagina|página|blz\.)\s*)?(?P<number>\d{1,4}|[ivxlc]{1,7})"
    r"(?:\s*(?:/|of|von|van|de|sur)\s*\d{1,4})?[-–—\])|•\s]*",
    re.I,
)
_ROMAN: Final = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}

Pages = list[list[PrintedLine]]


@dataclass(frozen=True, kw_only=True)
class _Place:
    """A line at the edge of a page; `page` and `index` count from 0."""

    page: int
    index: int
    line: PrintedLine


def without_furniture(pages: Pages) -> Pages:
    """Return the pages without what repeats at their edges, unless that is all they hold."""
    places = [place for page, lines in enumerate(pages) for place in _edges(page, lines)]
    numbers = {(place.page, place.index) for place in _page_numbers(places)}
    repeated = numbers | {(place.page, place.index) for place in _heads(places)}
    gone = numbers | {key for page, lines in enumerate(pages) for key in _set_apart(page, lines, repeated)}
    rest = [[line for index, line in enumerate(lines) if (page, index) not in gone] for page, lines in enumerate(pages)]
    emptied = sum(bool(lines) and not kept for lines, kept in zip(pages, rest, strict=True))
    return pages if 2 * emptied > len(pages) else rest


def _set_apart(page: int, lines: list[PrintedLine], repeated: set[tuple[int, int]]) -> set[tuple[int, int]]:
    """Those of the repeated lines that stand in the outermost rows, with a gap between them and the text."""
    rows: dict[int, set[tuple[int, int]]] = defaultdict(set)
    for index, line in enumerate(lines):
        rows[round(line.y)].add((page, index))
    heights = sorted(rows)
    steps = [after - before for before, after in pairwise(heights)]
    usual = sorted(steps)[len(steps) // 2] if steps else 0
    gone: set[tuple[int, int]] = set()
    for order, gaps in ((heights, steps), (heights[::-1], steps[::-1])):
        outer = 0
        while outer < len(order) and rows[order[outer]] <= repeated:
            outer += 1
        while 0 < outer < len(order) and gaps[outer - 1] < _GAP * usual:
            outer -= 1
        gone |= {key for height in order[:outer] for key in rows[height]}
    return gone


def _edges(page: int, lines: list[PrintedLine]) -> list[_Place]:
    """The lines of the first and last rows by height, which need not be those drawn first and last."""
    heights = sorted({round(line.y) for line in lines})
    bottom, top = heights[:_EDGE_ROWS][-1:], heights[-_EDGE_ROWS:][:1]
    return [
        _Place(page=page, index=index, line=line)
        for index, line in enumerate(lines)
        if round(line.y) <= bottom[0] or round(line.y) >= top[0]
    ]


def _heads(places: Iterable[_Place]) -> list[_Place]:
    by_key: dict[str, list[_Place]] = defaultdict(list)
    for place in places:
        by_key[_key(place.line.text)].append(place)
    groups = (group for members in by_key.values() for group in _in_one_place(members))
    return [place for group in groups if _repeats(group) for place in group]


def _key(text: str) -> str:
    """What stays the same from page to page: digits may count, unless they are what an article is called."""
    text = tidy(spell(text)).lower()
    return text if opens_article(text) else re.sub(r"\d+", "#", text)


def _in_one_place(places: list[_Place]) -> list[list[_Place]]:
    """Split places into groups whose heights are nearly the same."""
    groups: list[list[_Place]] = []
    for place in sorted(places, key=lambda place: place.line.y):
        if groups and place.line.y - groups[-1][-1].line.y <= _SAME_PLACE:
            groups[-1].append(place)
        else:
            groups.append([place])
    return groups


def _repeats(group: list[_Place]) -> bool:
    pages = sorted({place.page for place in group})
    has_words = bool(re.search(r"[^\W\d_]{2}", group[0].line.text))
    return has_words and len(pages) >= _HEAD_PAGES and len(pages) >= _HEAD_SHARE * (pages[-1] - pages[0] + 1)


def _page_numbers(places: Iterable[_Place]) -> list[_Place]:
    """Numbers that grow by one from page to page, at one height."""
    by_offset: dict[int, list[_Place]] = defaultdict(list)
    for place in places:
        number = _number(place.line.text)
        if number is not None:
            by_offset[number - place.page].append(place)
    groups = (group for members in by_offset.values() for group in _in_one_place(members))
    return [place for group in groups if len({member.page for member in group}) >= 2 for place in group]


def _number(text: str) -> int | None:
    match = _NUMBER.fullmatch(tidy(spell(text)))
    if not match:
        return None
    number = match["number"].lower()
    return int(number) if number.isdigit() else _roman(number)


def _roman(number: str) -> int:
    values = [_ROMAN[letter] for letter in number]
    return sum(-value if value < max(values[index:]) else value for index, value in enumerate(values))
