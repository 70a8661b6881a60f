"""Ask a library all cases and write down what came of it.

The results file is the same, byte for byte, for the same library, cases and settings on one type of processor: it
holds no clock times (those go to a second file beside it) and nothing that depends on the order in which things
happened. It is enough to compare two runs later: per case what was expected, what came, and every score.
"""

from __future__ import annotations

import hashlib
import json
import platform
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib import metadata
from pathlib import Path
from typing import Any, Final

from index.hit import Hit
from service.answer import Answer, Question

from . import measures
from .case import Case
from .errors import EvalError
from .locate import Parts, TextOf, locate_gold
from .measures import Measured, Scored, Threshold

Json = dict[str, Any]
FORMAT: Final = 1  # of the results file; it changes when a reader of old files would misread new ones
RESULTS: Final = Path("build/eval")
TIMINGS: Final = ".timings.json"
LIBRARIES: Final = ("faiss-cpu", "foedus", "numpy", "onnxruntime", "tokenizers")  # those that can change a number


@dataclass(frozen=True, kw_only=True)
class Subject:
    """What is asked: one library and the way it answers."""

    ask: Callable[[Question], Answer]
    search: Callable[[str], Sequence[Hit]]  # the first ten passages or more
    score: Callable[[Question], float]  # the evidence score that is compared with the threshold
    text_of: TextOf


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """A case, what came of it, and what that scores."""

    case: Case
    parts: Parts
    answer: Answer
    score: float
    rank: int | None  # of the first passage found that hits
    scores: Mapping[str, float]
    milliseconds: float


@dataclass(frozen=True, kw_only=True)
class Run:
    outcomes: tuple[Outcome, ...]  # by case id, at least one
    settings: Json

    @property
    def certificate(self) -> str:
        """Of the library that answered."""
        return self.outcomes[0].answer.certificate

    def measures(self) -> dict[str, Measured]:
        return _summary(self.outcomes)

    def by_type(self) -> dict[str, dict[str, Measured]]:
        types = sorted({outcome.case.type for outcome in self.outcomes})
        return {name: _summary(outcome for outcome in self.outcomes if outcome.case.type == name) for name in types}

    def curve(self) -> tuple[Threshold, ...]:
        return measures.risk_coverage([(outcome.score, outcome.case.answerable) for outcome in self.outcomes])

    def failures(self) -> tuple[Outcome, ...]:
        return tuple(outcome for outcome in self.outcomes if failed(outcome))


def run(
    cases: Sequence[Case],
    subject: Subject,
    *,
    settings: Json | None = None,
    tell: Callable[[], None] = lambda: None,
) -> Run:
    """Ask every case; `tell` is called after each one.

    Raises:
        BadCases: gold does not stand in the library's documents; nothing was asked then.
        EvalError: the library changed meanwhile.
    """
    gold = locate_gold(cases, subject.text_of)
    outcomes = []
    for case in sorted(cases, key=lambda case: case.id):
        outcomes.append(_outcome(case, gold[case.id], subject))
        tell()
    if len({outcome.answer.certificate for outcome in outcomes}) > 1:
        raise EvalError("the library changed while it was asked, so the answers do not belong together; run again")
    return Run(outcomes=tuple(outcomes), settings=settings or {})


def _outcome(case: Case, parts: Parts, subject: Subject) -> Outcome:
    question = Question(text=case.question, history=case.history)
    started = time.perf_counter()
    answer = subject.ask(question)
    milliseconds = (time.perf_counter() - started) * 1000
    ranking = subject.search(case.question)
    return Outcome(
        case=case,
        parts=parts,
        answer=answer,
        score=subject.score(question),
        rank=measures.first_rank(parts, ranking),
        scores=measures.score_answer(case, parts, answer) | measures.score_search(case, parts, ranking),
        milliseconds=milliseconds,
    )


def _summary(outcomes: Iterable[Outcome]) -> dict[str, Measured]:
    return measures.summarise(
        Scored(id=outcome.case.id, family=outcome.case.family, scores=outcome.scores) for outcome in outcomes
    )


def failed(outcome: Outcome) -> bool:
    """Whether a person should look at it: the wrong outcome, verdict or first quotation."""
    wanted = ("refused",) if not outcome.case.answerable else ("answered", "verdict_accuracy", "first_span")
    return any(outcome.scores.get(name) == 0 for name in wanted)


def case_settings(files: Iterable[Path], split: str) -> Json:
    """What a run was set to; the cases are named by content, so a file that moved is still the same."""
    return {
        "split": split,
        "cases": {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in files},
        "overlap": measures.OVERLAP,
        "search_depth": measures.DEPTH,
        "bootstrap": {"resamples": measures.RESAMPLES, "seed": measures.SEED, "level": measures.LEVEL},
    }


def summary_json(run: Run) -> Json:
    """The part of the public interface that `eval run --json` prints."""
    return {
        "cases": len(run.outcomes),
        "measures": _measures_json(run.measures()),
        "by_type": {name: _measures_json(measured) for name, measured in run.by_type().items()},
    }


def results_json(run: Run) -> Json:
    """Everything but the timings."""
    return {
        "format": FORMAT,
        **summary_json(run),
        "thresholds": [asdict(threshold) for threshold in run.curve()],
        "outcomes": [_outcome_json(outcome) for outcome in run.outcomes],
        "certificate": run.certificate,
        "settings": run.settings,
        "versions": versions(),
        "processor": processor(),
    }


def write(run: Run, path: Path | None = None) -> Path:
    """Store the results at `path`, else under `build/eval`, named after what was asked; timings go beside them."""
    path = path or RESULTS / f"{_name(run)}.json"
    _store(path, results_json(run))
    times = {outcome.case.id: round(outcome.milliseconds, 3) for outcome in run.outcomes}
    _store(path.with_suffix(TIMINGS), {"ask_ms": times})
    return path


def versions() -> dict[str, str]:
    return {"python": platform.python_version(), **{name: _version(name) for name in LIBRARIES}}


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:  # run from a checkout, or another build of the same library
        return "not installed as a package"


def processor() -> str:
    """Its type: results repeat bit for bit on one type only."""
    names = Path("/proc/cpuinfo")
    lines = names.read_text(encoding="utf-8").splitlines() if names.is_file() else []
    model = next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), "")
    return f"{platform.machine()} {model or platform.processor()}".strip()


def _name(run: Run) -> str:
    basis = json.dumps([run.certificate, run.settings], sort_keys=True)
    return f"{run.settings.get('split', 'all')}-{hashlib.sha256(basis.encode()).hexdigest()[:12]}"


def _store(path: Path, value: Json) -> None:
    """Write whole or not at all: a reader never meets half a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.part")
    part.write_text(json.dumps(value, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    part.replace(path)


def _measures_json(measured: Mapping[str, Measured]) -> Json:
    return {name: _measured_json(one) for name, one in measured.items()}


def _measured_json(measured: Measured) -> Json:
    """`reason` stands only where there is no value."""
    fields = asdict(measured)
    return fields if measured.value is None else {key: value for key, value in fields.items() if key != "reason"}


def _outcome_json(outcome: Outcome) -> Json:
    case, answer = outcome.case, outcome.answer
    return {
        **{key: getattr(case, key) for key in ("id", "family", "split", "type", "question")},
        "expected": {
            "outcome": case.outcome,
            "verdict": case.verdict,
            "gold": [[[asdict(place) for place in places] for places in part] for part in outcome.parts],
        },
        "got": {
            "outcome": answer.outcome,
            "reason": answer.refusal and answer.refusal.reason,
            "verdict": answer.verdict,
            "text": answer.text,
            "citations": [
                {key: getattr(citation, key) for key in ("document_id", "start", "end", "pinpoint", "stance", "quote")}
                for citation in answer.citations
            ],
        },
        "evidence_score": round(outcome.score, measures.DIGITS),
        "passage_rank": outcome.rank,
        "scores": {name: round(score, measures.DIGITS) for name, score in outcome.scores.items()},
    }
