"""Questions whose answers are known, read from JSON lines.

Nothing runs on broken gold: a file is read to its end and every problem is reported at once, each with its file and
line. Two forms are read: the one of `eval/README.md`, and a shorter one in which `gold` is a list of quotations and
`doc` names the files that hold them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from index.store import slug
from service.answer import Verdict

from .errors import BadCases
from .json_lines import parse

BUNDLED: Final = Path(__file__).parent / "cases"
SPLITS: Final = ("tune", "test")
OUTCOMES: Final = ("answer", "refusal")
REFUSED: Final = ("unanswerable", "false_premise", "out_of_scope")  # types whose outcome is a refusal unless stated
IN_PARTS: Final = ("list", "comparison")  # types whose short form lists parts, not alternatives
TYPES: Final = ("polar", "factoid", "definition", *IN_PARTS, *REFUSED)
FIELDS: Final = frozenset(
    ("id", "family", "split", "type", "question", "history", "verdict", "answers", "gold", "pinpoint", "outcome")
)
SHORT_FIELDS: Final = frozenset(("doc", "answer"))
PROPOSED: Final = "proposed"  # marks what `eval make` wrote and nobody has looked at


@dataclass(frozen=True, kw_only=True)
class Gold:
    """Words that answer, and the ids of the documents of which one holds them."""

    quote: str
    documents: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Case:
    """A question and what is right. `gold` has parts, each of which needs one of its alternatives."""

    id: str
    family: str
    split: str
    type: str
    question: str
    outcome: str
    place: str  # "file:line"
    history: tuple[tuple[str, str], ...] = ()
    verdict: Verdict | None = None
    answers: tuple[str, ...] = ()  # patterns, all of which the quotations hold, ignoring case
    gold: tuple[tuple[Gold, ...], ...] = ()
    pinpoint: str | None = None

    @property
    def answerable(self) -> bool:
        return self.outcome == "answer"


def read_cases(path: Path = BUNDLED, *, split: str = "all") -> tuple[Case, ...]:
    """Read a file, or every `*.jsonl` of a folder in the order of names; `split` is tune, test or all.

    Raises:
        BadCases: anything is wrong with any line, or there is no case at all.
    """
    problems: list[str] = []
    cases = [case for file in case_files(path) for case in _read_file(file, problems)]
    problems += [*_twice(cases), *_leaks(cases)]
    chosen = tuple(case for case in cases if split in ("all", case.split))
    if not problems and not chosen:
        problems.append(f"{path}: holds no case" + ("" if split == "all" else f" of the split {split!r}"))
    if problems:
        raise BadCases(problems)
    return chosen


def case_files(path: Path) -> tuple[Path, ...]:
    """The files that `path` stands for.

    Raises:
        BadCases: there is no such file or folder.
    """
    if not path.exists():
        raise BadCases([f"{path}: no such file or folder"])
    return tuple(sorted(path.glob("*.jsonl"))) if path.is_dir() else (path,)


def _read_file(path: Path, problems: list[str]) -> Iterator[Case]:
    try:
        lines = path.read_bytes().decode("utf-8-sig").split("\n")  # str.splitlines would also cut at U+2028
    except (OSError, UnicodeDecodeError) as error:
        problems.append(f"{path}: {error}")
        return
    for number, line in enumerate(lines, 1):
        if line.strip():
            place = f"{path}:{number}"
            row, found = _row(line)
            problems += [f"{place}: {problem}" for problem in found]
            if not found:
                yield _case(row, place)


def _row(line: str) -> tuple[dict[str, Any], list[str]]:
    """The row with all its fields filled, and what is wrong with it."""
    row, problem = parse(line)
    if problem:
        return {}, [problem]
    if not isinstance(row, dict):
        return {}, [f"a case is a JSON object, this is {type(row).__name__}"]
    full = _filled(row)
    return full, list(_problems(full))


def _filled(row: dict[str, Any]) -> dict[str, Any]:
    """Bring the short form to the long one; null is the same as absent."""
    row = {key: value for key, value in row.items() if value is not None}
    filled = {
        "family": row.get("id"),
        "split": "test",
        "history": [],
        "gold": [],
        "answers": row.get("answer", []),
        **row,
    }
    filled.setdefault("outcome", "refusal" if row.get("type") in REFUSED else "answer")
    filled["gold"] = _long_gold(filled)
    return filled


def _long_gold(row: dict[str, Any]) -> Any:
    gold, documents = row["gold"], row.get("doc")
    if not (isinstance(gold, list) and gold and all(isinstance(quote, str) for quote in gold)):
        return gold
    if not _strings(documents) or not documents:
        return gold
    quotes = [{"quote": quote, "document": [slug(f"{stem}.md") for stem in documents]} for quote in gold]
    return [[quote] for quote in quotes] if row.get("type") in IN_PARTS else [quotes]


def _problems(row: dict[str, Any]) -> Iterator[str]:
    if row.get(PROPOSED):
        yield "is only proposed: check the question and its gold, then delete the field 'proposed'"
    if strange := sorted(row.keys() - FIELDS - SHORT_FIELDS - {PROPOSED}):
        yield f"unknown field {', '.join(map(repr, strange))}; known are {', '.join(sorted(FIELDS))}"
    for name in ("id", "family", "question", "pinpoint"):
        value = row.get(name, None if name != "pinpoint" else "-")
        if not isinstance(value, str) or not value.strip():
            yield f"{name!r} must be a text that is not blank, this is {value!r}"
    yield from _choices(row)
    yield from _bad_patterns(row["answers"])
    yield from _bad_history(row["history"])
    yield from _bad_gold(row)


def _choices(row: dict[str, Any]) -> Iterator[str]:
    allowed = {"type": TYPES, "split": SPLITS, "outcome": OUTCOMES, "verdict": tuple(Verdict)}
    for name, values in allowed.items():
        value = row.get(name)
        if value not in values and not (name == "verdict" and value is None):
            yield f"unknown {name} {value!r}; known are {', '.join(values)}"
    if row.get("outcome") == "refusal" and row.get("verdict"):
        yield "a refusal has no verdict"


def _bad_patterns(patterns: Any) -> Iterator[str]:
    if not _strings(patterns):
        yield f"'answers' must be a list of patterns, this is {patterns!r}"
        return
    for pattern in patterns:
        try:
            re.compile(pattern, re.IGNORECASE)
        except re.error as error:
            yield f"pattern {pattern!r} is no regular expression: {error}"


def _bad_history(history: object) -> Iterator[str]:
    turns = history if isinstance(history, list) else [history]
    if not all(isinstance(turn, dict) and _strings([turn.get("question"), turn.get("answer")]) for turn in turns):
        yield '\'history\' must be a list of {"question", "answer"}'


def _bad_gold(row: dict[str, Any]) -> Iterator[str]:
    gold, outcome = row["gold"], row["outcome"]
    if outcome == "answer" and not gold:
        yield "an answerable case needs gold"
    if outcome == "refusal" and gold:
        yield "a refusal has no gold"
    if not isinstance(gold, list) or not all(isinstance(part, list) and part for part in gold):
        yield "'gold' must be a list of parts, each a list of alternatives; or quotations with 'doc'"
        return
    for alternative in (alternative for part in gold for alternative in part):
        if not _is_gold(alternative):
            yield f'an alternative must be {{"document", "quote"}}, this is {alternative!r}'


def _is_gold(value: object) -> bool:
    if not isinstance(value, dict) or value.keys() != {"document", "quote"}:
        return False
    documents = value["document"] if isinstance(value["document"], list) else [value["document"]]
    return _strings([*documents, value["quote"]]) and all(text.strip() for text in [*documents, value["quote"]])


def _strings(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def _case(row: dict[str, Any], place: str) -> Case:
    return Case(
        id=row["id"],
        family=row["family"],
        split=row["split"],
        type=row["type"],
        question=row["question"],
        outcome=row["outcome"],
        place=place,
        history=tuple((turn["question"], turn["answer"]) for turn in row["history"]),
        verdict=Verdict(row["verdict"]) if "verdict" in row else None,
        answers=tuple(row["answers"]),
        gold=tuple(tuple(map(_gold, part)) for part in row["gold"]),
        pinpoint=row.get("pinpoint"),
    )


def _gold(value: dict[str, Any]) -> Gold:
    documents = value["document"] if isinstance(value["document"], list) else [value["document"]]
    return Gold(quote=value["quote"], documents=tuple(documents))


def _twice(cases: Iterable[Case]) -> Iterator[str]:
    first: dict[str, str] = {}
    for case in cases:
        if case.id in first:
            yield f"{case.place}: duplicate id {case.id!r}, first at {first[case.id]}"
        first.setdefault(case.id, case.place)


def _leaks(cases: Iterable[Case]) -> Iterator[str]:
    """A family in both splits would let what is tuned on one of its questions flatter the others."""
    first: dict[str, Case] = {}
    for case in cases:
        other = first.setdefault(case.family, case)
        if other.split != case.split:
            yield f"{case.place}: family {case.family!r} is in {case.split!r}, but in {other.split!r} at {other.place}"
