"""Question answering sets become collections, and every collection can be written as BEIR and read back."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.benchmarks import beir, files
from eval.benchmarks.beir import read_beir, write_beir
from eval.benchmarks.collection import Collection, Entry
from eval.benchmarks.readers import read, read_all
from eval.errors import BadDataset

TRECQA = """qtext,label,atext
Who founded it ?,1,"The Council , founded by ten states , met ."
Who founded it ?,0,Nothing is known .
Where is it ?,1,It is in Strasbourg .
When did it end ?,0,Nobody knows .
"""
IDS = st.text(st.characters(codec="utf-8", exclude_characters="\t\n\r"), min_size=1, max_size=5).filter(str.strip)


def squad(context: str, *questions: tuple[str, str]) -> dict[str, Any]:
    asked = [{"id": number, "question": text, "answers": []} for number, text in questions]
    return {"data": [{"title": "Two_Words", "paragraphs": [{"context": context, "qas": asked}]}]}


@pytest.fixture
def trecqa(tmp_path: Path) -> Path:
    table = tmp_path / "trecqa" / "data" / "anssel" / "wang" / "test.csv"
    table.parent.mkdir(parents=True)
    table.write_text(TRECQA, encoding="utf-8")
    return tmp_path / "trecqa"


@pytest.fixture
def xquad(tmp_path: Path) -> Path:
    english = squad("Ten states founded it.", ("a", "Who founded it?"), ("b", "How many states?"))
    german = squad("Zehn Staaten gründeten es.", ("a", "Wer gründete es?"), ("b", "Wie viele Staaten?"))
    for language, content in {"en": english, "de": german}.items():
        (tmp_path / f"xquad.{language}.json").write_text(json.dumps(content), encoding="utf-8")
    return tmp_path


def test_answer_sentences_are_candidates_of_their_own_question(trecqa: Path) -> None:
    every, clean = read_all(trecqa)
    assert every.pooled
    assert every.queries == {"q1": "Who founded it ?", "q2": "Where is it ?"}  # the third has no right candidate
    assert every.judgments == {"q1": {"s1": 1, "s2": 0}, "q2": {"s3": 1}}
    assert clean.judgments == {"q1": {"s1": 1, "s2": 0}}  # of the second all candidates are right
    assert {entry.id: entry.text for entry in every.documents}["s1"] == "The Council , founded by ten states , met ."
    assert (every.label, clean.label) == ("trecqa", "trecqa (clean)")


def test_equal_scores_do_not_profit_from_right_candidates_standing_first(tmp_path: Path) -> None:
    table = tmp_path / "data" / "anssel" / "wang" / "test.csv"
    table.parent.mkdir(parents=True)
    rows = [f"Which ?,{int(number < 50)},sentence {number}" for number in range(100)]
    table.write_text("\n".join(["qtext,label,atext", *rows]), encoding="utf-8")
    found = read(tmp_path)
    first = [found.judgments["q1"][entry.id] for entry in found.documents[:50]]
    assert 15 <= sum(first) <= 35


def test_paragraphs_are_relevant_to_the_questions_about_them_in_each_language(xquad: Path) -> None:
    english, german, across = read_all(xquad)
    assert english.documents == (Entry(id="Two_Words/1", title="Two Words", text="Ten states founded it."),)
    assert english.judgments == across.judgments == {"a": {"Two_Words/1": 1}, "b": {"Two_Words/1": 1}}
    assert (german.queries["a"], german.documents[0].text) == ("Wer gründete es?", "Zehn Staaten gründeten es.")
    assert (across.queries["a"], across.documents[0].text) == ("Wer gründete es?", "Ten states founded it.")
    assert [one.language for one in (english, german, across)] == ["en", "de", "en"]


def test_english_alone_is_enough(xquad: Path) -> None:
    (xquad / "xquad.de.json").unlink()
    assert [one.variant for one in read_all(xquad)] == [""]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("{", r"xquad\.en\.json:1: not JSON"),
        ("[]", r"xquad\.en\.json: not in the form of SQuAD"),
        ('{"data": [{"title": "x", "paragraphs": [{"context": "y"}]}]}', r"not in the form of SQuAD: 'qas'"),
        ('{"data": []}', "no query has a relevant document"),
    ],
)
def test_what_is_no_squad_is_said_so(xquad: Path, content: str, message: str) -> None:
    (xquad / "xquad.en.json").write_text(content, encoding="utf-8")
    with pytest.raises(BadDataset, match=message):
        read(xquad)


def test_all_bad_lines_of_a_table_are_named_at_once(trecqa: Path) -> None:
    table = trecqa / "data" / "anssel" / "wang" / "test.csv"
    table.write_text("qtext,label,atext\nQ,1,fine\nQ,2,two\nQ,yes,three\n", encoding="utf-8")
    with pytest.raises(BadDataset) as caught:
        read(trecqa)
    assert str(caught.value).splitlines() == [
        f"{table}:3: the label must be 0 or 1, it is '2'",
        f"{table}:4: the label must be 0 or 1, it is 'yes'",
    ]
    table.write_text("qtext,label,atext\nQ,1\nQ,1,one,more\n", encoding="utf-8")
    with pytest.raises(BadDataset, match=r":2: has another number of fields(.|\n)*:3: has another number of fields"):
        read(trecqa)
    table.write_text("question,atext\nQ,fine\n", encoding="utf-8")
    with pytest.raises(BadDataset, match=r":1: the first line must name qtext, label, atext; it lacks qtext, label"):
        read(trecqa)


def test_very_many_bad_lines_are_counted(tmp_path: Path) -> None:
    path = tmp_path / "corpus.jsonl"
    path.write_text("{\n" * (files.SHOWN + 3), encoding="utf-8")
    with pytest.raises(BadDataset) as caught:
        files.json_lines(path, ("_id",))
    told = str(caught.value).splitlines()
    assert len(told) == files.SHOWN + 1
    assert told[-1] == "and 3 more"


TEXTS = st.text(st.characters(codec="utf-8"), max_size=20)
COLLECTIONS = st.builds(
    lambda documents, queries, gains: Collection(
        name="drawn",
        documents=tuple(Entry(id=name, title=title, text=text) for name, (title, text) in documents.items()),
        queries=queries,
        judgments={query: {name: max(gain, 1) for name, gain in gains.items()} | {"x": 0} for query in queries},
    ),
    st.dictionaries(IDS, st.tuples(TEXTS, TEXTS), max_size=4),
    st.dictionaries(IDS, TEXTS, min_size=1, max_size=3),
    st.dictionaries(IDS, st.integers(1, 3), min_size=1, max_size=3),
)


@given(COLLECTIONS)
def test_what_is_written_as_beir_comes_back_equal(
    tmp_path_factory: pytest.TempPathFactory, collection: Collection
) -> None:
    folder = tmp_path_factory.mktemp("beir")
    write_beir(collection, folder)
    assert replace(read_beir(folder), name=collection.name) == collection


def test_a_folder_with_several_collections_is_written_as_several(
    xquad: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "written"
    monkeypatch.setattr(sys, "argv", ["beir", str(xquad), "--to", str(target)])
    beir.main()
    assert sorted(path.name for path in target.iterdir()) == ["German", "German-on-English", "main"]
    assert read(target / "German").queries == read_all(xquad)[1].queries
    assert capsys.readouterr().out.count("1 documents, 2 queries") == 3
    with pytest.raises(SystemExit, match="is not empty"):
        beir.main()


def test_an_id_that_cannot_stand_in_a_table_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    bad = Collection(
        name="bad",
        documents=(Entry(id="a\tb", title="", text="x"),),
        queries={"q": "?"},
        judgments={"q": {"a\tb": 1}},
    )
    with pytest.raises(BadDataset, match=r"'a\\tb' cannot stand in a table"):
        write_beir(bad, tmp_path / "to")
    assert not (tmp_path / "to").exists()


@pytest.mark.shared
@pytest.mark.parametrize(
    ("folder", "shapes"),
    [
        ("trecqa_wang", [(1517, 89, 284), (1517, 68, 248)]),
        ("xquad_en", [(240, 1190, 1190), (240, 1190, 1190), (240, 1190, 1190)]),
    ],
)
def test_public_question_sets_are_read_whole(shared: Path, folder: str, shapes: list[tuple[int, int, int]]) -> None:
    found = read_all(shared / "retrieval" / folder)
    relevant = [sum(gain > 0 for gains in one.judgments.values() for gain in gains.values()) for one in found]
    assert [(len(one.documents), len(one.queries), right) for one, right in zip(found, relevant, strict=True)] == shapes
    for one in found:
        assert {name for gains in one.judgments.values() for name in gains} <= {entry.id for entry in one.documents}
