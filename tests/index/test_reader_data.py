"""What the reader learns from: our own questions belong to their texts, and examples hold what they promise."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path

import pytest

from eval.case import read_cases
from index.encoder import load_encoder
from index.models import own_data
from index.models.reader_data import Example, Sentence
from index.reader import MIXED, NEITHER
from ingest.read import read

ROOT = Path(__file__).parent.parent.parent
TRAINING = ROOT / "index" / "models" / "training"
FILES = sorted(TRAINING.glob("*.jsonl"))
TEXTS = (ROOT / "corpus", TRAINING / "texts")


def records(file: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in file.read_text("utf-8").splitlines()]


@cache
def words_of(name: str) -> str:
    """The words of the one text of that name."""
    (path,) = (path for folder in TEXTS for path in folder.iterdir() if path.stem == name and path.is_file())
    return " ".join(read(path.read_bytes(), name=path.name).text.split())


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_quotation_stands_in_its_text(file: Path) -> None:
    astray = [
        record for record in records(file) for quote in record["quotes"] if quote not in words_of(record["document"])
    ]
    assert not astray


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_verdict_has_something_to_stand_on(file: Path) -> None:
    assert all(record["verdict"] in (None, "yes", "no", "mixed") for record in records(file))
    assert all(record["quotes"] for record in records(file) if record["verdict"])


def test_no_gold_question_is_learned() -> None:
    gold = {words(case.question) for case in read_cases(split="test")}
    assert not gold & {words(str(record["question"])) for file in FILES for record in records(file)}


def words(question: str) -> str:
    """A question without its case, spaces and marks."""
    return " ".join(re.findall(r"\w+", question.casefold()))


QUESTIONS = (
    {"document": "one", "question": "Who keeps the papers?", "verdict": None, "quotes": ["Graustark keeps them."]},
    {
        "document": "two",
        "question": "Must Ruritania fight?",
        "verdict": "mixed",
        "quotes": ["Ruritania may fight."],
    },
    {"document": "two", "question": "Who keeps the seals?", "verdict": None, "quotes": []},
)


STRAY = "Which seal barks the loudest?"


@pytest.fixture(scope="module", params=[False, True], ids=["passages", "side by side"])
def examples(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> list[Example]:
    folder = tmp_path_factory.mktemp("texts")
    (folder / "one.md").write_text(
        "# One\n\n## Papers\n\nThe papers are many. Graustark keeps them.\n\n## Tax\n\nSalt is taxed.\n"
    )
    (folder / "two.md").write_text(
        "# Two\n\n## War\n\nRuritania may fight. Strelsau may not.\n\n## Seal\n\nThe seal is red.\n"
    )
    questions = folder / "questions.jsonl"
    questions.write_text("\n".join(map(json.dumps, QUESTIONS)))
    texts = [folder / "one.md", folder / "two.md"]
    return own_data.own([questions], texts, load_encoder(), seed=1, times=2, strays=[STRAY], together=request.param)


def told(examples: list[Example], question: str) -> list[list[Sentence]]:
    found = [
        [sentence for passage in example.passages for sentence in passage.sentences]
        for example in examples
        if example.question == question
    ]
    assert len(found) == 2
    return found


@pytest.mark.model
def test_each_question_comes_so_often(examples: list[Example]) -> None:
    assert len(examples) == 2 * len(QUESTIONS) + 1


@pytest.mark.model
def test_what_answers_is_shown_and_nothing_else_answers(examples: list[Example]) -> None:
    for record in QUESTIONS:
        for sentences in told(examples, str(record["question"])):
            right = [sentence.text.removeprefix("One: ") for sentence in sentences if sentence.answers == 1]
            assert right == record["quotes"]


@pytest.mark.model
def test_nothing_answers_a_question_about_other_things(examples: list[Example]) -> None:
    (stray,) = (example for example in examples if example.question == STRAY)
    assert {sentence.answers for passage in stray.passages for sentence in passage.sentences} == {0}


@pytest.mark.model
def test_the_verdict_is_that_of_the_sentence_that_answers(examples: list[Example]) -> None:
    for sentences in told(examples, "Must Ruritania fight?"):
        stances = {sentence.stance for sentence in sentences if sentence.answers == 1}
        assert stances == {MIXED}
        assert {sentence.stance for sentence in sentences if sentence.answers == 0} <= {NEITHER}


@pytest.mark.model
def test_where_nothing_answers_only_that_text_is_shown(examples: list[Example]) -> None:
    shown = [example.passages for example in examples if example.question == "Who keeps the seals?"]
    assert {passage.heading.split(" ")[0] for passages in shown for passage in passages} == {"Two"}
