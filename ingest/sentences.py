"""Where sentences end, as offsets.

A quotation is a sentence or a few of them, so a wrong border is a wrong quotation. The rules are for legal and plain
prose: a stop after an abbreviation, an initial or a list number ends nothing; a stop without the space that should
follow it ("as agreed.They") does. A line break ends a sentence where a blank line, a heading or a list item makes it
one, and not where a line is merely full.

For every text and range the sentences are in order, have no white space at their edges, do not overlap and together
hold every character that is not white space. The time is linear in the length of the text.
"""

from __future__ import annotations

import re
from typing import Final

from .document import Section, Span
from .rows import Row, after_heading, rows

_STOP: Final = re.compile(r"[.!?…]+[\"'”’»›)\]]{0,3}|[。！？｡]+[」』）”]{0,2}")
_WORDS: Final = {
    "never last": """art arts no nos nr para paras par sec secs ch chap chaps pt vol vols fig figs p pp v vs cf e.g i.e
        eg ie viz al mr mrs ms dr prof gen lt col maj capt cmdr adm sgt hon rev sen rep gov pres st mt ft ca approx
        incl resp ed eds op ibid abs bzw z.b d.h u.a bijv nl m.n o.a blz""",
    "may be last": """u.s u.k u.n e.u u.s.a u.s.s.r d.c a.m p.m etc inc ltd co corp jr sr bros jan feb mar apr jun jul
        aug sep sept oct nov dec enz usw""",
    "starters": """the this that these those it its he she they we you i in on at a an and but or for as if when while
        where each any all no not such there their his her our under upon with by from to since however moreover nothing
        every both""",
    "numbered": """art article artikel annex annexe appendix bijlage part section chapter schedule protocol clause title
        group category table artículo anexo option class""",
}
_NEVER_LAST: Final = frozenset(_WORDS["never last"].split())
_MAY_BE_LAST: Final = frozenset(_WORDS["may be last"].split())
_STARTERS: Final = frozenset(_WORDS["starters"].split())
_NUMBERED: Final = frozenset(_WORDS["numbered"].split())
_BEFORE: Final = re.compile(r"[^\s(\[\"“‘'«„]+$")
_ITEM: Final = re.compile(
    r"(?:\(?(?:\d{1,3}|[A-Za-z]|[ivxlIVXL]{1,5})\)|(?:\d{1,3}(?:\.\d{1,3})*|[a-z]|[ivxl]{1,5})\.|[-–—•*·▪◦])"
)
_OPENERS: Final = "\"'“‘«„([¿¡"
_LOOK_BACK: Final = 40  # characters on either side of a stop that decide what it is
FAR: Final = 20_000  # characters in which the words that introduce a list are looked for


def sentences(text: str, start: int = 0, end: int | None = None) -> list[Span]:
    """The sentences of `text[start:end]`."""
    found: list[Span] = []
    for block in _blocks(text, rows(text, start, end)):
        found.extend(_within(text, block))
    return found


def stem(text: str, sections: tuple[Section, ...], span: Span) -> Span | None:
    """The words that introduce the list in which `span` is an item: "The Parties undertake:" for its "(a) …".

    The sentence before the list, inside the same article, that ends in a colon, a dash or no stop at all. None where
    `span` is no list item or nothing introduces the list.
    """
    inside = [section for section in sections if section.start <= span.start and span.end <= section.end]
    if len(inside) > 1 and is_item(inside[-1].heading):
        return _lead(text, sections, inside[-2])
    floor = max((section.start for section in inside), default=0)
    return _line_before_list(text, floor, _line_start(text, span.start))


def is_item(line: str) -> bool:
    """Whether `line` opens with the number, letter or bullet of a list item."""
    mark = _ITEM.match(line)
    return mark is not None and (mark[0] not in {"-", "–", "—", "*"} or line[mark.end() : mark.end() + 1].isspace())


def _line_start(text: str, place: int) -> int:
    """Where the words of the line that holds `place` begin."""
    start = text.rfind("\n", 0, place) + 1
    return _skip_space(text, start, place)


def _lead(text: str, sections: tuple[Section, ...], parent: Section) -> Span | None:
    """The last sentence of `parent` before its first child, if it leaves the reader waiting."""
    children = (section.start for section in sections if parent.start < section.start < parent.end)
    start = parent.start if is_item(parent.heading) else after_heading(text, parent)
    found = sentences(text, start, next(children, parent.end))
    return found[-1] if found and _waits(found[-1].of(text)) else None


def _line_before_list(text: str, floor: int, item: int) -> Span | None:
    """The last sentence before the run of list items that goes on at `item`, if it leaves the reader waiting."""
    if not is_item(text[item : item + 12]):
        return None
    for line in reversed(rows(text, max(floor, item - FAR), item)):
        if not is_item(line.of(text)):
            last = sentences(text, line.start, line.end)[-1]
            return last if last.of(text).endswith((":", "—", "–", ":-")) else None
    return None


def _waits(sentence: str) -> bool:
    return sentence[-1] in ":—–-," or (sentence[-1] not in ".!?;…" and len(sentence.split()) > 2)


def _blocks(text: str, found: list[Row]) -> list[Span]:
    """Runs of lines inside which only a stop can end a sentence."""
    blocks: list[Span] = []
    for place, line in enumerate(found):
        if blocks and not _breaks(text, found, place):
            blocks[-1] = Span(start=blocks[-1].start, end=line.end)
        else:
            blocks.append(Span(start=line.start, end=line.end))
    return blocks


def _breaks(text: str, found: list[Row], place: int) -> bool:
    """Whether the line break before line `place` ends a sentence."""
    line, before = found[place], found[place - 1]
    if line.gap or text[before.end - 1] in ";:":
        return True
    opening = text[line.start : line.start + 12]
    if is_item(opening) and not opening[0].isalpha():
        return True
    if opening[0].islower() and not is_item(opening):
        return False
    width = max(other.end - other.start for other in found[max(0, place - 3) : place + 3])
    return before.end - before.start < 0.6 * width and text[before.end - 1] not in ",-"


def _within(text: str, block: Span) -> list[Span]:
    """The sentences of one block."""
    found: list[Span] = []
    start = block.start
    for stop in _STOP.finditer(text, block.start, block.end):
        if stop.end() < block.end and _ends(text, start, stop, block.end):
            found.append(Span(start=start, end=stop.end()))
            start = _skip_space(text, stop.end(), block.end)
    if start < block.end:
        found.append(Span(start=start, end=block.end))
    return found


def _skip_space(text: str, place: int, end: int) -> int:
    while place < end and text[place].isspace():
        place += 1
    return place


def _ends(text: str, start: int, stop: re.Match[str], end: int) -> bool:
    """Whether the stop ends the sentence that began at `start`."""
    if stop[0][0] in "。！？｡":
        return True
    if not text[stop.end()].isspace():
        return _space_is_missing(text, stop, end)
    word = text[stop.end() : stop.end() + _LOOK_BACK].lstrip().lstrip(_OPENERS)
    if not word or word[0].islower():
        return False
    if stop[0][0] != ".":
        return True
    return stop[0][1:2] in set(')]"”’».') or not _abbreviates(text, start, stop.start(), word)


def _space_is_missing(text: str, stop: re.Match[str], end: int) -> bool:
    """ "agreed.They": a whole word, one stop, a capital and a small letter; never "U.S.", "Ph.D." or an address."""
    if stop[0][0] != "." or stop.end() + 1 >= end:
        return False
    before = _BEFORE.search(text, max(0, stop.start() - _LOOK_BACK), stop.start())
    word = before[0] if before else ""
    after = text[stop.end() : stop.end() + 2]
    return (
        after[0].isupper()
        and (after[1].islower() or after[1].isspace())
        and word != "www"
        and not any(mark in word for mark in "/@.")
        and (word[-1:] in ")]" or (len(word) >= 3 and (word[-3:].islower() or word[-3:].isdigit())))
    )


def _abbreviates(text: str, start: int, stop: int, following: str) -> bool:
    """Whether the stop at `stop` belongs to an abbreviation, an initial or a list number and ends nothing."""
    found = _BEFORE.search(text, max(start, stop - _LOOK_BACK), stop)
    if found is None:
        return False
    word = found[0].lower()
    if _numbers_a_thing(text, start, found.start()):
        return False
    first_word = following.split(maxsplit=1)[0].rstrip(",.;:").lower()
    if word in _NEVER_LAST:
        return True
    if word in _MAY_BE_LAST:
        return first_word not in _STARTERS
    if found.start() == start and len(word) <= 3 and (word.isdigit() or len(word) == 1):
        return True
    return len(word) == 1 and found[0].isupper()  # an initial


def _numbers_a_thing(text: str, start: int, place: int) -> bool:
    """Whether the word at `place` is the number of a thing: "Annex A.", "Article V."."""
    before = text[max(start, place - _LOOK_BACK) : place].split()
    return bool(before) and before[-1].lower().rstrip(".") in _NUMBERED
