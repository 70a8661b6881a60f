"""Where on a page its text stands, as far as a first choice of blocks tells.

Blocks are spoken of by their numbers, so that a choice is a set. Elements are weighed by the running text chosen below
them; the one that holds it is `home`, and every rule asks how a block stands to it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from functools import cached_property
from typing import Final

from .html_blocks import Block, Element
from .html_cues import is_prose, is_sentence, names_itself_boilerplate, names_itself_picture

Numbers = frozenset[int]  # of blocks, as `Page.blocks` counts them

HOME_SHARE: Final = 0.8  # of the chosen running text: an element with as much is where the text stands
CUE_SHARE: Final = 0.3  # an element with more of it is no boilerplate, whatever it calls itself
_WIDER: Final = 3  # levels above home in which its twins are looked for


class Page:
    """The blocks of a page, and where its text stands according to the first choice."""

    def __init__(self, blocks: list[Block], chosen: Numbers, own: Element | None) -> None:
        self.blocks = blocks
        self.chosen = chosen
        self.own = own
        self.weights = Counter[Element]()  # element -> characters of chosen prose below it
        self.prose = frozenset(number for number in chosen if is_prose(blocks[number]))
        for number in self.prose:
            for element in upwards(blocks[number]):
                self.weights[element] += len(blocks[number].text)
        self.total = max(self.weights.values(), default=0)
        self._said: dict[tuple[Callable[[Element], bool], Element], bool] = {}

    @cached_property
    def home(self) -> Element | None:
        """Where the text stands: the deepest element with every chosen sentence of the article, or of most of the page.

        Without any prose it is what the page marks as its own.
        """
        heavy = [element for element, weight in self.weights.items() if weight >= HOME_SHARE * self.total]
        core = max(heavy, key=_depth, default=None)
        if core is None:
            return self.own
        around = [core, *core.iterancestors()]
        article = next((element for tag in ("article", "main") for element in around if element.tag == tag), core)
        return self._holder(article)

    def _holder(self, article: Element) -> Element:
        """The deepest element that holds all sentences of `article` and more than one block."""
        said = [above for above in map(upwards, self._sentences()) if article in above and _is_text(above, article)]
        counts = Counter(element for above in said for element in above)
        whole = (element for element, count in counts.items() if count == len(said))
        home = max(whole, key=_depth, default=article)
        alone = sum(home in upwards(block) for block in self.blocks) == 1
        return home.getparent() if alone else home

    def _sentences(self) -> list[Block]:
        return [self.blocks[number] for number in self.chosen if is_sentence(self.blocks[number])]

    @cached_property
    def inside(self) -> Numbers:
        """The blocks at home."""
        return frozenset(number for number, block in enumerate(self.blocks) if self.home in upwards(block))

    @cached_property
    def places(self) -> Counter[tuple[str, ...]]:
        """How often chosen prose at home stands in which kind of place."""
        return Counter(place(self.blocks[number]) for number in self.inside & self.prose)

    @cached_property
    def neighbourhood(self) -> Element | None:
        """Home, or an element a little above it that is still the same article: it has at most one `<h1>`."""
        home = self.home
        if home is None or home.tag in {"article", "main"}:
            return home
        for above in list(home.iterancestors())[:_WIDER]:
            if above.tag in {"body", "html"} or len(above.findall(".//h1")) > 1:
                break
            home = above
            if above.tag in {"article", "main"}:
                break
        return home

    def is_boilerplate(self, number: int) -> bool:
        return self._is_under(names_itself_boilerplate, number)

    def is_caption(self, number: int) -> bool:
        return self._is_under(names_itself_picture, number)

    def size(self, numbers: Iterable[int]) -> int:
        return sum(len(self.blocks[number].text) for number in numbers)

    def links(self, numbers: Iterable[int]) -> int:
        return sum(self.blocks[number].linked for number in numbers)

    def _is_under(self, says: Callable[[Element], bool], number: int) -> bool:
        """Whether an element between the block and home says so of itself and holds little of the text."""
        for element in upwards(self.blocks[number]):
            if element is self.home or element.tag in {"body", "html"}:
                return False
            if (says, element) not in self._said:
                self._said[says, element] = says(element) and self.weights[element] <= CUE_SHARE * self.total
            if self._said[says, element]:
                return True
        return False


def _is_text(above: list[Element], article: Element) -> bool:
    """Whether nothing between a block and `article` calls itself boilerplate or a picture."""
    between = above[: above.index(article)]
    return not any(names_itself_boilerplate(element) or names_itself_picture(element) for element in between)


def _depth(element: Element) -> int:
    return sum(1 for _ in element.iterancestors())


def upwards(block: Block) -> list[Element]:
    return [block.element, *block.element.iterancestors()]


def place(block: Block) -> tuple[str, ...]:
    """Tags and classes of the block's element and the three around it."""
    return tuple(f"{element.tag} {element.get('class', '')}" for element in upwards(block)[:4])
