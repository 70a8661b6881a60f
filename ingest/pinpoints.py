"""Where in a document: "Article IV(2)", "Chapter VIII", "Annex I › Article 2", "Foundations › Scope".

The sections of a text are a tree, given flat in reading order: they nest and never cross, and each holds its heading line
and all that follows up to the next heading of its rank or a higher one. Numbered headings have a rank of their own
(chapters hold articles), because the levels of a format are often wrong: registries print articles and chapters on one
level and titles below both. Where a format's levels hold, they are followed.

A label is what a reader would cite. A number that comes again (in an annex, a protocol, a second treaty of the same file)
is told apart by the part it stands in; the first keeps its plain name.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass, field
from typing import Final

from . import settings
from .document import Heading, Section
from .errors import OverLimit
from .headings import Kind, Mark, find, follows, is_instrument, ordinal, parse
from .language import language
from .rows import flat
from .paragraphs import Paragraph, paragraphs

JOINER: Final = " › "
BREADCRUMB_WORDS: Final = 20
LABEL_LETTERS: Final = 100  # of one heading without a number inside a label

_PREAMBLE_ENDS: Final = re.compile(
    r"(?i)(?:as follows|hereby agree|agreed? upon the following|als volgt|overeengekomen|ce qui suit|wie folgt|übereingekommen"
    r"|lo siguiente|quanto segue|o seguinte)\W{0,5}$"
)
_PREAMBLE_BEGINS: Final = re.compile(
    r"(?:Preamble|Preambule|Préambule|Präambel|Preámbulo|We,? the peoples|Wij,? de volken"
    r"|The (?:States|Parties|Governments?|High Contracting|Contracting|Member)|De (?:Staten|Partijen|Regeringen|Hoge))"
)
_PREAMBLE_NAMES: Final = {
    "nl": "Preambule",
    "fr": "Préambule",
    "de": "Präambel",
    "es": "Preámbulo",
    "it": "Preambolo",
    "pt": "Preâmbulo",
}
_CLOSES: Final = re.compile(
    r"(?m)^[ \t]*(?:In (?:witness|faith|testimony) (?:whereof|of which|thereof)|Done (?:at|in)\b|Ten blijke waarvan|Gedaan te"
    r"|En foi de quoi|Fait à|Zu Urkund|Geschehen zu|En fe de lo cual|Hecho en|In fede di che|Em fé do que)",
    re.IGNORECASE,
)
_CLOSING_NAMES: Final = {"nl": "Slotformule", "fr": "Formule finale", "de": "Schlussformel", "es": "Fórmula final"}
_PARAGRAPH_HEADING: Final = re.compile(
    r"\(?(?:\d{1,3}(?:\.\d{1,3})*|[A-Za-z]{1,5})(?:\)|\.|\)\.)|\d{1,3}(?:\.\d{1,3})+"
)
_INSIDE: Final = 100  # keys of plain headings and paragraphs start here where a format's levels are followed


@dataclass(kw_only=True)
class _Node:
    """A section in the making; `key` orders ranks: a node ends where one with the same or a lower key begins."""

    start: int
    heading_end: int
    name: str
    key: int
    kind: Kind | None  # None for a paragraph
    number: str = ""
    title: str = ""
    atomic: bool = False
    end: int = 0
    label: str = ""
    parent: _Node | None = None
    level: int = 0
    dotted: bool = False
    scope: bool = False  # has a numbering of its own
    children: list[_Node] = field(default_factory=list)


def sections(text: str, headings: tuple[Heading, ...] = ()) -> tuple[Section, ...]:
    """The sections of `text` in reading order.

    Raises:
        OverLimit: more than `settings.SECTIONS`.
    """
    marks = find(text, headings)
    nodes = _nodes(text, marks)
    if len(nodes) > settings.SECTIONS:
        raise OverLimit(f"{len(nodes)} headings and paragraphs, the limit is {settings.SECTIONS}: split the file")
    _nest(text, nodes)
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
    """The parts of a breadcrumb; the inner ones stay where there are too many words."""
    kept: list[str] = []
    room = BREADCRUMB_WORDS
    for section in reversed(inside):
        words = [] if is_paragraph(section) else _crumb(section).split()
        if room < 2 or not words:
            continue
        kept.append(" ".join(words[:room]))
        room -= len(words)
    return kept[::-1]


class Tree:
    """Sections with their parents, for asking often; `holding` takes logarithmic time and the depth of the tree."""

    def __init__(self, sections: tuple[Section, ...]) -> None:
        self.sections = sections
        self._starts = [section.start for section in sections]
        self._above: list[int] = []
        open_places: list[int] = []
        for place, section in enumerate(sections):
            while open_places and sections[open_places[-1]].end <= section.start:
                open_places.pop()
            self._above.append(open_places[-1] if open_places else -1)
            open_places.append(place)
        self._places = {id(section): place for place, section in enumerate(sections)}

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


def is_paragraph(section: Section) -> bool:
    """Whether a section is a numbered paragraph inside an article and not a heading of its own."""
    return bool(_PARAGRAPH_HEADING.fullmatch(section.heading))


def _crumb(section: Section) -> str:
    """A heading for searching: "Chapter VII: Action with respect to threats to the peace"."""
    found = parse(section.heading)
    if found is None:
        return section.heading or section.label
    return f"{found[1]}: {found[3]}" if found[3] else found[1]


def _nodes(text: str, marks: list[Mark]) -> list[_Node]:
    """Headings with their titles, preambles, closing words and paragraphs, in reading order."""
    by_level = _levels_hold(marks)
    marks = _without_title(text, _with_titles(text, marks, by_level), by_level)
    nodes = _ranked(marks, by_level)
    if any(node.atomic for node in nodes):
        nodes = _with_closings(text, _with_preambles(text, nodes))
    limits = [*(node.start for node in nodes[1:]), len(text)]
    inner = [
        found
        for node, limit in zip(nodes, limits, strict=False)  # no node, yet a limit
        if node.number and node.kind in {Kind.ARTICLE, Kind.SECTION, Kind.APPENDED}
        for found in _paragraphs(text, node, limit)
    ]
    return sorted([*nodes, *inner], key=lambda node: (node.start, node.key))


def _levels_hold(marks: list[Mark]) -> bool:
    """Whether the format's levels can be followed: articles stand below chapters and not above the heading before them."""
    articles = [mark.level for mark in marks if mark.kind is Kind.ARTICLE and mark.number and mark.level is not None]
    if not articles:
        return any(mark.level is not None for mark in marks)
    holders = [mark.level for mark in marks if mark.kind in {Kind.PART, Kind.CHAPTER} and mark.level is not None]
    first = next(place for place, mark in enumerate(marks) if mark.kind is Kind.ARTICLE and mark.number and mark.level)
    before = marks[first - 1].level if first else None
    return max(holders, default=0) < min(articles) and (before is None or before <= articles[0])


def _with_titles(text: str, marks: list[Mark], by_level: bool) -> list[Mark]:
    """Join "CHAPTER VII" and the heading straight below it, which is its title, where levels say nothing."""
    joined: list[Mark] = []
    for mark in marks:
        last = joined[-1] if joined else None
        if last and not by_level and _titles(text, last, mark):
            name = flat(f"{last.name} {mark.name}") if not last.number and last.kind is Kind.APPENDED else last.name
            joined[-1] = Mark(
                start=last.start, end=mark.end, kind=last.kind, name=name, number=last.number, title=mark.name,
                level=last.level, atomic=last.atomic,
            )  # fmt: skip
        else:
            joined.append(mark)
    return joined


def _titles(text: str, above: Mark, mark: Mark) -> bool:
    return (
        above.kind is not Kind.GROUP
        and not above.title
        and mark.kind is Kind.GROUP
        and mark.level is not None
        and not text[above.end : mark.start].strip()
        and not is_instrument(mark.name)
    )


def _without_title(text: str, marks: list[Mark], by_level: bool) -> list[Mark]:
    """Without the heading that is the title of the whole document: what stands under it needs no pinpoint."""
    if not marks or marks[0].kind is not Kind.GROUP or text[: marks[0].start].strip():
        return marks
    first, later = marks[0], marks[1:]
    if first.level is None:
        return later if later and first.style <= min(mark.style for mark in later) else marks
    higher = all(mark.level is None or mark.level > first.level for mark in later)
    return later if by_level and higher else marks


def _ranked(marks: list[Mark], by_level: bool) -> list[_Node]:
    """One node for each heading, with its place in the order of ranks."""
    below = _sections_below_articles(marks)
    numbered = any(mark.number for mark in marks)
    nodes: list[_Node] = []
    for place, mark in enumerate(marks):
        kind = _kind(mark, marks[place + 1 :], nodes, by_level)
        key = int(kind) + (2 if below and kind is Kind.SECTION else 0)
        if by_level:
            key = mark.level if mark.level is not None else _INSIDE // 2 + key
        elif kind is Kind.GROUP and not numbered:
            key += mark.style
        nodes.append(
            _Node(
                start=mark.start,
                heading_end=mark.end,
                name=mark.name,
                key=key,
                kind=kind,
                number=mark.number,
                title=mark.title,
                atomic=mark.atomic,
                scope=kind < Kind.PART or (by_level and kind is Kind.GROUP),
            )  # fmt: skip
        )
    return nodes


def _kind(mark: Mark, later: list[Mark], before: list[_Node], by_level: bool) -> Kind:
    """A heading without a number that names a treaty, and above which or after which articles are counted, is one."""
    if mark.kind is not Kind.GROUP or by_level or not is_instrument(mark.name):
        return mark.kind
    after = next((other.number for other in later if other.kind is Kind.ARTICLE and other.number), "")
    last = next((node.number for node in reversed(before) if node.kind is Kind.ARTICLE and node.number), "")
    restarts = bool(after) and (not last or not follows(after, last) or ordinal(after) == 1)
    return Kind.INSTRUMENT if mark.level is not None or restarts else mark.kind


def _sections_below_articles(marks: list[Mark]) -> bool:
    """Whether "Section 2" is a part of an article, as in the Constitution of the United States, and not above it."""
    pairs = [
        (one, other) for one, other in zip(marks, marks[1:], strict=False) if one.kind is Kind.SECTION and one.number
    ]
    above = sum(other.kind is Kind.ARTICLE for _, other in pairs)
    return bool(pairs) and above * 2 < len(pairs) and any(mark.kind is Kind.ARTICLE for mark in marks)


def _with_preambles(text: str, nodes: list[_Node]) -> list[_Node]:
    """Add a preamble where one stands without a heading before the first article, chapter or the like."""
    key = next(node.key for node in nodes if node.atomic)
    added: list[_Node] = []
    starts = [(0, 0, True)] + [(node.start, node.heading_end, node.scope) for node in nodes]
    for (_, begins, opens), node in zip(starts, nodes, strict=False):
        body = text[begins : node.start]
        if opens and node.number and node.kind is not Kind.APPENDED and _is_preamble(body.strip()):
            start = begins + len(body) - len(body.lstrip())
            name = _PREAMBLE_NAMES.get(language(body) or "", "Preamble")
            added.append(_Node(start=start, heading_end=start, name=name, key=key, kind=Kind.ARTICLE))
    return sorted([*nodes, *added], key=lambda node: node.start)


def _is_preamble(body: str) -> bool:
    return len(body.split()) > 8 and bool(_PREAMBLE_ENDS.search(body[-80:]) or _PREAMBLE_BEGINS.match(body))


def _with_closings(text: str, nodes: list[_Node]) -> list[_Node]:
    """Add the closing words ("IN WITNESS WHEREOF …") that follow a last article and are no part of it."""
    key = min(node.key for node in nodes if node.atomic)
    rank = min([key, *(node.key for node in nodes if node.kind in {Kind.PART, Kind.CHAPTER, Kind.SECTION})])
    added: list[_Node] = []
    for node, following in zip(nodes, [*nodes[1:], None], strict=True):
        limit = following.start if following else len(text)
        closing = _CLOSES.search(text, node.heading_end, limit)
        if closing and (node.atomic or node.kind is Kind.GROUP):
            start = closing.start() + len(closing[0]) - len(closing[0].lstrip())
            name = _CLOSING_NAMES.get(language(text[start : min(limit, start + 600)]) or "", "Closing clause")
            added.append(_Node(start=start, heading_end=start, name=name, key=rank, kind=Kind.ARTICLE))
    return sorted([*nodes, *added], key=lambda node: node.start)


def _paragraphs(text: str, node: _Node, end: int) -> list[_Node]:
    return [
        _Node(
            start=found.start,
            heading_end=found.end,
            name=_paragraph_name(found),
            key=_INSIDE + found.depth,
            kind=None,
            dotted=_repeats(found, node),
        )  # fmt: skip
        for found in paragraphs(text, node.heading_end, end)
    ]


def _paragraph_name(found: Paragraph) -> str:
    return f"({found.token})"


def _repeats(found: Paragraph, node: _Node) -> bool:
    """Whether the mark repeats the article's own number: "12.1" in Article 12."""
    return found.dotted and found.token.split(".")[0] == node.number


def _nest(text: str, nodes: list[_Node]) -> None:
    """Give every node its end, its parent and its level."""
    open_nodes: list[_Node] = []
    for node in nodes:
        while open_nodes and open_nodes[-1].key >= node.key:
            _close(text, open_nodes.pop(), node.start)
        node.parent = open_nodes[-1] if open_nodes else None
        node.level = len(open_nodes)
        open_nodes.append(node)
    for node in open_nodes:
        _close(text, node, len(text))


def _close(text: str, node: _Node, limit: int) -> None:
    """End `node` before `limit`, without the white space there."""
    node.end = node.start + len(text[node.start : limit].rstrip())


def _label(nodes: list[_Node]) -> None:
    """Name every node as a reader would cite it; see the module head for numbers that come again."""
    counts = Counter((id(_scope(node)), node.name) for node in nodes if node.number)
    taken: dict[str, int] = {}
    named: dict[int, set[str]] = {}
    for node in nodes:
        if node.kind is not None and (node.number or node.kind is Kind.ARTICLE):
            named.setdefault(id(_scope(node)), set()).add(node.name)
            taken.setdefault(node.name, id(_scope(node)))
    again = {scope for scope, names in named.items() if any(taken[name] != scope for name in names)}
    for node in nodes:
        node.label = _name(node, counts, again)


def _name(node: _Node, counts: Counter[tuple[int, str]], again: set[int]) -> str:
    parent = node.parent
    if node.kind is None:
        base = parent.label if parent else ""
        return f"{_word(base)} {node.name[1:-1]}" if node.dotted and parent else base + node.name
    short = node.name if len(node.name) <= LABEL_LETTERS else node.name[:LABEL_LETTERS].rsplit(" ", 1)[0] + "…"
    if node.kind is Kind.GROUP:
        above = parent.label if parent and parent.kind is not Kind.INSTRUMENT else ""
        return JOINER.join(filter(None, [above, short]))
    scope = _scope(node)
    holder = parent if parent and parent.number and parent is not scope else None
    if holder and node.number and counts[id(scope), node.name] > 1:
        return JOINER.join([holder.label, short])
    return JOINER.join([scope.label, short]) if scope and id(scope) in again else short


def _word(label: str) -> str:
    """A label without its last number: "Artikel" of "Artikel 12"."""
    return label.rsplit(" ", 1)[0]


def _scope(node: _Node) -> _Node | None:
    """The nearest part above `node` with a numbering of its own."""
    above = node.parent
    while above is not None and not above.scope:
        above = above.parent
    return above


def _section(text: str, node: _Node) -> Section:
    return Section(
        start=node.start,
        end=node.end,
        label=node.label,
        heading=flat(text[node.start : node.heading_end]),
        level=node.level,
        language=language(text[node.heading_end : node.end]),
        atomic=node.atomic,
    )
