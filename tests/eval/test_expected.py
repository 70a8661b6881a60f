"""Published numbers are held against what their commands print; a broken command is never a number."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from eval import expected
from eval.cli import app
from eval.errors import BadExpected
from eval.expected import Checked, Entry, check, chosen, read_expected, renew, status
from eval.table import checked_table
from ingest.errors import UsageError

GOOD: dict[str, Any] = {
    "name": "one",
    "command": "python -m json.tool {data}/printed.json",
    "needs": "",
    "tolerance": 0.01,
    "measured_on": "a processor",
    "numbers": {"measures.first_span.value": 0.75, "hybrid nDCG@10": 0.442},
}


def write(folder: Path, *rows: object) -> Path:
    (folder / "file.json").write_text(json.dumps(rows), encoding="utf-8")
    return folder


def printed(folder: Path, value: object) -> Path:
    (folder / "printed.json").write_text(json.dumps(value), encoding="utf-8")
    return folder


@pytest.fixture
def entry(tmp_path: Path) -> Entry:
    return read_expected(write(tmp_path, GOOD))[0]


def run(entry: Entry, folder: Path) -> list[tuple[str, str, float | None]]:
    return [(one.number, one.status, one.found) for one in check(entry, data=folder, library=folder / "library")]


@pytest.mark.parametrize(
    ("found", "verdict"), [(0.75, "OK"), (0.7504, "OK"), (0.7506, "OKish"), (0.7401, "OKish"), (0.7399, "FAIL")]
)
def test_how_far_off_a_number_may_be(found: float, verdict: str) -> None:
    assert status(0.75, found, 0.01) == verdict
    assert status(-0.75, -found, 0.01) == verdict


def test_the_edges_belong_to_the_better_side() -> None:
    assert [status(0.75, found, 0.01) for found in (0.7505, 0.74, 0.76)] == ["OK", "OKish", "OKish"]


def test_numbers_are_found_by_path_whatever_dots_their_names_hold(entry: Entry, tmp_path: Path) -> None:
    value = {"measures": {"first_span": {"value": 0.751}}, "hybrid nDCG@10": 0.442}
    assert run(entry, printed(tmp_path, value)) == [
        ("measures.first_span.value", "OKish", 0.751),
        ("hybrid nDCG@10", "OK", 0.442),
    ]


def test_numbers_may_stand_under_numbers(entry: Entry, tmp_path: Path) -> None:
    value = {"dataset": "x", "numbers": {"measures.first_span.value": 0.75, "hybrid nDCG@10": 0.442}}
    assert [verdict for _, verdict, _ in run(entry, printed(tmp_path, value))] == ["OK", "OK"]


def test_a_number_that_is_not_printed_fails(entry: Entry, tmp_path: Path) -> None:
    value = {"measures": {"first_span": {"value": None}}, "hybrid nDCG@10": "0.442"}
    assert [verdict for _, verdict, _ in run(entry, printed(tmp_path, value))] == ["FAIL", "FAIL"]


def test_a_command_that_breaks_fails_with_its_message(entry: Entry, tmp_path: Path) -> None:
    (one,) = check(entry, data=tmp_path, library=tmp_path)
    assert (one.status, one.found) == ("FAIL", None)
    assert "printed.json" in one.problem


def test_what_is_no_json_fails(entry: Entry, tmp_path: Path) -> None:
    (tmp_path / "printed.json").write_text('"text"', encoding="utf-8")
    assert [verdict for _, verdict, _ in run(entry, tmp_path)] == ["FAIL", "FAIL"]


def test_without_its_data_an_entry_is_skipped_and_says_so(tmp_path: Path) -> None:
    (entry,) = read_expected(write(tmp_path, {**GOOD, "needs": "retrieval/absent"}))
    (one,) = check(entry, data=tmp_path, library=tmp_path)
    assert (one.status, one.found) == ("SKIPPED", None)
    assert "absent is not there; name the data with --data" in one.problem


def test_no_shell_reads_a_command(tmp_path: Path) -> None:
    row = {**GOOD, "command": "python -m json.tool {data}/printed.json; touch {data}/touched", "numbers": {}}
    (one,) = check(read_expected(write(tmp_path, row))[0], data=printed(tmp_path, {}), library=tmp_path)
    assert one.status == "FAIL"
    assert not (tmp_path / "touched").exists()


def test_all_that_is_wrong_is_named_at_once(tmp_path: Path) -> None:
    write(tmp_path, {**GOOD, "command": "rm -r /"}, {"name": "x"}, GOOD, GOOD, {**GOOD, "numbers": {"a": "b"}})
    (tmp_path / "other.json").write_text("{", encoding="utf-8")
    with pytest.raises(BadExpected) as caught:
        read_expected(tmp_path)
    text = "\n".join(caught.value.problems)
    for says in ("entry 1: its command must start", "entry 2: must have the fields", "entry 5: all its numbers"):
        assert f"file.json: {says}" in text
    assert "other.json" in text
    assert "'one' is there twice" in text


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ({"command": "python -m json.tool {folder}"}, r"holds \{folder\}; only \{data\} and \{library\}"),
        ({"command": "python -m json.tool {"}, "cannot be taken apart"),
        ({"command": "python -m 'json.tool"}, "cannot be taken apart"),
        ({"command": 1}, "'command' is 1"),
        ({"tolerance": True}, "'tolerance' is True"),
        ({"numbers": {"a": True}}, "must be numbers"),
        ({"numbers": {"a": float("nan")}}, "must be numbers"),
    ],
)
def test_what_is_wrong_with_an_entry_is_said(row: dict[str, Any], says: str, tmp_path: Path) -> None:
    with pytest.raises(BadExpected, match=says):
        read_expected(write(tmp_path, {**GOOD, **row}))


def test_a_check_of_nothing_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(BadExpected, match="holds no published numbers"):
        read_expected(tmp_path)


def test_a_tolerance_may_be_a_whole_number(tmp_path: Path) -> None:
    assert read_expected(write(tmp_path, {**GOOD, "tolerance": 0}))[0].tolerance == 0


@pytest.fixture
def shipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder in the place of `expected/`, with one entry whose command ends badly."""
    row = {**GOOD, "command": "python -m json.tool {data}/absent.json"}
    (tmp_path / "expected").mkdir()
    monkeypatch.setattr(read_expected, "__defaults__", (write(tmp_path / "expected", row),))
    return tmp_path


def test_a_command_that_breaks_is_found_even_while_numbers_are_renewed(shipped: Path) -> None:
    assert CliRunner().invoke(app, ["check", "--update", "--data", str(shipped)]).exit_code == 4


def test_the_list_is_json_where_that_is_asked(shipped: Path) -> None:
    (one,) = json.loads(CliRunner().invoke(app, ["check", "--list", "--json"]).stdout)["entries"]
    assert (one["name"], one["needs"]) == ("one", "")


def test_a_folder_of_data_that_is_named_must_be_there(shipped: Path) -> None:
    result = CliRunner().invoke(app, ["check", "--data", str(shipped / "absent")])
    assert isinstance(result.exception, UsageError)


def test_entries_are_chosen_by_name(entry: Entry) -> None:
    assert chosen([entry], []) == chosen([entry], ["one"]) == (entry,)
    with pytest.raises(UsageError, match="called two; known are one"):
        chosen([entry], ["two"])


def test_renewing_changes_what_was_found_and_nothing_else(entry: Entry, tmp_path: Path) -> None:
    found = [
        Checked(entry="one", number="hybrid nDCG@10", expected=0.442, found=0.5, status="FAIL"),
        Checked(entry="one", number="measures.first_span.value", expected=0.75, found=None, status="FAIL"),
    ]
    renew([entry], found, "another processor")
    (row,) = json.loads((tmp_path / "file.json").read_text(encoding="utf-8"))
    numbers = {"measures.first_span.value": 0.75, "hybrid nDCG@10": 0.5}
    assert row == {**GOOD, "numbers": numbers, "measured_on": "another processor"}


def test_the_title_counts() -> None:
    rows = [Checked(entry="e", number="n", expected=1, found=1, status=one) for one in ("OK", "FAIL", "OK")]
    assert checked_table(rows).title == "2 OK, 1 FAIL"


def test_the_entries_that_ship_are_sound() -> None:
    entries = read_expected()
    assert entries
    for entry in entries:
        assert entry.numbers, entry.name
        assert entry.needs == expected.LIBRARY or entry.needs.startswith(("retrieval/", "faithfulness/"))
