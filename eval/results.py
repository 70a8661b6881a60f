"""What a run leaves behind: per case what was expected, what came and every score, and the averages over them.

The file is the same, byte for byte, for the same library, cases and settings on one type of processor: it holds no
clock times (those go to a second file beside it) and nothing that depends on the order in which things happened. It
stands alone: the words of gold and citations come with the text around them, so that a report or a comparison needs
neither the library nor the cases.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final, Self

import numpy as np

from . import calibration, measures
from .calibration import Calibration, Separation, Threshold
from .errors import BadResults, EvalError
from .measures import Measured, Scored
from .provenance import processor, versions

Json = dict[str, Any]
FORMAT: Final = 2  # of the results file; it changes when a reader of old files would misread new ones
FOLDER: Final = Path("build/eval")
TIMINGS: Final = ".timings.json"
BESIDE: Final = (TIMINGS, ".journal.jsonl")  # files that only these commands name so
OURS: Final = ('{\n  "format": ', '{"key": ', 'content="foedus eval"')  # how results, journals and pages begin
BEGINS: Final = 1_000  # characters in which that stands
Stages = Mapping[str, float]  # milliseconds by stage
_WANTED: Final = ("answered", "verdict_accuracy", "first_span")  # of an answerable case


@dataclass(frozen=True, kw_only=True)
class Words:
    """`quote == text[start:end]` of a document, and some of the text around it; `pinpoint` and `page` where known."""

    document: str
    start: int
    end: int
    quote: str
    before: str
    after: str
    pinpoint: str = ""
    page: int | None = None
    stance: str = "supports"


@dataclass(frozen=True, kw_only=True)
class Expected:
    """`gold` has parts, each of which needs one of its places."""

    outcome: str
    verdict: str | None
    gold: tuple[tuple[Words, ...], ...]
    answers: tuple[str, ...] = ()  # patterns


@dataclass(frozen=True, kw_only=True)
class Got:
    """`nearest` are the passages that a refusal shows; `reason` is that of the refusal."""

    outcome: str
    reason: str | None
    verdict: str | None
    text: str
    citations: tuple[Words, ...]
    nearest: tuple[Words, ...]


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """A case, what came of it, and what that scores."""

    id: str
    family: str
    split: str
    type: str
    question: str
    expected: Expected
    got: Got
    evidence_score: float  # what is compared with the threshold
    passage_rank: int | None  # of the first passage found that hits
    scores: Mapping[str, float]
    history: tuple[tuple[str, str], ...] = ()  # the turns before the question

    @property
    def answerable(self) -> bool:
        return self.expected.outcome == "answer"

    @property
    def answered(self) -> bool:
        return self.got.outcome == "answer"

    @property
    def failed(self) -> bool:
        """Whether a person should look at it: the wrong outcome, verdict or first quotation."""
        return any(self.scores.get(name) == 0 for name in (_WANTED if self.answerable else ("refused",)))

    @classmethod
    def from_json(cls, row: Json) -> Self:
        history = tuple((question, answer) for question, answer in row["history"])
        return cls(**{**row, "expected": _expected(row["expected"]), "got": _got(row["got"]), "history": history})


@dataclass(frozen=True, kw_only=True)
class Run:
    """Outcomes by case id, at least one, and everything that they depend on."""

    outcomes: tuple[Outcome, ...]
    settings: Json
    certificate: str
    versions: Mapping[str, str] = field(default_factory=versions)
    processor: str = field(default_factory=processor)
    stages_ms: Mapping[str, Stages] = field(default_factory=dict, compare=False)  # by case id
    memory_mb: Mapping[str, float] = field(default_factory=dict, compare=False)  # by what had been done

    @property
    def key(self) -> str:
        """Names all that can change a byte of the results."""
        basis = json.dumps([FORMAT, self.certificate, self.settings, dict(self.versions), self.processor])
        return hashlib.sha256(basis.encode()).hexdigest()

    def measures(self) -> dict[str, Measured]:
        return _summary(self.outcomes)

    def by_type(self) -> dict[str, dict[str, Measured]]:
        types = sorted({outcome.type for outcome in self.outcomes})
        return {name: _summary(outcome for outcome in self.outcomes if outcome.type == name) for name in types}

    def curve(self) -> tuple[Threshold, ...]:
        return calibration.risk_coverage(self._scored())

    def separation(self) -> Separation:
        return calibration.separation(self._scored())

    def calibration(self) -> Calibration:
        """Of the evidence score, over the cases that were answered; right is one whose first quotation hits."""
        answered = [outcome for outcome in self.outcomes if outcome.answered]
        return calibration.calibrate(
            [(outcome.evidence_score, outcome.scores.get("first_span", 0.0) == 1.0) for outcome in answered]
        )

    def failures(self) -> tuple[Outcome, ...]:
        return tuple(outcome for outcome in self.outcomes if outcome.failed)

    def _scored(self) -> list[tuple[float, bool]]:
        return [(outcome.evidence_score, outcome.answerable) for outcome in self.outcomes]


def summary_json(run: Run) -> Json:
    """The part of the public interface that `eval run --json` prints."""
    return {
        "cases": len(run.outcomes),
        "measures": measures_json(run.measures()),
        "by_type": {name: measures_json(measured) for name, measured in run.by_type().items()},
    }


def results_json(run: Run) -> Json:
    """Everything but the timings."""
    return {
        "format": FORMAT,
        **summary_json(run),
        "refusal": asdict(run.separation()),
        "calibration": asdict(run.calibration()),
        "thresholds": [asdict(threshold) for threshold in run.curve()],
        "outcomes": [asdict(outcome) for outcome in run.outcomes],
        "certificate": run.certificate,
        "settings": run.settings,
        "versions": dict(run.versions),
        "processor": run.processor,
    }


def measures_json(measured: Mapping[str, Measured]) -> Json:
    return {name: _measured_json(one) for name, one in measured.items()}


def write(run: Run, path: Path) -> None:
    """Store the results at `path`, and beside them how long that took; times of an earlier run never stay there."""
    beside(path, TIMINGS).unlink(missing_ok=True)
    store(path, results_json(run))
    store(beside(path, TIMINGS), timings_json(run))


def beside(path: Path, suffix: str) -> Path:
    """The file that belongs to the results at `path`: "run.1" and "run.2" have one each, as "run.1.json" has."""
    return path.parent / f"{path.name.removesuffix('.json')}{suffix}"


def timings_json(run: Run) -> Json:
    """How long answers took, by stage, and how much memory; nothing of it repeats."""
    return {
        "quantiles_ms": {stage: quantiles(run, stage) for stage in stages(run)},
        "memory_mb": dict(run.memory_mb),
        "stages_ms": {name: dict(taken) for name, taken in run.stages_ms.items()},
    }


def stages(run: Run) -> list[str]:
    return sorted({stage for taken in run.stages_ms.values() for stage in taken})


def quantiles(run: Run, stage: str) -> dict[str, float]:
    """p50 and p95 over the cases that went through the stage, in milliseconds."""
    taken = [case[stage] for case in run.stages_ms.values() if stage in case]
    return {name: round(float(np.quantile(taken, share)), 3) for name, share in (("p50", 0.5), ("p95", 0.95))}


def default_path(settings: Json, certificate: str) -> Path:
    """In `build/eval`, under a name that says what is asked."""
    run = Run(outcomes=(), settings=settings, certificate=certificate)
    return FOLDER / f"{settings.get('split', 'all')}-{run.key[:12]}.json"


def store(path: Path, value: Json) -> None:
    store_text(path, json.dumps(value, ensure_ascii=False, indent=2) + "\n")


def store_text(path: Path, text: str) -> None:
    """Write whole or not at all: a reader never meets half a file.

    Raises:
        EvalError: it cannot be written, or another program's file is there.
    """
    hold_to_ours(path)
    part = path.with_name(f"{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part.write_text(text, encoding="utf-8")
        part.replace(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise EvalError(f"{path} cannot be written ({error.strerror}): name another file with --to") from error


def hold_to_ours(path: Path) -> None:
    """A slip of the keyboard must not replace a document: only what these commands have written is written over.

    Raises:
        EvalError: something else is there.
    """
    if path.is_dir():
        raise EvalError(f"{path} is a folder: name a file in it with --to")
    if path.is_file() and not path.name.endswith(BESIDE):
        begins = path.read_bytes()[:BEGINS].decode("utf-8", "replace")
        if not any(mark in begins for mark in OURS):
            raise EvalError(f"{path} is there already, and no such command wrote it: name another file with --to")


def read(path: Path) -> Run:
    """The run that `write` stored.

    Raises:
        BadResults: there is no such file, or it holds no results of this format.
    """
    try:
        row = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise BadResults(f"{path}: {error.strerror}; `foedus eval run --to FILE` writes results") from error
    except ValueError as error:
        raise BadResults(f"{path}: not JSON ({error}); `foedus eval run --to FILE` writes results") from error
    found = row.get("format") if isinstance(row, dict) else None
    if found != FORMAT or not row.get("outcomes"):
        raise BadResults(f"{path}: holds no results of format {FORMAT} (its format: {found}); run its cases again")
    try:
        return Run(
            outcomes=tuple(map(Outcome.from_json, row["outcomes"])),
            **{name: row[name] for name in ("settings", "certificate", "versions", "processor")},
            **_read_timings(path),
        )
    except (KeyError, TypeError) as error:
        raise BadResults(f"{path}: is damaged ({error!r}); run its cases again") from error


def _read_timings(path: Path) -> Json:
    """What lies beside the results; nothing where it is missing or broken: it is no part of them."""
    try:
        found = json.loads(beside(path, TIMINGS).read_text(encoding="utf-8"))
        return {name: found[name] for name in ("stages_ms", "memory_mb")}
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def _summary(outcomes: Iterable[Outcome]) -> dict[str, Measured]:
    return measures.summarise(
        Scored(id=outcome.id, family=outcome.family, scores=outcome.scores) for outcome in outcomes
    )


def _measured_json(measured: Measured) -> Json:
    """`reason` stands only where there is no value."""
    fields = asdict(measured)
    return fields if measured.value is None else {key: value for key, value in fields.items() if key != "reason"}


def _words(rows: Iterable[Json]) -> tuple[Words, ...]:
    return tuple(Words(**row) for row in rows)


def _expected(row: Json) -> Expected:
    return Expected(**{**row, "gold": tuple(map(_words, row["gold"])), "answers": tuple(row["answers"])})


def _got(row: Json) -> Got:
    return Got(**{**row, "citations": _words(row["citations"]), "nearest": _words(row["nearest"])})
