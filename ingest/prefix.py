"""What stands in front of a passage when it is searched: the document's title and the headings above it.

A treaty says "the Parties", never its own name; what is embedded and matched is therefore `title › section › passage`.
What is quoted is the passage alone.
"""

from __future__ import annotations

from typing import Final

from .budget import Count
from .document import Passage
from .pinpoints import JOINER

TITLE_LETTERS: Final = 100  # of the document's title in front of a passage
SHARE: Final = 4  # title and headings take at most one part in four of the embedded tokens, the title's own apart


def embedded_text(document_title: str, passage: Passage, text: str) -> str:
    """What is embedded and matched: `title › section › passage`; `text` is the passage's own words."""
    return JOINER.join(filter(None, [heading(document_title, passage), text]))


def heading(document_title: str, passage: Passage) -> str:
    """`title › section`: what stands in front of a passage."""
    return JOINER.join(filter(None, [_short(document_title), passage.section]))


def _short(title: str) -> str:
    """The title on one line, cut after a word where it is too long to stand in front of every passage."""
    plain = " ".join(title.split())
    return plain if len(plain) <= TITLE_LETTERS else plain[:TITLE_LETTERS].rsplit(" ", 1)[0]


class Prefixes:
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
            if not parts or tokens * SHARE <= self.embedded:
                return section, tokens
            parts = parts[1:] if len(parts) > 1 else _halved(parts[0])

    def _tokens(self, section: str) -> int:
        prefix = JOINER.join(filter(None, [self.title, section]))
        return self.count(prefix + JOINER) - self.added if prefix else 0


def _halved(heading: str) -> list[str]:
    """The first half of a heading's words; nothing of a single word."""
    words = heading.split()
    return [" ".join(words[: len(words) // 2])] if len(words) > 1 else []
