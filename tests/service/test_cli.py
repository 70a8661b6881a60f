"""Commands, exit codes, and what goes to which stream."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from index.errors import LibraryBusy, LibraryError
from index.library import Library
from service import ingestion
from service.settings import default_library

from .conftest import Foedus

QUESTION = "When was the Treaty of Strelsau signed?"


@pytest.fixture
def answer(foedus: Foedus, library_path: Path, tmp_path: Path) -> Path:
    """A stored answer."""
    path = tmp_path / "answer.json"
    path.write_text(foedus("ask", QUESTION, "--json", "--library", library_path).out, encoding="utf-8")
    return path


def test_version(foedus):
    assert foedus("--version") == foedus("-V")
    assert foedus("--version").out.startswith("foedus ")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ((), "Ask questions of your documents"),
        (("ask", "--help"), "$FOEDUS_LIBRARY"),
        (("search", "-h"), "By words (lexical)"),
        (("search", "-h"), "orders the hits of one search and says nothing by itself"),
        (("ingest", "-h"), "folders are walked"),
        (("documents", "show", "-h"), "documents list"),
        (("verify", "-h"), "- reads stdin"),
        (("doctor", "-h"), "--repair"),
        (("serve", "-h"), "0 takes a free one"),
    ],
)
def test_help_says_what_a_person_needs(foedus, monkeypatch, arguments, says):
    monkeypatch.setenv("COLUMNS", "200")
    assert says in foedus(*arguments).out


def test_asking(foedus, library_path):
    ran = foedus("ask", QUESTION, "--library", library_path)
    assert (ran.code, ran.err) == (0, "")
    assert "1 September 1951" in ran.out
    ran = foedus(
        "ask", QUESTION, "--json", "--k", 3, "--document", "strelsau", "--trust", "primary", "--library", library_path
    )
    assert (ran.code, ran.err) == (0, "")
    assert json.loads(ran.out)["citations"][0]["document_id"] == "strelsau"


@pytest.mark.parametrize(
    "arguments",
    [
        ("search", "mineral water", "--mode", "lexical", "--k", 1),
        ("documents", "list"),
        ("documents", "show", "strelsau", "--text"),
        ("doctor",),
    ],
)
def test_json_is_one_value_and_nothing_else(foedus, library_path, arguments):
    ran = foedus(*arguments, "--json", "--library", library_path)
    assert (ran.code, ran.err) == (0, "")
    assert isinstance(json.loads(ran.out), dict)
    assert foedus(*arguments, "--library", library_path).code == 0


WRONG_USE = [
    ("nothing",), ("ask",), ("ask", "a", "b"), ("ask", "a", "--k", 0), ("ask", "a", "--k", 101), ("ingest",),
    ("ask", "a", "--trust", "high"), ("search", "a", "--mode", "best"), ("search", "a", "--k", "x"), ("verify",),
    ("serve", "--port", 70000), ("documents", "show"), ("search", ""), ("search", " ?! _"), ("ask", "-5?"),
    ("ask", "--json", "--what is it?"), ("search", "-", "x"), ("search", "--k", "-5", "x"),
]  # fmt: skip


@pytest.mark.parametrize("arguments", WRONG_USE, ids=lambda arguments: " ".join(map(str, arguments)))
def test_wrong_usage_is_2(foedus, library_path, arguments):
    ran = foedus(*arguments, *(("--library", library_path) if "--mode" in arguments or "--trust" in arguments else ()))
    assert (ran.code, ran.out) == (2, "")
    assert "Traceback" not in ran.err


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("search", ""), "QUERY '': there are no words in it"),
        (("search", "?!", "--json"), "QUERY '?!': there are no words in it"),
        (("ask", "-5?"), "-5? is no option; what begins with - stands last, after --: foedus ask [OPTIONS] -- '-5?'"),
        (("search", "--what is it?"), "foedus search [OPTIONS] -- '--what is it?'"),
    ],
)
def test_wrong_words_are_told_in_one_line(foedus, library_path, arguments, says):
    ran = foedus(*arguments, "--library", library_path)
    assert (ran.code, ran.out, ran.err.count("\n")) == (2, "", 1)
    assert says in ran.err


def test_what_begins_with_a_dash_stands_after_two(foedus, library_path):
    ran = foedus("search", "--k", 1, "--json", "--library", library_path, "--", "-water?")
    assert (ran.code, ran.err) == (0, "")
    assert json.loads(ran.out)["query"] == "-water?"


FAILURES = {
    "ask a --document none": "has no document 'none'",
    "documents show none": "has no document 'none'",
    "documents remove none": "has no document 'none'",
    "verify none.json": "none.json: No such file",
    "verify broken.json": "broken.json is not JSON",
    "verify list.json": "holds a JSON list",
    "verify object.json": "needs 'citations' as a list",
    "verify .": "Is a directory",
}


@pytest.mark.parametrize("command", FAILURES)
def test_a_failure_is_1_and_one_line(foedus, library_path, tmp_path, command):
    for name, text in {"broken": "{", "list": "[]", "object": "{}"}.items():
        (tmp_path / f"{name}.json").write_text(text)
    ran = foedus(*command.split(), "--json", "--library", library_path)
    assert (ran.code, ran.out, ran.err.count("\n")) == (1, "", 1)
    assert ran.err.startswith("foedus: ")
    assert FAILURES[command] in ran.err


@pytest.mark.parametrize(
    "arguments",
    [
        ("ask", "a"),
        ("serve",),
        ("search", "a"),
        ("documents", "list"),
        ("documents", "show", "a"),
        ("documents", "remove", "a"),
        ("doctor",),
    ],
    ids=" ".join,
)
def test_a_named_library_must_exist(foedus, tmp_path, arguments):
    ran = foedus(*arguments, "--library", tmp_path / "none")
    assert (ran.code, ran.out) == (1, "")
    none = tmp_path / "none"
    assert ran.err == f"foedus: there is no library in {none}: make one with `foedus ingest PATH --library {none}`\n"
    assert not (tmp_path / "none").exists()


def test_a_question_that_is_too_long(foedus, library_path):
    ran = foedus("ask", "a " * 1500, "--library", library_path)
    assert (ran.code, ran.out) == (1, "")
    assert ran.err == "foedus: the question has 3000 characters, the limit is 2000; ask in a sentence or two\n"


def test_a_broken_settings_file_and_an_unknown_variable(foedus, library_path, tmp_path, monkeypatch):
    (tmp_path / "foedus.toml").write_text("librari = 'x'")
    ran = foedus("documents", "list")
    assert (ran.code, ran.out, ran.err.count("\n")) == (1, "", 1)
    assert "did you mean 'library'?" in ran.err
    (tmp_path / "foedus.toml").unlink()
    monkeypatch.setenv("FOEDUS_PORT", "tcp://1.2.3.4")
    ran = foedus("documents", "list", "--json", "--library", library_path)
    assert ran.code == 0
    assert json.loads(ran.out)
    assert "FOEDUS_PORT" in ran.err


def test_verifying_again(foedus, library_path, answer):
    ran = foedus("verify", answer, "--json", "--library", library_path)
    assert (ran.code, json.loads(ran.out)["verified"]) == (0, True)
    record = json.loads(answer.read_text(encoding="utf-8"))
    record["citations"][0]["start"] += 1
    answer.write_text(json.dumps(record), encoding="utf-8")
    ran = foedus("verify", answer, "--json", "--library", library_path)
    assert (ran.code, json.loads(ran.out)["verified"]) == (4, False)
    assert "changed" in foedus("verify", answer, "--library", library_path).out


def test_verifying_against_the_default_library_says_that_another_may_be_meant(
    foedus, library_path, answer, sources, monkeypatch
):
    hint = "if another library gave the answer, name it with --library\n"
    none = foedus("verify", answer)
    assert (none.code, none.out, none.err) == (1, "", f"foedus: there is no library in {default_library()}; {hint}")
    foedus("ingest", sources / "szohod.md", "--library", default_library())
    other = foedus("verify", answer, "--json")
    assert (other.code, other.err) == (4, f"foedus: checked against {default_library()}; {hint}")
    assert json.loads(other.out)["citations"][0]["status"] == "missing"
    named = foedus("verify", answer, "--library", default_library())
    assert (named.code, named.err) == (4, "")
    assert foedus("verify", answer, "--library", library_path).err == ""


def test_verifying_a_refusal_says_that_it_is_one(foedus, library_path, tmp_path):
    refused = foedus("ask", "Does the African Union have a lighthouse clause?", "--json", "--library", library_path)
    (tmp_path / "refusal.json").write_text(refused.out, encoding="utf-8")
    ran = foedus("verify", "refusal.json", "--library", library_path)
    assert (ran.code, ran.err) == (0, "")
    head, *rows = ran.out.splitlines()
    assert head == "This is a refusal: it states nothing. Of its nearest passages:"
    assert rows
    assert all(row.endswith(" stands where it says") for row in rows)


def test_files_come_and_go(foedus, tmp_path):
    (tmp_path / "a.md").write_text("# Pact of Zenda\n\nThe Pact was signed in 1901.\n", encoding="utf-8")
    added = foedus("ingest", "a.md", "none.md", "--json", "--library", "lib")
    assert (added.code, added.err) == (3, "")
    report = json.loads(added.out)
    assert (report["added"], report["failed"]) == (1, 1)
    assert [row["reason"] is None for row in report["files"]] == [row["status"] == "added" for row in report["files"]]
    again = foedus("ingest", "a.md", "--library", "lib")
    assert (again.code, again.err) == (0, "")
    assert "1 unchanged" in again.out
    assert "1901" in foedus("documents", "show", "a", "--text", "--library", "lib").out
    removed = foedus("documents", "remove", "a", "--json", "--library", "lib")
    assert json.loads(removed.out) == {"removed": "a"}
    assert (tmp_path / "a.md").exists()
    assert "library is empty" in foedus("documents", "list", "--library", "lib").out
    assert json.loads(foedus("ask", "When?", "--json", "--library", "lib").out)["refusal"]["reason"] == "empty_library"


def test_the_first_question_builds_the_default_library(foedus, sources, monkeypatch):
    monkeypatch.setattr(ingestion, "CORPUS", sources / "strelsau.md")
    first = foedus("ask", QUESTION, "--json")
    assert first.code == 0
    assert json.loads(first.out)["outcome"] == "answer"
    assert "building the library from the bundled corpus" in first.err
    assert foedus("ask", QUESTION, "--json").err == ""


@pytest.mark.parametrize("arguments", [("search", "a"), ("documents", "list"), ("doctor",)], ids=" ".join)
def test_what_does_not_ask_builds_no_library(foedus, arguments):
    ran = foedus(*arguments)
    assert (ran.code, ran.out) == (1, "")
    assert ran.err.startswith(f"foedus: there is no library in {default_library()}: make one with `foedus ingest PATH")
    assert not default_library().exists()


def start(*arguments: object, folder: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", "from service.cli import main; main()", *map(str, arguments)]
    return subprocess.Popen(
        command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8"
    )


def being_written(folder: Path) -> bool:
    try:
        with Library.open(folder) as library, library.sole_writer(wait=0):
            return False
    except LibraryBusy:
        return True
    except LibraryError:  # not made yet
        return False


@pytest.mark.skipif(os.name != "posix", reason="SIGINT is sent to a process of POSIX")
def test_ctrl_c_is_one_line_and_the_library_is_whole(foedus, tmp_path):
    folder = tmp_path / "files"
    folder.mkdir()
    for number in range(300):
        (folder / f"{number}.md").write_text(
            f"# Pact {number}\n\n" + f"The Pact of {number} lasts. " * 200, encoding="utf-8"
        )
    process = start("ingest", "files", "--library", "lib", folder=tmp_path)
    while not being_written(tmp_path / "lib") and process.poll() is None:
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=120)
    assert (process.returncode, out) == (130, "")
    assert err == "foedus: stopped; what was finished is kept\n"
    assert foedus("doctor", "--library", "lib").code == 0


@pytest.mark.skipif(os.name != "posix", reason="pipes end otherwise elsewhere")
def test_a_reader_that_goes_away_is_no_error_message(library_path, tmp_path):
    process = start("documents", "list", "--json", "--library", library_path, folder=tmp_path)
    assert process.stdout
    assert process.stderr
    process.stdout.close()
    assert process.stderr.read() == ""
    assert process.wait(timeout=60) in {0, 1}
    process.stderr.close()


def test_output_to_a_program_is_utf8_whatever_the_locale(library_path, tmp_path, monkeypatch):
    monkeypatch.setenv("PYTHONIOENCODING", "ascii")
    out, err = start("documents", "show", "szohod", "--library", library_path, folder=tmp_path).communicate(timeout=60)
    assert err == ""
    assert "Trade Agreement of Szohôd" in out
