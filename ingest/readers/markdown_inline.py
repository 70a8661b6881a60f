"""Marks inside a line of Markdown: they go, the words stay.

A Markdown library would turn the line into a tree for a page; what is wanted here is the same line without its marks,
also where the marks are not quite right: official registries print `paragraph 2* (b)*`, which no standard calls
emphasis, and nobody wants the stars quoted.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from typing import Final

_TOKEN: Final = re.compile(
    r"(?P<code>(?<!`)(?P<ticks>`+)(?!`)(?P<inside>.+?)(?<!`)(?P=ticks)(?!`))"
    r"|\\(?P<escaped>[!-/:-@\[-`{-~])"
    r"|<(?P<address>(?:https?|mailto|ftp):[^<>\s]*)>"
    r"|(?P<break></?(?:br|p|div|li|tr|ul|ol|table|h[1-6])\b[^<>]*>)"
    r"|(?P<tag></?[a-z][a-z0-9:-]*(?:\s[^<>]*)?/?>)"
    r"|(?P<entity>&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z][a-z0-9]{1,31});)"
    r"|(?P<footnote>\[\^(?P<note>[^\]\s]+)\])"
    r"|(?P<marks>\*+|_+|~~)",
    re.I,
)
_LINK_TEXT: Final = r"\[(?P<text>(?:\\.|[^\[\]\\]|\[(?:\\.|[^\[\]\\])*\])*)\]"
_TARGET: Final = (
    r"\(\s*(?:<[^<>]*>|(?:\\.|[^\s()\\]|\((?:\\.|[^\s()\\])*\))*)(?:\s+(?:\"[^\"]*\"|'[^']*'|\([^()]*\)))?\s*\)"
)
_IMAGE: Final = re.compile("!" + _LINK_TEXT + rf"(?:{_TARGET}|\[[^\[\]]*\])")
_LINK: Final = re.compile(r"(?<![\\!])" + _LINK_TEXT + _TARGET)
_REFERENCE: Final = re.compile(r"(?<![\\!])" + _LINK_TEXT + r"\[(?P<label>[^\[\]]*)\]")
_NEVER_WORDS: Final = frozenset({"**", "***", "_", "__"})  # emphasis over several paragraphs leaves them unpaired


@dataclass(kw_only=True)
class _Mark:
    """A run of `*`, `_` or `~~`, whether white space stands on both sides of it, and whether letters do."""

    text: str
    alone: bool
    inside_word: bool
    paired: bool = False

    @property
    def can_pair(self) -> bool:
        """False for a sign of its own (`2 * 3`), an underscore in a name, and a line to sign on."""
        if self.text[0] == "_":
            return not self.inside_word and len(self.text) <= 3
        return not self.alone


def words_of(line: str, labels: frozenset[str] = frozenset()) -> str:
    """Return a line without its marks; `labels` are the link references that the file defines, in lower case."""
    line = _IMAGE.sub("", line)
    for _ in range(2):  # a link may stand in the text of a link that stands around a picture
        line = _LINK.sub(lambda match: match["text"], line)
    line = _REFERENCE.sub(lambda match: _referenced(match, labels), line)
    pieces = _pieces(line)
    _pair([piece for piece in pieces if isinstance(piece, _Mark)])
    return "".join(_printed(piece) for piece in pieces)


def _referenced(match: re.Match[str], labels: frozenset[str]) -> str:
    label = (match["label"] or match["text"]).lower()
    return match["text"] if label in labels else match[0]


def _pieces(line: str) -> list[str | _Mark]:
    """The line as texts, which stay, and marks, which may go."""
    pieces: list[str | _Mark] = []
    end = 0
    for match in _TOKEN.finditer(line):
        pieces += [line[end : match.start()], _mark(line, match) if match["marks"] else _resolved(match)]
        end = match.end()
    return [*pieces, line[end:]]


def _mark(line: str, match: re.Match[str]) -> _Mark:
    before, after = line[max(match.start() - 1, 0) : match.start()], line[match.end() : match.end() + 1]
    return _Mark(
        text=match[0],
        alone=before.isspace() and after.isspace(),
        inside_word=before.isalnum() and after.isalnum(),
    )


def _resolved(match: re.Match[str]) -> str:
    if match["code"]:
        return match["inside"].strip()
    if match["break"]:
        return "\n"
    if match["tag"]:
        return ""
    if match["entity"]:
        return html.unescape(match["entity"])
    if match["footnote"]:
        return f"[{match['note']}]"
    return match["escaped"] or match["address"].removeprefix("mailto:")


def _pair(marks: list[_Mark]) -> None:
    """Marks of one kind go in twos, first to last; those that are never a word go alone as well.

    A single star stays without its partner: it calls a footnote.
    """
    waiting: dict[str, _Mark] = {}
    for mark in marks:
        if not mark.can_pair:
            continue
        opener = waiting.pop(mark.text[0], None)
        if opener is None:
            waiting[mark.text[0]] = mark
        else:
            opener.paired = mark.paired = True
    for mark in marks:
        mark.paired = mark.paired or (mark.can_pair and mark.text in _NEVER_WORDS)


def _printed(piece: str | _Mark) -> str:
    if isinstance(piece, str):
        return piece
    return "" if piece.paired else piece.text
