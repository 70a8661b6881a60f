"""Which documents a question names.

A treaty is called by its title, by other names and by abbreviations; those stand in a document's facts, in its file
name and in definitions of the text ("Collective Security Treaty Organization (CSTO)"). Matching is by whole words,
ignoring case, hyphens and spelling variants; longest names first, so "NATO SOFA" is one name and not two.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from .lexical import STOP_WORDS, fold

WEIGHT: Final = {"title": 1.0, "alias": 1.0, "file": 0.8, "party": 0.0, "definition": 0.6}
LONGEST_NAME: Final = 14  # words; longer titles are matched by their parts through BM25
SHORT: Final = 3  # letters; so short a name may be a common word
_WORD: Final = re.compile(r"\b(?:[^\W\d_]\.){2,}|[^\W_]+")  # "U.S." is one word
_YEAR: Final = re.compile(r"(1[5-9]|20)\d\d")
_LEAD: Final = frozenset({"the", "a", "an"})
_GENERIC: Final = (
    "agreement article charter convention document draft final index notes pact protocol readme scan text treaty"
)
_NO_NAMES: Final = frozenset(_GENERIC.split())  # files are called so; a question with the word means no such file


@dataclass(frozen=True, kw_only=True)
class Mention:
    """A name in a question and the documents that bear it, each with a strength in (0, 1]."""

    start: int
    end: int
    name: str
    documents: Mapping[str, float]


class Names:
    """The names of a library's documents.

    `aliases` are rows (name, document id, origin), with the origins of `WEIGHT`.
    """

    def __init__(self, aliases: Iterable[tuple[str, str, str]]) -> None:
        self._names: dict[tuple[str, ...], dict[str, float]] = defaultdict(dict)
        for name, document, origin in aliases:
            for words in _forms(name, origin):
                bearers = self._names[words]
                bearers[document] = max(bearers.get(document, 0.0), WEIGHT[origin])
        self._own_names_win()
        self._short = {words for words in self._names if len(words) == 1 and len(words[0]) <= SHORT}

    def mentions(self, question: str) -> tuple[Mention, ...]:
        """Names in reading order, none overlapping another."""
        tokens = list(_WORD.finditer(question))
        folded = [fold(token.group()) for token in tokens]
        found, at = [], 0
        while at < len(tokens):
            length = self._longest(question, tokens, folded, at)
            if length:
                found.append(self._mention(question, tokens, folded, at, length))
            at += max(length, 1)
        return tuple(found)

    def prefer(self, question: str) -> dict[str, float]:
        """How strongly the question points at each document; names that many documents share point weakly."""
        strengths: dict[str, float] = defaultdict(float)
        for mention in self.mentions(question):
            for document, strength in mention.documents.items():
                strengths[document] = max(strengths[document], strength / len(mention.documents))
        return dict(strengths)

    def _longest(self, question: str, tokens: list[re.Match[str]], folded: list[str], at: int) -> int:
        for length in range(min(LONGEST_NAME, len(tokens) - at), 0, -1):
            words = tuple(folded[at : at + length])
            if words in self._names and (words not in self._short or _abbreviation(tokens[at].group(), question)):
                return length
        return 0

    def _mention(self, question: str, tokens: list[re.Match[str]], folded: list[str], at: int, length: int) -> Mention:
        start, end = tokens[at].start(), tokens[at + length - 1].end()
        documents = self._names[tuple(folded[at : at + length])]
        return Mention(start=start, end=end, name=question[start:end], documents=documents)

    def _own_names_win(self) -> None:
        """A text that merely defines an abbreviation is not about it where another document bears the name."""
        for words, bearers in self._names.items():
            best = max(bearers.values())
            self._names[words] = {document: weight for document, weight in bearers.items() if weight >= best}


def _forms(name: str, origin: str) -> Iterable[tuple[str, ...]]:
    words = tuple(fold(word) for word in _WORD.findall(name))
    if words and words[0] in _LEAD:
        words = words[1:]
    if origin == "file" and _NO_NAMES.issuperset(word for word in words if not word.isdigit()):
        return
    if WEIGHT[origin] and 0 < len(words) <= LONGEST_NAME:
        yield words
        undated = tuple(word for word in words if not _YEAR.fullmatch(word))
        if undated and undated != words:
            yield undated


def _abbreviation(token: str, question: str) -> bool:
    """Short names are common words too ("IS", "US"): they count in capitals, or where nothing is in capitals at all and
    the word is not a common one; a question all in capitals tells neither."""
    common = token.casefold() in STOP_WORDS
    return (token.isupper() and not (common and question.isupper())) or (question.islower() and not common)
