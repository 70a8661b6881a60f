"""What is counted, and how sure the count is.

Every gold case counts in every average it belongs to: a refusal, an empty answer or a search without hits scores 0 and
is never dropped. A measure to which no case belongs is None with the reason. `eval/README.md` gives each measure's
formula, its source and what it does not show.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from index.hit import Hit
from ingest.document import Span
from service.answer import Answer, Citation, Stance

from . import calibration
from .case import Case
from .judge import JUDGES, NO_VERIFIER, Judge, needed, supports
from .locate import Parts, Place

OVERLAP: Final = 0.6  # of the shorter span
CUTS: Final = (1, 3, 10)
DEPTH: Final = max(CUTS)
SEED: Final = 20_491  # any number, as long as it stays
RESAMPLES: Final = 5_000
LEVEL: Final = 0.95
DRAWN: Final = 2_000_000  # numbers of families held at once: all draws of a log of answers are gigabytes
DIGITS: Final = calibration.DIGITS

BASELINE: Final = JUDGES["overlap"]
NO_CASE: Final = "no case belongs to it"


@dataclass(frozen=True, kw_only=True)
class Measured:
    """The mean over `cases` with its interval; without cases the value is None, and `reason` says why."""

    value: float | None
    low: float | None
    high: float | None
    cases: int
    reason: str | None = None


def overlaps(one: Span, other: Span) -> bool:
    """Whether at least 60 % of the shorter span lies in the other, in characters; an empty span overlaps nothing."""
    shared = min(one.end, other.end) - max(one.start, other.start)
    shorter = min(one.end - one.start, other.end - other.start)
    return shorter > 0 and shared >= OVERLAP * shorter


def hits(place: Place, alternatives: Iterable[Iterable[Place]]) -> bool:
    """Whether `place` hits one of a part's alternatives."""
    return any(place.document == gold.document and overlaps(place, gold) for places in alternatives for gold in places)


def cited(citation: Citation) -> Place:
    return Place(document=citation.document_id, start=citation.start, end=citation.end)


def found(hit: Hit) -> Place:
    return Place(document=hit.document_id, start=hit.passage.start, end=hit.passage.end)


def score_answer(case: Case, parts: Parts, answer: Answer) -> dict[str, float]:
    """What the case scores in each measure it belongs to; a missing name means that it does not belong."""
    refused = answer.refusal is not None
    if not case.answerable:
        return {"refused": float(refused)}
    citations = () if refused else answer.citations
    supporting = [cited(citation) for citation in citations if citation.stance is Stance.SUPPORTS]
    right = [any(hits(place, part) for part in parts) for place in supporting]
    scores = {
        "first_span": float(right[:1] == [True]),
        "citation_precision": sum(right) / len(right) if right else 0.0,
        "citation_recall": sum(any(hits(cited(citation), part) for citation in citations) for part in parts)
        / len(parts),
        "answered": float(not refused),
    }
    if case.verdict is not None:
        scores["verdict_accuracy"] = float(not refused and answer.verdict == case.verdict)
    if case.answers:
        scores["answer_patterns"] = float(_all_found(case.answers, [citation.quote for citation in citations]))
    scores |= score_support(answer, citations)
    first = next((citation.quote for citation in citations if citation.stance is Stance.SUPPORTS), "")
    quotes = [gold.quote for part in case.gold for gold in part]
    return scores | {
        "exact_match": max(float(normal(quote) == normal(first)) for quote in quotes),
        "token_f1": max(token_f1(first, quote) for quote in quotes),
    }


def score_support(answer: Answer, citations: Sequence[Citation], judge: Judge = BASELINE) -> dict[str, float]:
    """Citation recall and precision after ALCE (Gao et al., 2023), as the judge has it: the share of statements that
    their citations support, and of the statements' citations those that are needed. Without statements both are 0."""
    quotes = {citation.number: citation.quote for citation in citations}
    stated = answer.statements if citations else ()
    sources = [(one.text, [quotes[number] for number in one.citations]) for one in stated]
    supported = [supports(judge, text, cited) for text, cited in sources]
    precise = [one for text, cited in sources for one in needed(judge, text, cited)]
    return {
        "alce_recall[overlap]": sum(supported) / len(supported) if supported else 0.0,
        "alce_precision[overlap]": sum(precise) / len(precise) if precise else 0.0,
    }


def normal(text: str) -> str:
    """Lower case, without punctuation and English articles, words parted by one space (Rajpurkar et al., 2016)."""
    words = re.sub(r"[^\w\s]", "", text.lower()).split()
    return " ".join(word for word in words if word not in ("a", "an", "the"))


def token_f1(one: str, other: str) -> float:
    """The harmonic mean of the shares of words that two texts have in common, as bags; 1 where both are empty."""
    left, right = Counter(normal(one).split()), Counter(normal(other).split())
    if not left or not right:
        return float(left == right)
    return 2 * (left & right).total() / (left.total() + right.total())


def score_search(case: Case, parts: Parts, ranking: Sequence[Hit]) -> dict[str, float]:
    """How early the first passage that hits any part stands among the first ten; nothing for unanswerable cases."""
    if not case.answerable:
        return {}
    rank = first_rank(parts, ranking)
    scores = {f"passage_hit@{cut}": float(rank is not None and rank <= cut) for cut in CUTS}
    return {**scores, f"passage_mrr@{DEPTH}": 1 / rank if rank else 0.0}


def first_rank(parts: Parts, ranking: Sequence[Hit]) -> int | None:
    """From 1; None where none of the first ten hits."""
    places = [found(hit) for hit in ranking[:DEPTH]]
    return next((rank for rank, place in enumerate(places, 1) if any(hits(place, part) for part in parts)), None)


def _all_found(patterns: Iterable[str], quotes: Sequence[str]) -> bool:
    return all(any(re.search(pattern, quote, re.IGNORECASE) for quote in quotes) for pattern in patterns)


@dataclass(frozen=True, kw_only=True)
class Scored:
    """A case's scores, by measure. Cases of one family are drawn together."""

    id: str
    family: str
    scores: Mapping[str, float]


NAMES: Final = (
    *(f"passage_hit@{cut}" for cut in CUTS),
    f"passage_mrr@{DEPTH}",
    "first_span",
    "citation_precision",
    "citation_recall",
    "answer_patterns",
    "exact_match",
    "token_f1",
    "verdict_accuracy",
    "answered",
    "refused",
    "alce_recall[overlap]",
    "alce_precision[overlap]",
    "faithfulness",
)


def summarise(cases: Iterable[Scored]) -> dict[str, Measured]:
    """Every measure over `cases`, in the order of `NAMES`. The order of the cases changes nothing."""
    ordered = sorted(cases, key=lambda case: case.id)
    return {name: _measured(name, ordered) for name in NAMES}


def _measured(name: str, cases: Sequence[Scored]) -> Measured:
    values: dict[str, list[float]] = defaultdict(list)
    for case in cases:
        if name in case.scores:
            values[case.family].append(case.scores[name])
    if not values:
        reason = NO_VERIFIER if name == "faithfulness" else NO_CASE
        return Measured(value=None, low=None, high=None, cases=0, reason=reason)
    value, low, high = mean_with_interval([values[family] for family in sorted(values)])
    return Measured(value=value, low=low, high=high, cases=sum(map(len, values.values())))


def mean_with_interval(families: Sequence[Sequence[float]]) -> tuple[float, float, float]:
    """The mean of all values and its 95 % interval, by bootstrap over families (percentile method, fixed seed).

    Families are drawn with replacement and keep their values together, since two wordings of one question are not two
    independent observations (Efron and Tibshirani, 1993, ch. 8 and 13). The interval is widened to the mean where the
    percentiles miss it.
    """
    sums = np.array([math.fsum(family) for family in families])
    counts = np.array([len(family) for family in families])
    generator, rows = np.random.default_rng(SEED), max(1, DRAWN // len(families))
    means = np.empty(RESAMPLES)
    for first in range(0, RESAMPLES, rows):
        size = (min(rows, RESAMPLES - first), len(families))
        drawn = generator.integers(len(families), size=size)
        means[first : first + rows] = sums[drawn].sum(axis=1) / counts[drawn].sum(axis=1)
    low, high = map(float, np.quantile(means, [(1 - LEVEL) / 2, (1 + LEVEL) / 2]))
    value = math.fsum(sums) / int(counts.sum())
    return round(value, DIGITS), round(min(low, value), DIGITS), round(max(high, value), DIGITS)
