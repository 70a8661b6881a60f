"""Ask a library all cases.

What is answered is written down at once in a journal beside the results: a run that was interrupted goes on where it
stopped, if library, cases, settings, versions and processor are still the same. The journal goes when the results are
stored.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Final

from index.hit import Hit
from service.answer import Answer, Citation, Question

from . import measures
from .case import Case
from .errors import EvalError
from .locate import Parts, Place, TextOf, locate_gold
from .results import Expected, Got, Json, Outcome, Run, Stages, Words, store_text

AROUND: Final = 240  # characters of the source kept on both sides of gold and quotations
NEAREST: Final = 3  # passages of a refusal that are kept
JOURNAL: Final = ".journal.jsonl"


@dataclass(frozen=True, kw_only=True)
class Subject:
    """What is asked: one library and the way it answers."""

    ask: Callable[[Question], tuple[Answer, float]]  # with the evidence score that is compared with the threshold
    search: Callable[[str], Sequence[Hit]]  # the first ten passages or more
    text_of: TextOf
    certificate: Callable[[], str]  # of the library as it is now


@dataclass(frozen=True, kw_only=True)
class Asked:
    """An outcome, and how long each stage of its answer took."""

    outcome: Outcome
    stages: Stages


def run(
    cases: Sequence[Case],
    subject: Subject,
    *,
    settings: Json | None = None,
    journal: Path | None = None,
    tell: Callable[[], None] = lambda: None,
) -> Run:
    """Ask every case but those that `journal` holds; `tell` is called for each one.

    Raises:
        BadCases: gold does not stand in the library's documents; nothing was asked then.
        EvalError: the library changed meanwhile.
    """
    gold = locate_gold(cases, subject.text_of)
    empty = Run(outcomes=(), settings=settings or {}, certificate=subject.certificate())
    asked: dict[str, Asked] = {}
    with _journal(journal, empty.key) as (known, keep):
        for case in sorted(cases, key=lambda case: case.id):
            asked[case.id] = known.get(case.id) or keep(_ask(case, gold[case.id], subject, empty.certificate))
            tell()
    return replace(
        empty,
        outcomes=tuple(one.outcome for one in asked.values()),
        stages_ms={name: one.stages for name, one in asked.items()},
    )


def case_settings(files: Iterable[Path], split: str) -> Json:
    """What a run was set to; the cases are named by content, so a file that moved is still the same."""
    return {
        "split": split,
        "cases": {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in files},
        "overlap": measures.OVERLAP,
        "search_depth": measures.DEPTH,
        "bootstrap": {"resamples": measures.RESAMPLES, "seed": measures.SEED, "level": measures.LEVEL},
    }


def _ask(case: Case, parts: Parts, subject: Subject, certificate: str) -> Asked:
    question = Question(text=case.question, history=case.history)
    started = time.perf_counter()
    answer, score = subject.ask(question)
    total = round((time.perf_counter() - started) * 1000, 3)
    if answer.certificate != certificate:
        raise EvalError("the library changed while it was asked, so the answers do not belong together; run again")
    ranking = subject.search(case.question)
    scores = measures.score_answer(case, parts, answer) | measures.score_search(case, parts, ranking)
    text_of = lru_cache(maxsize=None)(lambda document: subject.text_of(document) or "")
    outcome = Outcome(
        **{name: getattr(case, name) for name in ("id", "family", "split", "type", "question")},
        expected=Expected(
            outcome=case.outcome, verdict=case.verdict, gold=tuple(_gold(parts, text_of)), answers=case.answers
        ),
        got=_got(answer, text_of),
        evidence_score=round(score, measures.DIGITS),
        passage_rank=measures.first_rank(parts, ranking),
        scores={name: round(score, measures.DIGITS) for name, score in scores.items()},
        history=case.history,
    )
    return Asked(outcome=outcome, stages={**answer.timings_ms, "total": total})


def _gold(parts: Parts, text_of: Callable[[str], str]) -> Iterator[tuple[Words, ...]]:
    for part in parts:
        yield tuple(_words(place, text_of(place.document)) for places in part for place in places)


def _got(answer: Answer, text_of: Callable[[str], str]) -> Got:
    nearest = answer.refusal.nearest[:NEAREST] if answer.refusal else ()
    return Got(
        outcome=answer.outcome,
        reason=answer.refusal.reason if answer.refusal else None,
        verdict=answer.verdict,
        text=answer.text,
        citations=tuple(_cited(citation, text_of) for citation in answer.citations),
        nearest=tuple(_cited(citation, text_of) for citation in nearest),
    )


def _cited(citation: Citation, text_of: Callable[[str], str]) -> Words:
    words = _words(measures.cited(citation), text_of(citation.document_id))
    return replace(words, pinpoint=citation.pinpoint, page=citation.page, stance=citation.stance)


def _words(place: Place, text: str) -> Words:
    return Words(
        document=place.document,
        start=place.start,
        end=place.end,
        quote=text[place.start : place.end],
        before=text[max(0, place.start - AROUND) : place.start],
        after=text[place.end : place.end + AROUND],
    )


@contextmanager
def _journal(path: Path | None, key: str) -> Iterator[tuple[Mapping[str, Asked], Callable[[Asked], Asked]]]:
    """What an earlier run of the same key has asked, and how to add to it. The file stays when the block fails."""
    if path is None:
        yield {}, lambda asked: asked
        return
    rows = _read_journal(path, key)
    store_text(path, "".join(map(_line, [{"key": key}, *rows])))  # without what was cut off or is another run's
    with path.open("a", encoding="utf-8") as file:

        def keep(asked: Asked) -> Asked:
            file.write(_line(asdict(asked)))
            file.flush()
            return asked

        yield {row["outcome"]["id"]: _asked(row) for row in rows}, keep


def _read_journal(path: Path, key: str) -> list[Json]:
    """Nothing where the file is another run's. What was cut off or torn is left out, with all that follows it."""
    if not path.is_file():
        return []
    rows = []
    for line in path.read_bytes().split(b"\n")[:-1]:
        try:
            rows.append(json.loads(line))
        except ValueError:
            break
    return rows[1:] if rows[:1] == [{"key": key}] else []


def _asked(row: Json) -> Asked:
    return Asked(outcome=Outcome.from_json(row["outcome"]), stages=row["stages"])


def _line(value: Json) -> str:
    return json.dumps(value, ensure_ascii=False) + "\n"
