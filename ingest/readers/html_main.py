"""Choose which blocks of a page are its main text.

trafilatura makes the first choice. Every block goes through it with a number in front of its words, and comes back or
does not: the choice is trafilatura's, while the words, their order, the letters of lists and the tables stay our own.
Rules then correct the choice, by structure and wording, never by site:

- what was kept outside of the place where the text stands goes, as does what stands under elements that call themselves
  share bars, newsletters or related links, and lines that only point elsewhere;
- what was lost comes back: paragraphs in the same kind of place as those that were kept, and whatever else stands in
  the place of the text without belonging to a picture or being a link.

`python -m eval.benchmarks.article_extraction` measures the whole.
"""

from __future__ import annotations

import logging
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from itertools import takewhile
from typing import Final

import trafilatura

from .html_blocks import Block, Element
from .html_cues import (
    is_link_only,
    is_mostly_links,
    is_pointer,
    is_prose,
    names_itself_boilerplate,
    names_itself_notice,
)
from .html_headline import Names, headline, with_headline
from .html_page import Numbers, Page, place, upwards

logging.getLogger("trafilatura").setLevel(logging.CRITICAL + 1)  # what goes wrong is ours to report

LINKED_SHARE: Final = 0.6  # of what is kept: beyond it links are the page's way of writing
LISTED_SHARE: Final = 0.6  # of a list or table: with more link lines it is a list of links
OUTSIDE_WORDS: Final = 20  # a paragraph outside of the place of the text stays if it is as long
_DIGIT: Final = 0x2800  # numbers are written in braille: printable for trafilatura, yet neither letter nor digit
_NOT_IN_XML: Final = re.compile("[^\\t\\n\\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # but `&#1;` brings it in
_MARK: Final = re.compile("⦃([\u2800-\u28ff]{3})")


@dataclass(frozen=True, kw_only=True)
class Main:
    """The main text of a page; `headline` is the first of `blocks`, where the page has one."""

    headline: Block | None
    blocks: tuple[Block, ...]


def main_blocks(tree: Element, blocks: list[Block], names: Names) -> Main:
    """Those of `blocks` (all of `tree`, which is written into) that are the page's own text, headline first."""
    own = own_element(tree)
    chosen = within_own(own, blocks, trafilatura_choice(tree, blocks))
    page = Page(blocks, chosen, own)
    for rule in RULES:
        chosen = rule(page, chosen)
    if all(is_mostly_links(blocks[number]) for number in chosen):
        return Main(headline=None, blocks=())
    first = headline(page, names)
    order = sorted(chosen) if first is None else with_headline(page, chosen, first)
    return Main(headline=None if first is None else blocks[first], blocks=tuple(blocks[number] for number in order))


def trafilatura_choice(tree: Element, blocks: list[Block]) -> Numbers:
    """What trafilatura makes of the page; where it finds nothing, all running text."""
    for number, block in enumerate(blocks):
        element, where = block.first
        setattr(element, where, _mark(number) + _NOT_IN_XML.sub("", getattr(element, where)))
    text = trafilatura.extract(tree, include_comments=False) or ""
    numbers = {_number(digits) for digits in _MARK.findall(text)}
    chosen = numbers.intersection(range(len(blocks)))
    return frozenset(chosen or (number for number, block in enumerate(blocks) if is_prose(block)))


def within_own(own: Element | None, blocks: list[Block], chosen: Numbers) -> Numbers:
    """Drop menus and notices; beside the element that the page marks as its own, whatever calls itself boilerplate."""
    inside = frozenset(number for number, block in enumerate(blocks) if own in upwards(block))
    holders = frozenset() if own is None else frozenset({own, *own.iterancestors()})
    chosen = chosen - _under(names_itself_notice, blocks, holders)
    prose = {number for number in chosen if is_prose(blocks[number])}
    if not prose:
        return chosen | inside
    if 2 * len(prose & inside) < len(prose):
        return chosen  # a teaser in the margin can be the only <article> of a page
    return chosen - (_under(names_itself_boilerplate, blocks, holders) - inside)


def _under(says: Callable[[Element], bool], blocks: list[Block], holders: frozenset[Element]) -> Numbers:
    """Blocks under elements that say so of themselves, are none of `holders` and hold no headline."""

    @cache
    def says_so(element: Element) -> bool:
        free = element not in holders and element.tag not in {"body", "html"}
        return free and says(element) and element.find(".//h1") is None

    return frozenset(number for number, block in enumerate(blocks) if any(map(says_so, upwards(block))))


def own_element(tree: Element) -> Element | None:
    """The only `<main>` of the page or, where it has none, the only `<article>`."""
    for path in (".//main", ".//*[@role='main']", ".//article"):
        found = tree.findall(path)
        if found:
            return found[0] if len(found) == 1 else None
    return None


def _mark(number: int) -> str:
    return "⦃" + "".join(chr(_DIGIT + (number >> shift & 255)) for shift in (16, 8, 0))


def _number(digits: str) -> int:
    high, middle, low = (ord(digit) - _DIGIT for digit in digits)
    return high << 16 | middle << 8 | low


def drop_boilerplate(page: Page, chosen: Numbers) -> Numbers:
    return frozenset(number for number in chosen if not page.is_boilerplate(number))


def drop_outside(page: Page, chosen: Numbers) -> Numbers:
    """Away from home only long paragraphs stay, and those in a kind of place that home has as well."""

    if page.home is None:
        return chosen

    def stays(number: int) -> bool:
        block = page.blocks[number]
        return is_prose(block) and (block.words >= OUTSIDE_WORDS or page.places[place(block)] > 0)

    return frozenset(number for number in chosen if number in page.inside or stays(number))


def add_twins(page: Page, chosen: Numbers) -> Numbers:
    """Paragraphs in the same kind of place as several chosen ones: an article cut in parts that look alike."""

    def is_twin(number: int, block: Block) -> bool:
        return page.places[place(block)] > 1 and page.neighbourhood in upwards(block)

    found = (number for number, block in enumerate(page.blocks) if is_prose(block) and is_twin(number, block))
    return chosen.union(number for number in found if not page.is_boilerplate(number))


def add_rest(page: Page, chosen: Numbers) -> Numbers:
    """What else stands at home: short headings, list items, signatures; no links, and nothing around pictures."""

    def belongs(number: int) -> bool:
        block = page.blocks[number]
        return not is_mostly_links(block) and not page.is_boilerplate(number) and not page.is_caption(number)

    return chosen.union(number for number in page.inside if belongs(number))


def drop_pointers(page: Page, chosen: Numbers) -> Numbers:
    return frozenset(number for number in chosen if not is_pointer(page.blocks[number]))


def drop_bare_headings(page: Page, chosen: Numbers) -> Numbers:
    """Headings over nothing but links that went: tables of contents, lists of other pages."""
    return frozenset(number for number in chosen if not page.blocks[number].level or not _is_bare(page, chosen, number))


def _is_bare(page: Page, chosen: Numbers, heading: int) -> bool:
    below = range(heading + 1, len(page.blocks))
    under = list(takewhile(lambda number: not page.blocks[number].level, below))
    after = page.blocks[under[-1] + 1].level if under and under[-1] + 1 < len(page.blocks) else 1
    if not under or after > page.blocks[heading].level:
        return False
    return chosen.isdisjoint(under) and all(is_mostly_links(page.blocks[number]) for number in under)


def drop_link_lines(page: Page, chosen: Numbers) -> Numbers:
    """Lines that are one link, unless the page writes so or they are single items of a list."""
    if page.links(chosen) > LINKED_SHARE * page.size(chosen):
        return chosen
    members = Counter(page.blocks[number].group for number in chosen)
    links = Counter(page.blocks[number].group for number in chosen if is_link_only(page.blocks[number]))

    def goes(block: Block) -> bool:
        return is_link_only(block) and (block.group is None or links[block.group] > LISTED_SHARE * members[block.group])

    return frozenset(number for number in chosen if not goes(page.blocks[number]))


RULES: Final = (
    drop_boilerplate,
    drop_outside,
    add_twins,
    add_rest,
    drop_pointers,
    drop_link_lines,
    drop_bare_headings,
)
