"""What a statement says that the words cited for it do not hold: exact checks, whoever wrote the statement.

A number, a date, a name, a "not", a "shall" that stands in the statement must stand in the source. Nothing here
understands a sentence: a statement that passes may still be wrong, but one that fails says something that its source
does not show. Forms do not matter ("thirty-two" and "32", "4 April 1949" and "1949-04-04", "US" and "United States",
"shall" and "must"); what a source says beyond the statement is not looked at. The time is linear in the length of both.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from itertools import product
from typing import Final

from ingest.document import Span

from .terms import stems, terms


class Kind(StrEnum):
    NUMBER = "number"
    DATE = "date"
    NAME = "name"
    NEGATION = "negation"
    MODAL = "modal verb"


@dataclass(frozen=True, kw_only=True)
class Missing(Span):
    """Words of a statement, by offsets, that its source does not hold."""

    kind: Kind
    words: str


@dataclass(frozen=True, kw_only=True)
class _Claim(Span):
    """Something that a text says; `value` is the same for all forms of it."""

    kind: Kind
    value: tuple[object, ...]


_WORDS: Final = {
    "months": "january february march april may june july august september october november december",
    "units": """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
        seventeen eighteen nineteen""",
    "tens": "twenty thirty forty fifty sixty seventy eighty ninety",
}
_MONTHS: Final = _WORDS["months"].split()
_UNITS: Final = {word: number for number, word in enumerate(_WORDS["units"].split())}
_SMALL: Final = {**_UNITS, **{word: 10 * number for number, word in enumerate(_WORDS["tens"].split(), 2)}}
_SCALES: Final = {"hundred": 100, "thousand": 1_000, "million": 10**6, "billion": 10**9}
_MONTH: Final = "|".join(_MONTHS)
_SCALE: Final = "|".join(_SCALES)
_TENS: Final = "|".join(_WORDS["tens"].split())
_LOW: Final = rf"(?:(?:{_TENS})(?:[ -](?:{'|'.join(list(_UNITS)[1:10])}))?|{'|'.join(_UNITS)})"  # below a hundred
_HIGH: Final = rf"(?:{_LOW}[ -])?(?:{_SCALE})(?:[ -](?:{_SCALE}))*"
_DATES: Final = (
    re.compile(rf"\b(?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?: day)?(?: of)? (?P<m>{_MONTH}),?(?: (?P<y>\d{{4}}))?\b", re.I),
    re.compile(rf"\b(?P<m>{_MONTH}) (?P<d>\d{{1,2}})(?:st|nd|rd|th)?\b(?:,? (?P<y>\d{{4}})\b)?", re.I),
    re.compile(rf"\b(?P<m>{_MONTH})(?: of)?,? (?P<y>\d{{4}})\b", re.I),
    re.compile(r"\b(?P<y>\d{4})-(?P<n>\d{2})-(?P<d>\d{2})\b"),
)
_NUMBER: Final = re.compile(
    rf"(?P<figures>\d+(?:[,\u00a0\u202f]\d{{3}})+(?:\.\d+)?|\d+(?:\.\d+)?)(?: (?P<scale>{_SCALE})\b)?"
    # "and" joins only what follows a hundred or more: "five and six" are two numbers
    rf"|\b(?P<spelt>{_HIGH}(?:(?: and |[ -]){_HIGH})*(?:(?: and |[ -]){_LOW})?|{_LOW})\b",
    re.IGNORECASE,
)
_NEGATIONS: Final = re.compile(
    r"\b(?:not|never|neither|nor|none|nobody|nothing|without|cannot|lacks?|lacking|fails? to|except|non)\b"
    r"|\bno\b(?!\.? ?\d)|n['’]t\b",
    re.IGNORECASE,
)
_MODALS: Final = {
    "duty": "shall must obliged obligated required",
    "permission": "may can could might permitted allowed",
    "advice": "should ought",
    "intent": "will would",
}
_MODAL_OF: Final = {word: group for group, words in _MODALS.items() for word in words.split()}
_MODAL: Final = re.compile(rf"\b(?:{'|'.join(_MODAL_OF)})\b", re.IGNORECASE)
_MAY_MONTH: Final = re.compile(r"\bMay(?= \d)|(?<=\d )May\b|(?<=of )May\b|(?<=in )May\b")
_PLAIN: Final = str.maketrans("ſıİ\u212a", "siIK")  # they match s, i and k where case is ignored, but are in no table
_STARTS: Final = re.compile(r"(?:\A|[.!?:;]\s+|[\"“(•\n]\s*)\Z")


def missing(statement: str, source: str) -> tuple[Missing, ...]:
    """What `statement` says and `source` does not, in the order of the statement."""
    held, words = _held(source)
    found = [claim for claim in _claims(statement.translate(_PLAIN)) if claim.value not in held]
    found += [claim for claim in _names(statement) if claim.value[1] not in words]
    return tuple(
        Missing(start=one.start, end=one.end, kind=one.kind, words=statement[one.start : one.end])
        for one in sorted(found, key=lambda one: (one.start, one.end))
    )


@lru_cache(maxsize=8)  # a long source is read once for all statements that are held against it
def _held(source: str) -> tuple[frozenset[tuple[object, ...]], frozenset[str]]:
    """What a source says, and the stems of its words."""
    plain = source.translate(_PLAIN)
    implied = {value for claim in _claims(plain) for value in _implied(claim)}
    numbers = {claim.value for claim in _numbers(plain, ones=True)}  # a year may stand in a date of the source
    return frozenset(implied | numbers), stems(source)


def _implied(claim: _Claim) -> Iterator[tuple[object, ...]]:
    """A date implies what says less of the same day, never more."""
    if claim.kind is not Kind.DATE:
        yield claim.value
        return
    kind, *day = claim.value
    yield from ((kind, *less) for less in product(*({part, None} for part in day)))


def _claims(text: str) -> Iterator[_Claim]:
    dates = list(_dates(text))
    yield from dates
    rest = list(text)
    for date in dates:
        rest[date.start : date.end] = " " * (date.end - date.start)
    remaining = "".join(rest)
    yield from _numbers(remaining)
    for match in _NEGATIONS.finditer(remaining):
        yield _Claim(start=match.start(), end=match.end(), kind=Kind.NEGATION, value=(Kind.NEGATION,))
    for match in _MODAL.finditer(_MAY_MONTH.sub("   ", remaining)):
        value = (Kind.MODAL, _MODAL_OF[match.group().lower()])
        yield _Claim(start=match.start(), end=match.end(), kind=Kind.MODAL, value=value)


def _dates(text: str) -> Iterator[_Claim]:
    taken = bytearray(len(text))  # the characters of dates; no date is long
    for pattern in _DATES:
        for match in pattern.finditer(text):
            if any(taken[match.start() : match.end()]):
                continue
            taken[match.start() : match.end()] = b"\1" * (match.end() - match.start())
            yield _Claim(start=match.start(), end=match.end(), kind=Kind.DATE, value=(Kind.DATE, *_day(match)))


def _day(match: re.Match[str]) -> tuple[int | None, int | None, int | None]:
    """Year, month and day; None for what is not said."""
    said = match.groupdict()
    month = _MONTHS.index(said["m"].lower()) + 1 if said.get("m") else int(said["n"])
    return int(said["y"]) if said.get("y") else None, month, int(said["d"]) if said.get("d") else None


def _numbers(text: str, *, ones: bool = False) -> Iterator[_Claim]:
    """A bare "one" is seldom a count ("one of them", "one may"), so a statement is held to it only in a source."""
    for match in _NUMBER.finditer(text):
        if not ones and match["spelt"] and match["spelt"].lower() == "one":
            continue
        yield _Claim(start=match.start(), end=match.end(), kind=Kind.NUMBER, value=(Kind.NUMBER, _value(match)))


def _value(match: re.Match[str]) -> float:
    if match["spelt"]:
        return _spelt([word for word in re.findall(r"[a-z]+", match["spelt"].lower()) if word != "and"])
    figures = float(re.sub(r"[,\u00a0\u202f]", "", match["figures"]))
    return figures * _SCALES.get((match["scale"] or "").lower(), 1)


def _spelt(words: list[str]) -> float:
    """ "two hundred and five thousand" is 205,000; "hundred hundred …" may be infinite, and is no error."""
    total = part = 0.0
    for word in words:
        if word in _SMALL:
            part += _SMALL[word]
        elif word == "hundred":
            part = max(part, 1.0) * 100
        else:
            total, part = total + max(part, 1.0) * _SCALES[word], 0.0
    return total + part


def _names(text: str) -> Iterator[_Claim]:
    """Words written as names. The first word of a sentence may be so by its place, and does not count."""
    for term in terms(text):
        word = text[term.start : term.end]
        if not word[0].isupper() or word.lower() in _MONTHS or word.lower() in _SMALL:
            continue
        if not _STARTS.search(text, max(0, term.start - 4), term.start):
            yield _Claim(start=term.start, end=term.end, kind=Kind.NAME, value=(Kind.NAME, term.stem))
