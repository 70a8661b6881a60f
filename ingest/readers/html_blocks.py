"""Cut a page into blocks: paragraphs, headings, list items and table rows, in the order in which they are printed.

A block keeps the element it came from, so that whoever decides what is main text can ask where it stands. Its words are
those a browser would print: hidden elements and scripts are left out, the numbers and letters of ordered lists are put
in as a browser does. Nothing is left out for being boilerplate; that is decided in `html_main`.

The tree is walked with a stack of its own, never by recursion: depth is bounded by the parser, not by Python.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from .html_lists import printed_numbers

Element = Any  # lxml ships no types

_INLINE: Final = """
    a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd label mark math nobr q rb rp rt ruby s samp
    small span strike strong sub sup time tt u var wbr
"""
_UNPRINTED: Final = """
    annotation applet area audio base button canvas datalist embed frame frameset head iframe img input link map meta
    noframes noscript object optgroup option param script select source style svg template textarea title track video
"""
_HIDING: Final = """
    hidden hide is-hidden visually-hidden visuallyhidden sr-only screen-reader-text screen-reader-only
    noprint no-print d-print-none mw-editsection
"""
INLINE: Final = frozenset(_INLINE.split())
UNPRINTED: Final = frozenset(_UNPRINTED.split())
HIDING_CLASSES: Final = frozenset(_HIDING.split())
HEADINGS: Final = {f"h{level}": level for level in range(1, 7)}
_CELLS: Final = frozenset({"td", "th"})
_HIDING_STYLE: Final = re.compile(r"(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.IGNORECASE)
_WORD: Final = re.compile(
    r"[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff]{1,2}|[^\W\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff]+"
)
_INVISIBLE: Final = re.compile("[\u00ad\u200b\u2060\ufeff\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_FOOTNOTE_MARK: Final = re.compile(r"[\s\[\]()*†‡§\d]{1,6}|\[?[a-z]\]?")
_OWN_NUMBER: Final = re.compile(
    r"\s*(?:\(?[0-9]{1,3}[.)]|\(?[ivxlc]{1,6}[.)]|\(?[a-z]{1,2}[.)]|[§•–—-])\s?", re.IGNORECASE
)


@dataclass(frozen=True, kw_only=True)
class Block:
    """A line or paragraph as printed.

    `level` is 1 to 6 for a heading and 0 otherwise; `linked` counts the characters of `text` that stand in links;
    `group` is the list or table it is a part of. `first` is the (element, "text" or "tail") in which its words begin.
    """

    text: str
    element: Element
    first: tuple[Element, str]
    level: int = 0
    linked: int = 0
    group: Element | None = None

    @property
    def words(self) -> int:
        """How many; of scripts that write without spaces two letters count as one."""
        return len(_WORD.findall(self.text))


@dataclass(kw_only=True)
class _Line:
    """The block that is being collected."""

    pieces: list[str] = field(default_factory=list)
    linked: int = 0
    first: tuple[Element, str] | None = None

    def add(self, text: str | None, owner: Element, where: str, *, linked: bool) -> None:
        if not text:
            return
        if self.first is None and text.strip():
            self.first = (owner, where)
        self.pieces.append(re.sub(r"\s+", " ", text))
        self.linked += len(" ".join(text.split())) if linked else 0


def blocks_of(root: Element) -> list[Block]:
    """Every block that a browser would print of `root`, in order."""
    return list(_Walk(root))


def is_hidden(element: Element) -> bool:
    """Whether the element itself says that it is not shown."""
    if element.get("hidden", "until-found") != "until-found" or element.get("aria-hidden") == "true":
        return True
    if element.tag == "dialog" and element.get("open") is None:
        return True
    classes = element.get("class", "").split()
    return bool(_HIDING_STYLE.search(element.get("style", ""))) or not HIDING_CLASSES.isdisjoint(classes)


def canonical(text: str) -> str:
    """NFC; runs of white space become one space, except that line breaks stay; no blank lines, nothing invisible."""
    text = _INVISIBLE.sub("", unicodedata.normalize("NFC", text))
    lines = (" ".join(line.split()) for line in text.split("\n"))
    return "\n".join(line for line in lines if line)


class _Walk:
    """One pass over the tree; iterate to get the blocks."""

    def __init__(self, root: Element) -> None:
        self.root = root
        self.line = _Line()
        self.owners = [root]  # open elements that start a line of their own
        self.groups: list[Element] = []  # open lists and data tables
        self.links = 0  # open links
        self.numbers: dict[Element, str] = {}  # of items of the ordered lists opened so far
        self.number = ""  # of the list item just opened
        self.data_tables: dict[Element, bool] = {}

    def __iter__(self) -> Iterator[Block]:
        todo: list[tuple[bool, Element]] = [(True, self.root)]
        while todo:
            opening, element = todo.pop()
            if not opening:
                yield from self.close(element)
            elif not isinstance(element.tag, str) or element.tag in UNPRINTED or is_hidden(element):
                self.tail(element)
            elif element.tag in {"br", "hr"}:
                yield from self.break_line(element)
            elif element.tag == "tr" and self.is_data(element):
                yield from self.row(element)
            elif element.tag == "sup" and _is_footnote_mark(element):
                self.tail(element)
            else:
                yield from self.open(element)
                todo.append((False, element))
                todo.extend((True, child) for child in reversed(element))
        yield from self.flush()

    def open(self, element: Element) -> Iterator[Block]:
        if element.tag == "a":
            self.links += 1
        if element.tag == "q":
            self.line.pieces.append("“")
        if element.tag not in INLINE:
            yield from self.flush()
            self.owners.append(element)
        if element.tag in {"ol", "ul"}:
            self.groups.append(element)
        if element.tag == "ol":
            self.numbers.update(printed_numbers(element))
        if element.tag == "li":
            self.number = self.numbers.get(element, "")
        self.line.add(element.text, element, "text", linked=self.links > 0)

    def close(self, element: Element) -> Iterator[Block]:
        if element.tag == "a":
            self.links -= 1
        if element.tag == "q":
            self.line.pieces.append("”")
        if element.tag not in INLINE:
            yield from self.flush()
            self.owners.pop()
        if element.tag in {"ol", "ul"}:
            self.groups.pop()
        self.tail(element)

    def tail(self, element: Element) -> None:
        if element is not self.root:
            self.line.add(element.tail, element, "tail", linked=self.links > 0)

    def break_line(self, element: Element) -> Iterator[Block]:
        """A line break stays in its block; two in a row, or a rule, end it."""
        self.line.pieces.append("\n")
        if element.tag == "hr" or "".join(self.line.pieces[-4:]).replace(" ", "").endswith("\n\n"):
            yield from self.flush()
        self.tail(element)

    def is_data(self, row: Element) -> bool:
        table = next(iter(row.iterancestors("table")), None)
        if table is None or not all(child.tag in _CELLS for child in row):
            return False
        if table not in self.data_tables:
            self.data_tables[table] = _is_data_table(table)
        return self.data_tables[table]

    def row(self, element: Element) -> Iterator[Block]:
        """A row of a data table is one line, its cells separated by ` | `."""
        yield from self.flush()
        cells = [blocks_of(cell) for cell in element]
        texts = [" ".join(" ".join(block.text.split()) for block in cell) for cell in cells]
        found = [block for cell in cells for block in cell]
        if found:
            text = re.sub(r"(?:\| )+(?=\|)", "| ", " | ".join(texts).strip(" |"))
            yield Block(
                text=text,
                element=element,
                first=found[0].first,
                linked=sum(block.linked for block in found),
                group=next(iter(element.iterancestors("table"))),
            )
        self.tail(element)

    def flush(self) -> Iterator[Block]:
        line, self.line = self.line, _Line()
        text = canonical("".join(line.pieces))
        if not text or line.first is None:
            return
        owner = self.owners[-1]
        level = _level(owner)
        if level:
            text = text.replace("\n", " ")
        elif self.number and not _OWN_NUMBER.match(text):
            text = f"{self.number} {text}"
        self.number = ""
        group = self.groups[-1] if self.groups else None
        yield Block(text=text, element=owner, first=line.first, level=level, linked=line.linked, group=group)


def _level(element: Element) -> int:
    if element.get("role") == "heading":
        level = element.get("aria-level", "2")
        return int(level) if level in "123456" else 2
    return HEADINGS.get(element.tag, 0)


def _is_data_table(table: Element) -> bool:
    """Whether cells are short pieces of data: tables that lay out a page hold headings, lists or several paragraphs."""
    if table.get("role") in {"presentation", "none"} or table.find(".//table") is not None:
        return False
    rows = [[cell for cell in row if cell.tag in _CELLS] for row in table.iter("tr")]
    return any(len(row) > 1 for row in rows) and not any(_is_layout(cell) for row in rows for cell in row)


def _is_layout(cell: Element) -> bool:
    inside: Iterable[Element] = cell.iter("article", "blockquote", "form", "main", "section", *HEADINGS)
    return next(iter(inside), None) is not None or len(cell.findall(".//p")) > 2


def _is_footnote_mark(element: Element) -> bool:
    links = element.findall(".//a")
    text = "".join(element.itertext())
    return bool(links) and all("#" in link.get("href", "") for link in links) and bool(_FOOTNOTE_MARK.fullmatch(text))
