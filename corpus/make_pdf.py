"""Make the PDF documents of the corpus from `corpus/sources/`.

    python -m corpus.make_pdf            write them beside this file
    python -m corpus.make_pdf FOLDER     write them elsewhere

They look as printed matter does: a running head and a page number on every page, words hyphenated at line ends, and a
stretch in two columns. The same source gives the same bytes on every machine: the fonts are the standard ones that no
file carries, dates and ids are fixed, and nothing is compressed, since compressors differ. Only `reportlab` is needed.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml
from reportlab.lib.pagesizes import A5
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

HERE: Final = Path(__file__).parent
SOURCES: Final = HERE / "sources"
PAGE_WIDTH: Final = float(A5[0])  # points, as all lengths here
PAGE_HEIGHT: Final = float(A5[1])
MARGIN: Final = 45.0
GUTTER: Final = 16.0  # between two columns
TOP: Final = PAGE_HEIGHT - 62.0  # first baseline under the running head
BOTTOM: Final = 52.0  # last baseline above the page number


@dataclass(frozen=True, kw_only=True)
class Style:
    """Font, size and line height in points, and the space above a block."""

    font: str
    size: float
    leading: float
    above: float
    indent: float = 0.0


TITLE: Final = Style(font="Times-Bold", size=16, leading=20, above=0)
HEADING: Final = Style(font="Times-Bold", size=12, leading=15, above=10)
BODY: Final = Style(font="Times-Roman", size=10, leading=13, above=5)
ITEM: Final = Style(font="Times-Roman", size=10, leading=13, above=2, indent=12)
FURNITURE: Final = Style(font="Times-Italic", size=8, leading=10, above=0)


def read_source(path: Path) -> tuple[dict[str, Any], list[str]]:
    """Front matter and blocks: paragraphs, headings, items and directives, each on one line."""
    _, front, body = path.read_text(encoding="utf-8").split("---\n", 2)
    return yaml.safe_load(front), [" ".join(block.split()) for block in body.split("\n\n") if block.strip()]


def break_word(word: str, room: float, style: Style, breaks: dict[str, int]) -> tuple[str, str]:
    """The part of `word` that fits into `room` with a hyphen, and the rest; `("", word)` where none does."""
    core = word.rstrip(".,;:")
    cut = breaks.get(core, 0)
    head = word[:cut] + "-"
    if cut and stringWidth(head, style.font, style.size) <= room:
        return head, word[cut:]
    return "", word


def lines_of(text: str, width: float, style: Style, breaks: dict[str, int]) -> Iterator[str]:
    """Fill lines word by word; a word in `breaks` is divided where that fills its line."""
    line = ""
    for word in text.split():
        wider = f"{line} {word}".strip()
        if stringWidth(wider, style.font, style.size) <= width:
            line = wider
            continue
        room = width - stringWidth(f"{line} ", style.font, style.size)
        head, rest = break_word(word, room, style, breaks)
        yield f"{line} {head}".strip()
        line = rest
    yield line


class Press:
    """Sets blocks on pages, one column after another."""

    def __init__(self, path: Path, front: dict[str, Any]) -> None:
        self.canvas = Canvas(str(path), pagesize=A5, invariant=1, pageCompression=0)
        self.head = front["head"]
        self.breaks = {mark.replace("-", ""): mark.index("-") for mark in front["hyphenate"]}
        self.columns = 1
        self.column = 0
        self.ceiling = TOP  # where the columns of this page begin
        self.y = TOP
        self._describe(front)
        self._furnish()

    def _describe(self, front: dict[str, Any]) -> None:
        self.canvas.setTitle(front["title"])
        self.canvas.setSubject(front["subject"])
        self.canvas.setKeywords("aliases: " + "; ".join(front["aliases"]))
        self.canvas.setAuthor("foedus")
        self.canvas.setCreator("corpus/sources")
        self.canvas.setProducer("corpus/make_pdf.py")

    def _furnish(self) -> None:
        """Running head, and page number at the foot."""
        self.canvas.setFont(FURNITURE.font, FURNITURE.size)
        self.canvas.drawString(MARGIN, PAGE_HEIGHT - 36, self.head)
        self.canvas.drawCentredString(PAGE_WIDTH / 2, 28, str(self.canvas.getPageNumber()))

    @property
    def width(self) -> float:
        return (PAGE_WIDTH - 2 * MARGIN - (self.columns - 1) * GUTTER) / self.columns

    @property
    def left(self) -> float:
        return MARGIN + self.column * (self.width + GUTTER)

    def turn(self) -> None:
        """Go on in the next column, or on the next page after the last one."""
        self.column += 1
        if self.column == self.columns:
            self.canvas.showPage()
            self._furnish()
            self.column, self.ceiling = 0, TOP
        self.y = self.ceiling

    def columns_are(self, number: int) -> None:
        """Set what follows in so many columns: from here on this page, or on a new page after columns."""
        while self.columns > number and (self.column or self.y < TOP):
            self.turn()
        self.columns, self.column, self.ceiling = number, 0, self.y

    def block(self, text: str, style: Style) -> None:
        lines = list(lines_of(text, self.width - style.indent, style, self.breaks))
        needed = style.above + style.leading * (len(lines) + 2 if style is HEADING else 1)
        if self.y - needed < BOTTOM:  # a heading keeps two lines of its text with it
            self.turn()
        self.y -= style.above
        for line in lines:
            if self.y < BOTTOM:
                self.turn()
            self.canvas.setFont(style.font, style.size)
            self.canvas.drawString(self.left + style.indent, self.y, line)
            self.y -= style.leading


def typeset(press: Press, blocks: Iterable[str]) -> None:
    """Hand each block to the press in the style that its first characters ask for."""
    for block in blocks:
        if block in {"{one column}", "{two columns}"}:
            press.columns_are(1 if block == "{one column}" else 2)
        elif block.startswith("## "):
            press.block(block[3:], HEADING)
        elif block.startswith("# "):
            press.block(block[2:], TITLE)
        elif block.startswith("- "):
            press.block("• " + block[2:], ITEM)
        else:
            press.block(block.replace('"', "“", 1).replace('"', "”", 1), BODY)


def make(source: Path, folder: Path) -> Path:
    """Write the PDF of one source into `folder` and return its path."""
    front, blocks = read_source(source)
    target = folder / f"{source.stem}.pdf"
    press = Press(target, front)
    typeset(press, blocks)
    press.canvas.save()
    return target


def make_all(folder: Path) -> list[Path]:
    """Every source, in the order of their names."""
    return [make(source, folder) for source in sorted(SOURCES.glob("*.md"))]


if __name__ == "__main__":
    for made in make_all(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE):
        sys.stdout.write(f"{made}\n")
