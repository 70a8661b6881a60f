"""Yes, no or mixed: what a quotation says about a yes/no question.

The reader says it, of the clause that shares most with the question: "no" in a clause about something else denies
nothing. Where the question asks whether somebody is bound, or whether something is always so, a mixed answer is
likelier; whether a thing exists at all ("Is there …", "Does it have …") is no such question. How much each counts is
fitted with the other weights (`service/scoring.py`).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from index.reader import YES, Excerpt, Reader
from ingest.document import Span
from ingest.prefix import heading

from . import scoring
from .answer import Stance, Verdict
from .candidate import Candidate, Says
from .evidence import probabilities
from .question import Reading
from .terms import stems

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
_OVER: Final = re.compile(r"\b(?:over|ended|dissolved|defunct|expired|terminated|dead)\s*\?*$", re.IGNORECASE)
_IN_FORCE: Final = re.compile(
    r"^(?:is|are|does|do|has|have)\b.*\b(?:in force|still (?:valid|good law|in effect|binding))\b", re.IGNORECASE
)
_ALIVE: Final = re.compile(
    rf"^(?:is|are|does|do|has|have)\b.*\b(?:still (?:exist|active|alive|around)|exist (?:today|now))\b|"
    rf"^(?:is|are|has|have)\b[^,;]*{_OVER.pattern}",
    re.IGNORECASE,
)
VERDICTS: Final = (Verdict.YES, Verdict.NO, Verdict.MIXED)  # the rows of `features`
WEIGHED: Final = ("reader", "duty", "mixed")  # their columns
LEAST: Final = 1e-6  # of a probability, for its logarithm


def decide(
    reading: Reading, chosen: Sequence[Candidate], reader: Reader, in_force: str = "unknown"
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
    leanings = [lean(reading, says(reading, candidate, reader)) for candidate in chosen]
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


def says(reading: Reading, candidate: Candidate, reader: Reader) -> Says:
    """What the reader makes of the clause that decides; of the whole span where it is one clause."""
    clause = deciding_clause(candidate.text, stems(reading.text) - stems(" ".join(reading.names)))
    if clause == candidate.text:
        return candidate.says
    before = heading(candidate.hit.title, candidate.hit.passage)
    excerpt = Excerpt(heading=before, text=clause, spans=(Span(start=0, end=len(clause)),))
    ((logits,),) = reader.read(reading.positive, [excerpt])
    return probabilities(logits[YES:])


def deciding_clause(quote: str, wanted: Collection[str]) -> str:
    """The clause that shares most words with the question; the last among equals, since a contrast comes last. All of
    the quote where none shares any: of "did not denounce it and is still a party", neither half alone tells who left.
    """
    clauses = [clause for clause in _CLAUSE.split(quote) if stems(clause) & set(wanted)]
    return max(reversed(clauses), key=lambda clause: len(stems(clause) & set(wanted)), default=quote)


def lean(reading: Reading, told: Says) -> Verdict:
    """What one piece of evidence says."""
    weights = np.array([scoring.weights().verdict[name] for name in WEIGHED])
    return VERDICTS[int((features(reading, told) @ weights).argmax())]


def features(reading: Reading, told: Says) -> NDArray[np.float64]:
    """(verdicts, weighed): the reader's logarithm for each; for mixed also whether a duty is asked for, and 1."""
    found = np.zeros((len(VERDICTS), len(WEIGHED)))
    found[:, 0] = np.log(np.maximum(told[: len(VERDICTS)], LEAST))
    found[VERDICTS.index(Verdict.MIXED), 1:] = asks_for_duty(reading), 1.0
    return found


def asks_for_duty(reading: Reading) -> bool:
    return bool(_DUTY.search(reading.text)) and not _EXISTENCE.search(reading.text)
