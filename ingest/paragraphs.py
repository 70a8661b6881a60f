"""The numbered and lettered paragraphs inside an article: "1.", "(1)", "(a)", "(i)", "a)", "12.1".

What a mark means is told by what came before it: "(i)" after "(h)" is a letter unless "(ii)" follows, else it is one in
Roman numerals. A mark that is neither the next of an open list nor the first of a new one is no paragraph, and neither
is one that a sentence leads to ("as mentioned in paragraph" / "(b) above").
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from .document import Span
from .numbering import roman
from .rows import Row, rows

_MARK: Final = re.compile(
    r"""\(\s?(?P<paren>\d{1,3}|[A-Za-z]{1,5})\s?\)\.?
    |(?P<half>\d{1,3}|[A-Za-z]{1,5})\)\.?
    |(?P<dot>\d{1,3}(?:\.\d{1,3}){0,3}|[A-Za-z]{1,5})\.(?![\d.]|[A-Za-z]\.)
    |(?P<bare>\d{1,3}(?:\.\d{1,3}){1,3})(?=\s)""",
    re.VERBOSE,
)
NEAR: Final = 100  # marks behind an "(i)" that can show what it is
_ROMAN: Final = re.compile(r"(?=[ivxl])(?:x[lc]|l?x{0,3})(?:ix|iv|v?i{0,3})")
_CITES: Final = re.compile(
    r"(?i)\b(?:paragraphs?|subparagraphs?|sub-paragraphs?|articles?|sections?|clauses?|and|or|to|in|of|under|with|by|lid|onder|en|of"
    r"|punt|letter|nos?\.|paras?\.)$"
)


@dataclass(frozen=True, kw_only=True)
class Paragraph(Span):
    """A paragraph's mark: `text[start:end]` as printed, its `token` ("a"), its dotted number where it has one, and
    how many lists it stands in (`depth`, 0 for the outermost)."""

    token: str
    depth: int

    @property
    def dotted(self) -> bool:
        return "." in self.token


@dataclass(kw_only=True)
class _List:
    """A list still open: the sort and punctuation of its marks, and the number of the last."""

    sort: str
    form: str
    last: int


@dataclass(frozen=True, kw_only=True)
class _Seen:
    """A mark at the start of a line or straight after another one."""

    start: int
    end: int
    token: str
    form: str
    body_before: bool


def paragraphs(text: str, start: int, end: int) -> list[Paragraph]:
    """The paragraphs of one article whose words are `text[start:end]`, in order."""
    seen = _seen(text, start, end)
    open_lists: list[_List] = []
    found: list[Paragraph] = []
    for place, mark in enumerate(seen):
        if _place(seen, place, open_lists):
            found.append(Paragraph(start=mark.start, end=mark.end, token=mark.token, depth=len(open_lists) - 1))
    return found


def _seen(text: str, start: int, end: int) -> list[_Seen]:
    """Every mark that stands where a paragraph may begin."""
    found: list[_Seen] = []
    table = rows(text, start, end)
    for number, row in enumerate(table):
        if (
            number
            and not row.gap
            and _CITES.search(text[max(start, table[number - 1].end - 20) : table[number - 1].end])
        ):
            continue
        found.extend(_marks_of(text, row, body_before=number > 0))
    return found


def _marks_of(text: str, row: Row, *, body_before: bool) -> list[_Seen]:
    """The marks at the head of a line: "(a)", and both of "1. (a)"."""
    found: list[_Seen] = []
    place = row.start
    while len(found) < 3 and (mark := _MARK.match(text, place, row.end)):
        form = mark.lastgroup or ""
        token = mark[form]
        found.append(_Seen(start=place, end=mark.end(), token=token, form=form, body_before=body_before))
        place = mark.end()
        while place < row.end and text[place].isspace():
            place += 1
    return found


def _readings(token: str) -> list[tuple[str, int]]:
    """What a mark can be: its sort and its value in it."""
    if token[0].isdigit():
        parts = token.split(".")
        return [(f"1{'.1' * (len(parts) - 1)}", int(parts[-1]))]
    case = "a" if token.islower() else "A" if token.isupper() else ""
    readings: list[tuple[str, int]] = []
    if case and len(set(token)) == 1 and len(token) < 3:
        readings.append((case * len(token), ord(token[0].lower()) - 96))
    if case and _ROMAN.fullmatch(token.lower()):
        readings.append((chr(ord(case) + 8), roman(token)))
    return readings


def _place(seen: list[_Seen], place: int, open_lists: list[_List]) -> bool:
    """Continue an open list or open a new one in it; False where the mark does neither. Changes `open_lists`."""
    mark = seen[place]
    readings = _readings(mark.token)
    if mark.token in {"i", "I"} and _counts_on(mark, seen[place + 1 : place + 1 + NEAR]):
        readings = readings[1:]
    for depth in range(len(open_lists) - 1, -1, -1):
        current = open_lists[depth]
        for sort, value in readings:
            reach = 2 if sort == "1" else 1
            if sort == current.sort and mark.form == current.form and 0 < value - current.last <= reach:
                current.last = value
                del open_lists[depth + 1 :]
                return True
    return _open(mark, readings, open_lists)


def _open(mark: _Seen, readings: list[tuple[str, int]], open_lists: list[_List]) -> bool:
    """Begin a list: with one, or with "2." where the first paragraph stands without its number."""
    for sort, value in reversed(readings):
        held = [current.sort == sort and current.form == mark.form for current in open_lists]
        late = sort == "1" and value == 2 and not open_lists and mark.body_before
        if value == 1 or late:
            if any(held):
                del open_lists[held.index(True) :]
            open_lists.append(_List(sort=sort, form=mark.form, last=value))
            return True
    return False


def _counts_on(mark: _Seen, later: list[_Seen]) -> bool:
    """Whether the marks after "(i)" show that it is one and not the letter after "h"."""
    following = [
        other.token.lower() for other in later if other.form == mark.form and other.token.lower() in {"ii", "j"}
    ]
    return bool(following) and following[0] == "ii"
