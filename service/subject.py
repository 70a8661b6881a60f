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

KINDS: Final = stems(
    "treaty agreement convention charter pact protocol declaration alliance organization agency council programme act "
    "command mission party parties state member government article preamble text document"
)  # what a proper name may add to the name of a document without becoming another's


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
    others = tuple(name for name in reading.names if not _is_a_documents(name, mentions))
    return Subject(
        named=named,
        others=tuple(stems(name) for name in others),
        other_names=others,
        place=fold(reading.pinpoint) if reading.pinpoint else None,
        place_as_asked=reading.pinpoint,
        mentions=tuple(mentions),
    )


def _is_a_documents(name: str, mentions: Sequence[Mention]) -> bool:
    """A name is a document's where nothing in it but the kind of thing ("Treaty") goes beyond one mention of it: "NATO
    Treaty" is NATO's. A name of kinds alone ("the Charter") is nobody else's."""
    own = stems(name) - KINDS
    return not own or any(own <= stems(mention.name) for mention in mentions)


_PART: Final = re.compile(r"(article|chapter|section|clause|annex|part) (\d+)\b")


def lacks(document: Document, place: str) -> str | None:
    """Why a document has no such place: "its last is Article XI". None where it may have it.

    `place` is folded ("article 12", "article 42(7)"); of "42(7)" only the 42 is looked for. Only a document that
    numbers its parts in this way can lack one, and one that mentions the place anywhere does not.
    """
    wanted = _PART.match(place)
    if not wanted:
        return None
    kind, number = wanted[1], int(wanted[2])
    numbers = _numbers(document, kind)
    if len(numbers) < 2 or number in numbers or re.search(rf"\b{kind} {number}\b", fold(document.text)):
        return None
    if number > max(numbers):
        return f"its last is {numbers[max(numbers)]}"
    return f"it has only {', '.join(numbers[each] for each in sorted(numbers))}"


def _numbers(document: Document, kind: str) -> dict[int, str]:
    """The numbered parts of that kind, each by its label: 4 -> "Article IV"."""
    labels = (section.label.split(" › ")[-1].split("(")[0] for section in document.sections)
    found = [(label, _PART.match(fold(label))) for label in labels]
    return {int(part[2]): label for label, part in found if part and part[1] == kind}
