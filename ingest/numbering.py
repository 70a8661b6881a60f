"""The words and numbers by which the parts of a text are counted: "ARTICLE IV.", "Art. 5", "§ 3302", "Hoofdstuk VII".

English, Dutch, French, German, Spanish, Italian and Portuguese; Arabic, Roman and a few spelled numbers.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from .rows import flat


class Kind(IntEnum):
    """What a heading opens; a lower value holds a higher one."""

    INSTRUMENT = 0  # a treaty, a statute: something with a numbering of its own
    APPENDED = 1  # annex, protocol, schedule
    PART = 2
    CHAPTER = 3
    SECTION = 4
    GROUP = 5  # a heading without a number
    ARTICLE = 6  # article, clause, §; preamble and closing words


@dataclass(frozen=True, kw_only=True)
class Numbered:
    """A line that begins like a numbered heading: what a reader calls it ("Article IV"), its number as printed, and the
    words behind the number, which may be its title or the text itself."""

    kind: Kind
    name: str
    number: str
    title: str


_KINDS: Final = {
    Kind.ARTICLE: "article artikel artículo articulo artigo articolo clause clausule cláusula klausel rule art",
    Kind.SECTION: "section sec afdeling abschnitt sección sezione secção",
    Kind.CHAPTER: "chapter hoofdstuk chapitre kapitel capítulo capitolo",
    Kind.PART: "part deel partie teil parte title titel titre título titolo book boek livre division",
    Kind.APPENDED: """annex annexe appendix schedule bijlage anhang anlage anexo allegato protocol protocole protokoll
        protocolo protocollo""",
}
_KIND_OF: Final = {word: kind for kind, words in _KINDS.items() for word in words.split()}
_FULL: Final = {"art": "Article", "sec": "Section"}
_PREAMBLE: Final = re.compile(r"(?i:preamble|preambule|préambule|präambel|preámbulo|preambolo|preâmbulo)[.:]?$")
_SOLE: Final = re.compile(r"(?i:(?:enig|einziger) artikel|(?:sole|single) article|article unique|artículo único)[.:]?$")
_SPELLED: Final = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "eleven": 11, "twelve": 12, "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "premier": 1,
}  # fmt: skip
_ROMAN: Final = r"(?=[IVXLCDM])M{0,3}(?:CM|CD|D?C{0,3})(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})"
_NUMBER: Final = rf"\d{{1,4}}(?:\.\d{{1,3}}){{0,3}}[A-Za-z]?(?:er|º|°)?|{_ROMAN}|[A-Z]|(?i:{'|'.join(_SPELLED)})"
_LATER: Final = r"(?i:\s{1,3}(?:bis|ter|quater|quinquies|sexies|septies)\b)?"  # "Article 62 bis"
_WORD_NUMBER: Final = re.compile(
    rf"(?P<word>[^\W\d_]{{3,12}})\.?\s{{1,4}}(?P<number>(?:{_NUMBER})(?!\w){_LATER})(?P<rest>.*)", re.DOTALL
)
_SIGN: Final = re.compile(r"§{1,2}\s{0,3}(?P<number>\d[\w:–-]*(?:\.\d[\w:–-]*)*)(?P<rest>.*)", re.DOTALL)
_BETWEEN: Final = re.compile(r"\s*(?:\.?\s*[:–—-]{1,2}|\.|\))?\s*")  # number and title


def parse(line: str) -> Numbered | None:
    """What a line opens if it begins like a numbered heading, a preamble or a lone "Annex"; else None."""
    bare = line.rstrip(".:")
    if _SOLE.match(line):
        return Numbered(kind=Kind.ARTICLE, name=bare.capitalize(), number=bare, title="")
    if _PREAMBLE.match(line):
        return Numbered(kind=Kind.ARTICLE, name=bare.capitalize(), number="", title="")
    sign = _SIGN.match(line)
    if sign:
        name = f"§ {sign['number']}"
        return Numbered(kind=Kind.ARTICLE, name=name, number=sign["number"], title=_title(sign["rest"]))
    return _parse_word(line)


def _parse_word(line: str) -> Numbered | None:
    word = (line.split(maxsplit=1) or [""])[0].rstrip(".:")
    kind = _KIND_OF.get(word.lower())
    if kind is None:
        return None
    called = _FULL.get(word.lower(), word.capitalize())
    found = _WORD_NUMBER.match(line)
    if found is not None:
        number = flat(found["number"])
        return Numbered(kind=kind, name=f"{called} {number}", number=number, title=_title(found["rest"]))
    alone = kind is Kind.APPENDED and line.rstrip(".:") == word
    return Numbered(kind=kind, name=called, number="", title="") if alone else None


def _title(rest: str) -> str:
    """What follows the number, without the punctuation between."""
    between = _BETWEEN.match(rest)
    return flat(rest[between.end() :] if between else rest)


def follows(number: str, last: str) -> bool:
    """Whether `number` is `last` again ("9 bis"), the next after it, or a one: a numbering may start again."""
    value, before = ordinal(number), ordinal(last)
    return value == 1 or (value is not None and before is not None and value - before in {0, 1})


def ordinal(number: str) -> int | None:
    """The value of "4", "IV", "9 bis", "Two" or "D"; None where it has none."""
    core = (number.split() or [""])[0].rstrip(".°º").lower()
    digits = re.match(r"\d+", core)
    if digits:
        return int(digits[0])
    if core and re.fullmatch(_ROMAN, core.upper()):
        return roman(core)
    return _SPELLED.get(core, ord(core) - 96 if len(core) == 1 and core.isascii() and core.isalpha() else None)


def roman(number: str) -> int:
    """The value of a well-formed Roman numeral."""
    values = [{"I": 1, "V": 5, "X": 10, "L": 50, "C": 100, "D": 500, "M": 1000}[letter] for letter in number.upper()]
    return sum(-value if value < max(values[place:]) else value for place, value in enumerate(values))
