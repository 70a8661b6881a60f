"""Cases are read whole or not at all, and their gold is found in the canonical text."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.case import BUNDLED, read_cases
from eval.errors import BadCases
from eval.locate import locate, locate_gold
from service.answer import Verdict

GOOD = {
    "id": "a-1",
    "family": "a",
    "split": "tune",
    "type": "polar",
    "question": "Does ANZUS have a mutual defense clause?",
    "verdict": "mixed",
    "answers": ["common\\s+danger"],
    "gold": [[{"document": "anzus", "quote": "act to meet the common danger"}]],
    "pinpoint": "Article IV",
    "outcome": "answer",
}
TEXT = (
    "Each Party would “act to meet the\ncommon danger” – by 9<sup>th</sup> May. See [the **Council**](https://x.org/a)."
)


def write(path: Path, *rows: dict[str, Any] | str) -> Path:
    path.write_text("\n".join(row if isinstance(row, str) else json.dumps(row) for row in rows), encoding="utf-8")
    return path


def problems(path: Path) -> tuple[str, ...]:
    with pytest.raises(BadCases) as caught:
        read_cases(path)
    return caught.value.problems


def test_a_case_is_read_with_all_its_fields(tmp_path: Path) -> None:
    history = {"history": [{"question": "What is ANZUS?", "answer": "A treaty."}]}
    (case,) = read_cases(write(tmp_path / "cases.jsonl", {**GOOD, **history}))
    assert (case.id, case.family, case.split, case.type, case.pinpoint) == ("a-1", "a", "tune", "polar", "Article IV")
    assert case.verdict is Verdict.MIXED
    assert case.answerable
    assert case.history == (("What is ANZUS?", "A treaty."),)
    assert [gold.documents for part in case.gold for gold in part] == [("anzus",)]
    assert case.place == f"{tmp_path / 'cases.jsonl'}:1"


def test_a_proposed_case_is_no_gold_until_somebody_says_so(tmp_path: Path) -> None:
    path = tmp_path / "cases.jsonl"
    (problem,) = problems(write(path, {**GOOD, "proposed": True}))
    assert problem.startswith(f"{path}:1: is only proposed: check the question and its gold")
    assert read_cases(write(path, {**GOOD, "proposed": False})) == read_cases(write(path, GOOD))


def test_the_short_form_has_alternatives_except_where_parts_are_asked_for(tmp_path: Path) -> None:
    short = {
        "question": "Q?",
        "answer": ["x"],
        "doc": ["npt_1968"],
        "gold": ["one thing", "other thing"],
        "pinpoint": None,
    }
    path = write(
        tmp_path / "short.jsonl",
        {"id": "1", "type": "factoid", **short},
        {"id": "2", "type": "list", **short},
        {"id": "3", "type": "false_premise", "question": "Why?"},
    )
    factoid, listed, refused = read_cases(path)
    assert [len(part) for part in factoid.gold] == [2]
    assert [len(part) for part in listed.gold] == [1, 1]
    assert factoid.gold[0][0].documents == ("npt-1968",)
    assert (factoid.family, factoid.split, factoid.answers) == ("1", "test", ("x",))
    assert not refused.answerable


def test_every_problem_is_named_with_its_file_and_line(tmp_path: Path) -> None:
    path = write(
        tmp_path / "broken.jsonl",
        GOOD,
        "{not json",
        "[1]",
        "",
        {**GOOD, "id": "b", "type": "essay"},
        {**GOOD, "id": "c", "verdict": "perhaps"},
        {**GOOD, "id": "d", "split": "train"},
        {**GOOD, "id": "e", "outcome": "silence"},
        {**GOOD, "id": "f", "gold": []},
        {**GOOD, "id": "g", "answers": ["("]},
        {**GOOD, "id": "h", "verdit": "yes"},
        GOOD,
        {**GOOD, "id": "i", "gold": [[{"document": "anzus"}]]},
        {**GOOD, "id": "j", "outcome": "refusal", "verdict": None},
        {**GOOD, "id": "k", "split": "test"},
        {**GOOD, "id": " "},
        {**GOOD, "id": "m", "history": [{"question": "Q"}]},
    )
    expected = {
        2: "not JSON: Expecting property name enclosed in double quotes at character 2",
        3: "a case is a JSON object, this is list",
        5: "unknown type 'essay'",
        6: "unknown verdict 'perhaps'",
        7: "unknown split 'train'",
        8: "unknown outcome 'silence'",
        9: "an answerable case needs gold",
        10: "pattern '(' is no regular expression",
        11: "unknown field 'verdit'",
        12: "duplicate id 'a-1', first at",
        13: "an alternative must be",
        14: "a refusal has no gold",
        15: "family 'a' is in 'test'",
        16: "'id' must be a text that is not blank",
        17: "'history' must be a list",
    }
    found = problems(path)
    assert len(found) == len(expected)
    for line, words in expected.items():
        assert any(problem.startswith(f"{path}:{line}: {words}") for problem in found), (line, found)


def test_the_message_counts_the_problems_and_lists_them(tmp_path: Path) -> None:
    path = write(tmp_path / "cases.jsonl", "{", "{")
    with pytest.raises(BadCases, match=r"nothing ran: 2 problems .*\n.*:1: .*\n.*:2: "):
        read_cases(path)


def test_files_of_a_folder_are_read_together(tmp_path: Path) -> None:
    write(tmp_path / "b.jsonl", GOOD)
    write(tmp_path / "a.jsonl", {**GOOD, "id": "z", "family": "z", "split": "test"})
    assert [case.id for case in read_cases(tmp_path)] == ["z", "a-1"]
    assert [case.id for case in read_cases(tmp_path, split="tune")] == ["a-1"]
    write(tmp_path / "c.jsonl", GOOD)
    assert "first at" in problems(tmp_path)[0]


def test_no_cases_is_a_problem(tmp_path: Path) -> None:
    assert "holds no case" in problems(tmp_path)[0]
    assert "no such file" in problems(tmp_path / "absent.jsonl")[0]
    with pytest.raises(BadCases, match="no case of the split 'test'"):
        read_cases(write(tmp_path / "cases.jsonl", GOOD), split="test")


def test_a_line_may_hold_a_line_separator(tmp_path: Path) -> None:
    row = json.dumps({**GOOD, "question": "One\u2028two?"}, ensure_ascii=False)
    (case,) = read_cases(write(tmp_path / "cases.jsonl", row))
    assert case.question == "One\u2028two?"


@pytest.mark.parametrize(
    ("quote", "words"),
    [
        ("Each Party", "Each Party"),
        ("act to meet the common  danger", "act to meet the\ncommon danger"),
        ("'act to meet", None),
        ('"act to meet the common danger" - by', "“act to meet the\ncommon danger” –"),
        ("by 9th May", "by 9<sup>th</sup> May"),
        ("See the Council", "See [the **Council"),
        ("each party", None),
        ("ouncil", None),
        ("", None),
    ],
)
def test_a_quotation_is_found_whatever_readers_are_free_to_change(quote: str, words: str | None) -> None:
    spans = locate(quote, TEXT)
    assert [span.of(TEXT)[: len(words or "")] for span in spans] == ([words] if words else [])


def test_words_are_found_wherever_they_stand_but_not_inside_words() -> None:
    text = "Attention: ten days; then ten more."
    assert [span.start for span in locate("ten", text)] == [11, 26]


@given(st.text(min_size=1), st.text(), st.text())
def test_what_is_in_a_text_to_the_letter_is_found_there(quote: str, before: str, after: str) -> None:
    text = f"{before} {quote} {after}"
    assert any(span.of(text) == quote for span in locate(quote, text))


@given(
    st.lists(st.from_regex(r"[a-z]{1,8}", fullmatch=True), min_size=1), st.sampled_from(["\n", "  ", " **", "\u00ad "])
)
def test_other_spacing_and_markup_change_only_where_it_is_found(words: list[str], gap: str) -> None:
    text = f"Before it: {gap.join(words)}. After it."
    (first, *_) = locate(" ".join(words), text)
    assert first.of(text) in text
    assert first.of(text).replace("*", " ").replace("\u00ad", " ").split() == words


def test_gold_that_is_not_in_the_library_is_named_all_at_once(tmp_path: Path) -> None:
    quotes = [[{"document": "anzus", "quote": quote}] for quote in ("Each Party", "no such words")]
    path = write(
        tmp_path / "cases.jsonl",
        {**GOOD, "gold": quotes},
        {**GOOD, "id": "a-2", "gold": [[{"document": "absent", "quote": "Each Party"}]]},
    )
    with pytest.raises(BadCases) as caught:
        locate_gold(read_cases(path), {"anzus": TEXT}.get)
    assert caught.value.problems == (
        f"{path}:1: not found in 'anzus': 'no such words'",
        f"{path}:2: document 'absent' is not in the library",
    )


def test_the_bundled_cases_are_whole() -> None:
    cases = read_cases(BUNDLED)
    assert {case.split for case in cases} == {"tune", "test"}


@pytest.mark.shared
def test_all_gold_of_the_treaty_questions_is_found(shared: Path) -> None:
    texts = {
        path.stem.replace("_", "-"): path.read_text(encoding="utf-8") for path in (shared / "treaties").glob("*.md")
    }
    cases = read_cases(shared / "questions" / "dev_treaties.jsonl")
    gold = locate_gold(cases, texts.get)
    assert len(cases) == 60
    assert sum(case.answerable for case in cases) == 51
    assert all(alternative for parts in gold.values() for part in parts for alternative in part)
