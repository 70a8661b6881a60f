"""What a question asks for, read from its words.

No language model is asked: a question's kind shows in its first words ("When …", "Does …"), its subject in the names it
uses, and what has to be found in the words that are left. Nothing here knows the library.
"""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from .terms import is_nation, stems


class Kind(StrEnum):
    """What would count as an answer."""

    POLAR = "polar"  # yes or no
    WHEN = "when"
    WHERE = "where"
    WHO = "who"
    AMOUNT = "amount"  # how many, how long, what share
    DEFINITION = "definition"
    LIST = "list"
    COMPARISON = "comparison"
    OTHER = "other"


@dataclass(frozen=True, kw_only=True)
class Reading:
    """A question as understood. `names` are its proper names as written; `pinpoint` a place it asks about."""

    text: str
    kind: Kind
    names: tuple[str, ...]
    pinpoint: str | None

    @property
    def positive(self) -> str:
        """The question without the "n't" it may open with: "Isn't it …?" asks whether it is."""
        return _NOT_SO.sub(lambda found: _FULL.get(found[1].casefold(), found[1]), self.text)

    @property
    def polar(self) -> bool:
        return self.kind is Kind.POLAR

    @property
    def asks(self) -> bool:
        """Whether it has the form of a question or of a request; "anzus withdrawal" and "hello" have none."""
        return self.polar or bool(_WH.search(self.text))

    @property
    def sought(self) -> frozenset[str]:
        """The stems of what could be looked for. Where nothing is asked, courtesies are no subject: "good morning"."""
        return stems(self.text) - (frozenset() if self.asks else COURTESIES)


_AUXILIARIES: Final = (
    "am is are was were be do does did have has had can could may might must shall should will would need ought"
)
AUXILIARIES: Final = frozenset(_AUXILIARIES.split())
_AUXILIARY: Final = re.compile(rf"(?:{'|'.join(sorted(AUXILIARIES))})(?:n['’]?t)?\b", re.IGNORECASE)
_WH: Final = re.compile(
    r"\b(who|whom|whose|what|when|where|which|why|how|name|list|define|describe|compare|tell|give|explain|"
    r"summari[sz]e|state|identify)\b",
    re.IGNORECASE,
)
COURTESIES: Final = stems(
    "hello hi hey dear good morning afternoon evening night day bye goodbye welcome cheers thanks thank lot great nice "
    "fine okay sorry sir madam help"
)
_NOT_SO: Final = re.compile(r"^(\w+)n['’]t\b", re.IGNORECASE)
_FULL: Final = {"wo": "Will", "ca": "Can", "sha": "Shall", "ai": "Is"}  # what "n't" has shortened
_TAG: Final = re.compile(
    rf",\s*(?:right|correct|true|{_AUXILIARY.pattern} (?:it|they|he|she|there|we|you))\s*\?*$",
    re.IGNORECASE,
)
_PINPOINT: Final = re.compile(
    r"\b(?:(art)\.\s*|(article|art|chapter|annex)\s+|(section|clause|part)\s+(?!(?-i:[ivxlc])))"
    r"([IVXLC]+|\d+)\b(?:\s*\((\w{1,4})\))?",
    re.IGNORECASE,
)
_PATTERNS: Final = (
    (Kind.COMPARISON, r"\b(?:compare|compared|differ|differs|difference|differences|versus|vs|contrast)\b"),
    (Kind.WHEN, r"^(?:in|on|by|since|from|until)?\s*(?:when|what (?:year|date|day)|which (?:year|date|day))\b"),
    (Kind.WHEN, r"\b(?:what|which) (?:year|date|day|cut-off date)\b|\bwhen (?:did|was|were|is|are|does|do|will|can)\b"),
    (Kind.AMOUNT, r"\bhow (?:many|much|long|far|often|old|large|big|high)\b"),
    (
        Kind.AMOUNT,
        r"\b(?:what|which) (?:share|percentage|percent|number|proportion|amount|sum|salary|budget|total|cost|price|"
        r"size|(?:notice )?period|term|length)\b",
    ),
    (Kind.WHERE, r"^(?:where|in (?:which|what) (?:city|country|place|town)|(?:which|what) (?:city|place|town))\b"),
    (Kind.LIST, r"^who (?:are|were) (?:the|its)\b"),
    (Kind.WHO, r"\b(?:who|whom|whose)\b|^(?:with |by |to )?which (?:government|state|country|body|organ|person)\b"),
    (
        Kind.LIST,
        r"^(?:name|list|enumerate)\b|\bwhich (?:\w+ )?(?:states|countries|parties|members|organs|bodies|articles|"
        r"powers|governments|republics|nations|services|ships|provinces)\b|\bwhat (?:are|were) (?:the|its|their)\b|"
        r"\b(?:what|which) (?:two|three|four|five|six|seven|\d+)\b|\bwhat (?:\w+ )?(?:methods|rights|kinds|types|ways|"
        r"conditions|steps|duties|obligations|things)\b",
    ),
    (
        Kind.DEFINITION,
        r"\b(?:define|definition|meant by|meaning of)\b|\bwhat does [^?]{1,60} (?:mean|stand for)\b|"
        r"^what(?:'s| is| are| was) (?:an? |the )?[^?]{1,50}\?*$|\bwho counts as\b",
    ),
)


def read(text: str) -> Reading:
    """Read a question; white space is normalised and nothing else changed."""
    text = " ".join(text.split())
    return Reading(
        text=text,
        kind=_kind(text),
        names=proper_names(text),
        pinpoint=_pinpoint(text),
    )


def _kind(text: str) -> Kind:
    if _polar(text):
        return Kind.POLAR
    for kind, pattern in _PATTERNS:
        if re.search(pattern, text, re.IGNORECASE):
            return kind
    return Kind.OTHER


def _polar(text: str) -> bool:
    """A question is polar when its main clause opens with an auxiliary, or when it is a statement with a tag."""
    if _TAG.search(text):
        return True
    clause = _main_clause(text)
    return bool(_AUXILIARY.match(clause)) and not _offers_a_choice(clause)


def _main_clause(text: str) -> str:
    """What follows a subject put in front ("nato sofa: are …") or a condition ("If …, does …")."""
    text = re.sub(r"^(?:and|but|so|ok|hi|hello|well|please)\b[,\s]*", "", text, flags=re.IGNORECASE)
    head, colon, tail = text.partition(": ")
    if colon and not _WH.search(head):
        text = tail
    if re.match(
        r"(?:if|when|in case|under|according to|for|in|once|as|after|before|during|suppose)\b", text, re.IGNORECASE
    ):
        for comma in re.finditer(r",\s*", text):
            if _AUXILIARY.match(text, comma.end()):
                return text[comma.end() :]
    return text


def _offers_a_choice(clause: str) -> bool:
    """ "Is it an alliance or a partnership?" asks which one; "Is there a treaty or a pact …?" does not."""
    return bool(
        re.search(
            r"^(?:is|are|was|were)\b(?! there\b)[^?]*\b\w+,? or (?:rather )?(?:an?|the|just|only|merely)\b",
            clause,
            re.IGNORECASE,
        )
    )


def _pinpoint(text: str) -> str | None:
    found = _PINPOINT.search(text)
    if not found:
        return None
    word = (found[1] or found[2] or found[3]).capitalize()
    place = f"{'Article' if word == 'Art' else word} {found[4].upper()}"
    return f"{place}({found[5]})" if found[5] else place


_MONTHS_AND_DAYS: Final = (
    "january february march april june july august september october november december "
    "monday tuesday wednesday thursday friday saturday sunday"
)
_SMALL: Final = (
    "i a an the if in on under according article art chapter section clause annex part paragraph and but or it"
)
_NOT_NAMES: Final = frozenset([*_SMALL.split(), *_MONTHS_AND_DAYS.split(), *AUXILIARIES])
_JOINERS: Final = frozenset(("of", "for", "on", "in", "de", "der", "van", "von", "du", "and"))
_MEMBERS: Final = frozenset(("member", "members", "parties", "party", "state", "states"))
_TREATIES: Final = (
    "treaty agreement convention charter pact protocol declaration act council organization organisation conference "
    "commission ministry department office command alliance"
)
_KINDS: Final = _MEMBERS | frozenset(
    _TREATIES.split()
)  # they open or close a name of several words, alone they are none
_TOKEN: Final = re.compile(r"(?:[^\W\d_]\.){2,}|[\w\-–]+(?:['’]s\b)?|[^\w\s]")
_ROMAN: Final = re.compile(r"[IVXLC]+")


def proper_names(text: str) -> tuple[str, ...]:
    """Runs of capitalised words ("African Union", "Treaty of Tlatelolco"); a capital that only opens a sentence is
    none, nor is a kind of thing ("the Treaty"), a month, or the number of an article.

    A question written in capitals or without any shows no names.
    """
    if text.isupper() or text.islower():
        return ()
    names: list[str] = []
    run: list[str] = []
    words = _TOKEN.findall(text)
    for at, word in enumerate(words):
        if _opens(words, at) if not run else _goes_on(run, words, at):
            run.append(_bare(word))
        else:
            _close(run, names)
            run = [_bare(word)] if _opens(words, at) else []
        if run and word != _bare(word):  # a possessive ends a name
            _close(run, names)
            run = []
    _close(run, names)
    return tuple(dict.fromkeys(names))


def _bare(word: str) -> str:
    return re.sub(r"['’]s$", "", word)


def _opens(words: list[str], at: int) -> bool:
    word = _bare(words[at])
    if not _capitalised(word) or _ROMAN.fullmatch(word):
        return False
    if word.lower() in _MEMBERS:  # "Members of NATO"; but "State Partnership Program"
        return at + 1 < len(words) and _capitalised(words[at + 1])
    return (at > 0 and words[at - 1] not in {".", "?", "!", ":"}) or _is_name_at_start(words, at)


def _capitalised(word: str) -> bool:
    return word[:1].isupper() and word.lower() not in _NOT_NAMES


def _is_name_at_start(words: list[str], at: int) -> bool:
    """Whether the first word of a sentence would have its capital anywhere: by form, meaning, or what follows."""
    word, follower = words[at], words[at + 1] if at + 1 < len(words) else ""
    if _WH.fullmatch(word):
        return False
    shape = _bare(word) != word or any(char.isupper() for char in word[1:])
    return shape or is_nation(word) or word.lower() in _KINDS or _capitalised(follower)


def _goes_on(run: list[str], words: list[str], at: int) -> bool:
    """Whether the name that began with `run` goes on with this word."""
    word = words[at]
    if word.isdigit():
        return True
    if _capitalised(_bare(word)):
        return True
    ahead = words[at + 1] if at + 1 < len(words) else ""
    if word == "the":
        return run[-1] in {"of", "for"} and _capitalised(_bare(ahead))
    if word not in _JOINERS or run[-1] in _JOINERS:
        return False
    if word in {"of", "for"} and ahead == "the":
        return run[-1].lower() in _KINDS
    if not _capitalised(_bare(ahead)):
        return False
    return word != "and" or _is_one_name(run, words[at + 1 :])


def _is_one_name(run: list[str], after: list[str]) -> bool:
    """Whether "and" stands inside a name ("Treaty of Peace and Friendship"), not between two ("Canada and Norway")."""
    if any(is_nation(word) or word.isupper() for word in (run[-1], after[0])):
        return False
    second = list(itertools.takewhile(_capitalised, after))
    return any(word in _JOINERS for word in run) or second[-1].lower() in _KINDS


def _close(run: list[str], names: list[str]) -> None:
    while run and (run[-1] in _JOINERS or run[-1] == "the" or run[-1].isdigit()):
        run.pop()
    if run and not _KINDS.issuperset(word.lower() for word in run):
        names.append(" ".join(run))
