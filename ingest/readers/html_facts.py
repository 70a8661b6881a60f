"""What a page says of itself: its title, and facts in `<meta name="foedus:parties" content="Australia; New Zealand">`.

The keys are those of front matter; lists are separated by semicolons. Any other `foedus:` key becomes a note.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ..document import Facts, Trust
from ..lines import tidy
from .html_blocks import Element

_PREFIX: Final = "foedus:"
_LISTS: Final = ("aliases", "parties", "sources")
_KNOWN: Final = (*_LISTS, "title", "signed", "in_force", "ended", "trust")


def facts_of(tree: Element, title: str) -> tuple[Facts, tuple[str, ...]]:
    """The facts, and what is wrong with them, one line each; `title` stands unless the page declares another."""
    declared = {key: value for key, value in _declared(tree) if value}
    lists = {key: tuple(filter(None, map(tidy, declared.get(key, "").split(";")))) for key in _LISTS}
    trust, remarks = _trust(declared.get("trust"))
    facts = Facts(
        title=declared.get("title") or title or None,
        aliases=lists["aliases"],
        parties=lists["parties"],
        sources=lists["sources"],
        signed=declared.get("signed"),
        in_force=declared.get("in_force"),
        ended=declared.get("ended"),
        trust=trust,
        notes={key: value for key, value in declared.items() if key not in _KNOWN},
    )
    return facts, remarks


def _declared(tree: Element) -> Iterator[tuple[str, str]]:
    for meta in tree.iter("meta"):
        key = str(meta.get("name", "")).strip().lower()
        if key.startswith(_PREFIX):
            yield key.removeprefix(_PREFIX), tidy(meta.get("content", ""))


def _trust(value: str | None) -> tuple[Trust | None, tuple[str, ...]]:
    if value is None or value.lower() in set(Trust):
        return Trust(value.lower()) if value else None, ()
    return None, (f"{_PREFIX}trust is {value!r}, not one of {', '.join(Trust)}; left out",)
