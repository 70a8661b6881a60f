"""Where in a document: "Article IV(2)", "Chapter VIII", "Annex I › Article 2", "Foundations › Scope".

The sections of a text are a tree, given flat in reading order: they nest and never cross, and each holds its heading
line and all that follows up to the next heading of its rank or a higher one.

A label is what a reader would cite. A number that comes again (in an annex, a protocol, a second treaty of the same
file) is told apart by the part it stands in; the first keeps its plain name.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from typing import Final

from . import settings
from .document import Heading, Section
from .errors import OverLimit
from .language import language
from .numbering import Kind, parse
from .outline import Node, outline
from .rows import flat

JOINER: Final = " › "
BREADCRUMB_WORDS: Final = 20
LABEL_LETTERS: Final = 100  # of one heading without a number inside a label

_PARAGRAPH: Final = re.compile(
    r"\(\s?(?:\d{1,3}|[A-Za-z]{1,5})\s?\)\.?|(?:\d{1,3}(?:\.\d{1,3})*|[A-Za-z]{1,5})(?:\)\.?|\.)|\d{1,3}(?:\.\d{1,3})+"
)


def sections(text: str, headings: tuple[Heading, ...] = ()) -> tuple[Section, ...]:
    """The sections of `text` in reading order; `headings` are those that the file's format marks.

    Raises:
        OverLimit: more than `settings.SECTIONS`.
    """
    nodes = outline(text, headings)
    if len(nodes) > settings.SECTIONS:
        raise OverLimit(
            f"{len(nodes):,} headings and paragraphs, the limit is {settings.SECTIONS:,}; split it into smaller files"
        )
    _label(nodes)
    return tuple(_section(text, node) for node in nodes)


def pinpoint(sections: tuple[Section, ...], start: int, end: int) -> str:
    """The label of the deepest section that holds all of `start:end`; empty if none does."""
    inside = Tree(sections).holding(start, end)
    return inside[-1].label if inside else ""


def breadcrumb(sections: tuple[Section, ...], start: int, end: int) -> str:
    """The headings above `start:end`, outermost first, for searching; at most `BREADCRUMB_WORDS` words."""
    return JOINER.join(crumbs(Tree(sections).holding(start, end)))


def crumbs(inside: list[Section]) -> list[str]:
    """The parts of a breadcrumb for what stands in these sections; of too many words the inner ones stay."""
    kept: list[str] = []
    room = BREADCRUMB_WORDS
    for section in reversed(inside):
        words = [] if is_paragraph(section) else _crumb(section).split()
        if words and room > 1:
            kept.append(" ".join(words[:room]))
            room -= len(words)
    return kept[::-1]


def is_paragraph(section: Section) -> bool:
    """Whether a section is a numbered paragraph inside an article and has no heading of its own."""
    return _PARAGRAPH.fullmatch(section.heading) is not None


class Tree:
    """Sections with their parents, for asking often: `holding` takes logarithmic time and the depth of the tree."""

    def __init__(self, sections: tuple[Section, ...]) -> None:
        self.sections = sections
        self._starts = [section.start for section in sections]
        self._places = {id(section): place for place, section in enumerate(sections)}
        self._above: list[int] = []
        open_places: list[int] = []
        for place, section in enumerate(sections):
            while open_places and sections[open_places[-1]].end <= section.start:
                open_places.pop()
            self._above.append(open_places[-1] if open_places else -1)
            open_places.append(place)

    def holding(self, start: int, end: int) -> list[Section]:
        """The sections that hold all of `start:end`, outermost first."""
        place = bisect_right(self._starts, start) - 1
        inside: list[Section] = []
        while place >= 0:
            if end <= self.sections[place].end:
                inside.append(self.sections[place])
            place = self._above[place]
        return inside[::-1]

    def parent(self, section: Section | None) -> Section | None:
        """The section right above; None above all."""
        place = self._above[self._places[id(section)]] if section is not None else -1
        return self.sections[place] if place >= 0 else None


def _crumb(section: Section) -> str:
    """A heading for searching: "Chapter VII: Action with respect to threats to the peace"."""
    found = parse(section.heading)
    if found is None:
        return section.heading or section.label.split(JOINER)[-1]
    return f"{found.name}: {found.title}" if found.title else found.name


def _label(nodes: list[Node]) -> None:
    """Name every node as a reader would cite it; see the module head for numbers that come again."""
    counts = Counter((id(_scope(node)), node.name) for node in nodes if node.number)
    again = _scopes_with_known_names(nodes)
    for node in nodes:
        node.label = _name(node, counts, again)


def _scopes_with_known_names(nodes: list[Node]) -> set[int]:
    """The parts with a numbering of their own in which something has a name that was given before."""
    owner: dict[str, int] = {}
    return {
        id(_scope(node))
        for node in nodes
        if (node.number or node.leaf) and owner.setdefault(node.name, id(_scope(node))) != id(_scope(node))
    }


def _name(node: Node, counts: Counter[tuple[int, str]], again: set[int]) -> str:
    parent, scope = node.parent, _scope(node)
    above = parent.label if parent else ""
    if node.kind is None:
        return f"{above.rsplit(' ', 1)[0]} {node.name}" if node.dotted else f"{above}({node.name})"
    if node.kind is Kind.GROUP:
        return _joined("" if parent and parent.kind is Kind.INSTRUMENT else above, node.name)
    if parent and parent is not scope and parent.number and counts[id(scope), node.name] > 1:
        return _joined(above, node.name)
    return _joined(scope.label if scope and id(scope) in again else "", node.name)


def _joined(above: str, name: str) -> str:
    short = name if len(name) <= LABEL_LETTERS else name[:LABEL_LETTERS].rsplit(" ", 1)[0] + "…"
    return f"{above}{JOINER}{short}" if above else short


def _scope(node: Node) -> Node | None:
    """The nearest part above `node` with a numbering of its own."""
    above = node.parent
    while above is not None and not above.scope:
        above = above.parent
    return above


def _section(text: str, node: Node) -> Section:
    return Section(
        start=node.start,
        end=node.end,
        label=node.label,
        heading=flat(text[node.start : node.heading_end]),
        level=node.level,
        language=language(text[node.heading_end : node.end]),
        atomic=node.atomic,
    )
