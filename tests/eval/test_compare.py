"""Two runs beside each other: what is paired, what a difference is, and when it is too much."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console
from typer.testing import CliRunner

from eval import measures, table
from eval.cli import app
from eval.compare import HELD, compare, got_worse, sign_test, tolerances
from eval.results import Expected, Got, Outcome, Run, Words, write
from ingest.errors import UsageError

GOLD = Words(document="anzus", start=4, end=9, quote="Party", before="The ", after=" acts")


def outcome(number: int, *, first: float, family: str | None = None, question: str = "Who acts?") -> Outcome:
    return Outcome(
        id=f"case-{number}",
        family=family or f"case-{number}",
        split="tune",
        type="factoid",
        question=question,
        expected=Expected(outcome="answer", verdict=None, gold=((GOLD,),)),
        got=Got(outcome="answer", reason=None, verdict=None, text="Party [1]", citations=(GOLD,), nearest=()),
        evidence_score=0.9,
        passage_rank=1,
        scores={"first_span": first, "answered": 1.0},
    )


def a_run(*outcomes: Outcome, **settings: object) -> Run:
    return Run(outcomes=outcomes, settings=settings, certificate="c")


def differences(before: list[float], after: list[float]) -> dict[str, float]:
    first, second = (a_run(*(outcome(n, first=x) for n, x in enumerate(xs))) for xs in (before, after))
    return {one.measure: one.change for one in compare(first, second).differences()}


def test_a_difference_is_the_mean_of_the_pairs_differences() -> None:
    before = a_run(*(outcome(n, first=x) for n, x in enumerate([1, 1, 0, 0])))
    after = a_run(*(outcome(n, first=x) for n, x in enumerate([1, 0, 1, 1])))
    span, answered = compare(before, after).differences()
    assert (span.measure, span.before, span.after, span.change) == ("first_span", 0.5, 0.75, 0.25)
    assert (span.cases, span.better, span.worse, span.sign) == (4, 2, 1, 1.0)
    assert span.low <= span.change <= span.high
    assert (answered.change, answered.low, answered.high, answered.sign) == (0, 0, 0, 1)


@given(st.lists(st.tuples(st.sampled_from([0.0, 0.5, 1.0]), st.sampled_from([0.0, 0.5, 1.0])), min_size=1, max_size=20))
def test_the_other_way_round_everything_turns(scores: list[tuple[float, float]]) -> None:
    before, after = [one for one, _ in scores], [other for _, other in scores]
    forth, back = differences(before, after), differences(after, before)
    assert forth.keys() == back.keys()
    assert all(forth[name] == pytest.approx(-back[name], abs=1e-6) for name in forth)
    mean = sum(after) / len(after) - sum(before) / len(before)
    assert forth["first_span"] == pytest.approx(mean, abs=1e-6)


def test_wordings_of_one_question_are_drawn_together() -> None:
    apart = [[outcome(n, first=x) for n, x in enumerate(xs)] for xs in ([0] * 12, [1] * 6 + [0] * 6)]
    together = [[replace(one, family=str(n // 6)) for n, one in enumerate(run)] for run in apart]
    wide, narrow = (compare(a_run(*one), a_run(*other)).differences()[0] for one, other in (together, apart))
    assert wide.change == narrow.change
    assert (wide.sign, narrow.sign) == (1.0, 0.03125)  # one family of two got better, and six cases of six
    assert wide.high - wide.low > narrow.high - narrow.low


def test_only_the_same_question_with_the_same_gold_is_a_pair() -> None:
    other_gold = Expected(outcome="answer", verdict=None, gold=((replace(GOLD, quote="Council"),),))
    moved = Expected(outcome="answer", verdict=None, gold=((replace(GOLD, start=104, end=109),),))
    first = [outcome(n, first=1) for n in range(5)]
    second = [
        first[0],
        replace(first[1], question="Who else?"),
        replace(first[2], expected=other_gold),
        replace(first[3], expected=moved),
        outcome(9, first=1),
    ]
    found = compare(a_run(*first), a_run(*second))
    assert [before.id for before, _ in found.pairs] == ["case-0", "case-3"]
    assert found.alone == {
        "case-1": "its question or gold has changed",
        "case-2": "its question or gold has changed",
        "case-4": "only in the first run",
        "case-9": "only in the second run",
    }


def test_runs_without_a_common_case_are_not_compared() -> None:
    with pytest.raises(UsageError, match="no case in common"):
        compare(a_run(outcome(1, first=1)), a_run(outcome(2, first=1)))


def test_whatever_else_differs_is_named() -> None:
    one = a_run(outcome(1, first=1), threshold=0.5, k=10)
    other = replace(a_run(outcome(1, first=1), threshold=0.6, encoder="e"), certificate="d")
    assert compare(one, other).differing == {
        "certificate": ("c", "d"),
        "encoder": (None, "e"),
        "k": (10, None),
        "threshold": (0.5, 0.6),
    }


def test_cases_that_got_worse_come_first() -> None:
    before = a_run(*(outcome(n, first=x) for n, x in enumerate([0, 1, 1])))
    after = a_run(*(outcome(n, first=x) for n, x in enumerate([1, 1, 0])))
    turned = compare(before, after).turned()
    assert [(pair[0].id, got_worse(pair)) for pair in turned] == [("case-2", True), ("case-0", False)]


@pytest.mark.parametrize(
    ("better", "worse", "p"), [(0, 0, 1), (1, 0, 1), (0, 5, 0.0625), (5, 0, 0.0625), (3, 3, 1), (1, 9, 0.021484)]
)
def test_the_sign_test_by_hand(better: int, worse: int, p: float) -> None:
    assert sign_test(better, worse) == pytest.approx(p, abs=1e-6)


def test_tolerances_are_taken_as_they_are_given() -> None:
    assert tolerances([]) == dict.fromkeys(HELD, 0.02)
    assert tolerances(["0.05"]) == dict.fromkeys(HELD, 0.05)
    assert tolerances(["first_span=0", "passage_hit@1=0.1"]) == {"first_span": 0, "passage_hit@1": 0.1}


@pytest.mark.parametrize(
    ("text", "says"), [("spam=1", "no measure 'spam'"), ("x", "from 0 to 1"), ("-1", "from 0 to 1")]
)
def test_a_tolerance_that_is_none_is_wrong_usage(text: str, says: str) -> None:
    with pytest.raises(UsageError, match=says):
        tolerances([text])


@pytest.mark.parametrize(("tolerance", "code"), [("first_span=0.24", 4), ("first_span=0.25", 0), ("answered=0", 0)])
def test_a_fall_beyond_the_tolerance_is_found(tolerance: str, code: int, tmp_path: Path) -> None:
    for name, scores in (("before", [1, 1, 1, 0]), ("after", [1, 1, 0, 0])):
        write(a_run(*(outcome(n, first=x) for n, x in enumerate(scores))), tmp_path / f"{name}.json")
    paths = [str(tmp_path / f"{name}.json") for name in ("before", "after")]
    result = CliRunner().invoke(app, ["compare", *paths, "--tolerance", tolerance, "--json"])
    assert result.exit_code == code
    printed = json.loads(result.stdout)
    assert printed["differences"]["first_span"]["change"] == -0.25
    assert printed["fallen"] == (["first_span"] if code else [])
    assert [one["id"] for one in printed["turned"]] == ["case-2"]


def test_tables_show_the_change_and_both_answers() -> None:
    before, after = a_run(outcome(1, first=1), threshold=0.5), a_run(outcome(1, first=0), threshold=0.6)
    found = compare(before, after)
    console = Console(width=80)
    with console.capture() as captured:
        console.print(table.differing_list(found))
        console.print(table.differences_table(found, tolerances([])))
        console.print(table.turned_list(found.turned()))
    shown = captured.get()
    assert "threshold: 0.5 → 0.6" in shown
    assert "-1.000" in shown
    assert "worse  case-1: Who acts?" in shown
    assert all(len(line) <= 80 for line in shown.splitlines())


def test_many_changes_are_counted_as_well() -> None:
    assert sign_test(1023, 0) == sign_test(1024, 0) == 0  # 2**1024 is no float
    assert sign_test(2000, 2000) == 1


def test_of_many_files_of_cases_the_one_that_differs_is_named() -> None:
    files = {f"{name}.jsonl": name * 64 for name in "abc"}
    before, after = (a_run(outcome(1, first=1), cases={**files, "c.jsonl": digest}) for digest in ("x" * 64, "y" * 64))
    assert compare(before, after).differing == {"cases.c.jsonl": ("x" * 64, "y" * 64)}


def test_the_names_of_measures_are_shown_whole() -> None:
    scores = {"first_span": 1.0, "alce_recall[overlap]": 1.0}
    one = a_run(replace(outcome(1, first=1), scores=scores))
    console = Console(width=80)
    with console.capture() as captured:
        console.print(table.measures_table(one))
        console.print(table.differences_table(compare(one, one), tolerances([])))
    assert captured.get().count("alce_recall[overlap]") == 2


@pytest.mark.parametrize("given", [[], ["0.01"], ["first_span=0"]])
def test_a_measure_that_is_held_by_name_must_be_there(given: list[str], tmp_path: Path) -> None:
    path = tmp_path / "run.json"
    write(a_run(outcome(1, first=1)), path)
    options = [word for text in given for word in ("--tolerance", text)]
    arguments = ["compare", str(path), str(path), *options]
    assert CliRunner().invoke(app, arguments).exit_code == 0
    absent = CliRunner().invoke(app, [*arguments, "--tolerance", "verdict_accuracy=0"])
    assert isinstance(absent.exception, UsageError)
    assert "--tolerance verdict_accuracy: no case of both runs" in str(absent.exception)


def test_every_held_measure_exists() -> None:
    assert set(HELD) <= set(measures.NAMES)
