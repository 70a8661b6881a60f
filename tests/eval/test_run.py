"""A run over a tiny real asker: what is counted, what is stored, and that it repeats to the byte."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console
from typer.testing import CliRunner

from eval import table
from eval.case import Case, read_cases
from eval.cli import app
from eval.errors import BadCases, BadResults, EvalError
from eval.results import Run, default_path, read, results_json, summary_json, write
from eval.run import case_settings, run
from ingest.errors import UsageError
from service.answer import Answer, Question

from .subject import CERTIFICATE, TEXTS, ask, subject

ROWS: list[dict[str, Any]] = [
    {
        "id": "council",
        "family": "council",
        "split": "tune",
        "type": "polar",
        "question": "Does ANZUS establish a Council?",
        "verdict": "yes",
        "answers": ["council"],
        "gold": [[{"document": "anzus", "quote": "hereby establish a Council"}]],
        "outcome": "answer",
    },
    {
        "id": "seat",
        "family": "seat",
        "split": "test",
        "type": "factoid",
        "question": "Where do the headquarters lie [1]?",
        "answers": ["Colorado"],
        "gold": [[{"document": "norad", "quote": "headquarters are in Colorado Springs"}]],
        "outcome": "answer",
    },
    {
        "id": "long",
        "family": "long",
        "split": "test",
        "type": "polar",
        "question": "Does Canada see it lapse someday after decades?",
        "verdict": "no",
        "gold": [[{"document": "anzus", "quote": "remain in force indefinitely"}]],
        "outcome": "answer",
    },
    {
        "id": "salary",
        "family": "salary",
        "split": "test",
        "type": "unanswerable",
        "question": "What salary do inspectors earn?",
        "outcome": "refusal",
    },
]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "cases.jsonl"
    path.write_text("\n".join(map(json.dumps, ROWS)), encoding="utf-8")
    return path


@pytest.fixture
def cases(file: Path) -> tuple[Case, ...]:
    return read_cases(file)


@pytest.fixture
def done(cases: tuple[Case, ...], file: Path) -> Run:
    return run(cases, subject(), settings=case_settings([file], "all"))


def test_every_case_counts_once_in_every_measure_it_belongs_to(done: Run) -> None:
    measured = {name: (m.value, m.cases) for name, m in done.measures().items()}
    third = pytest.approx(2 / 3, abs=1e-6)
    assert measured == {
        "passage_hit@1": (third, 3),
        "passage_hit@3": (third, 3),
        "passage_hit@10": (1.0, 3),
        "passage_mrr@10": (pytest.approx((1 + 1 + 1 / 4) / 3, abs=1e-6), 3),
        "first_span": (third, 3),
        "citation_precision": (third, 3),
        "citation_recall": (third, 3),
        "answer_patterns": (1.0, 2),
        "exact_match": (0.0, 3),
        "token_f1": (pytest.approx((6 / 7 + 10 / 11) / 3, abs=1e-6), 3),
        "verdict_accuracy": (0.5, 2),
        "answered": (third, 3),
        "refused": (1.0, 1),
        "alce_recall[overlap]": (third, 3),
        "alce_precision[overlap]": (third, 3),
        "faithfulness": (None, 0),
    }


def test_types_are_counted_apart(done: Run) -> None:
    by_type = done.by_type()
    assert list(by_type) == ["factoid", "polar", "unanswerable"]
    assert by_type["polar"]["first_span"].value == 0.5
    assert by_type["unanswerable"]["first_span"].value is None


def test_the_summary_is_the_public_interface(done: Run) -> None:
    summary = summary_json(done)
    assert summary["cases"] == 4
    assert summary["measures"]["refused"] == {"value": 1.0, "low": 1.0, "high": 1.0, "cases": 1}
    assert summary["measures"]["faithfulness"]["value"] is None
    assert summary["measures"]["faithfulness"]["reason"] == "there is no verifier yet"
    assert set(summary["by_type"]) == {"factoid", "polar", "unanswerable"}


def test_the_same_run_stores_the_same_bytes(cases: tuple[Case, ...], file: Path, tmp_path: Path) -> None:
    stored = [tmp_path / name / "results.json" for name in ("one", "two")]
    for path, order in zip(stored, (cases, tuple(reversed(cases))), strict=True):
        write(run(order, subject(), settings=case_settings([file], "all")), path)
    assert stored[0].read_bytes() == stored[1].read_bytes()
    assert sorted(path.name for path in stored[0].parent.iterdir()) == ["results.json", "results.timings.json"]


def test_the_file_is_named_after_what_was_asked(done: Run) -> None:
    path = default_path(done.settings, CERTIFICATE)
    assert (path.parent, path.name[:4]) == (Path("build/eval"), "all-")
    assert path == default_path(done.settings, CERTIFICATE)
    assert path != default_path(done.settings, "another")
    assert path != default_path({**done.settings, "threshold": 0.5}, CERTIFICATE)


def test_what_is_stored_is_read_again(done: Run, tmp_path: Path) -> None:
    done = replace(done, memory_mb={"peak": 12.5})
    write(done, tmp_path / "results.json")
    again = read(tmp_path / "results.json")
    assert again == done
    assert (again.stages_ms, again.memory_mb) == (done.stages_ms, done.memory_mb)
    assert results_json(again) == results_json(done)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("{", "not JSON"),
        ("[]", "holds no results of format 2"),
        ('{"format": 1}', "its format: 1"),
        ('{"format": 2, "outcomes": [{"id": "x"}]}', "is damaged"),
    ],
)
def test_a_file_that_holds_no_results_is_named(text: str, says: str, tmp_path: Path) -> None:
    path = tmp_path / "results.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadResults, match=f"results.json: .*{says}"):
        read(path)


@pytest.mark.parametrize("command", ["run", "faithfulness", "report"])
def test_no_command_writes_over_what_it_did_not_write(command: str, done: Run, file: Path, tmp_path: Path) -> None:
    write(done, tmp_path / "results.json")
    document, answers = tmp_path / "treaty.md", tmp_path / "answers.jsonl"
    document.write_text("# Treaty", encoding="utf-8")
    answers.write_text('{"question": "?", "answer": "", "contexts": []}', encoding="utf-8")
    read_from = {
        "run": ["--cases", str(file)],
        "faithfulness": [str(answers)],
        "report": [str(tmp_path / "results.json")],
    }
    result = CliRunner().invoke(app, [command, *read_from[command], "--to", str(document)])
    assert isinstance(result.exception, EvalError)
    assert "treaty.md is there already" in str(result.exception)
    assert document.read_text(encoding="utf-8") == "# Treaty"
    assert not list(tmp_path.glob("*.part"))


def test_results_and_pages_are_written_over(done: Run, tmp_path: Path) -> None:
    for _ in range(2):
        write(done, tmp_path / "results.json")
        assert CliRunner().invoke(app, ["report", str(tmp_path / "results.json")]).exit_code == 0


def test_a_missing_file_of_results_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadResults, match=r"absent\.json: No such file"):
        read(tmp_path / "absent.json")


def test_the_results_hold_what_a_later_comparison_needs(done: Run) -> None:
    results = results_json(done)
    assert results["certificate"] == CERTIFICATE
    assert results["settings"]["cases"].keys() == {"cases.jsonl"}
    assert {"python", "foedus", "numpy"} <= results["versions"].keys()
    assert results["processor"]
    seat = next(outcome for outcome in results["outcomes"] if outcome["id"] == "seat")
    (gold,) = seat["expected"]["gold"][0]
    text = TEXTS["norad"]
    assert text[gold["start"] : gold["end"]] == gold["quote"] == "headquarters are in Colorado Springs"
    assert gold["before"] + gold["quote"] + gold["after"] == text  # shorter than what is kept around
    assert seat["got"]["citations"][0]["quote"] == "Its headquarters are in Colorado Springs."
    assert seat["passage_rank"] == 1
    assert "ms" not in json.dumps(results)


def test_timings_lie_beside_the_results(done: Run, tmp_path: Path) -> None:
    write(done, tmp_path / "results.json")
    times = json.loads((tmp_path / "results.timings.json").read_text(encoding="utf-8"))
    assert times["stages_ms"].keys() == {row["id"] for row in ROWS}
    totals = [taken["total"] for taken in times["stages_ms"].values()]
    assert min(totals) <= times["quantiles_ms"]["total"]["p50"] <= times["quantiles_ms"]["total"]["p95"] <= max(totals)


@pytest.mark.parametrize("stopped_after", [0, 1, 3])
@pytest.mark.parametrize("torn", ["", '{"outcome": {"id": "se', "torn\n"])
def test_a_run_that_was_stopped_goes_on(cases: tuple[Case, ...], stopped_after: int, torn: str, tmp_path: Path) -> None:
    journal, heard = tmp_path / "new" / "journal.jsonl", list[str]()

    def stopping(question: Question) -> Answer:
        if len(heard) == stopped_after:
            raise KeyboardInterrupt
        return listening(question)

    def listening(question: Question) -> Answer:
        heard.append(question.text)
        return ask(question)

    with pytest.raises(KeyboardInterrupt):
        run(cases, subject(ask=stopping), journal=journal)
    with journal.open("a", encoding="utf-8") as file:
        file.write(torn)
    told: list[None] = []
    resumed = run(cases, subject(ask=listening), journal=journal, tell=lambda: told.append(None))
    assert resumed == run(cases, subject())
    assert sorted(heard) == sorted(row["question"] for row in ROWS)  # each once
    assert len(told) == len(cases)


def test_names_that_are_alike_have_files_of_their_own(done: Run, tmp_path: Path) -> None:
    for name, peak in (("run.1", 1.0), ("run.2", 2.0)):
        write(replace(done, memory_mb={"peak": peak}), tmp_path / name)
    assert read(tmp_path / "run.1").memory_mb == {"peak": 1.0}


def test_what_is_read_is_never_replaced(file: Path) -> None:
    before = file.read_bytes()
    result = CliRunner().invoke(app, ["run", "--cases", str(file), "--to", str(file)])
    assert isinstance(result.exception, UsageError)
    assert file.read_bytes() == before


def test_another_runs_journal_is_not_gone_on_with(cases: tuple[Case, ...], tmp_path: Path) -> None:
    journal, heard = tmp_path / "journal.jsonl", list[str]()

    def listening(question: Question) -> Answer:
        heard.append(question.text)
        return ask(question)

    for threshold in (0.5, 0.6):
        run(cases, subject(ask=listening), settings={"threshold": threshold}, journal=journal)
    assert len(heard) == 2 * len(cases)


def test_the_history_of_a_case_is_asked_along(cases: tuple[Case, ...]) -> None:
    heard: list[Question] = []

    def listening(question: Question) -> Answer:
        heard.append(question)
        return ask(question)

    run([replace(cases[0], history=(("What is ANZUS?", "A treaty."),))], subject(ask=listening))
    assert heard == [Question(text="Does ANZUS establish a Council?", history=(("What is ANZUS?", "A treaty."),))]


def test_nothing_is_asked_on_broken_gold(cases: tuple[Case, ...]) -> None:
    asked: list[Question] = []

    def listening(question: Question) -> Answer:
        asked.append(question)
        return ask(question)

    broken = replace(cases[0], gold=(tuple(replace(gold, quote="no such words") for gold in cases[0].gold[0]),))
    with pytest.raises(BadCases, match=r"cases\.jsonl:1: not found in 'anzus': 'no such words'"):
        run([broken, *cases[1:]], subject(ask=listening))
    assert asked == []


def test_a_library_that_changes_meanwhile_is_an_error(cases: tuple[Case, ...]) -> None:
    numbers = count()

    def changing(question: Question) -> Answer:
        return replace(ask(question), certificate=str(next(numbers)))

    with pytest.raises(EvalError, match="changed while it was asked"):
        run(cases, subject(ask=changing))


def test_progress_is_told_once_a_case(cases: tuple[Case, ...]) -> None:
    told: list[None] = []
    run(cases, subject(), tell=lambda: told.append(None))
    assert len(told) == len(cases)


def test_tables_show_numbers_and_failures_with_brackets_as_they_are(done: Run) -> None:
    console = Console(width=200)
    with console.capture() as captured:
        for part in (table.measures_table(done), table.types_table(done), table.curve_table(done.curve())):
            console.print(part)
        console.print(table.failures_list(done.outcomes))
    shown = captured.get()
    assert "citation_precision" in shown
    assert "there is no verifier yet" in shown
    assert "the headquarters lie [1]?" in shown
    assert "refused: not_stated" in shown
    assert [outcome.id for outcome in done.failures()] == ["long"]


def test_the_command_names_broken_cases_before_it_opens_anything(tmp_path: Path) -> None:
    broken = tmp_path / "cases.jsonl"
    broken.write_text("{", encoding="utf-8")
    result = CliRunner().invoke(app, ["run", "--cases", str(broken), "--library", str(tmp_path / "absent")])
    assert isinstance(result.exception, BadCases)
    assert f"{broken}:1: not JSON" in str(result.exception)


def test_an_unknown_split_is_wrong_usage(file: Path) -> None:
    result = CliRunner().invoke(app, ["run", "--cases", str(file), "--split", "train"])
    assert isinstance(result.exception, UsageError)
    assert "choose one of tune, test, all" in str(result.exception)
