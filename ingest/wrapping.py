"""Which printed lines are one paragraph.

Text that was wrapped to a width has a mark that other text lacks: at each break the first word of the next line would
not have fitted any more. Where most breaks of a text are of that kind the lines are joined; anywhere else each line
stays a line of its own, since it may be a heading, a signature or a verse. List items, articles and headings always
begin a line.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Final

from .hyphens import Known, join

Block = list[str]  # lines between blank lines, as printed

_NARROWEST: Final = 40  # characters; narrower text is a list or a poem
_WIDEST: Final = 132  # nobody wraps wider than a line printer
_PAIRS: Final = 3  # fewer breaks than this prove nothing
_FULL_SHARE: Final = 0.7  # of breaks at which the next word did not fit
_RUNNING_SHARE: Final = 0.25  # of breaks after which a line goes on in lower case
_SLACK: Final = 3  # characters by which programs break early

_NUMBER: Final = r"(?:\d{1,3}|[IVXLC]{1,7})"
_ARTICLE: Final = re.compile(
    r"(?:article|artikel|artículo|artigo|articolo|art\.|section|sec\.|chapter|part|title|annex|clause|protocol|schedule"
    r"|appendix|hoofdstuk|kapitel|abschnitt|chapitre)\s+" + _NUMBER + r"(?!\w)[.:]?\s*(?:$|[–—-]|[^\W\d_a-z])",
    re.I,
)
_ITEM: Final = re.compile(
    r"(?:[-–—•*·▪◦‣]\s+|\(?\d{1,3}[.)]\s|\d{1,2}(?:\.\d{1,2}){1,3}\.?\s|\(?[a-z]\)|[a-zA-Z]\.\s|\(?[ivxl]{1,6}[.)]\s?"
    r"|\(\d{1,3}\)|\([ivxlIVXL]{1,6}\)|\([A-Z]\)|§+\s*\d)"
)
_BEFORE_ITEM: Final = re.compile(r"(?:[.:;,?!–—)\]\"”’*]|\b(?:and|or|et|ou|en|of|und|oder))\s*$")


def unwrap(blocks: list[Block]) -> list[Block]:
    """Join the lines of each block if the text as a whole was wrapped to a width; a block never joins another."""
    width = _width(blocks)
    if width is None:
        return [[line.strip() for line in block] for block in blocks]
    known = Known.of("\n".join(line for block in blocks for line in block))
    return [_joined(block, width, known) for block in blocks]


def begins_anew(line: str, before: str) -> bool:
    """True where `line` opens a list item or an article, given the line `before` it."""
    line = line.lstrip()
    heads_article = bool(_ARTICLE.match(line)) and not re.search(r"\b(?:of|in|to|and|under|with|or)$", before.rstrip())
    return heads_article or bool(_ITEM.match(line) and _BEFORE_ITEM.search(before))


def is_item(line: str) -> bool:
    """True for a line that begins with a bullet, a number or a letter of a list."""
    return bool(_ITEM.match(line.lstrip()))


def opens_article(line: str) -> bool:
    """True for a line that begins with the name and number of an article, section or the like."""
    return bool(_ARTICLE.match(line.lstrip()))


def is_heading_of_article(line: str) -> bool:
    """True for a line such as "ARTICLE IV." or "Chapter 2 – Membership", which never runs on into the next."""
    line = line.strip()
    return len(line) <= 100 and bool(_ARTICLE.match(line)) and not re.search(r"[,;]$|[^.]{40}\.$", line)


def _width(blocks: list[Block]) -> int | None:
    """The width the text was wrapped to, None where it was not."""
    breaks = [pair for block in blocks for pair in pairwise(block) if not begins_anew(pair[1], pair[0])]
    if len(breaks) < _PAIRS:
        return None
    lengths = sorted(len(line.rstrip()) for line, _ in breaks)
    width = lengths[int(0.9 * (len(lengths) - 1))]
    full = sum(_was_full(line, after, width) for line, after in breaks)
    running = sum(after.lstrip()[:1].islower() for _, after in breaks)
    wrapped = full >= _FULL_SHARE * len(breaks) and running >= _RUNNING_SHARE * len(breaks)
    return width if wrapped and _NARROWEST <= width <= _WIDEST else None


def _was_full(line: str, after: str, width: int) -> bool:
    """True where the first word of the next line would not have fitted at the end of this one."""
    return len(line.rstrip()) + 1 + len(after.split(None, 1)[0]) > width - _SLACK


def _joined(block: Block, width: int, known: Known) -> Block:
    paragraphs = [[block[0].strip()]]
    for before, line in pairwise(block):
        runs_on = _was_full(before, line, width) and not _indented(before, line) and not is_heading_of_article(before)
        if runs_on and not begins_anew(line, before):
            paragraphs[-1].append(line.strip())
        else:
            paragraphs.append([line.strip()])
    return [join(lines, known) for lines in paragraphs]


def _indented(before: str, line: str) -> bool:
    """True where a paragraph opens with an indented line; hanging indents of list items do not count."""
    return _indent(line) >= _indent(before) + 2 and not _ITEM.match(before.lstrip())


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())
