"""How the headings of a text hold one another.

Numbered headings have a rank of their own (chapters hold articles), because the levels of a format are often wrong:
registries print articles and chapters on one level and titles below both. Where a format's levels hold, they are
followed. What stands without a heading and yet is a part, a preamble before the first article or the words that close a
treaty, becomes a part here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import accumulate, pairwise
from typing import Final

from .document import Heading
from .headings import Mark, find
from .language import language
from .numbering import Kind, follows, ordinal
from .paragraphs import Paragraph, paragraphs
from .rows import flat, rows


@dataclass(kw_only=True, eq=False)
class Node:
    """A section in the making. `key` orders ranks: a node ends where one with the same or a lower key begins.

    `kind` is None for a paragraph; `scope` marks a part with a numbering of its own, `leaf` one that holds no other.
    """

    start: int
    heading_end: int
    name: str
    key: int
    kind: Kind | None
    number: str = ""
    scope: bool = False
    leaf: bool = False
    dotted: bool = False  # a paragraph whose mark repeats the article's number: "12.1" in Article 12
    end: int = 0
    label: str = ""
    level: int = 0
    parent: Node | None = None

    @property
    def atomic(self) -> bool:
        return self.kind is Kind.ARTICLE and bool(self.number)


INSIDE: Final = (
    100  # keys of paragraphs start here, those of plain headings halfway where a format's levels are followed
)

BODY: Final = 200  # characters below a heading that make it a part of its own

_INSTRUMENT: Final = re.compile(
    r"(?i)\b(?:treaty|agreement|charter|convention|covenant|statute|declaration|memorandum|pact|resolution|final act"
    r"|verdrag|overeenkomst|handvest|statuut|verklaring|traité|accord|charte|statut|vertrag|abkommen|satzung|erklärung"
    r"|tratado|acuerdo|carta|estatuto|trattato|accordo|acordo|protocol|protocole|protokoll|protocolo)\b"
)
_PREAMBLE_ENDS: Final = re.compile(
    r"(?i)(?:as follows|hereby agree|agreed? upon the following|als volgt|overeengekomen|ce qui suit|wie folgt"
    r"|übereingekommen|lo siguiente|quanto segue|o seguinte)\W{0,5}$"
)
_PREAMBLE_BEGINS: Final = re.compile(
    r"(?m)^(?:Preamble|Preambule|Préambule|Präambel|Preámbulo|We,? the peoples|Wij,? de volken"
    r"|The (?:States|Parties|Governments?|High Contracting|Contracting|Member)|De (?:Staten|Partijen|Regeringen|Hoge))"
)
_PREAMBLES: Final = {
    "nl": "Preambule", "fr": "Préambule", "de": "Präambel", "es": "Preámbulo", "it": "Preambolo", "pt": "Preâmbulo"
}  # fmt: skip
_CLOSES: Final = re.compile(
    r"(?mi)(?:^[ \t]*|(?<=[.;])[ \t]*)(?P<words>In (?:witness|faith|testimony) (?:whereof|of which)|Ten blijke waarvan"
    r"|En foi de quoi|Zu Urkund|En fe de lo cual|In fede di che|Em fé do que)"
    r"|^[ \t]*(?P<done>Done (?:at|in)\b|Gedaan te|Fait à|Geschehen zu|Hecho en)"
)
_CLOSINGS: Final = {"nl": "Slotformule", "fr": "Formule finale", "de": "Schlussformel", "es": "Fórmula final"}
_NOTE_MARK: Final = re.compile(r"\[[12]\]")
_FIRST_NOTE: Final = re.compile(r"(?m)^[ \t]*\[?1\]?[.)]?[ \t]+(?=[A-Z])")


def outline(text: str, headings: tuple[Heading, ...]) -> list[Node]:
    """Every part of `text` in reading order, each with its end, its parent and its level; labels are still empty."""
    marks = find(text, headings)
    by_level = _levels_hold(marks)
    if not by_level:
        marks = _joined(text, _without_subtitles(text, marks))
    nodes = _ranked(text, _without_title(text, marks, by_level), by_level)
    if any(node.atomic for node in nodes):
        nodes = _with_closings(text, _with_preambles(text, nodes), by_level)
    nodes += [found for node, limit in _spans(text, nodes) for found in _paragraphs(text, node, limit)]
    nodes.sort(key=lambda node: (node.start, node.key))
    _nest(text, nodes)
    return nodes


def is_instrument(name: str) -> bool:
    """Whether a heading names a treaty or the like in its first words ("NORTH ATLANTIC TREATY", "Statute of the …")."""
    return len(name.split()) > 1 and _INSTRUMENT.search(" ".join(name.split()[:4])) is not None


def _spans(text: str, nodes: list[Node]) -> list[tuple[Node, int]]:
    """Every node with the place where the next one begins."""
    return list(zip(nodes, [*(node.start for node in nodes[1:]), len(text)], strict=False))


def _levels_hold(marks: list[Mark]) -> bool:
    """Whether a format's levels can be followed: articles below chapters and not above the heading before the first."""
    levels = [mark.level for mark in marks if mark.level is not None]
    places = [place for place, mark in enumerate(marks) if mark.kind is Kind.ARTICLE and mark.number]
    articles = [marks[place].level or 0 for place in places if marks[place].level is not None]
    if not articles:
        return bool(levels)
    holders = [mark.level for mark in marks if mark.kind in {Kind.PART, Kind.CHAPTER} and mark.level is not None]
    before = marks[places[0] - 1].level if places[0] else None
    return max(holders, default=0) < min(articles) and (before is None or before <= articles[0])


def _without_subtitles(text: str, marks: list[Mark]) -> list[Mark]:
    """Without headings inside an article, below which its paragraphs go on counting ("2. …")."""
    kept: list[Mark] = []
    inside = False
    for mark in marks:
        first = next(iter(rows(text, mark.end, mark.end + BODY)), None)
        if inside and mark.kind is Kind.GROUP and first and re.match(r"(?:[2-9]|[1-9]\d)\.\s", first.of(text)):
            continue
        inside = inside or mark.kind is Kind.ARTICLE
        kept.append(mark)
    return kept


def _joined(text: str, marks: list[Mark]) -> list[Mark]:
    """Join "CHAPTER VII" and the heading straight below it, which is its title."""
    joined: list[Mark] = []
    for mark in marks:
        above = joined[-1] if joined else None
        if above is not None and _is_title_of(text, above, mark):
            unnumbered = above.kind is Kind.APPENDED and not above.number
            name = flat(f"{above.name} {mark.name}") if unnumbered else above.name
            joined[-1] = replace(above, end=mark.end, name=name, title=mark.name)
        else:
            joined.append(mark)
    return joined


def _is_title_of(text: str, above: Mark, mark: Mark) -> bool:
    return (
        above.kind is not Kind.GROUP
        and not above.title
        and mark.kind is Kind.GROUP
        and mark.level is not None
        and not text[above.end : mark.start].strip()
        and (mark.name[0].islower() or not is_instrument(mark.name))
    )


def _without_title(text: str, marks: list[Mark], by_level: bool) -> list[Mark]:
    """Without the heading that is the title of the whole document: what stands under it needs no pinpoint."""
    if len(marks) < 2 or marks[0].kind is not Kind.GROUP or text[: marks[0].start].strip():
        return marks
    first, later = marks[0], marks[1:]
    if first.level is None:
        is_title = first.style <= min((mark.style for mark in later if mark.kind is Kind.GROUP), default=2)
    else:
        is_title = by_level and all(mark.level is None or mark.level > first.level for mark in later)
    return later if is_title else marks


def _ranked(text: str, marks: list[Mark], by_level: bool) -> list[Node]:
    """One node for each heading, with its place in the order of ranks."""
    below = _sections_below_articles(marks)
    numbered = any(mark.number for mark in marks)
    nodes: list[Node] = []
    around = _articles_around(marks)
    for place, mark in enumerate(marks):
        kind = mark.kind if by_level else _kind(mark, *around[place])
        key = int(kind) + (3 if below and kind is Kind.SECTION else 0)
        if by_level:
            key = mark.level if mark.level is not None else INSIDE // 2 + key
        elif not numbered:
            key += mark.style
        elif kind is Kind.GROUP and _has_body(text, marks, place):
            key = int(Kind.ARTICLE)  # it stands beside the articles and holds none
        scope = kind <= Kind.APPENDED or (by_level and kind is Kind.GROUP)
        nodes.append(
            Node(start=mark.start, heading_end=mark.end, name=mark.name, key=key, kind=kind, number=mark.number,
                 scope=scope)
        )  # fmt: skip
    return nodes


def _has_body(text: str, marks: list[Mark], place: int) -> bool:
    """Whether running text stands between a heading and the next one."""
    limit = marks[place + 1].start if place + 1 < len(marks) else len(text)
    return limit - marks[place].end > BODY


def _kind(mark: Mark, last: str, after: str) -> Kind:
    """A heading without a number is an instrument if it names one and articles are counted anew below it.

    `last` and `after` are the numbers of the articles before and behind it, empty where there is none.
    """
    if mark.kind is not Kind.GROUP or not is_instrument(mark.name):
        return mark.kind
    anew = bool(after) and (not last or not follows(after, last) or ordinal(after) == 1)
    return Kind.INSTRUMENT if mark.level is not None or anew else mark.kind


def _articles_around(marks: list[Mark]) -> list[tuple[str, str]]:
    """For every mark the number of the last article before it and of the next one behind it."""
    numbers = [mark.number if mark.kind is Kind.ARTICLE else "" for mark in marks]
    before = list(accumulate(numbers, lambda last, number: number or last, initial=""))
    behind = list(accumulate(reversed(numbers), lambda after, number: number or after, initial=""))
    return list(zip(before, reversed(behind[:-1]), strict=False))


def _sections_below_articles(marks: list[Mark]) -> bool:
    """Whether "Section 2" is a part of an article, as in the Constitution of the United States, and not above it."""
    after = [other.kind for one, other in pairwise(marks) if one.kind is Kind.SECTION and one.number]
    return bool(after) and after.count(Kind.ARTICLE) * 2 < len(after) and any(m.kind is Kind.ARTICLE for m in marks)


def _with_preambles(text: str, nodes: list[Node]) -> list[Node]:
    """Add a preamble where one stands without a heading before the first article, chapter or the like."""
    key = next(node.key for node in nodes if node.atomic)
    added: list[Node] = []
    before = [(0, True), *((node.heading_end, node.scope) for node in nodes)]
    for (begins, opens), node in zip(before, nodes, strict=False):
        body = text[begins : node.start]
        first_part = node.kind is not Kind.APPENDED and (bool(node.number) or not node.scope)
        if opens and first_part and _is_preamble(body.strip()):
            start = begins + len(body) - len(body.lstrip())
            name = _PREAMBLES.get(language(body) or "", "Preamble")
            added.append(Node(start=start, heading_end=start, name=name, key=key, kind=Kind.ARTICLE, leaf=True))
    return sorted([*nodes, *added], key=lambda node: node.start)


def _is_preamble(body: str) -> bool:
    return len(body.split()) > 8 and bool(_PREAMBLE_ENDS.search(body[-80:]) or _PREAMBLE_BEGINS.search(body[:300]))


def _with_closings(text: str, nodes: list[Node], by_level: bool) -> list[Node]:
    """Add the closing words ("IN WITNESS WHEREOF …") that follow a last article and are no part of it, and the notes
    below them."""
    holders = {Kind.PART, Kind.CHAPTER, Kind.SECTION}
    key = min(node.key for node in nodes if node.atomic or node.kind in holders) if by_level else int(Kind.APPENDED)
    added: list[Node] = []
    for node, limit in _spans(text, nodes):
        closing = _CLOSES.search(text, node.heading_end, limit) if node.atomic or node.kind is Kind.GROUP else None
        if closing:
            start = closing.start(closing.lastgroup or 0)
            name = _CLOSINGS.get(language(text[start : min(limit, start + 600)]) or "", "Closing clause")
            added += [_leaf(start, name, key), *_notes(text, closing.end(), limit, key)]
    return sorted([*nodes, *added], key=lambda node: node.start)


def _leaf(start: int, name: str, key: int) -> Node:
    """A part without a heading of its own."""
    return Node(start=start, heading_end=start, name=name, key=key, kind=Kind.ARTICLE, leaf=True)


def _notes(text: str, start: int, limit: int, key: int) -> Iterator[Node]:
    """The footnotes at the end, where the text refers to them."""
    first = _FIRST_NOTE.search(text, start, limit)
    if first and _NOTE_MARK.search(text, 0, first.start()):
        yield _leaf(first.start() + len(first[0]) - len(first[0].lstrip()), "Notes", key)


def _paragraphs(text: str, node: Node, limit: int) -> list[Node]:
    if not node.number or node.kind not in {Kind.ARTICLE, Kind.SECTION, Kind.APPENDED}:
        return []
    return [_of_paragraph(found, node) for found in paragraphs(text, node.heading_end, limit)]


def _of_paragraph(found: Paragraph, node: Node) -> Node:
    dotted = "." in found.token and found.token.split(".")[0] == node.number
    key = INSIDE + found.depth
    return Node(
        start=found.start, heading_end=found.end, name=found.token, key=key, kind=None, dotted=dotted
    )  # fmt: skip


def _nest(text: str, nodes: list[Node]) -> None:
    """Give every node its end, its parent and its level."""
    open_nodes: list[Node] = []
    for node in nodes:
        while open_nodes and (open_nodes[-1].key >= node.key or open_nodes[-1].leaf):
            _close(text, open_nodes.pop(), node.start)
        node.parent = open_nodes[-1] if open_nodes else None
        node.level = len(open_nodes)
        open_nodes.append(node)
    for node in open_nodes:
        _close(text, node, len(text))


def _close(text: str, node: Node, limit: int) -> None:
    """End `node` before `limit`, without the white space there."""
    while limit > node.start and text[limit - 1].isspace():
        limit -= 1
    node.end = limit
