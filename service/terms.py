"""The words of a text that carry meaning, as stems with their places.

Question and source are compared by these: case, spelling variants and endings do not matter ("withdrawing",
"withdrawal"), a country meets its adjective ("Morocco", "Moroccan") and its abbreviation ("US", "United States"), and
words that every sentence has are left out. Other words have the stems of the lexical index, so that counts agree.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import snowballstemmer

from index.lexical import fold

_PORTER: Final = snowballstemmer.stemmer("porter")  # the algorithm of the lexical index

_FUNCTION_WORDS: Final = """
a about above after again against all also although am among an and another any are as at be because been before being
between both but by can cannot could did do does doing done down during each either else ever every few for from
further get gets getting give given gives go goes had has have having he her here hers him his how however i if in
into is it its itself just let lets like made make makes many may me might more most much must my neither nor no not
of off on once one only or other others our out over own per put rather same say says said shall she should since so
some such take takes than that the their theirs them then there these they thing things this those though through thus
to too under until up upon us use used very was way we were what when where whether which while who whom whose why
will with within without would yes yet you your actually really exactly still according work works mean means meant
tell count counts happen happens need needs want wants try tries call called calls name names whats whos text mention
mentions describe explain list define compare anything something anyone someone ok please kind sort type set come
comes came back big part
"""
FUNCTION_WORDS: Final = frozenset(_FUNCTION_WORDS.split())

# The first word of a group stands for all of it. Forms of several words, and those whose meaning hangs on what stands
# before them, are below: "America" is a continent in "North America" and else the United States.
_NATIONS: Final = """
american usa | britain british briton uk | soviet ussr | russia russian | china chinese | japan japanese | korea korean
france french | germany german | italy italian | spain spanish | portugal portuguese | poland polish
turkey turkish turkiye | greece greek | hungary hungarian
romania romanian | bulgaria bulgarian | albania albanian | ukraine ukrainian
belarus belarusian byelorussia byelorussian | estonia estonian | latvia latvian | lithuania lithuanian | czechia czech
slovakia slovak | netherlands dutch | belgium belgian | denmark danish dane | norway norwegian | sweden swedish swede
finland finnish finn | iceland icelandic | ireland irish | switzerland swiss | austria austrian | serbia serbian
georgia georgian | armenia armenian | azerbaijan azerbaijani | kazakhstan kazakh | kyrgyzstan kyrgyz | tajikistan tajik
uzbekistan uzbek | morocco moroccan | algeria algerian | egypt egyptian | libya libyan | israel israeli | syria syrian
jordan jordanian | iraq iraqi | iran iranian | afghanistan afghan | pakistan pakistani | india indian | thailand thai
vietnam vietnamese | philippines philippine filipino | indonesia indonesian | malaysia malaysian | australia australian
zealand zealander | canada canadian | mexico mexican | brazil brazilian | argentina argentine argentinian | cuba cuban
panama panamanian | venezuela venezuelan | europe european | africa african | asia asian
"""
_SAME: Final = {
    _PORTER.stemWord(form): _PORTER.stemWord(line.split()[0])
    for line in re.split(r"[|\n]", _NATIONS)
    for form in line.split()
}
_PHRASES: Final = {
    "america": r"(?:(?<=north )|(?<=south )|(?<=latin )|(?<=central )|(?<=inter-)|(?<=pan-))american?|americas",
    "american": r"united\s+states(?:\s+of\s+america)?|u\.\s?s\.(?:\s?a\.)?|america|(?-i:US)",
    "britain": r"united\s+kingdom|great\s+britain|u\.\s?k\.",
    "soviet": r"soviet\s+union|u\.s\.s\.r\.",
}
_WORD: Final = re.compile(
    "|".join(rf"(?P<{stem}>\b(?:{forms})(?!\w))" for stem, forms in _PHRASES.items())
    + r"|(?P<dotted>\b(?:[^\W\d_]\.){2,})"
    + r"|[^\W_]+(?:['’](?:s|t|d|m|re|ve|ll)\b)?",
    re.IGNORECASE,
)
_NUMBERED: Final = re.compile(r"(?:articles?|arts?|chapter|part|title|annex|protocol)\.?\s+$", re.IGNORECASE)
_ROMAN: Final = re.compile(r"[ivxlc]+", re.IGNORECASE)
_NEGATED: Final = re.compile(r"n['’]t$")
_LATER: Final = re.compile(r"(.*[aeiouy][^aeiouy].*)(bli|logi)")
_ENDING: Final = re.compile(r"['’]\w*$")

INDEXED: Final[Mapping[str, tuple[tuple[str, ...], ...]]] = {
    **{
        stem: tuple((form,) for form, meant in _SAME.items() if meant == stem) for stem in dict.fromkeys(_SAME.values())
    },
    "american": (("american",), ("america",), ("usa",), ("unit", "state")),
    "britain": (("britain",), ("british",), ("uk",), ("unit", "kingdom")),
}  # for each nation, the stems under which the lexical index has it; several in one tuple stand in one passage


@dataclass(frozen=True, kw_only=True)
class Term:
    stem: str
    start: int
    end: int


def terms(text: str) -> list[Term]:
    """The content words of a text in reading order, offsets into it."""
    shouted = text.isupper() and len(text.split()) > 3  # then "US" may be "us"; "US NAVY" is a name
    found = []
    for match in _WORD.finditer(text):
        word = _stem_of(match, shouted)
        if word:
            found.append(Term(stem=word, start=match.start(), end=match.end()))
    return found


def is_nation(word: str) -> bool:
    """Whether a word is a country's name, adjective or abbreviation: "Canada", "Canadian", "US"."""
    found = terms(word)
    return len(found) == 1 and found[0].end == len(word) and found[0].stem in INDEXED


def stems(text: str) -> frozenset[str]:
    return frozenset(term.stem for term in terms(text))


def _stem_of(match: re.Match[str], shouted: bool) -> str:
    word = match.group()
    if match.lastgroup in _PHRASES and not (shouted and word == "US"):
        return match.lastgroup
    if match.lastgroup == "dotted":
        return stem(word.replace(".", ""))
    if _ROMAN.fullmatch(word) and (
        numbered := _NUMBERED.search(match.string, max(0, match.start() - 12), match.start())
    ):
        return fold(numbered.group() + word).split()[-1]
    return stem(word)


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """The stem of a word, or "" for a function word."""
    bare = _ENDING.sub("", fold(word))
    if not bare or bare in FUNCTION_WORDS or _NEGATED.search(word):
        return ""
    stemmed = _porter(bare)
    return str(_SAME.get(stemmed, stemmed))


def _porter(word: str) -> str:
    """Porter's algorithm as SQLite has it: with its later rules for "-logy" and "-bly", and two letters left alone."""
    if len(word) < 3:
        return word
    stemmed = str(_PORTER.stemWord(word))
    later = _LATER.fullmatch(stemmed)
    if not later:
        return stemmed
    return f"{later[1]}log" if later[2] == "logi" else str(_PORTER.stemWord(f"{later[1]}ble"))
