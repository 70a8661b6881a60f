"""What was found for a question, between the search and the answer."""

from __future__ import annotations

from dataclasses import dataclass

from index.hit import Hit

from . import scoring
from .candidate import Candidate
from .question import Reading
from .subject import Subject


@dataclass(frozen=True, kw_only=True)
class Judgement:
    """What was found for a question, before anything is said of it. `score` is in 0…1."""

    reading: Reading
    about: Subject
    hits: tuple[Hit, ...]
    ranked: tuple[Candidate, ...]  # best first

    @property
    def score(self) -> float:
        """What is compared with the threshold."""
        return scoring.answer_score(self.ranked)
