"""What a page says of itself: its title, and facts in `<meta name="foedus:parties" content="Australia; New Zealand">`.

The keys are those of front matter, and so is the rule that a wrong value is an error: a date that is silently dropped
would make a treaty look as if it were in force. Lists are separated by semicolons; any other `foedus:` key is a note.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from typing import Final

from ..document import Facts, Trust
from ..errors import IngestError
from ..lines import tidy
from .html_blocks import Element

_PREFIX: Final = "foedus:"
_KNOWN: Final = ("title", "aliases", "parties", "sources", "signed", "in_force", "ended", "trust")
_DATE: Final = re.compile(r"\d{4}(?:-\d\d(?:-\d\d)?)?")
_FIRST_DAY: Final = "0000-01-01"


def facts_of(tree: Element, title: str, *, name: str) -> Facts:
    """The facts of a page; `title` stands unless the page declares another.

    Raises:
        IngestError: a key has a value that it does not take; the message names both.
    """
    declared = {key: value for key, value in _declared(tree) if value}
    return Facts(
        title=declared.get("title") or title or None,
        aliases=_texts(declared, "aliases"),
        parties=_texts(declared, "parties"),
        sources=_texts(declared, "sources"),
        signed=_date(declared, "signed", name),
        in_force=_date(declared, "in_force", name),
        ended=_date(declared, "ended", name),
        trust=_trust(declared, name),
        notes={key: value for key, value in declared.items() if key not in _KNOWN},
    )


def _declared(tree: Element) -> Iterator[tuple[str, str]]:
    for meta in tree.iter("meta"):
        key = str(meta.get("name", "")).strip().lower()
        if key.startswith(_PREFIX):
            yield key.removeprefix(_PREFIX), tidy(meta.get("content", ""))


def _texts(declared: dict[str, str], key: str) -> tuple[str, ...]:
    return tuple(filter(None, map(tidy, declared.get(key, "").split(";"))))


def _date(declared: dict[str, str], key: str, name: str) -> str | None:
    """ISO 8601, as precise as given."""
    value = declared.get(key)
    if value is None or _is_date(value):
        return value
    raise IngestError(f"{name}: meta {_PREFIX}{key} is {value!r}; it takes a date such as 1951-09-01, 1951-09 or 1951")


def _is_date(value: str) -> bool:
    try:
        return bool(_DATE.fullmatch(value) and datetime.date.fromisoformat(value + _FIRST_DAY[len(value) :]))
    except ValueError:
        return False


def _trust(declared: dict[str, str], name: str) -> Trust | None:
    value = declared.get("trust")
    if value is not None and value not in set(Trust):
        raise IngestError(f"{name}: meta {_PREFIX}trust is {value!r}; it takes one of {', '.join(Trust)}")
    return None if value is None else Trust(value)
