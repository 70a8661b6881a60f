"""Characters found against characters wanted: counted once each, by hand and by brute force."""

from __future__ import annotations

import csv
import itertools
import json
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.benchmarks import spans
from eval.benchmarks.characters import Place, Share, share, union, whole
from eval.benchmarks.readers import read_all
from eval.benchmarks.spans import Asked, Spanned, measure, read_spans, sentences_of
from eval.errors import BadDataset
from index.hit import Hit
from ingest.document import Passage, Span
from tests.eval.test_retrieval import WordEncoder, WordReader

TEXTS = {
    "one": "An alliance was founded in spring. It has ten members.\n\nTariffs are low between them.\n",
    "two": "Forces may be stationed on bases abroad.\n\nNothing else is known about the bases.\n",
}
PLACES = st.lists(
    st.builds(
        lambda document, start, length: (document, Span(start=start, end=start + length)),
        st.sampled_from(["a", "b"]),
        st.integers(0, 30),
        st.integers(0, 12),
    ),
    max_size=6,
)


def place(start: int, end: int, document: str = "a") -> Place:
    return document, Span(start=start, end=end)


def letters(places: list[Place]) -> set[tuple[str, int]]:
    return {(document, at) for document, span in places for at in range(span.start, span.end)}


def reference(name: str, words: str) -> dict[str, object]:
    start = TEXTS[name].index(words)
    return {"content": words, "start_index": start, "end_index": start + len(words)}


def write(folder: Path, rows: list[tuple[str, str, str]]) -> Path:
    (folder / "corpora").mkdir(exist_ok=True)
    for name, text in TEXTS.items():
        (folder / "corpora" / f"{name}.md").write_text(text, encoding="utf-8", newline="")
    with (folder / "questions_df.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("question", "references", "corpus_id"), *rows])
    return folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    asked = [
        ("Who has ten members?", [reference("one", "It has ten members.")], "one"),
        ("Where may forces be?", [reference("two", "bases abroad"), reference("two", "Forces may be")], "two"),
    ]
    return write(tmp_path, [(question, json.dumps(references), name) for question, references, name in asked])


def test_shares_agree_with_a_table_made_by_hand() -> None:
    found = [place(0, 10), place(5, 20), place(0, 100, "b")]  # 120 characters, though 125 are in the passages
    wanted = [place(15, 25), place(2, 4)]  # 12 characters, 7 of them found
    counted = share(found, wanted)
    assert counted == Share(both=7, found=120, wanted=12)
    assert (counted.recall, counted.precision, counted.iou) == (7 / 12, 7 / 120, 7 / 125)


def test_nothing_found_is_no_recall_and_no_precision() -> None:
    counted = share([], [place(0, 4)])
    assert (counted.recall, counted.precision, counted.iou) == (0, 0, 0)


@given(PLACES, PLACES)
def test_a_share_counts_the_characters_of_both(found: list[Place], wanted: list[Place]) -> None:
    ours, theirs = letters(found), letters(wanted)
    assert share(found, wanted) == Share(both=len(ours & theirs), found=len(ours), wanted=len(theirs))


@given(PLACES)
def test_a_union_is_in_order_without_overlap_and_holds_the_same(places: list[Place]) -> None:
    spread = [span for _, span in places]
    merged = union(spread)
    assert all(one.end < other.start for one, other in itertools.pairwise(merged))
    assert letters([("a", span) for span in merged]) == letters([("a", span) for span in spread])


def test_the_best_precision_of_a_cutting_is_that_of_the_passages_with_something_wanted() -> None:
    passages = [place(0, 10), place(10, 20), place(20, 30), place(0, 30, "b")]
    assert whole(passages, [place(8, 12)]).precision == 4 / 20
    assert whole(passages, [place(12, 14)]).precision == 2 / 10


def test_references_are_read_where_they_stand(folder: Path) -> None:
    given_ = read_spans(folder)
    assert given_.texts == TEXTS
    assert [[span.of(TEXTS[name]) for name, span in one.places] for one in given_.asked] == [
        ["It has ten members."],
        ["bases abroad", "Forces may be"],
    ]


def test_all_references_that_do_not_stand_where_they_say_are_named(tmp_path: Path) -> None:
    moved = {**reference("one", "ten members"), "start_index": 0}
    rows = [
        ("Q1?", json.dumps([moved]), "one"),
        ("Q2?", "[]", "one"),
        ("Q3?", json.dumps([reference("two", "bases")]), "two"),
        ("Q4?", '[{"content": "x"}]', "two"),
        ("Q5?", "{", "two"),
    ]
    with pytest.raises(BadDataset) as caught:
        read_spans(write(tmp_path, rows))
    told = [line.removeprefix(f"{tmp_path / 'questions_df.csv'}:") for line in str(caught.value).splitlines()]
    assert [line.split(": ")[0] for line in told] == ["2", "3", "5", "6"]
    assert told[0] == f"2: not at 0–{moved['end_index']} of one: 'ten members'"


def test_no_question_is_no_collection(tmp_path: Path) -> None:
    with pytest.raises(BadDataset, match=r"questions_df\.csv: holds no question"):
        read_spans(write(tmp_path, []))


def test_a_missing_text_is_named(folder: Path) -> None:
    (folder / "corpora" / "two.md").unlink()
    with pytest.raises(BadDataset, match=r"two\.md"):
        read_spans(folder)


def test_every_mode_is_measured_at_every_depth(folder: Path) -> None:
    pytest.importorskip("bm25s")
    found = measure(read_spans(folder), encoder=WordEncoder(), reader=WordReader())
    modes = ("bm25s", "lexical", "dense", "hybrid", "reader, sentences")
    assert list(found) == [
        "passages precision_omega",
        *(f"{mode} {name}@{depth}" for mode in modes for depth in (5, 10) for name in ("recall", "precision", "IoU")),
    ]
    assert found["hybrid recall@5"] == found["bm25s recall@5"] == 1.0  # there are fewer passages than five
    assert all(0 < value <= 1 for value in found.values())
    for mode in modes:
        assert found[f"{mode} IoU@5"] <= min(found[f"{mode} recall@5"], found[f"{mode} precision@5"]), mode


def test_the_reader_finds_sentences_by_their_places_in_the_document() -> None:
    text, start = TEXTS["one"], TEXTS["one"].index("It has")
    hits = [
        Hit(
            rank=1,
            score=1.0,
            passage_id=1,
            document_id="one",
            title="",
            passage=Passage(start=start, end=len(text), pinpoint="", section=""),
            text=text[start:],
        )
    ]
    ranked = sentences_of(WordReader(), "which tariffs are low", hits)
    assert [span.of(text) for _, span in ranked] == ["Tariffs are low between them.", "It has ten members."]


def test_words_in_the_wrong_text_are_found_for_nothing() -> None:
    given_ = Spanned(name="x", texts=TEXTS, asked=(Asked(question="tariffs", places=(("two", Span(start=0, end=6)),)),))
    found = measure(given_, encoder=WordEncoder())
    assert found["lexical recall@5"] == found["lexical precision@5"] == found["lexical IoU@5"] == 0.0


def test_the_command_prints_one_object(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("bm25s")
    monkeypatch.setattr(spans, "load_encoder", WordEncoder)
    monkeypatch.setattr(sys, "argv", ["spans", str(folder), "--json"])
    spans.main()
    assert json.loads(capsys.readouterr().out) == {"dataset": folder.name, "numbers": spans.numbers(folder)}


def test_a_collection_of_places_is_sent_to_its_own_command(folder: Path) -> None:
    with pytest.raises(BadDataset, match=r"use python -m eval\.benchmarks\.spans"):
        read_all(folder)


@pytest.mark.shared
def test_the_public_collection_stands_where_it_says(shared: Path) -> None:
    given_ = read_spans(shared / "retrieval" / "chunking_evaluation")
    assert (len(given_.texts), len(given_.asked), sum(len(one.places) for one in given_.asked)) == (5, 472, 790)
