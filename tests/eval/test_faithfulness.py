"""Answers of any system are read whole or not at all, and what no context supports is marked to the character."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console
from rich.padding import Padding
from rich.text import Text
from typer.testing import CliRunner

from eval import table
from eval.cli import app
from eval.errors import BadAnswers
from eval.faithfulness import Row, faithfulness_json, judge_answers, measures, read_answers
from eval.judge import JUDGES, judge

CONTEXT = "The ANZUS Treaty was signed in San Francisco on 1 September 1951. It has three parties."
GOOD = {"question": "When?", "answer": "It was signed on 1 September 1951. It has 4 parties.", "contexts": [CONTEXT]}


def write(path: Path, *rows: object) -> Path:
    path.write_text("\n".join(row if isinstance(row, str) else json.dumps(row) for row in rows), encoding="utf-8")
    return path


def row(answer: str, *contexts: str) -> Row:
    return Row(id="1", question="?", answer=answer, contexts=contexts)


def test_what_no_context_supports_is_marked(tmp_path: Path) -> None:
    path = write(tmp_path / "answers.jsonl", GOOD)
    (judged,) = judge_answers(read_answers(path), judge("checked"))
    assert [one.supported for one in judged.statements] == [True, False]
    (said,) = faithfulness_json([judged], judge("checked"), path)["judged"]
    (lost,) = said["statements"][1]["missing"]
    assert (lost["kind"], lost["words"]) == ("number", "4")
    assert GOOD["answer"][lost["start"] : lost["end"]] == "4"
    assert (judged.faithfulness, judged.wholly) == (0.5, False)


@pytest.mark.parametrize("answer", ["Yes.", "...", "—", "It is what it is."])
def test_what_claims_nothing_gains_nothing(answer: str) -> None:
    alone, within = judge_answers(
        [row(answer, CONTEXT), row(f"{answer} It has three parties.", CONTEXT)], judge("checked")
    )
    assert (alone.empty, alone.faithfulness) == (True, 0.0)
    assert (within.empty, within.faithfulness) == (False, 1.0)


@given(st.text(alphabet="ab. \n4", max_size=40), st.lists(st.text(alphabet="ab. 4", max_size=40), max_size=3))
def test_statements_are_slices_that_hold_every_word(answer: str, contexts: list[str]) -> None:
    for one in JUDGES.values():
        (judged,) = judge_answers([row(answer, *contexts)], one)
        assert all(answer[said.start : said.end] == said.text for said in judged.statements)
        assert sum(len(said.text.split()) for said in judged.statements) == len(answer.split())
        assert 0 <= judged.faithfulness <= 1


def test_an_answer_supports_itself_and_an_empty_one_nothing() -> None:
    judged = list(judge_answers([row(CONTEXT, CONTEXT), row("", CONTEXT), row(" ", CONTEXT)], judge("checked")))
    assert [one.faithfulness for one in judged] == [1.0, 0.0, 0.0]
    found = measures(judged)
    assert found["faithfulness"].value == pytest.approx(1 / 3, abs=1e-6)
    assert found["faithfulness"].cases == 3


@pytest.mark.parametrize(
    "laid_out", ["It has three parties [1].", "It has three parties [1, 2].", "4. It has three parties."]
)
def test_marks_of_citations_and_lists_are_no_numbers(laid_out: str) -> None:
    (judged,) = judge_answers([row(laid_out, CONTEXT)], judge("checked"))
    assert judged.wholly


def test_all_that_is_wrong_is_named_at_once(tmp_path: Path) -> None:
    bad = [{**GOOD, "id": "1"}, "{", [1], {"question": 1, "answer": "x", "contexts": [1]}, {**GOOD, "id": "1"}]
    path = write(tmp_path / "answers.jsonl", *bad)
    with pytest.raises(BadAnswers) as caught:
        read_answers(path)
    text = "\n".join(caught.value.problems)
    assert f"{path}:2: not JSON" in text
    assert f"{path}:3: must be an object" in text
    assert f"{path}:4: 'question' must be a text, this is 1" in text
    assert f"{path}:4: 'contexts' must hold texts only" in text
    assert f"{path}:5: the id '1' is there twice, first on line 1" in text  # the number of a line, and an id


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        (json.dumps({**GOOD, "answer": "a \ud800 b"}), "half of a surrogate pair"),
        ("[" * 100_000, "nested too deeply"),
        (json.dumps({**GOOD, "id": None}), "'id' must be a text or a whole number, this is None"),
    ],
)
def test_lines_that_would_break_later_are_named_first(line: str, problem: str, tmp_path: Path) -> None:
    with pytest.raises(BadAnswers, match=f":1: .*{problem}"):
        read_answers(write(tmp_path / "answers.jsonl", line))


def test_a_file_without_an_answer_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadAnswers, match="holds no answer"):
        read_answers(write(tmp_path / "answers.jsonl", ""))
    with pytest.raises(BadAnswers, match="No such file"):
        read_answers(tmp_path / "absent.jsonl")


def test_the_command_prints_one_value_and_stores_the_same_bytes_twice(tmp_path: Path) -> None:
    path = write(tmp_path / "answers.jsonl", GOOD, {**GOOD, "answer": ""})
    stored = [tmp_path / "one.json", tmp_path / "two.json"]
    for to in stored:
        result = CliRunner().invoke(app, ["faithfulness", str(path), "--json", "--to", str(to)])
        assert result.exit_code == 0
        printed = json.loads(result.stdout)
        assert (printed["answers"], printed["empty"], printed["statements"]) == (2, 1, 2)
        assert printed["measures"]["faithfulness"]["value"] == 0.25
    assert stored[0].read_bytes() == stored[1].read_bytes()


def test_the_list_shows_why() -> None:
    judged = list(judge_answers([row("It has 4 parties. [b]", CONTEXT)], judge("checked")))
    console = Console(width=100)
    with console.capture() as captured:
        console.print(table.faithfulness_table(measures(judged), judge("checked")))
        console.print(table.unsupported_list(judged))
    shown = captured.get()
    assert "It has 4 parties. [b]" in shown
    assert "in no context: number “4”" in shown


def test_marks_stand_where_they_belong_whatever_a_terminal_would_obey() -> None:
    judged = list(judge_answers([row("First of all.\r\nIt has 4\x1b[2J parties.", CONTEXT)], judge("checked")))
    console = Console(width=100)
    with console.capture() as captured:
        console.print(table.unsupported_list(judged))
    assert "\x1b[2J" not in captured.get()
    shown = next(one.renderable for one in table.unsupported_list(judged).renderables if isinstance(one, Padding))
    assert isinstance(shown, Text)
    marked = [shown.plain[span.start : span.end] for span in shown.spans if span.style == "bold underline"]
    assert marked == [lost.words for said in judged[0].statements for lost in said.missing]
    assert "4" in marked
