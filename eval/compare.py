"""Two runs beside each other: what changed, how sure that is, and which cases turned.

Only cases that both runs asked with the same question and gold are compared, pair by pair: a difference of two averages
over other cases would tell about the cases. Everything else that differs between the runs is named, since a number
that moved may have moved because of it.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Final

from ingest.errors import UsageError

from . import measures
from .results import Json, Outcome, Run

HELD: Final = ("first_span", "citation_recall", "verdict_accuracy", "answered", "refused")
TOLERANCE: Final = 0.02
TURNING: Final = ("answered", "refused", "verdict_accuracy", "first_span")
Pair = tuple[Outcome, Outcome]


@dataclass(frozen=True, kw_only=True)
class Difference:
    """One measure over the pairs. `sign` is the p value of `sign_test` over families: two wordings of
    one question are not two observations."""

    measure: str
    before: float
    after: float
    change: float
    low: float
    high: float
    cases: int
    better: int
    worse: int
    sign: float


@dataclass(frozen=True, kw_only=True)
class Comparison:
    pairs: tuple[Pair, ...]  # by case id
    alone: Mapping[str, str]  # case id -> why it is left out
    differing: Mapping[str, tuple[object, object]]  # what else differs between the runs: name -> before and after

    def differences(self) -> tuple[Difference, ...]:
        """Of every measure that some pair has, in the order of `measures.NAMES`."""
        return tuple(found for name in measures.NAMES if (found := _difference(name, self.pairs)))

    def turned(self) -> tuple[Pair, ...]:
        """Those that got worse first; a case is worse where a measure fell, whatever rose."""
        pairs = [pair for pair in self.pairs if any(_change(name, pair) for name in TURNING)]
        return tuple(sorted(pairs, key=lambda pair: (not got_worse(pair), pair[0].id)))

    def fallen(self, tolerances: Mapping[str, float]) -> tuple[Difference, ...]:
        """The differences that are below minus their tolerance."""
        return tuple(
            one for one in self.differences() if one.measure in tolerances and one.change < -tolerances[one.measure]
        )

    def require(self, names: Iterable[str]) -> None:
        """
        Raises:
            UsageError: a measure that is to be held is not in the pairs, where nothing could fall.
        """
        there = {one.measure for one in self.differences()}
        if absent := [name for name in names if name not in there]:
            raise UsageError(f"--tolerance {', '.join(absent)}: no case of both runs belongs to it, so nothing is held")


def compare(before: Run, after: Run) -> Comparison:
    """
    Raises:
        UsageError: the runs have no case in common.
    """
    first, second = ({outcome.id: outcome for outcome in run.outcomes} for run in (before, after))
    alone = dict.fromkeys(first.keys() - second.keys(), "only in the first run")
    alone |= dict.fromkeys(second.keys() - first.keys(), "only in the second run")
    both = sorted(first.keys() & second.keys())
    alone |= {name: "its question or gold has changed" for name in both if not _same(first[name], second[name])}
    pairs = tuple((first[name], second[name]) for name in both if name not in alone)
    if not pairs:
        raise UsageError("the two runs have no case in common, so there is nothing to compare")
    return Comparison(pairs=pairs, alone=dict(sorted(alone.items())), differing=dict(_differing(before, after)))


def got_worse(pair: Pair) -> bool:
    return any(_change(name, pair) < 0 for name in TURNING)


def tolerances(given: Sequence[str]) -> dict[str, float]:
    """From `MEASURE=NUMBER` or a `NUMBER` for the usual measures; naming a measure holds that one alone.

    Raises:
        UsageError: a measure is unknown, or a number is none or below 0.
    """
    named: dict[str, float] = {}
    usual = TOLERANCE
    for text in given:
        name, _, number = text.rpartition("=")
        if name and name not in measures.NAMES:
            raise UsageError(f"--tolerance {text}: no measure {name!r}; known are {', '.join(measures.NAMES)}")
        try:
            value = float(number)
        except ValueError:
            value = math.nan
        if not 0 <= value <= 1:
            raise UsageError(f"--tolerance {text}: takes a number from 0 to 1, or MEASURE=NUMBER")
        if name:
            named[name] = value
        else:
            usual = value
    return named or dict.fromkeys(HELD, usual)


def comparison_json(found: Comparison, held: Mapping[str, float]) -> Json:
    return {
        "pairs": len(found.pairs),
        "alone": dict(found.alone),
        "differing": {name: list(values) for name, values in found.differing.items()},
        "differences": {one.measure: asdict(one) for one in found.differences()},
        "tolerances": dict(held),
        "fallen": [one.measure for one in found.fallen(held)],
        "turned": [_turned_json(pair) for pair in found.turned()],
    }


def _turned_json(pair: Pair) -> Json:
    before, after = pair
    return {
        "id": before.id,
        "question": before.question,
        "worse": got_worse(pair),
        "changes": {name: change for name in TURNING if (change := _change(name, pair))},
        "expected": asdict(before.expected),
        "before": asdict(before.got),
        "after": asdict(after.got),
    }


def _same(before: Outcome, after: Outcome) -> bool:
    """Places may move with a document's text; the words of the gold may not."""
    one, other = ((run.question, run.history, _wanted(run)) for run in (before, after))
    return one == other


def _wanted(outcome: Outcome) -> tuple[object, ...]:
    expected = outcome.expected
    return expected.outcome, expected.verdict, expected.answers, _quotes(outcome)


def _quotes(outcome: Outcome) -> list[set[tuple[str, str]]]:
    return [{(words.document, " ".join(words.quote.split())) for words in part} for part in outcome.expected.gold]


def _differing(before: Run, after: Run) -> Iterator[tuple[str, tuple[object, object]]]:
    for name in ("certificate", "processor"):
        yield from _unlike(name, getattr(before, name), getattr(after, name))
    for name in ("settings", "versions"):
        one, other = dict(_flat(getattr(before, name))), dict(_flat(getattr(after, name)))
        for key in sorted({*one, *other}):
            yield from _unlike(key, one.get(key), other.get(key))


def _flat(settings: Mapping[str, object], prefix: str = "") -> Iterator[tuple[str, object]]:
    """Each value under its dotted name, so that of many files of cases the one is named that differs."""
    for name, value in settings.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", value


def _unlike(name: str, before: object, after: object) -> Iterator[tuple[str, tuple[object, object]]]:
    if before != after:
        yield name, (before, after)


def _change(name: str, pair: Pair) -> float:
    before, after = pair
    return after.scores.get(name, 0.0) - before.scores.get(name, 0.0)


def _difference(name: str, pairs: Sequence[Pair]) -> Difference | None:
    """Bootstrap over families, as for the averages themselves."""
    families: dict[str, list[float]] = defaultdict(list)
    counted = [pair for pair in pairs if name in pair[0].scores and name in pair[1].scores]
    for pair in counted:
        families[pair[0].family].append(_change(name, pair))
    if not counted:
        return None
    change, low, high = measures.mean_with_interval([families[family] for family in sorted(families)])
    better, worse = _turns([_change(name, pair) for pair in counted])
    return Difference(
        measure=name,
        before=_mean([pair[0].scores[name] for pair in counted]),
        after=_mean([pair[1].scores[name] for pair in counted]),
        change=change,
        low=low,
        high=high,
        cases=len(counted),
        better=better,
        worse=worse,
        sign=sign_test(*_turns([math.fsum(family) for family in families.values()])),
    )


def _turns(changes: Sequence[float]) -> tuple[int, int]:
    """How many rose and how many fell."""
    return sum(one > 0 for one in changes), sum(one < 0 for one in changes)


def sign_test(better: int, worse: int) -> float:
    """How likely a split at least as uneven is, were both directions equally likely; 1 where nothing changed.

    (Two-sided; where each family is one case, right or wrong, it is the exact test of McNemar, 1947.)
    """
    total = better + worse
    tail = sum(math.comb(total, count) for count in range(min(better, worse) + 1))
    share = float(2 * tail / 2**total)  # a quotient of whole numbers: 2**1024 alone is no float any more
    return round(min(1.0, share), measures.DIGITS)


def _mean(values: Sequence[float]) -> float:
    return round(math.fsum(values) / len(values), measures.DIGITS)
