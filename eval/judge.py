"""Is a statement supported by its sources? Judges answer with a number and know the threshold that makes it a yes.

What should judge is a verifier that has learned to; there is none yet. Until then two things can be had: how many of a
statement's words its sources hold, a baseline under its own name, and exact checks, which are right about what they
find missing and blind to everything else. Long sources are read in windows of whole sentences, and the best window
counts, so that words gathered from all over a book support nothing; no word of a source is left out.

Thresholds are fitted on public pairs that are for training (`python -m eval.judge --fit FOLDER`), without the claims of
the sets that the judges are measured on: `--without SET` leaves out those that FEVER shares with its offspring.
"""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final, Protocol

import numpy as np

from ingest.errors import UsageError
from ingest.sentences import sentences
from service.checks import missing
from service.terms import stems

NO_VERIFIER: Final = "there is no verifier yet"
WINDOW: Final = 120  # words; a statement that needs more than a paragraph to stand on is a summary
DIGITS: Final = 6


class Judge(Protocol):
    """What the rest of the package knows about a judge."""

    @property
    def name(self) -> str: ...

    @property
    def threshold(self) -> float:
        """The lowest score of a statement that is called supported."""

    def score(self, statement: str, sources: Sequence[str]) -> float:
        """How far the sources support the statement, 0 to 1. A statement without a content word claims nothing: 1."""


@dataclass(frozen=True, kw_only=True)
class WordOverlap:
    """The share of the statement's content words that the best window of a source holds, whatever they say there."""

    name: str = "word overlap"
    threshold: float = 0.87

    def score(self, statement: str, sources: Sequence[str]) -> float:
        wanted = stems(statement)
        if not wanted:
            return 1.0
        held = (len(wanted & window) for source in sources for window in _window_stems(source))
        return max(held, default=0) / len(wanted)


@dataclass(frozen=True, kw_only=True)
class CheckedOverlap:
    """The same, but 0 where a number, date, name, negation or modal verb of the statement stands in no source."""

    name: str = "exact checks and overlap"
    threshold: float = 0.76
    overlap: WordOverlap = WordOverlap()

    def score(self, statement: str, sources: Sequence[str]) -> float:
        return 0.0 if missing(statement, "\n\n".join(sources)) else self.overlap.score(statement, sources)


JUDGES: Final[dict[str, Judge]] = {"overlap": WordOverlap(), "checked": CheckedOverlap()}


def judge(name: str) -> Judge:
    """
    Raises:
        UsageError: there is no judge of that name.
    """
    if name not in JUDGES:
        raise UsageError(f"--judge {name}: choose one of {', '.join(JUDGES)}")
    return JUDGES[name]


def windows(source: str, most: int = WINDOW) -> Iterator[str]:
    """Runs of whole sentences of at most `most` words, each beginning in the middle of the one before; a longer
    sentence is a window of its own. Together they hold all of the source."""
    spans = sentences(source)
    sizes = [len(source[span.start : span.end].split()) for span in spans]
    first = 0
    while first < len(spans):
        last, words = first, sizes[first]
        while last + 1 < len(spans) and words + sizes[last + 1] <= most:
            last += 1
            words += sizes[last]
        yield source[spans[first].start : spans[last].end]
        if last + 1 == len(spans):
            return
        first = max(first + 1, (first + last + 1) // 2)


def supports(judge: Judge, statement: str, sources: Sequence[str]) -> bool:
    return judge.score(statement, sources) >= judge.threshold


def needed(judge: Judge, statement: str, sources: Sequence[str]) -> list[bool]:
    """Which citations of a statement count as precise (ALCE: Gao et al., 2023, section 3): none where all together do
    not support it; else those that support it alone, or without which the others do not."""
    if not supports(judge, statement, sources):
        return [False] * len(sources)
    return [
        supports(judge, statement, [source])
        or not supports(judge, statement, [*sources[:number], *sources[number + 1 :]])
        for number, source in enumerate(sources)
    ]


@lru_cache(maxsize=512)
def _window_stems(source: str) -> tuple[frozenset[str], ...]:
    return tuple(stems(window) for window in windows(source))


def best_threshold(scored: Iterable[tuple[float, bool]]) -> tuple[float, float]:
    """The threshold with the highest balanced accuracy, midway between the scores that it parts; and that accuracy."""
    pairs = sorted(scored)
    scores = np.array([score for score, _ in pairs])
    right = np.array([supported for _, supported in pairs])
    kept = np.cumsum(right[::-1])[::-1] / max(right.sum(), 1)  # supported ones at or above each score
    refused = np.concatenate([[0], np.cumsum(~right)[:-1]]) / max((~right).sum(), 1)  # others below it
    first = np.concatenate([[True], scores[1:] > scores[:-1]])  # of equal scores none can be parted from another
    balanced = np.where(first, (kept + refused) / 2, 0)
    at = int(balanced.argmax())
    below = scores[at - 1] if at else 0.0
    return round(float(scores[at] + below) / 2, 2), round(float(balanced[at]), DIGITS)


def _fever(path: Path) -> Iterator[tuple[str, list[str], bool]]:
    for line in path.read_text(encoding="utf-8").split("\n"):
        if line:
            row = json.loads(line)
            sources = [
                f"{piece['document'].replace('_', ' ')}\n\n{' '.join(piece['sentences'])}" for piece in row["evidence"]
            ]
            yield row["query"], sources, row["label"] == "SUPPORTS"


def _same(claim: str) -> str:
    """Letters and digits alone, since FEVER comes with and without tokens like "-LRB-" and a space before the stop."""
    return re.sub(r"-[A-Z]{3}-|[\W_]", "", claim).lower()


def main() -> None:
    from .benchmarks.claims import read_claims

    parser = argparse.ArgumentParser(prog="python -m eval.judge", description="Fit the thresholds of the judges.")
    parser.add_argument("--fit", type=Path, required=True, metavar="FOLDER", help="holds fever/val.jsonl")
    parser.add_argument("--without", type=Path, nargs="*", default=[], metavar="SET", help="leave out its claims")
    options = parser.parse_args()
    measured = {_same(claim.text) for folder in options.without for claim in read_claims(folder)}
    rows = [row for row in _fever(options.fit / "fever" / "val.jsonl") if _same(row[0]) not in measured]
    for one in JUDGES.values():
        threshold, accuracy = best_threshold((one.score(claim, sources), is_so) for claim, sources, is_so in rows)
        print(f"{one.name}: {threshold} (balanced accuracy {accuracy:.3f} over {len(rows)} claims)")


if __name__ == "__main__":
    main()
