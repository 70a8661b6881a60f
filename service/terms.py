"""The words of a text that carry meaning, as stems with their places.

Question and source are compared by these: case, spelling variants and endings do not matter ("withdrawing", "withdrawal"),
and words that every sentence has are left out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import snowballstemmer

from index.lexical import fold

_WORD: Final = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
_PORTER: Final = snowballstemmer.stemmer("porter")  # the algorithm of the lexical index, so that counts agree

FUNCTION_WORDS: Final = frozenset(
    """a about above after again against all also although am among an and another any are as at be because been before being
    between both but by can cannot could did do does doing done down during each either else ever every few for from further
    get gets getting give given gives go goes had has have having he her here hers him his how however i if in into is it its
    itself just let lets like made make makes many may me might more most much must my neither nor no not of off on once one
    only or other others our out over own per put rather same say says said shall she should since so some such take takes
    than that the their theirs them then there these they thing things this those though through thus to too under until up
    upon us use used very was way we were what when where whether which while who whom whose why will with within without
    would yes yet you your actually really exactly still according work works mean means meant tell count counts happen
    happens need needs want wants try tries call called calls name names whats whos isnt doesnt arent wasnt dont didnt
    text say mention mentions describe explain list define compare anything something anyone someone ok please kind sort type
    set come comes came back much big part""".split()
)


@dataclass(frozen=True, kw_only=True)
class Term:
    stem: str
    start: int
    end: int


def terms(text: str) -> list[Term]:
    """The content words of a text in reading order, offsets into it."""
    found = []
    for match in _WORD.finditer(text):
        word = stem(match.group())
        if word:
            found.append(Term(stem=word, start=match.start(), end=match.end()))
    return found


def stems(text: str) -> frozenset[str]:
    return frozenset(term.stem for term in terms(text))


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """The stem of a word, or "" for a function word."""
    bare = re.sub(r"['’]s?$|['’](?=\w)", "", fold(word))
    return "" if bare in FUNCTION_WORDS or not bare else str(_PORTER.stemWord(bare))
