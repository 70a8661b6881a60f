"""The words that are marked in the source, with the text around them.

Gold and quotations that stand near one another in a document are shown in one excerpt, so that it is seen at a glance
whether a quotation is beside the point or merely shorter than the gold.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from ..results import Words


@dataclass(frozen=True, kw_only=True)
class Marked:
    """Words to mark; `kind` is gold, cited, opposed or nearest, and `label` what a reader is told."""

    words: Words
    kind: str
    label: str


@dataclass(frozen=True, kw_only=True)
class Excerpt:
    """`text` begins at character `start` of the document and holds everything that is marked in it."""

    document: str
    start: int
    text: str
    marked: tuple[Marked, ...]

    def segments(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        """The text in pieces, each with the kinds of the marks that it lies in."""
        inside = [place - self.start for one in self.marked for place in (one.words.start, one.words.end)]
        edges = sorted({0, len(self.text), *inside})
        for left, right in pairwise(edges):
            yield self.text[left:right], tuple(sorted({one.kind for one in self.marked if self._in(one, left, right)}))

    def _in(self, marked: Marked, left: int, right: int) -> bool:
        return marked.words.start - self.start <= left and right <= marked.words.end - self.start


def excerpts(marked: Sequence[Marked], *, around: int) -> list[Excerpt]:
    """What is marked, with up to `around` characters on both sides, in the order in which it is given first."""
    trimmed = [replace(one, words=_trimmed(one.words, around)) for one in marked]
    found: list[Excerpt] = []
    for one in sorted(trimmed, key=lambda one: (one.words.document, _start(one.words))):
        last = found[-1] if found else None
        if last and last.document == one.words.document and _start(one.words) <= last.start + len(last.text):
            found[-1] = _joined(last, one)
        else:
            words = one.words
            text = words.before + words.quote + words.after
            found.append(Excerpt(document=words.document, start=_start(words), text=text, marked=(one,)))
    place = {id(one): number for number, one in enumerate(trimmed)}
    ordered = [replace(one, marked=tuple(sorted(one.marked, key=lambda one: place[id(one)]))) for one in found]
    return sorted(ordered, key=lambda one: place[id(one.marked[0])])


def _joined(excerpt: Excerpt, marked: Marked) -> Excerpt:
    words = marked.words
    whole = words.before + words.quote + words.after
    further = whole[max(0, excerpt.start + len(excerpt.text) - _start(words)) :]
    return replace(excerpt, text=excerpt.text + further, marked=(*excerpt.marked, marked))


def _start(words: Words) -> int:
    return words.start - len(words.before)


def _trimmed(words: Words, around: int) -> Words:
    """With less around it; words that would be cut in two are left out."""
    before, after = words.before, words.after
    if len(before) > around:
        before = re.sub(r"^\S*\s*", "", before[-around:])
    if len(after) > around:
        after = re.sub(r"\s*\S*$", "", after[:around])
    return replace(words, before=before, after=after)
