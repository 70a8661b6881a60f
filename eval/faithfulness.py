"""Are the answers of some system supported by the contexts that it gave with them?

Any JSON lines of question, answer and contexts can be judged: a public set, or the log of somebody's bot. An answer is
cut into statements, its sentences; each is held against all contexts, in windows, so that nothing is cut off unsaid.
What no context supports is marked to the character, with the numbers, dates and names that stand in none.

An answer that claims nothing ("", "Yes.", "…") counts 0, whoever wrote it: a system must not gain by silence. How many
there are is told beside.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from ingest.document import Span
from ingest.sentences import sentences
from service.checks import Missing, missing
from service.terms import stems

from .errors import BadAnswers
from .json_lines import parse
from .judge import Judge
from .measures import DIGITS, Measured, mean_with_interval
from .results import Json, measures_json

FORMAT: Final = 1
_MARKS: Final = re.compile(  # of citations and of lists: what an answer is laid out with and does not say
    r"\[\^?\d{1,3}(?:\s?[,;–-]\s?\d{1,3})*\]|【[^【】]{1,40}】|\A\s*(?:\(?\d{1,3}[.)]|[-*•])\s"
)
_FIELDS: Final = {"question": str, "answer": str, "contexts": list}


@dataclass(frozen=True, kw_only=True)
class Row:
    """An answer of some system; where the file gives no `id` it names the line."""

    id: str
    question: str
    answer: str
    contexts: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Statement(Span):
    """A sentence of the answer, by offsets. `missing` is what stands in no context, whatever the judge says."""

    text: str
    score: float
    supported: bool
    claims: bool  # whether it has a content word: "Yes." and "…" have none
    missing: tuple[Missing, ...]


@dataclass(frozen=True, kw_only=True)
class Judged:
    row: Row
    statements: tuple[Statement, ...]

    @property
    def faithfulness(self) -> float:
        """The share of its statements that are supported, of those that claim something; 0 without any."""
        claims = [one.supported for one in self.statements if one.claims]
        return sum(claims) / len(claims) if claims else 0.0

    @property
    def empty(self) -> bool:
        return not any(one.claims for one in self.statements)

    @property
    def wholly(self) -> bool:
        return self.faithfulness == 1.0


def read_answers(path: Path) -> tuple[Row, ...]:
    """
    Raises:
        BadAnswers: anything is wrong with any line; all of it is named.
    """
    problems: list[str] = []
    try:
        lines = path.read_bytes().decode("utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise BadAnswers([f"{path}: {error}"]) from error
    found = [
        (number, row)
        for number, line in enumerate(lines, 1)
        if line.strip()
        for row in _row(path, number, line, problems)
    ]
    rows = [row for _, row in found]
    seen: dict[str, int] = {}
    for number, row in found:
        if (first := seen.setdefault(row.id, number)) != number:
            problems.append(f"{path}:{number}: the id {row.id!r} is there twice, first on line {first}")
    if not rows and not problems:
        problems.append(f"{path}: holds no answer")
    if problems:
        raise BadAnswers(problems)
    return tuple(rows)


def judge_answers(rows: Iterable[Row], judge: Judge, tell: Callable[[], None] = lambda: None) -> Iterator[Judged]:
    for row in rows:
        yield Judged(row=row, statements=tuple(_statements(row, judge)))
        tell()


def measures(judged: Sequence[Judged]) -> dict[str, Measured]:
    """Each answer is drawn by itself."""
    scores = {
        "faithfulness": [one.faithfulness for one in judged],
        "wholly_supported": [float(one.wholly) for one in judged],
    }
    found = {}
    for name, values in scores.items():
        value, low, high = mean_with_interval([[value] for value in values])
        found[name] = Measured(value=value, low=low, high=high, cases=len(values))
    return found


def faithfulness_json(judged: Sequence[Judged], judge: Judge, source: Path) -> Json:
    return {
        "format": FORMAT,
        "answers": len(judged),
        "empty": sum(one.empty for one in judged),
        "statements": sum(len(one.statements) for one in judged),
        "judge": {"name": judge.name, "threshold": judge.threshold},
        "measures": measures_json(measures(judged)),
        "source": {source.name: hashlib.sha256(source.read_bytes()).hexdigest()},
        "judged": [_judged_json(one) for one in judged],
    }


def _row(path: Path, number: int, line: str, problems: list[str]) -> Iterator[Row]:
    row, problem = parse(line)
    if wrong := [problem] if problem else list(_wrong(row)):
        problems += [f"{path}:{number}: {problem}" for problem in wrong]
        return
    name = str(row.get("id", f"line {number}"))
    yield Row(id=name, question=row["question"], answer=row["answer"], contexts=tuple(row["contexts"]))


def _wrong(row: Any) -> Iterator[str]:
    if not isinstance(row, dict):
        yield f"must be an object with {', '.join(_FIELDS)}, this is {type(row).__name__}"
        return
    for name, kind in _FIELDS.items():
        if not isinstance(row.get(name), kind):
            yield f"{name!r} must be a {'text' if kind is str else 'list of texts'}, this is {row.get(name)!r}"
    if isinstance(row.get("contexts"), list) and not all(isinstance(context, str) for context in row["contexts"]):
        yield "'contexts' must hold texts only"
    if not isinstance(row.get("id", ""), str | int):
        yield f"'id' must be a text or a whole number, this is {row['id']!r}"


def _statements(row: Row, judge: Judge) -> Iterator[Statement]:
    everything = "\n\n".join(row.contexts)
    for span in sentences(row.answer):
        text = span.of(row.answer)
        said = _MARKS.sub(lambda mark: " " * len(mark.group()), text)  # offsets stay
        score = judge.score(said, row.contexts)
        yield Statement(
            start=span.start,
            end=span.end,
            text=text,
            score=round(score, DIGITS),
            supported=score >= judge.threshold,
            claims=bool(stems(said)),
            missing=missing(said, everything),
        )


def _judged_json(judged: Judged) -> Json:
    return {
        "id": judged.row.id,
        "question": judged.row.question,
        "answer": judged.row.answer,
        "faithfulness": round(judged.faithfulness, DIGITS),
        "statements": [_statement_json(one) for one in judged.statements],
    }


def _statement_json(one: Statement) -> Json:
    """What is missing by offsets into the answer."""
    lost = [
        {"kind": each.kind, "words": each.words, "start": one.start + each.start, "end": one.start + each.end}
        for each in one.missing
    ]
    return {**{name: getattr(one, name) for name in ("start", "end", "score", "supported", "claims")}, "missing": lost}
