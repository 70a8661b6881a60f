"""Our own questions on our own texts, as a search would show them to the reader.

The texts become a library for the time being. A question is shown with a passage that answers it, if any does, beside
passages that the search finds and that do not.
"""

from __future__ import annotations

import random
import re
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final, TypeVar

import numpy as np

from ingest.prefix import heading
from ingest.sentences import sentences

from ..add import add
from ..encoder import Encoder
from ..hit import Filters, Hit
from ..library import Library
from ..reader import MIXED, NEITHER, NO, YES, side_by_side
from ..search import Searcher
from .reader_data import Example, Passage, Sentence, lines

FOUND: Final = 12  # passages that a search finds for a question, of which some stand beside the right one
BESIDE: Final = 2
TOGETHER: Final = 8  # sentences side by side
LONGEST: Final = 700  # characters of such a sentence
OWN: Final = 0.12  # by how much more a sentence of the right document misleads, as a cosine
ALIKE: Final = 0.72  # cosine of two sentences of different documents from which one may answer what the other does
_Found = TypeVar("_Found")
_OPENS_POLAR: Final = re.compile(
    r"(?:do|does|did|is|are|was|were|can|could|may|must|shall|should|will|has|have)\b", re.I
)


def own(
    questions: Sequence[Path],
    texts: Sequence[Path],
    encoder: Encoder,
    *,
    seed: int,
    times: float,
    strays: Sequence[str] = (),
    together: bool = False,
) -> list[Example]:
    """Our own questions on our own texts: a passage that answers, beside passages that a search finds and that do not;
    or, `together`, single sentences of such passages side by side.

    Each question comes `times` times, with other passages beside it; 0.5 stands for half of the questions. `strays` are
    questions about other things, which none of our texts answers.
    """
    chance = random.Random(seed)  # noqa: S311
    records = [record for path in questions for record in lines(path)]
    asked = [record for record in records for _ in range(int(times + chance.random()))]
    with tempfile.TemporaryDirectory() as folder, Library.open(Path(folder) / "library", create=True) as library:
        add(library, texts, encoder=encoder)
        shelf = _Shelf(library, encoder)
        make = _side_by_side if together else _own_example
        found = [example for record in asked for example in make(record, shelf, chance)]
        found += [_stray(question, shelf, chance) for question in strays]
    chance.shuffle(found)
    return found


class _Shelf:
    """The texts that our own questions are about, as a library."""

    def __init__(self, library: Library, encoder: Encoder) -> None:
        self.encoder = encoder
        self.searcher = Searcher(library, encoder, notice=lambda _: None)
        self.headings = {
            record.document_id: {record.title, *(part.heading for part in library.read(record.document_id).sections)}
            for record in library.documents()
        }
        self._found: dict[str, list[Hit]] = {}
        self._vectors: dict[str, np.ndarray[Any, Any]] = {}

    def hits(self, question: str) -> list[Hit]:
        if question not in self._found:
            self._found[question] = self.searcher.search(question, k=FOUND)
        return self._found[question]

    def inside(self, document_id: str, question: str, most: int) -> list[Hit]:
        return self.searcher.search(question, k=most, filters=Filters(documents=(document_id,)))

    def vector(self, sentence: str) -> np.ndarray[Any, Any]:
        if sentence not in self._vectors:
            self._vectors[sentence] = self.encoder.encode([sentence])[0]
        return self._vectors[sentence]

    def sentences(self, hit: Hit) -> list[str]:
        """The sentences of a passage that may answer in use: title and headings left out."""
        found = [place.of(hit.text) for place in sentences(hit.text)]
        return [sentence for sentence in found if sentence not in self.headings[hit.document_id]]


def _own_example(record: dict[str, Any], shelf: _Shelf, chance: random.Random) -> Iterator[Example]:
    """Sentences of other documents that are much like the answer are left untold: they may answer as well. Where our
    text does not answer, only its own passages are shown, since another text might."""
    document, question, quotes = record["document"], record["question"], record["quotes"]
    stance = {"yes": YES, "no": NO, "mixed": MIXED}.get(record["verdict"])
    polar = stance is not None or bool(_OPENS_POLAR.match(question))
    inside = shelf.inside(document, question, 2 * FOUND)
    right = [hit for hit in inside if any(_holds(one, quotes) for one in shelf.sentences(hit))]
    if quotes and not right:
        return
    kept = {hit.passage_id for hit in right}
    wrong = [hit for hit in (shelf.hits(question) if quotes else inside[:FOUND]) if hit.passage_id not in kept]
    shown = _mostly_near(wrong, BESIDE if right else BESIDE + 1, chance)
    if right:
        shown.append(chance.choice(right))
    chance.shuffle(shown)
    passages = [
        Passage(
            heading=heading(hit.title, hit.passage),
            sentences=tuple(
                _own_sentence(text, quotes, stance, polar, hit.document_id != document, shelf)
                for text in shelf.sentences(hit)
            ),
        )
        for hit in shown
    ]
    yield Example(question=question, passages=tuple(passages), knows_mixed=True)


def _side_by_side(record: dict[str, Any], shelf: _Shelf, chance: random.Random) -> Iterator[Example]:
    """One or two sentences that answer among those that do not and look most like the question, in any order."""
    document, question, quotes = record["document"], record["question"], record["quotes"]
    stance = {"yes": YES, "no": NO, "mixed": MIXED}.get(record["verdict"])
    polar = stance is not None or bool(_OPENS_POLAR.match(question))
    inside = shelf.inside(document, question, TOGETHER)
    outside = [hit for hit in shelf.hits(question) if hit.document_id != document][: FOUND // 2] if quotes else []
    told = {
        (hit.title, text): _own_sentence(text, quotes, stance, polar, hit.document_id != document, shelf)
        for hit in (*outside, *inside)
        for text in shelf.sentences(hit)
        if len(text) <= LONGEST
    }
    right = [place for place, sentence in told.items() if sentence.answers == 1]
    if quotes and not right:
        return
    asked, title = shelf.vector(question), inside[0].title if inside else ""
    near = {place: float(asked @ shelf.vector(place[1])) + OWN * (place[0] == title) for place in told}
    wrong = sorted((place for place, one in told.items() if one.answers == 0), key=lambda place: -near[place])
    shown = chance.sample(right, min(len(right), 1 if chance.random() < 0.4 else 2))
    shown += _mostly_near(wrong, TOGETHER - len(shown), chance)
    chance.shuffle(shown)
    excerpt = side_by_side(shown)
    sentences_shown = tuple(
        replace(told[place], text=span.of(excerpt.text)) for place, span in zip(shown, excerpt.spans, strict=True)
    )
    passage = Passage(heading=excerpt.heading, sentences=sentences_shown)
    yield Example(question=question, passages=(passage,), knows_mixed=True)


def _mostly_near(found: Sequence[_Found], most: int, chance: random.Random) -> list[_Found]:
    """Some of what was found, of the first more than of the last, since the nearest mislead most."""
    drawn = [chance.random() ** (1 + rank / 3) for rank in range(len(found))]  # Efraimidis and Spirakis, 2006
    return [found[number] for number in sorted(range(len(found)), key=lambda number: -drawn[number])[:most]]


def _stray(question: str, shelf: _Shelf, chance: random.Random) -> Example:
    found = shelf.hits(question)
    passages = [
        Passage(
            heading=heading(hit.title, hit.passage),
            sentences=tuple(Sentence(text=text, answers=0) for text in shelf.sentences(hit)),
        )
        for hit in _mostly_near(found, BESIDE, chance)
    ]
    return Example(question=question, passages=tuple(passages))


def nonsense(chance: random.Random) -> str:
    """What a cat types."""
    words = ("".join(chance.choices("abcdefghijklmnopqrstuvwxyz", k=chance.randint(1, 9))) for _ in range(6))
    some = list(words)[: chance.randint(1, 6)]
    return " ".join(some * chance.choice((1, 1, 1, 5)))


def _own_sentence(
    text: str, quotes: list[str], stance: int | None, polar: bool, elsewhere: bool, shelf: _Shelf
) -> Sentence:
    if _holds(text, quotes):
        return Sentence(text=text, answers=1, stance=stance)
    if elsewhere and max(float(shelf.vector(text) @ shelf.vector(quote)) for quote in quotes) > ALIKE:
        return Sentence(text=text)
    return Sentence(text=text, answers=0, stance=NEITHER if polar else None)


def _holds(sentence: str, quotes: list[str]) -> bool:
    flat = _flat(sentence)
    return any(quote in flat or (flat in quote and len(flat) > len(quote) // 2) for quote in quotes)


def _flat(text: str) -> str:
    return " ".join(text.split())
