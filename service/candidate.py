"""A span of a document that may answer, and what is measured of it.

Found and measured by `service/evidence.py`, weighed by `service/scoring.py`, judged by `service/verdict.py`.
"""

from __future__ import annotations

from dataclasses import dataclass

from index.hit import Hit
from ingest.document import Span

Says = tuple[float, float, float, float]  # probabilities of yes, no, mixed and neither


@dataclass(frozen=True, kw_only=True)
class Features:
    """What is measured of a span; `service/scoring.py` says how much each counts."""

    meaning: float  # share of the question's content words that it or its headings hold, or come near, by weight
    vector: float  # cosine of question and span
    passage: float  # score of the passage in the search
    type: float  # how far it holds a date, a number, a name where one is asked for, or defines
    strangers: float  # share of the question's other proper names that it does not hold
    place: float  # inside the article asked about 1, outside 0, none asked 0.5
    reader: float  # the reader's logit that it answers
    mixed: float  # how likely it says something of both to a yes/no question: the sentence on what exactly is owed


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """A span of a document that may answer. `says`: what the reader thinks that it says to a yes/no question."""

    hit: Hit
    span: Span
    text: str
    features: Features
    says: Says
    score: float
    wanted: tuple[str, ...]

    @property
    def document_id(self) -> str:
        return self.hit.document_id
