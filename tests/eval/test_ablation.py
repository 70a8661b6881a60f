"""Variants over a small real library: the one that alters nothing is the product, the others alter one thing."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from rich.console import Console

from eval.ablation import (
    GRID,
    LENGTHS,
    NOTE,
    PRODUCT,
    SHOWN,
    Altered,
    Row,
    Variant,
    ablate,
    change,
    steps,
    table,
    table_json,
    times_json,
    variants,
)
from eval.case import Case, read_cases
from eval.results import Run
from eval.run import run
from eval.subject import subject_of
from index.add import add
from index.encoder import load_encoder
from index.library import Library
from index.reader import COLUMNS, Excerpt, Logits
from ingest.errors import UsageError
from service.answer import Question
from service.ask import Asker
from service.terms import stems
from tests.index.encoders import HashingEncoder, count_words

DOCUMENTS = {
    "strelsau": """# Treaty of Strelsau

## Article I

The Parties undertake to settle any dispute over the river Zenda by peaceful means. They meet in spring to speak of it,
and each of them may bring as many boatmen as the river carries, whatever the weather in the hills above the town.

## Article II

An armed attack on one Party is an attack on both, and each Party shall assist the other with armed force.

## Article III

This Treaty was signed at Strelsau on 1 September 1951. It entered into force on 29 April 1952.
""",
    "szohod": """# Trade Agreement of Szohôd

## Article 1

Syldavia shall lower its duties on mineral water from Borduria to four per cent. The price of a bottle is told to the
Joint Committee, which keeps a book of prices, and every merchant may look into that book when the sun has risen.

## Article 2

Die Parteien verpflichten sich, den Zoll auf Mineralwasser zu senken und alle Streitigkeiten friedlich beizulegen.
""",
}
ROWS = [
    (
        "attack",
        "polar",
        "Must each Party assist the other with armed force?",
        "strelsau",
        "An armed attack on one Party",
    ),
    (
        "force",
        "factoid",
        "When did the Treaty of Strelsau enter into force?",
        "strelsau",
        "It entered into force on 29",
    ),
    ("duties", "factoid", "How far shall Syldavia lower its duties?", "szohod", "Syldavia shall lower its duties on"),
]


class Overlap:
    """A small real reader: a sentence answers as far as it shares words with the question. Remembers what it read."""

    id = "overlap"

    def __init__(self) -> None:
        self.read_at_once: list[int] = []

    def read(self, question: str, excerpts: Sequence[Excerpt]) -> list[Logits]:
        self.read_at_once.append(len(excerpts))
        return [
            np.array([self._row(question, excerpt, at) for at in range(len(excerpt.spans))]) for excerpt in excerpts
        ]

    def _row(self, question: str, excerpt: Excerpt, at: int) -> Logits:
        shared = len(stems(question) & stems(excerpt.spans[at].of(excerpt.text)))
        return np.array([shared, shared, 0.0, 0.0, 0.0], np.float32)[:COLUMNS]


@pytest.fixture
def reader() -> Overlap:
    return Overlap()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Holds the documents and a library of them."""
    made = tmp_path_factory.mktemp("ablation")
    for name, text in DOCUMENTS.items():
        (made / f"{name}.md").write_text(text, encoding="utf-8")
    with Library.open(made / "library", create=True) as library:
        add(library, [made / f"{name}.md" for name in DOCUMENTS], encoder=HashingEncoder(), workers=1)
    return made


@pytest.fixture
def asker(folder: Path, reader: Overlap) -> Iterator[Asker]:
    with Asker(Library.open(folder / "library"), HashingEncoder(), threshold=0.9, notice=pytest.fail) as opened:
        opened.reader = reader  # the bundled one takes a second to load
        yield opened


@pytest.fixture(scope="module")
def cases(folder: Path) -> tuple[Case, ...]:
    rows = [
        {"id": name, "type": kind, "question": asks, "gold": [[{"document": document, "quote": quote}]]}
        for name, kind, asks, document, quote in ROWS
    ]
    rows[0]["verdict"] = "yes"
    rows.append({"id": "fish", "type": "unanswerable", "question": "How many trout live in the river Zenda?"})
    path = folder / "cases.jsonl"
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    return read_cases(path)


def altered(asker: Asker, **differences: object) -> Altered:
    return Altered(asker, replace(PRODUCT, **differences), asker.library, asker.encoder)  # type: ignore[arg-type]


def test_the_product_is_answered_as_eval_run_answers(cases: tuple[Case, ...], asker: Asker) -> None:
    plain = run(cases, subject_of(asker))
    assert run(cases, subject_of(altered(asker))).outcomes == plain.outcomes
    (row,) = (row for row in ablate(cases, asker, [PRODUCT]) if row.variant == PRODUCT)
    assert row.measured == {name: plain.measures()[name] for name in SHOWN}
    assert row.change is None
    assert {outcome.answered for outcome in plain.outcomes} == {True, False}


@pytest.mark.model
def test_so_it_is_with_the_bundled_models(cases: tuple[Case, ...], folder: Path, tmp_path: Path) -> None:
    encoder = load_encoder()
    with Library.open(tmp_path / "library", create=True) as library:
        add(library, [folder / f"{name}.md" for name in DOCUMENTS], encoder=encoder, workers=1)
    with Asker(Library.open(tmp_path / "library"), encoder, notice=pytest.fail) as asker:
        (row,) = ablate(cases, asker, [PRODUCT])
        measured = run(cases, subject_of(asker)).measures()
    assert row.measured == {name: measured[name] for name in SHOWN}


@pytest.mark.parametrize("mode", ["lexical", "dense"])
def test_one_kind_of_search_alone_keeps_its_order_and_takes_the_scale_of_both(asker: Asker, mode: str) -> None:
    question = "Zoll: How far shall Syldavia lower its duties on mineral water?"
    plain = asker.search(question, mode=mode)  # type: ignore[arg-type]
    found = altered(asker, mode=mode).search(question)
    assert [hit.passage_id for hit in found] == [hit.passage_id for hit in plain]
    german = [hit.passage.language == "de" for hit in found]
    own = [hit.score + 2 * other for hit, other in zip(found, german, strict=True)]
    assert (min(own) >= 0, max(own)) == (True, 1.0)
    assert sorted(german) == german  # another language than the question's comes last
    assert any(german)


def test_without_the_reader_nothing_is_read_and_every_sentence_is_compared(asker: Asker, reader: Overlap) -> None:
    silent = altered(asker, reads=False)
    _, judgement = silent.ask_and_judge(Question(text="When did the Treaty of Strelsau enter into force?"))
    assert reader.read_at_once == []
    assert {one.features.reader for one in judgement.ranked} == {0.0}
    sentences = {(one.document_id, one.span.start) for one in judgement.ranked}
    assert len(sentences) == len(judgement.ranked) > asker.measured - 1


@pytest.mark.parametrize("k", [1, 2])
def test_so_many_passages_are_read_as_the_variant_says(asker: Asker, reader: Overlap, k: int) -> None:
    altered(asker, k=k).judge(Question(text="What shall the Parties do?"))
    assert reader.read_at_once == [k]


def test_passages_of_another_length_never_touch_the_library(cases: tuple[Case, ...], asker: Asker) -> None:
    before, kept = asker.library.certificate(), sorted(asker.library.path.rglob("*"))
    usual, short = ablate(cases, asker, [PRODUCT, Variant(group="length", name="short", longest=16)])
    assert usual.passages == before.passages
    assert short.passages is not None
    assert short.passages > before.passages
    assert asker.library.certificate() == before
    assert sorted(asker.library.path.rglob("*")) == kept


def test_the_usual_length_cut_anew_is_the_library(cases: tuple[Case, ...], asker: Asker) -> None:
    usual, again = ablate(cases, asker, [PRODUCT, Variant(group="length", name="usual", longest=180)])
    assert (again.passages, again.measured) == (usual.passages, usual.measured)
    assert again.change is not None
    assert (again.change.value, again.change.low, again.change.high) == (0.0, 0.0, 0.0)


def test_another_encoder_embeds_and_asks(cases: tuple[Case, ...], asker: Asker) -> None:
    other, named = HashingEncoder("other", 32), list[str]()

    def load(name: str) -> HashingEncoder:
        named.append(name)
        return other

    _, row = ablate(cases, asker, [PRODUCT, Variant(group="encoder", name="x", encoder="x")], load=load)
    assert named == ["x"]
    assert row.measured["passage_hit@10"].value == 1.0
    assert any("mineral water" in text for text in other.encoded)  # a passage, not only questions
    assert asker.library.certificate().encoder == asker.encoder.id


def test_the_difference_is_taken_case_by_case_and_its_interval_over_families(
    cases: tuple[Case, ...], asker: Asker
) -> None:
    done = run(cases, subject_of(asker))
    scores = dict.fromkeys(("attack", "force", "duties"), 1.0)
    before, after = _scoring(done, scores), _scoring(done, {**scores, "force": 0.0})
    found = change(before, after)
    assert found is not None
    assert (found.value, found.cases) == (pytest.approx(-1 / 3, abs=1e-6), 3)
    assert found.low is not None
    assert found.high is not None
    assert -1 <= found.low < found.value < found.high <= 0
    assert change(_scoring(done, {}), _scoring(done, {})) is None


def _scoring(done: Run, scores: dict[str, float]) -> Run:
    """The same outcomes, with these as the only scores of `first_span`."""
    return replace(
        done,
        outcomes=tuple(
            replace(one, scores={"first_span": scores[one.id]} if one.id in scores else {}) for one in done.outcomes
        ),
    )


@pytest.fixture(scope="module")
def whole(folder: Path, cases: tuple[Case, ...]) -> tuple[tuple[Row, ...], int, int]:
    """All of the grid, how often progress was told, and how often it should have been."""
    told: list[None] = []
    chosen = variants(GRID, ["x"])
    with Asker(Library.open(folder / "library"), HashingEncoder(), notice=pytest.fail) as asker:
        asker.reader = Overlap()
        rows = ablate(cases, asker, chosen, load=lambda name: HashingEncoder(name, 32), tell=lambda: told.append(None))
        return rows, len(told), steps(cases, asker, chosen)


def test_every_row_has_a_value_or_a_reason_for_none(whole: tuple[tuple[Row, ...], int, int]) -> None:
    rows, told, expected = whole
    assert told == expected
    assert [row.variant for row in rows] == list(variants(GRID, ["x"]))
    for row in rows:
        values = [measured.value for measured in row.measured.values()]
        assert list(row.measured) == list(SHOWN)
        assert (None in values) == (row.variant.reason is not None)
    (verified,) = (row for row in rows if row.variant.group == "verifier")
    assert {one.reason for one in verified.measured.values()} == {"there is no verifier yet"}


def test_shorter_passages_are_more(whole: tuple[tuple[Row, ...], int, int]) -> None:
    counts = [row.passages for row in whole[0] if row.variant.group == "length" and row.passages]
    assert len(counts) == len(LENGTHS)
    assert counts == sorted(counts, reverse=True)
    assert count_words(DOCUMENTS["szohod"]) > LENGTHS[0]  # else no length would change anything


def test_what_is_stored_holds_no_clock_and_the_table_says_what_it_does_not_show(
    whole: tuple[tuple[Row, ...], int, int],
) -> None:
    rows = whole[0]
    stored = json.dumps(table_json(rows))
    assert "ms" not in json.loads(stored)[0]
    assert [row["variant"] for row in json.loads(stored)] == [row.variant.name for row in rows]
    assert times_json(rows).keys() == {row.variant.name for row in rows}
    console = Console(width=200)
    with console.capture() as captured:
        console.print(table(rows, 4))
    shown = captured.get()
    assert "there is no verifier yet" in shown
    assert NOTE[:40] in " ".join(shown.split())


@pytest.mark.parametrize(
    ("grid", "encoders", "says"),
    [
        (["search", "colour"], [], "--grid colour: choose from search, reader"),
        (["encoder"], [], "--encoder NAME go together"),
        (["search"], ["x"], "--encoder NAME go together"),
    ],
)
def test_a_grid_that_cannot_be_is_wrong_usage(grid: list[str], encoders: list[str], says: str) -> None:
    with pytest.raises(UsageError, match=says):
        variants(grid, encoders)


def test_the_product_is_always_asked_once() -> None:
    for grid in ([], *([name] for name in GRID if name != "encoder")):
        assert [one.name for one in variants(grid)].count(PRODUCT.name) == 1
