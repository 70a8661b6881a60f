"""What a question asks for, read from its words.

No language model is asked: a question's kind shows in its first words ("When …", "Does …"), its subject in the names it
uses, and what has to be found in the words that are left. Nothing here knows the library.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


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
    negative: bool  # "Isn't …?", "Does … never …?"

    @property
    def polar(self) -> bool:
        return self.kind is Kind.POLAR


AUXILIARIES: Final = frozenset(
    "am is are was were be do does did have has had can could may might must shall should will would need ought".split()
)
_AUXILIARY: Final = re.compile(rf"(?:{'|'.join(sorted(AUXILIARIES))})(?:n['’]?t)?\b", re.IGNORECASE)
_WH: Final = re.compile(
    r"\b(who|whom|whose|what|when|where|which|why|how|name|list|define|describe|compare|tell|give|explain|"
    r"summari[sz]e|state|identify)\b",
    re.IGNORECASE,
)
_NEGATED: Final = re.compile(r"\b(?:\w+n['’]t|not|never|cannot|without|no longer)\b", re.IGNORECASE)
_TAG: Final = re.compile(r",\s*(?:right|correct|is it|isn['’]t it|doesn['’]t it|true)\s*\?*$", re.IGNORECASE)
_PINPOINT: Final = re.compile(
    r"\b(article|art\.?|chapter|section|clause|annex|part)\s+([IVXLC]+|\d+)\b(?:\s*\((\w{1,4})\))?", re.IGNORECASE
)
_PATTERNS: Final = (
    (Kind.COMPARISON, r"\b(?:compare|compared|differ|differs|difference|differences|versus|vs|contrast)\b"),
    (Kind.WHEN, r"^(?:in|on|by|since|from|until)?\s*(?:when|what (?:year|date|day)|which (?:year|date|day))\b"),
    (Kind.WHEN, r"\b(?:what|which) (?:year|date|day|cut-off date)\b|\bwhen (?:did|was|were|is|are|does|do|will|can)\b"),
    (Kind.AMOUNT, r"\bhow (?:many|much|long|far|often|old|large|big|high)\b"),
    (
        Kind.AMOUNT,
        r"\b(?:what|which) (?:share|percentage|percent|number|proportion|amount|sum|salary|budget|total|cost|price|size|"
        r"(?:notice )?period|term|length)\b",
    ),
    (Kind.WHERE, r"^(?:where|in (?:which|what) (?:city|country|place|town)|(?:which|what) (?:city|country|place))\b"),
    (Kind.WHO, r"\b(?:who|whom|whose)\b|^(?:with |by |to )?which (?:government|state|country|body|organ|person)\b"),
    (
        Kind.LIST,
        r"^(?:name|list|enumerate)\b|\bwhich (?:\w+ )?(?:states|countries|parties|members|organs|bodies|articles|powers|"
        r"governments|republics|nations|services|ships|provinces)\b|\bwhat (?:are|were) (?:the|its|their)\b|"
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
        negative=bool(_NEGATED.search(text)),
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
    if re.match(r"(?:if|when|in case|under|according to|for|in|once|as|after|before|during|suppose)\b", text, re.IGNORECASE):
        for comma in re.finditer(r",\s*", text):
            if _AUXILIARY.match(text, comma.end()):
                return text[comma.end() :]
    return text


def _offers_a_choice(clause: str) -> bool:
    """ "Is it an alliance or a partnership?" asks which one; "… one or more …" does not."""
    return bool(
        re.search(r"^(?:is|are|was|were)\b[^?]*\b(?:a|an|the)?\s*\w+,? or (?:rather )?(?:an?|the|just|only|merely)\b", clause, re.IGNORECASE)
    )


def _pinpoint(text: str) -> str | None:
    found = _PINPOINT.search(text)
    if not found:
        return None
    word = "Article" if found[1].lower().startswith("art") else found[1].capitalize()
    return f"{word} {found[2].upper()}" + (f"({found[3]})" if found[3] else "")


_JOINERS: Final = frozenset("of for the and on in de der van von du".split())
_NOT_NAMES: Final = frozenset(
    "i a an the if in on under according article art chapter section clause annex part paragraph and but or is it".split()
) | AUXILIARIES


def proper_names(text: str) -> tuple[str, ...]:
    """Runs of capitalised words ("African Union", "Treaty of Tlatelolco"); a capital that only opens the question is none.

    A question written in capitals or without any shows no names.
    """
    if text.isupper() or text.islower():
        return ()
    names: list[str] = []
    run: list[str] = []
    for index, word in enumerate(re.findall(r"[\w.\-]+(?:['’]s)?|[^\w\s]", text)):
        bare = re.sub(r"['’]s$", "", word).strip(".")
        if _opens_name(bare, first=index == 0) or (run and (bare in _JOINERS or bare.isdigit())):
            run.append(bare)
        else:
            _close(run, names)
            run = []
    _close(run, names)
    return tuple(dict.fromkeys(names))


def _opens_name(word: str, *, first: bool) -> bool:
    if not word[:1].isupper() or word.lower() in _NOT_NAMES:
        return False
    if first:
        return not _WH.fullmatch(word) and not _AUXILIARY.fullmatch(word)
    return True


def _close(run: list[str], names: list[str]) -> None:
    while run and (run[-1] in _JOINERS or run[-1].isdigit()):
        run.pop()
    if run:
        names.append(" ".join(run))
