"""What a question is about, held against what the library has.

A question that names a treaty which no document is about cannot be answered, although its words may occur anywhere; nor
can one on an article that the named document does not have.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from index.lexical import fold
from index.names import Mention
from ingest.document import Document

from .question import Reading
from .terms import stems


@dataclass(frozen=True, kw_only=True)
class Subject:
    """`named`: how strongly the question points at each document; `others`: proper names that are no document's,
    each as its stems; `place`: the article asked about, as folded words ("article 4")."""

    named: Mapping[str, float]
    others: tuple[frozenset[str], ...]
    other_names: tuple[str, ...]
    place: str | None
    place_as_asked: str | None = None
    mentions: tuple[Mention, ...] = ()

    def names_of(self, document_id: str) -> list[str]:
        """By which names the question calls a document."""
        return [mention.name for mention in self.mentions if document_id in mention.documents]


def find(reading: Reading, mentions: Sequence[Mention], named: Mapping[str, float]) -> Subject:
    """Tell the names that are documents' from those that are not."""
    bearing = " ".join(mention.name for mention in mentions).casefold()
    others = tuple(name for name in reading.names if name.casefold() not in bearing and not _inside(name, mentions))
    return Subject(
        named=named,
        others=tuple(stems(name) for name in others),
        other_names=others,
        place=fold(reading.pinpoint) if reading.pinpoint else None,
        place_as_asked=reading.pinpoint,
        mentions=tuple(mentions),
    )


def _inside(name: str, mentions: Sequence[Mention]) -> bool:
    """A name that holds a document's name with little around it ("the NATO Treaty") is that document's."""
    return any(stems(mention.name) and stems(name) <= stems(mention.name) for mention in mentions)


_PART: Final = re.compile(r"^(article|chapter|section|clause|annex|part) (\d+)")


def lacks(document: Document, place: str) -> str | None:
    """Why a document has no such place: "has no Article XII; its last is Article XI". None where it may have it.

    Only a document that numbers its parts in this way can lack one.
    """
    wanted = _PART.match(place)
    if not wanted:
        return None
    labels = {section.label: _PART.match(fold(section.label.split(" › ")[-1])) for section in document.sections}
    numbers = {int(found[2]): label for label, found in labels.items() if found and found[1] == wanted[1]}
    if len(numbers) < 2 or int(wanted[2]) in numbers or re.search(rf"\b{place}\b", fold(document.text)):
        return None
    return f"its last is {numbers[max(numbers)].split('(')[0]}"
