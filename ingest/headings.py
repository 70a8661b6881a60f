"""Which lines are headings: numbered ones ("ARTICLE IV.", "§ 3302. Definitions") and those without a number.

A line that begins "Article 51" is a heading or the wrapped end of "in accordance with Article 51 of the Charter". It is
taken for a heading only where the line before it is finished, what follows on the line does not go on with a sentence,
and, where words follow at once, the number is the next one. Headings that the file's own format marks need no such proof.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from .document import Heading, Span
from .rows import Row, flat, rows
from .sentences import is_item


class Kind(IntEnum):
    """What a heading opens; a lower value holds a higher one."""

    INSTRUMENT = 0  # a treaty, a statute: something with a numbering of its own
    APPENDED = 1  # annex, protocol, schedule; closing words
    PART = 2
    CHAPTER = 3
    SECTION = 4
    GROUP = 5  # a heading without a number
    ARTICLE = 6  # article, clause, §; preamble


@dataclass(frozen=True, kw_only=True)
class Mark(Span):
    """A heading found: `text[start:end]`, with its title where that stands on the line below.

    `name` is what a reader calls it ("Article IV", "Chapter VIII", "Scope"), `number` its number as printed, empty without
    one; `level` the level the format gives it, None for a plain line. `atomic` as in `Section`.
    """

    kind: Kind
    name: str
    number: str = ""
    title: str = ""
    level: int | None = None
    atomic: bool = False
    style: int = 0  # of unnumbered plain lines: 0 CAPITALS, 1 Title Case, 2 sentence case


_KINDS: Final[dict[Kind, str]] = {
    Kind.ARTICLE: "article artikel artículo articulo artigo articolo clause clausule cláusula klausel rule",
    Kind.SECTION: "section sec afdeling abschnitt sección sezione secção",
    Kind.CHAPTER: "chapter hoofdstuk chapitre kapitel capítulo capitolo",
    Kind.PART: "part deel partie teil parte title titel titre título titolo book boek livre division",
    Kind.APPENDED: """annex annexe appendix schedule bijlage anhang anlage anexo allegato protocol protocole protokoll
        protocolo protocollo""",
}
_KIND_OF: Final = {word: kind for kind, words in _KINDS.items() for word in words.split()}
_ALONE: Final = frozenset(_KINDS[Kind.APPENDED].split())  # may stand without a number
_SHORT: Final = {"art": "Article", "sec": "Section"}
_PREAMBLES: Final = frozenset("preamble preambule préambule präambel preámbulo preambolo preâmbulo".split())
_SPELLED: Final = (
    "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|first|second|third|fourth|fifth|premier"
)
_ROMAN: Final = r"M{0,3}(?:CM|CD|D?C{0,3})(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})"
_NUMBER: Final = rf"\d{{1,4}}(?:\.\d{{1,3}}){{0,3}}[A-Za-z]?(?:er|º|°)?|(?=[IVXLCDM]){_ROMAN}|[A-Z]|(?i:{_SPELLED})"
_SUFFIX: Final = r"(?i:\s{1,3}(?:bis|ter|quater|quinquies|sexies|septies)\b)?"
_NUMBERED: Final = re.compile(
    rf"(?P<word>[^\W\d_]{{3,12}})\.?\s{{1,4}}(?P<number>(?:{_NUMBER})(?!\w){_SUFFIX})(?P<rest>.*)", re.DOTALL
)
_PARAGRAPH_SIGN: Final = re.compile(r"§{1,2}\s{0,3}(?P<number>\d[\w:–-]*(?:\.\d[\w:–-]*)*)(?P<rest>.*)", re.DOTALL)
_SOLE: Final = re.compile(
    r"(?i:enig artikel|sole article|single article|article unique|einziger artikel|artículo único)\.?$"
)
_AFTER_NUMBER: Final = re.compile(r"\s*(?:\.?\s*[:–—-]{1,2}|\.|\))?\s*")
_CONTENTS_LINE: Final = re.compile(r"(?:\.{3,}|(?:\s\.){3,}|…|\t)\s*\d{1,4}$")
_DATE: Final = re.compile(
    r"\b\d{1,2}(?:st|nd|rd|th)?\s+[A-Z][a-z]{2,8}\.?,?\s+\d{4}\b|\b[A-Z][a-z]{2,8}\.?\s+\d{1,2},\s*\d{4}\b"
)
_BYLINE: Final = re.compile(
    r"(?i)(?:by|written by|author|posted|published|updated|source|photo|image|see also|signed|for the government)\b"
)
_MODAL: Final = re.compile(
    r"\b(?:shall|will|must|may|is|are|was|were|has|have|undertakes?|agrees?|zal|zullen|doit|soll)\b"
)
_INSTRUMENT: Final = re.compile(
    r"""(?ix)\b(?:treaty|agreement|charter|convention|covenant|statute|declaration|memorandum|pact|resolution|final\s+act
    |verdrag|overeenkomst|handvest|statuut|verklaring|traité|accord|charte|statut|vertrag|abkommen|satzung|erklärung
    |tratado|acuerdo|carta|estatuto|trattato|accordo|acordo|protocol|protocole|protokoll|protocolo)\b"""
)
TITLE_WORDS: Final = 15  # the longest heading without a number, and the longest title on a line of its own
TITLE_LETTERS: Final = 110


def find(text: str, headings: tuple[Heading, ...]) -> list[Mark]:
    """Every heading of `text`, in order: those of the format, and plain lines where the format marks none of their sort."""
    table = rows(text)
    marked = [_of_format(text, heading) for heading in sorted(headings, key=lambda heading: heading.start)]
    marks = [mark for mark in marked if mark.name]
    if not any(mark.number for mark in marks):
        marks += _numbered_lines(text, table, marks)
    if len(marked) < 2:
        marks += _unnumbered_lines(text, table, marks)
    return sorted(_without_contents(text, marks), key=lambda mark: mark.start)


def is_instrument(name: str) -> bool:
    """Whether a heading names a treaty or the like in its first words ("NORTH ATLANTIC TREATY", "Statute of the …")."""
    return len(name.split()) > 1 and _INSTRUMENT.search(" ".join(name.split()[:4])) is not None


def parse(line: str) -> tuple[Kind, str, str, str] | None:
    """Kind, name, number and title of a numbered heading line; None if it does not begin like one."""
    if _SOLE.match(line):
        return Kind.ARTICLE, line.rstrip(".").capitalize(), line.rstrip("."), ""
    if line.rstrip(".:").lower() in _PREAMBLES:
        return Kind.ARTICLE, line.rstrip(".:").capitalize(), "", ""
    sign = _PARAGRAPH_SIGN.match(line)
    if sign:
        return Kind.ARTICLE, f"§ {sign['number']}", sign["number"], _title(sign["rest"])
    return _parse_word(line)


def _parse_word(line: str) -> tuple[Kind, str, str, str] | None:
    word = line.split(maxsplit=1)[0].rstrip(".:") if line else ""
    kind = _KIND_OF.get(word.lower(), Kind.ARTICLE if word.lower() == "art" else None)
    if kind is None:
        return None
    named = _SHORT.get(word.lower(), word.capitalize())
    found = _NUMBERED.match(line)
    if found is None:
        alone = word.lower() in _ALONE and line.rstrip(".:").lower() == word.lower()
        return (kind, named, "", "") if alone else None
    number = flat(found["number"])
    return kind, f"{named} {number}", number, _title(found["rest"])


def _title(rest: str) -> str:
    """What follows the number, without the punctuation between; the text itself where it goes straight on."""
    return flat(rest[_AFTER_NUMBER.match(rest).end() :]) if rest else ""  # type: ignore[union-attr]  # matches emptiness


def _of_format(text: str, heading: Heading) -> Mark:
    name = flat(heading.of(text))
    start = heading.start + len(heading.of(text)) - len(heading.of(text).lstrip())
    end = start + len(heading.of(text).strip())
    found = parse(name)
    if found is None or (found[3] and (found[3][0].islower() or found[3][0] in ",;(")):
        return Mark(start=start, end=end, kind=Kind.GROUP, name=name, level=heading.level)
    return _mark(Span(start=start, end=end), found, level=heading.level)


def _mark(place: Span, found: tuple[Kind, str, str, str], *, level: int | None = None) -> Mark:
    kind, name, number, title = found
    atomic = kind is Kind.ARTICLE and bool(number)
    return Mark(
        start=place.start, end=place.end, kind=kind, name=name, number=number, title=title, level=level, atomic=atomic
    )


def _numbered_lines(text: str, table: list[Row], taken: list[Mark]) -> Iterator[Mark]:
    """Plain lines that open an article, a chapter, an annex …; a title on the next line belongs to them."""
    spoken_for = {mark.start for mark in taken}
    last: dict[Kind, str] = {}
    for place, row in enumerate(table):
        found = parse(row.of(text)) if row.start not in spoken_for else None
        if found is None or not _opens(text, table, place, found, last.get(found[0], "")):
            continue
        last[found[0]] = found[2]
        yield _with_title(text, table, place, found)


def _opens(text: str, table: list[Row], place: int, found: tuple[Kind, str, str, str], last: str) -> bool:
    """Whether a plain line that begins like a numbered heading is one, and not the rest of a sentence."""
    row = table[place]
    kind, _, number, title = found
    if _CONTENTS_LINE.search(row.of(text)) or not (row.gap or _finished(text, table, place)):
        return False
    if not title:
        following = table[place + 1] if place + 1 < len(table) else None
        return following is None or following.gap or not text[following.start].islower()
    if title[0] in ",;)&/" or title[0].islower() or (title[0].isdigit() and kind is not Kind.ARTICLE):
        return False
    after = row.of(text)[len(row.of(text)) - len(title) - 3 :][:3]
    if len(title.split()) <= TITLE_WORDS and title[-1] not in ".;," and not _MODAL.search(title):
        return True
    return kind is Kind.ARTICLE and (follows(number, last) or (row.gap and any(mark in after for mark in ".:–—-")))


def _finished(text: str, table: list[Row], place: int) -> bool:
    """Whether the line before ends a sentence or is itself a heading."""
    if place == 0:
        return True
    before = table[place - 1].of(text)
    return before[-1] in '.!?:;…"”’)' or parse(before) is not None


def follows(number: str, last: str) -> bool:
    """Whether `number` is the next after `last`, or the first where there is none before; a numbering may start again."""
    value, before = ordinal(number), ordinal(last)
    return value == 1 or (value is not None and before is not None and 0 <= value - before <= 1)


def ordinal(number: str) -> int | None:
    """The value of "4", "IV", "iv", "9 bis" or "D"; None where it has none."""
    core = number.split()[0].rstrip(".°º") if number.split() else ""
    digits = re.match(r"\d+", core)
    if digits:
        return int(digits[0])
    if re.fullmatch(_ROMAN, core.upper()) and core:
        return roman(core)
    spelled = _SPELLED.split("|")
    if core.lower() in spelled:
        return 1 if core.lower() in {"first", "premier"} else spelled.index(core.lower()) % 12 + 1
    return ord(core.lower()) - 96 if len(core) == 1 and core.isascii() and core.isalpha() else None


def roman(number: str) -> int:
    """The value of a well-formed Roman numeral."""
    values = [{"I": 1, "V": 5, "X": 10, "L": 50, "C": 100, "D": 500, "M": 1000}[letter] for letter in number.upper()]
    return sum(-value if value < max(values[place:]) else value for place, value in enumerate(values))


def _with_title(text: str, table: list[Row], place: int, found: tuple[Kind, str, str, str]) -> Mark:
    """The heading; its line, or only number and title of it where the text goes on in the same line, and the title below."""
    row = table[place]
    kind, name, number, title = found
    if title and not _is_title(title):
        cut = row.end - len(row.of(text)[len(row.of(text)) - _tail(row.of(text), title) :])
        return _mark(
            Span(start=row.start, end=row.start + len(text[row.start : cut].rstrip())), (kind, name, number, "")
        )
    following = table[place + 1] if place + 1 < len(table) else None
    if title or following is None or not _title_below(text, table, place + 1, kind):
        return _mark(row, found)
    return _mark(Span(start=row.start, end=following.end), (kind, name, number, flat(following.of(text))))


def _tail(line: str, title: str) -> int:
    """How many characters of `line` hold `title`, whose white space was made plain."""
    wanted = sum(not letter.isspace() for letter in title)
    place = len(line)
    while wanted:
        place -= 1
        wanted -= not line[place].isspace()
    return len(line) - place


def _is_title(words: str) -> bool:
    """Whether `words` look like a title and not like a sentence."""
    return (
        len(words.split()) <= TITLE_WORDS
        and len(words) <= TITLE_LETTERS
        and words[-1] not in ".;:,!…"
        and not _MODAL.search(words)
        and (words[0].isupper() or words[0].isdigit())
        and not is_item(words)
    )


def _title_below(text: str, table: list[Row], place: int, kind: Kind) -> bool:
    """Whether line `place` is the title of the numbered heading above it."""
    words = table[place].of(text)
    if not _is_title(words) or parse(words) is not None or _DATE.search(words):
        return False
    following = table[place + 1].of(text) if place + 1 < len(table) else ""
    if not following or (kind is Kind.ARTICLE and is_item(following) and following[0].isalpha()):
        return False
    return not following[0].islower() and (kind is not Kind.ARTICLE or len(words.split()) <= 10)


def _unnumbered_lines(text: str, table: list[Row], taken: list[Mark]) -> list[Mark]:
    """Short lines in title case, capitals or a few words that stand above running text."""
    held = [(mark.start, mark.end) for mark in taken]
    inside = (
        {row.start for row in table for start, end in held if start <= row.start < end}
        if len(held) < 50
        else _held(table, held)
    )
    return [
        Mark(start=row.start, end=row.end, kind=Kind.GROUP, name=flat(row.of(text)), style=_style(row.of(text)))
        for place, row in enumerate(table)
        if row.start not in inside and _stands_above(text, table, place)
    ]


def _held(table: list[Row], held: list[tuple[int, int]]) -> set[int]:
    """Where the lines begin that lie in one of the ranges; both are in order."""
    found: set[int] = set()
    ranges = iter(sorted(held))
    start, end = next(ranges)
    for row in table:
        while end <= row.start:
            start, end = next(ranges, (len(table) and table[-1].end + 1, table[-1].end + 2))
        if start <= row.start:
            found.add(row.start)
    return found


def _stands_above(text: str, table: list[Row], place: int) -> bool:
    """Whether line `place` has the looks of a heading and running text, or a numbered heading, below it."""
    row = table[place]
    words = row.of(text)
    if row.end - row.start > TITLE_LETTERS or not _is_title(words) or place + 1 >= len(table):
        return False
    if _DATE.search(words) or _BYLINE.match(words) or not any(letter.islower() or letter.isupper() for letter in words):
        return False
    if not (row.gap or _finished(text, table, place)):
        return False
    below = table[place + 1]
    if is_item(below.of(text)[:12]) or text[below.start].islower():
        return False
    if parse(below.of(text)) is not None:
        return below.gap or row.gap
    return _runs_on(text, table, place)


def _runs_on(text: str, table: list[Row], place: int) -> bool:
    """Whether running text stands below line `place`, which is clearly shorter."""
    row, below = table[place], table[place + 1]
    length = below.end - below.start
    if below.gap:
        return length >= 80 or (length >= 40 and text[below.end - 1] in ".:")
    return row.end - row.start <= 0.6 * length and (length > 100 or _style(row.of(text)) < 2)


def _style(words: str) -> int:
    """0 CAPITALS, 1 Title Case, 2 sentence case."""
    if words.upper() == words:
        return 0
    later = [word for word in words.split()[1:] if len(word) > 3 and word[0].isalpha()]
    return 2 if any(word[0].islower() and word.lower() not in _LITTLE for word in later) else 1


_LITTLE: Final = frozenset(
    "from with into upon over under between among through against versus their that than".split()
)


def _without_contents(text: str, marks: list[Mark]) -> list[Mark]:
    """Drop a table of contents: numbered plain headings with nothing below them whose numbers come again later."""
    ordered = sorted(marks, key=lambda mark: mark.start)
    last = {mark.name: mark.start for mark in ordered}
    empty = [
        mark.level is None
        and bool(mark.number)
        and last[mark.name] > mark.start
        and not text[mark.end : following.start].strip()
        for mark, following in zip(ordered, ordered[1:], strict=False)
    ]
    return [mark for mark, nothing in zip(ordered, [*empty, False], strict=True) if not nothing]
