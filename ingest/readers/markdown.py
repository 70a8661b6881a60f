"""Markdown as people write it: headings without the space, bold lines as headings, lists that are laws.

Read line by line and not by a Markdown library: CommonMark takes `###Article 5` for a paragraph, renumbers lists and
moves lettered items into it, all of which changes what a provision is called. Here a line keeps its letter and
number; only marks go. Lines that were wrapped to a width are joined, others stay lines.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from .. import clean
from ..document import Extract
from ..lines import Line, lay, spell, tidy
from ..wrapping import unwrap
from .front_matter import part
from .markdown_inline import words_of
from .text import decode

_HEADING: Final = re.compile(r" {0,3}(?P<marks>#{1,6})(?P<space>[ \t]*)(?P<text>[^#\s].*?)?[ \t]*#*[ \t]*$")
_BOLD_LINE: Final = re.compile(r"\s*(?P<marks>\*\*|__)(?P<text>[^*_\s].*?)(?P=marks)[ \t]*:?[ \t]*$")
_BOLD_LENGTH: Final = 150  # characters; a longer bold line is a paragraph with emphasis
_DEFAULT_LEVEL: Final = 2  # of the heading that a bold line stands under where none has marks
_FENCE: Final = re.compile(r" {0,3}(`{3,}|~{3,})")
_RULE: Final = re.compile(r" {0,3}(?:(?:\*[ \t]*){3,}|(?:-[ \t]*){3,}|(?:_[ \t]*){3,})$")
_UNDERLINE: Final = re.compile(r" {0,3}(?P<marks>=+|-{2,})[ \t]*$")
_QUOTE: Final = re.compile(r"^ {0,3}(?:>[ \t]?)+")
_BULLET: Final = re.compile(r"[ \t]*[*+-][ \t]+(?=\S)")
_NUMBER: Final = re.compile(r"[ \t]*\d{1,3}[.)][ \t]+\S")
_TABLE_RULE: Final = re.compile(r"\s*\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?\s*$")
_CELL_EDGE: Final = re.compile(r"(?<!\\)\|")
_DEFINITION: Final = re.compile(
    r" {0,3}\[(?P<label>[^\]^][^\]]*)\]:[ \t]*(?:<[^<>]*>|\S*[/.#:@]\S*)(?:[ \t]+[\"'(].*)?$"
)
_FOOTNOTE: Final = re.compile(r" {0,3}\[\^(?P<note>[^\]\s]+)\]:[ \t]*")
_INVISIBLE: Final = re.compile(r"<!--.*?-->|<(script|style)\b[^<>]*>.*?</\1\s*>", re.S | re.I)
_CODE: Final = re.compile(r"(^ {0,3}(?:`{3,}|~{3,}).*?^ {0,3}(?:`{3,}|~{3,})[ \t]*$)", re.S | re.M)
_BROKEN_LINK: Final = re.compile(r"(\[[^\[\]\n]*)\n([^\[\]\n]*\]\()")


def read(data: bytes, *, name: str) -> Extract:
    """Read Markdown: front matter becomes facts, headings keep their level and place.

    Raises:
        IngestError: the front matter is broken.
        Undecodable: no encoding fits the bytes.
    """
    decoded = decode(data, name=name)
    parted = part(spell(decoded.text), name=name)
    source = _visible(parted.body).split("\n")
    cleaned = clean.clean_lines(source)
    text, headings = lay(_lines([source[index] for index in cleaned.kept]))
    return Extract(
        text=text,
        format="markdown",
        headings=headings,
        facts=parted.facts,
        encoding=decoded.encoding,
        generated=cleaned.generated,
        notices=(*decoded.notices, *cleaned.notices(len(source))),
    )


def _visible(body: str) -> str:
    """Take comments, scripts and styles out of all but code, and put a link that is broken over two lines on one."""
    kept = [piece if index % 2 else _INVISIBLE.sub("", piece) for index, piece in enumerate(_CODE.split(body))]
    return _BROKEN_LINK.sub(r"\1 \2", "".join(kept))


@dataclass(frozen=True, kw_only=True)
class _Row:
    """A line of the source and what it is: a heading, code to be kept as it stands, or text that may run on."""

    text: str
    level: int | None = None
    code: bool = False
    alone: bool = False  # begins and ends its paragraph
    opens: bool = False  # begins a list item
    closes: bool = False  # ends in a hard line break

    @property
    def blank(self) -> bool:
        return not self.text.strip()


def _lines(source: list[str]) -> list[Line]:
    labels = frozenset(match["label"].lower() for line in source if (match := _DEFINITION.match(line)))
    scanner = _Scanner(source=source)
    blocks = _blocks(scanner.scan())
    joined = unwrap([[row.text for row in block.rows] for block in blocks])
    return [
        Line(
            text=line if block.rows[0].code else words_of(line, labels),
            level=block.rows[0].level,
            gap=block.gap and not at,
        )
        for block, lines in zip(blocks, joined, strict=True)
        for at, line in enumerate(lines)
    ]


@dataclass(kw_only=True)
class _Block:
    """Rows that may be one paragraph; `gap` tells that a blank line stands before them."""

    rows: list[_Row]
    gap: bool


def _blocks(rows: list[_Row]) -> list[_Block]:
    blocks: list[_Block] = []
    gap = False
    before: _Row | None = None
    for row in rows:
        if row.blank:
            gap, before = True, None
            continue
        if before is None or row.opens or row.alone or before.alone or before.closes:
            blocks.append(_Block(rows=[row], gap=gap or row.level is not None))
        else:
            blocks[-1].rows.append(row)
        gap, before = False, row
    return blocks


@dataclass(kw_only=True)
class _Scanner:
    """Tells what each line of the source is; fences, tables and levels reach over lines."""

    source: list[str]
    rows: list[_Row] = field(default_factory=list)
    fence: str = ""
    in_table: bool = False
    level: int = _DEFAULT_LEVEL  # of the last heading that has marks

    def scan(self) -> list[_Row]:
        for line, after in zip(self.source, [*self.source[1:], ""], strict=True):
            if not self._code(line) and not self._table(line, after) and not self._underline(line):
                self.rows.append(self._row(line))
        return self.rows

    def _code(self, line: str) -> bool:
        match = _FENCE.match(line)
        if self.fence:
            if match and match[1].startswith(self.fence):
                self.fence = ""
            else:
                self.rows.append(_Row(text=line, code=True, alone=True))
            return True
        if match and "`" not in line[match.end() :]:
            self.fence = match[1]
        return bool(self.fence)

    def _table(self, line: str, after: str) -> bool:
        rule = "|" in line and bool(_TABLE_RULE.match(line))
        if not self.in_table:
            self.in_table = "|" in line and "-" in after and "|" in after and bool(_TABLE_RULE.match(after))
        elif "|" not in line:
            self.in_table = False
        if self.in_table and not rule:
            cells = [cell.strip().replace("\\|", "|") for cell in _CELL_EDGE.split(line.strip().strip("|"))]
            self.rows.append(_Row(text=" | ".join(cells) if any(cells) else "", alone=True))
        return self.in_table

    def _underline(self, line: str) -> bool:
        """True for a row of `=` or `-` under a line of text, which makes a heading of it, and for a rule."""
        match = _UNDERLINE.match(line)
        above = self.rows[-1] if self.rows else None
        if match and above and not above.blank and not (above.alone or above.opens):
            self.level = 1 if match["marks"][0] == "=" else 2
            self.rows[-1] = _Row(text=tidy(above.text), level=self.level, alone=True)
            return True
        if _RULE.match(line):
            self.rows.append(_Row(text=""))
            return True
        return False

    def _row(self, line: str) -> _Row:
        line = _QUOTE.sub("", line)
        match = _HEADING.match(line)
        if match and _is_heading(match):
            self.level = len(match["marks"])
            return _Row(text=match["text"] or "", level=self.level, alone=True)
        if len(line) <= _BOLD_LENGTH and (match := _BOLD_LINE.match(line)) and match["marks"] not in match["text"]:
            return _Row(text=line, level=min(self.level + 1, 6), alone=True)
        if _DEFINITION.match(line):
            return _Row(text="")
        return _text_row(line)


def _is_heading(match: re.Match[str]) -> bool:
    """True for marks with a space or several marks; `#word` with one mark is a tag unless it opens a title."""
    text = match["text"] or ""
    return bool(match["space"]) or len(match["marks"]) > 1 or not text or (text[0].isupper() and " " in text)


def _text_row(line: str) -> _Row:
    closes = line.endswith(("  ", "\\")) and not line.endswith("\\\\")
    line = line.removesuffix("\\") if closes else line
    footnote, bullet = _FOOTNOTE.match(line), _BULLET.match(line)
    if footnote:
        line = f"[{footnote['note']}] {line[footnote.end() :]}"
    elif bullet:
        line = f"- {line[bullet.end() :]}"
    return _Row(text=line, opens=bool(footnote or bullet or _NUMBER.match(line)), closes=closes)
