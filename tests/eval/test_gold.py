"""The gold questions that ship: every quotation stands in its document, and the numbers promised of them hold."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from eval.case import BUNDLED, Case, case_files, read_cases
from eval.locate import Place, locate_gold
from ingest.document import Document
from ingest.read import read
from service.answer import Verdict

CORPUS = Path(__file__).parent.parent.parent / "corpus"
CASES = read_cases(BUNDLED)
ANSWERABLE = tuple(case for case in CASES if case.answerable)
RUN = 7  # words; shorter runs may be the name of a treaty


@cache
def document(name: str) -> Document | None:
    """The one file of that name, read; `sources/` and README.md are no documents."""
    for suffix in (".md", ".pdf", ".html"):
        path = CORPUS / f"{name}{suffix}"
        if path.is_file():
            return read(path.read_bytes(), name=path.name)
    return None


def canonical(name: str) -> str | None:
    found = document(name)
    return found.text if found else None


def labels(place: Place) -> set[str]:
    """The last step of the pinpoint of every section that holds the place."""
    found = document(place.document)
    assert found is not None
    held = (section for section in found.sections if section.start <= place.start and place.end <= section.end)
    return {section.label.split(" › ")[-1] for section in held}


def runs(text: str, length: int) -> set[tuple[str, ...]]:
    """Every run of `length` words."""
    words = re.findall(r"\w+", text.casefold())
    return {tuple(words[at : at + length]) for at in range(len(words) - length + 1)}


def holds(text: str) -> Callable[[str], bool]:
    return lambda pattern: re.search(pattern, text, re.IGNORECASE) is not None


def test_every_gold_quotation_stands_in_its_document() -> None:
    assert locate_gold(CASES, canonical).keys() == {case.id for case in CASES}


def test_a_pinpoint_names_a_section_that_holds_the_first_gold() -> None:
    found = locate_gold(CASES, canonical)
    for case in (case for case in ANSWERABLE if case.pinpoint):
        assert case.pinpoint in labels(found[case.id][0][0][0]), case.id


def test_every_gold_quotation_is_short_and_on_one_line() -> None:
    for case in ANSWERABLE:
        for gold in (gold for part in case.gold for gold in part):
            assert "\n" not in gold.quote, case.id
            assert len(gold.quote.split()) <= 60, case.id


@pytest.mark.parametrize("case", ANSWERABLE, ids=lambda case: case.id)
def test_the_first_gold_of_the_parts_satisfies_the_answer_patterns(case: Case) -> None:
    quotes = " ".join(part[0].quote for part in case.gold)
    assert all(map(holds(quotes), case.answers)), case.answers


def test_a_family_is_in_one_split() -> None:
    split = {case.family: case.split for case in CASES}
    assert all(case.split == split[case.family] for case in CASES)


def test_the_parts_that_were_looked_at_are_tune_and_no_test_case_shares_a_family_with_them() -> None:
    parts = {file.stem: read_cases(file) for file in case_files(BUNDLED)}
    looked_at = parts.pop("part_a") + parts.pop("part_b")
    assert {case.split for case in looked_at} == {"tune"}
    tested = {case.family for part in parts.values() for case in part if case.split == "test"}
    assert len(tested) > 50
    assert tested.isdisjoint(case.family for case in looked_at)


def test_polar_cases_have_a_verdict_exactly_where_they_have_an_answer() -> None:
    for case in CASES:
        assert (case.verdict is not None) == (case.type == "polar" and case.answerable), case.id


def test_there_are_enough_of_every_kind() -> None:
    unanswerable = len(CASES) - len(ANSWERABLE)
    assert len(CASES) >= 100
    assert unanswerable >= len(CASES) * 0.3
    verdicts = [case.verdict for case in CASES if case.verdict]
    for verdict in Verdict:
        assert verdicts.count(verdict) >= len(verdicts) * 0.15, verdict
    for kind in ("factoid", "list", "definition", "comparison", "polar"):
        assert any(case.type == kind for case in ANSWERABLE), kind


def test_no_question_is_asked_twice() -> None:
    questions = [case.question.casefold().rstrip("?") for case in CASES]
    assert len(set(questions)) == len(questions)


def test_no_question_repeats_its_gold() -> None:
    """Questions are worded as people ask; one made of the sentence that answers it would measure only the words."""
    for case in ANSWERABLE:
        asked = runs(case.question, RUN)
        for gold in (gold for part in case.gold for gold in part):
            assert not asked & runs(gold.quote, RUN), case.id
