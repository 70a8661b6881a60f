"""Yes, no or mixed: what a quotation says about a yes/no question.

The clause of the quotation that shares most with the question decides. A denial counts only where it governs that
clause: "no" in a sentence about something else denies nothing. A qualification ("may", "as it deems necessary",
"provided that") makes an answer mixed when the question asks whether somebody is bound or whether something is always
so; whether a thing exists at all ("Is there …", "Does it have …") is not changed by it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from typing import Final

from .answer import Stance, Verdict
from .evidence import Candidate
from .question import Reading
from .terms import stems

_DENIAL: Final = re.compile(
    r"\b(?:not|no|never|none|neither|nor|nothing|nobody|without|cannot|lacks?|lacked|lacking|rather than|instead of|"
    r"non-?binding|short of|absence of|absent|free (?:of|from)|rul(?:es?|ed|ing) out|exclud(?:es?|ed|ing)|"
    r"exempt(?:s|ed)?|"
    r"refus(?:es?|ed|ing)|declin(?:es?|ed|ing)|ceased?|leaves? out|omits?|omitted|fail(?:s|ed)? to|only|"
    r"merely)\b|n['’]t\b",
    re.IGNORECASE,
)
_PROHIBITION: Final = re.compile(
    r"\b(?:prohibit\w*|forb[ia]d\w*|forbidden|bann?(?:ed|s|ing)?|bar(?:s|red)|prevent(?:s|ed)?|outlaw\w*|"
    r"refrain\w*|renounc\w*|"
    r"unlawful|illegal|impermissible)\b",
    re.IGNORECASE,
)
_QUALIFIER: Final = re.compile(
    r"\b(?:may|might|should|deems?|sees? fit|considers? necessary|constitutional process(?:es)?|subject to|"
    r"provided that|"
    r"unless|except|only (?:if|when|where|after|with)|depend(?:s|ing)? (?:on|upon)|in principle|partly|"
    r"partially|in part|to some extent|"
    r"where appropriate|if necessary|as appropriate|discretion|own (?:choice|judge?ment|decision)|"
    r"automatic(?:ally)?|limited to|"
    r"up to each|each (?:\w+ ){0,2}(?:decides|judges|chooses)|decides? (?:for itself|what|how|which)|"
    r"leaves? (?:it )?(?:to|each|open)|"
    r"consult(?:s|ation|ations)?|in some cases|under certain|on condition|at the request|with the consent|"
    r"for most|in practice|however|although|though)\b",
    re.IGNORECASE,
)
_PERMISSION: Final = re.compile(
    r"\b(?:can|could|may|might|allow(?:s|ed)?|permit(?:s|ted)?|let|lets|able|free to|right to|possible)\b",
    re.IGNORECASE,
)
_DUTY: Final = re.compile(
    r"\b(?:must|oblig\w+|requir\w+|bound|binding|binds?|commit(?:s|ted|ment)?|has to|have to|had to|"
    r"automatic(?:ally)?|always|every|all|any|"
    r"guarantee\w*|force[sd]?|compel\w*|promis\w*|duty|need to|supposed to)\b",
    re.IGNORECASE,
)
_EXISTENCE: Final = re.compile(
    r"^(?:do|does|did|is|are|was|were|has|have|had)\b.*?\b(?:have|has|contain|contains|include|includes|there|"
    r"exist|provide for)\b",
    re.IGNORECASE,
)
_CLAUSE: Final = re.compile(
    r"[;:]\s+|,?\s+\b(?:but|although|though|while|whereas|however|yet|unless|except)\b\s+|\s[–—]\s|"
    r",?\s+and\s+(?=(?:do|does|did|is|are|was|were|has|have|had|it|they|no|not|never)\b)",
    re.IGNORECASE,
)
_NUMBER: Final = re.compile(r"\b\d[\d.,]*\b")
_OVER: Final = re.compile(r"\b(?:over|ended|dissolved|defunct|expired|terminated|dead)\s*\?*$", re.IGNORECASE)
_IN_FORCE: Final = re.compile(
    r"^(?:is|are|does|do|has|have)\b.*\b(?:in force|still (?:valid|good law|in effect|binding))\b", re.IGNORECASE
)
_ALIVE: Final = re.compile(
    rf"^(?:is|are|does|do|has|have)\b.*\b(?:still (?:exist|active|alive|around)|exist (?:today|now))\b|"
    rf"^(?:is|are|has|have)\b[^,;]*{_OVER.pattern}",
    re.IGNORECASE,
)
RULE: Final = 0.5  # what a denial, or none, in the deciding clause weighs against the reader's yes or no


def decide(
    reading: Reading, chosen: Sequence[Candidate], in_force: str = "unknown"
) -> tuple[Verdict | None, list[Stance]]:
    """The verdict on a yes/no question, and the stance of each piece of evidence towards it; best evidence first.

    None, and support throughout, where the question is of another kind. Whether a treaty is in force is a fact of the
    document, where its front matter tells it ("in force", "ended"), and no matter of reading.
    """
    if not reading.polar:
        return None, [Stance.SUPPORTS] * len(chosen)
    fact = _from_facts(reading.text, in_force)
    if fact:
        return fact, [Stance.SUPPORTS] * len(chosen)
    leanings = [lean(reading, candidate) for candidate in chosen]
    said = leanings[0] if len(set(leanings)) == 1 else Verdict.MIXED
    against = [
        said is Verdict.MIXED and leaning is Verdict.NO and leanings[0] is not Verdict.NO for leaning in leanings
    ]
    return said, [Stance.OPPOSES if opposes else Stance.SUPPORTS for opposes in against]


def _from_facts(question: str, in_force: str) -> Verdict | None:
    """An ended treaty is neither in force nor alive; one in force may have outlived what was built on it."""
    if in_force == "ended" and _OVER.search(question) and _ALIVE.search(question):
        return Verdict.YES
    if in_force == "ended" and (_IN_FORCE.search(question) or _ALIVE.search(question)):
        return Verdict.NO
    return Verdict.YES if in_force == "in force" and _IN_FORCE.search(question) else None


def lean(reading: Reading, candidate: Candidate) -> Verdict:
    """What one piece of evidence says: the rules on its deciding clause, and the reader, together."""
    yes, no, *_ = candidate.says
    reader = (yes - no) / max(yes + no, 1e-9)
    rule = -RULE if denies(reading, candidate.text) else RULE
    if reading.negative:
        rule = -rule
    if rule + reader < 0:
        return Verdict.NO
    return Verdict.MIXED if _qualifies(reading, candidate.text) else Verdict.YES


def denies(reading: Reading, quote: str) -> bool:
    """Whether the clause that the question is about is denied, or names another number than the question."""
    clause = _deciding_clause(quote, stems(reading.text) - stems(" ".join(reading.names)))
    denied = any(not _asked(reading.text, found[0]) for found in _DENIAL.finditer(clause))
    if denied or _other_number(reading.text, clause):
        return True
    forbidden = _PROHIBITION.search(clause)
    return bool(forbidden and _PERMISSION.search(reading.text) and not _PROHIBITION.search(reading.text))


def _asked(question: str, word: str) -> bool:
    """Whether the question itself has that word: "Did Laos refuse …?" is not denied by "refused"."""
    own = stems(word)
    return bool(own and own <= stems(question)) or word.casefold() in question.casefold().split()


def _deciding_clause(quote: str, wanted: Collection[str]) -> str:
    """The clause that shares most words with the question; the last among equals, since a contrast comes last."""
    clauses = [clause for clause in _CLAUSE.split(quote) if clause.strip()]
    return max(reversed(clauses), key=lambda clause: len(stems(clause) & set(wanted)), default=quote)


def _other_number(question: str, clause: str) -> bool:
    """The question names a number, the clause names others and not this one."""
    asked, said = set(_NUMBER.findall(question)), set(_NUMBER.findall(clause))
    return bool(asked and said and not asked & said)


def _qualifies(reading: Reading, quote: str) -> bool:
    if _EXISTENCE.search(reading.text) or not _DUTY.search(reading.text):
        return False
    found = _QUALIFIER.search(quote)
    return bool(found and found[0].casefold() not in reading.text.casefold())
