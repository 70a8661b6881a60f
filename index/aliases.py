"""By which names a document goes: its title, what its front matter calls it, its file name, and what its text defines.

"Collective Security Treaty Organization (CSTO)" and "CSTO (Collective Security Treaty Organization)" define each other
where the letters of the short form begin the words of the long one. A text defines others besides itself, so
definitions keep how often they occur; whoever resolves names weighs them below a document's own.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import PurePath
from typing import Final

from ingest.document import Document

from .records import Alias

LONGEST: Final = 160  # characters of a name; longer front-matter strings are sentences

_SHORT: Final = r"[A-Z][A-Za-z&.\-]{1,11}"
_LONG: Final = r"[A-Z][\w'’\-]*(?:[ \-](?:(?:of|the|for|and|on|in|to|with|&)[ \-])*[A-Z][\w'’\-]*){1,9}"
_LONG_THEN_SHORT: Final = re.compile(rf"({_LONG}) \([\"“']?(?:the )?({_SHORT})[\"”']?\)")
_SHORT_THEN_LONG: Final = re.compile(rf"\b({_SHORT}) \((?:the )?({_LONG})\)")
_SMALL: Final = frozenset({"of", "the", "for", "and", "on", "in", "to", "with", "&"})
_NAMING_KEYS: Final = re.compile(r"alias|abbrev|acronym|name|title|known|short", re.IGNORECASE)


def of(document: Document, name: str) -> tuple[Alias, ...]:
    """All names of `document`, read from the file `name`."""
    found = [*_declared(document), *_file_words(name), *_definitions(document.text)]
    unique = {(alias.alias.casefold(), alias.origin): alias for alias in reversed(found)}
    return tuple(unique[key] for key in sorted(unique))


def _declared(document: Document) -> Iterator[Alias]:
    facts = document.facts
    noted = [value for key, value in facts.notes.items() if _NAMING_KEYS.search(key)]
    for origin, names in (("title", [document.title]), ("alias", [*facts.aliases, *noted]), ("party", facts.parties)):
        for name in names:
            if 0 < len(name.strip()) <= LONGEST:
                yield Alias(alias=name.strip(), origin=origin)
    if facts.title and 0 < len(facts.title) <= LONGEST:
        yield Alias(alias=facts.title, origin="title")


def _file_words(name: str) -> Iterator[Alias]:
    words = re.sub(r"[\W_]+", " ", PurePath(name).stem).strip()
    if any(char.isalpha() for char in words):
        yield Alias(alias=words[:LONGEST], origin="file")


def _definitions(text: str) -> Iterator[Alias]:
    pairs = Counter(
        [*((match[1], match[2]) for match in _LONG_THEN_SHORT.finditer(text))]
        + [(match[2], match[1]) for match in _SHORT_THEN_LONG.finditer(text)]
    )
    for (long, short), count in pairs.items():
        meaning = _spelled_out(long, short)
        if meaning:
            yield Alias(alias=short, origin="definition", count=count, meaning=meaning)
            yield Alias(alias=meaning, origin="definition", count=count, meaning=short)


def _spelled_out(long: str, short: str) -> str | None:
    """The end of `long` whose initials spell `short`, small words counted or not: "NATO Status of Forces Agreement" and
    "SOFA" give "Status of Forces Agreement".
    """
    letters = re.sub(r"[^a-z]", "", short.lower())
    words = re.split(r"[ \-]+", long)
    for first in range(len(words)):
        initials = [word[0].lower() for word in words[first:]]
        large = [word[0].lower() for word in words[first:] if word.lower() not in _SMALL]
        starts_large = words[first].lower() not in _SMALL
        if starts_large and letters in {"".join(initials), "".join(large)} and len(letters) > 1:
            return " ".join(words[first:])
    return None
