"""The headline of a page: the `<h1>` that names the text, and not the one that names the site.

Pages have several, or one around a logo. The headline shares its words with what the page calls itself in its head; the
name of the site, where the page tells it, is none.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from ..lines import tidy
from .html_blocks import Element
from .html_cues import is_prose
from .html_page import Numbers, Page

_SHARED: Final = 0.5  # of a headline's words stand in the page's title
_SEPARATOR: Final = re.compile(r"\s+[|–—·»:-]\s+")


@dataclass(frozen=True, kw_only=True)
class Names:
    """What a page says in its head: titles of its own, and the name of its site."""

    titles: tuple[str, ...]
    site: str

    @property
    def title(self) -> str:
        """The first title, without the name of the site; empty where there is none."""
        title = next(iter(self.titles), "")
        own = [part for part in _SEPARATOR.split(title) if part.casefold() != self.site.casefold()]
        return " – ".join(own) if self.site in _SEPARATOR.split(title) and own else title


def names_of(tree: Element) -> Names:
    metas = {str(meta.get("property", "")).lower(): tidy(meta.get("content", "")) for meta in tree.iter("meta")}
    titles = (tidy(tree.findtext(".//head/title") or ""), metas.get("og:title", ""))
    return Names(titles=tuple(filter(None, titles)), site=metas.get("og:site_name", ""))


def headline(page: Page, names: Names) -> int | None:
    """The number of the block; None where no `<h1>` will do."""
    known = set(re.findall(r"\w+", " ".join(names.titles).lower()))

    def fit(number: int) -> tuple[bool, float]:
        words = re.findall(r"\w+", page.blocks[number].text.lower())
        shared = sum(word in known for word in words)
        return shared >= _SHARED * len(words), shared

    found = [number for number, block in enumerate(page.blocks) if block.level == 1 and _may_be(page, number, names)]
    return max(found, key=fit, default=None)


def _may_be(page: Page, number: int, names: Names) -> bool:
    if page.blocks[number].text.casefold() == names.site.casefold():
        return False
    return number in page.inside or not page.is_boilerplate(number)


def with_headline(page: Page, chosen: Numbers, first: int) -> list[int]:
    """The headline and then the text; dates, names and labels above the headline are left out."""
    text = (number for number in sorted(chosen) if number > first or is_prose(page.blocks[number]))
    return [first, *(number for number in text if number != first)]
