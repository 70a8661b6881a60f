"""Collections are read in the forms they come in, and rankings are counted as the tables say."""

from __future__ import annotations

import json
import math
import re
import sys
import zlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from typer.testing import CliRunner

from eval.benchmarks import ranking, retrieval
from eval.benchmarks.indexing import document_of, library_of
from eval.benchmarks.readers import Collection, Entry, read
from eval.benchmarks.rerank import reranked
from eval.benchmarks.retrieval import measure, rank_documents, reference, result_json
from eval.cli import app
from eval.errors import BadDataset, MissingExtra
from index.hit import Filters, Hit
from index.reader import COLUMNS, Excerpt, Logits
from index.search import Mode
from ingest.document import Passage

CORPUS = [
    {"_id": "d1", "title": "Alliances", "text": "Members of an alliance defend one another."},
    {"_id": "d2", "title": "", "text": "A treaty of commerce lowers tariffs between states."},
    {"_id": "d3", "title": "Bases", "text": "Forces may be stationed on bases abroad."},
    {"_id": "d4", "title": "", "text": ""},
]
QUERIES = [
    {"_id": "q1", "text": "who defend one another in an alliance"},
    {"_id": "q2", "text": "tariffs of commerce"},
    {"_id": "q3", "text": "judged, but nothing is relevant"},
    {"_id": "q4", "text": "never judged"},
]
QRELS = "query-id\tcorpus-id\tscore\nq1\td1\t2\nq1\td3\t1\nq2\td2\t1\nq3\td1\t0\n"
SENTENCES = (
    "An alliance was founded in spring.",
    "Tariffs are low.",
    "The alliance was renewed.",
    "The alliance ended, which was sad.",
)
SMART = (
    ".I 1\n.T\nfirst\ntitle\n.A\nSomebody\n.W\nwords of\nthe first\n.X\n1\t5\t1\n.I 2\n.T\nsecond\n.W\nits .W words\n"
)


@pytest.fixture
def beir(tmp_path: Path) -> Path:
    (tmp_path / "qrels").mkdir()
    (tmp_path / "corpus.jsonl").write_text("\n".join(map(json.dumps, CORPUS)), encoding="utf-8")
    (tmp_path / "queries.jsonl").write_text("\n".join(map(json.dumps, QUERIES)), encoding="utf-8")
    (tmp_path / "qrels" / "test.tsv").write_text(QRELS, encoding="utf-8")
    return tmp_path


class WordEncoder:
    """Counts words into 64 places by their checksum: texts that share words are near one another."""

    id = "words"
    dimensions = 64
    max_tokens = 256

    def count_tokens(self, text: str) -> int:
        return len(text.split())

    @property
    def counter(self) -> Callable[[str], int]:
        return self.count_tokens

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        rows = np.full((len(texts), self.dimensions), 1e-3, dtype=np.float32)
        for row, text in zip(rows, texts, strict=True):
            for word in re.findall(r"\w{3,}", text.lower()):
                row[zlib.crc32(word.encode()) % self.dimensions] += 1
        unit: NDArray[np.float32] = rows / np.linalg.norm(rows, axis=1, keepdims=True)
        return unit

    def encode_tokens(self, text: str) -> tuple[NDArray[np.float32], list[tuple[int, int]]]:
        places = [match.span() for match in re.finditer(r"\S+", text)]
        return self.encode([text[start:end] for start, end in places]), places


class Ranked:
    """Finds the passages it was given, in that order."""

    def __init__(self, documents: Sequence[str]) -> None:
        self._documents = documents

    def search(self, question: str, *, k: int, mode: Mode, filters: Filters | None = None) -> list[Hit]:
        return [
            Hit(
                rank=rank,
                score=1 / rank,
                passage_id=rank,
                document_id=document,
                title="",
                passage=Passage(start=0, end=1, pinpoint="", section=""),
                text=f"Passage {rank} of {document}.",
            )
            for rank, document in enumerate(self._documents[:k], 1)
            if not (filters and filters.documents) or document in filters.documents
        ]


class WordReader:
    """Says of a sentence how many words it shares with the question."""

    id = "words"

    def read(self, question: str, excerpts: Sequence[Excerpt]) -> list[Logits]:
        asked = set(question.lower().split())
        told = []
        for excerpt in excerpts:
            rows = np.zeros((len(excerpt.spans), COLUMNS), np.float32)
            rows[:, 0] = [len(asked & set(re.findall(r"\w+", span.of(excerpt.text).lower()))) for span in excerpt.spans]
            told.append(rows)
        return told


def test_a_beir_folder_is_read_with_the_queries_that_can_be_judged(beir: Path) -> None:
    collection = read(beir)
    assert [(entry.id, entry.title) for entry in collection.documents][:2] == [("d1", "Alliances"), ("d2", "")]
    assert collection.queries.keys() == {"q1", "q2"}
    assert collection.judgments["q1"] == {"d1": 2, "d3": 1}


def test_smart_files_are_read_by_their_marks(tmp_path: Path) -> None:
    (tmp_path / "CISI.ALL").write_text(SMART, encoding="utf-8")
    (tmp_path / "CISI.QRY").write_text(".I 7\n.T\nshort\n.W\na question\n", encoding="utf-8")
    (tmp_path / "CISI.REL").write_text("     7      2\t0\t0.000000\n", encoding="utf-8")
    collection = read(tmp_path)
    assert collection.documents == (
        Entry(id="1", title="first title", text="words of\nthe first"),
        Entry(id="2", title="second", text="its .W words"),
    )
    assert collection.queries == {"7": "short a question"}
    assert collection.judgments == {"7": {"2": 1}}


def test_cranfield_counts_queries_by_their_place_and_its_grades_are_no_gains(tmp_path: Path) -> None:
    (tmp_path / "cran.all.1400").write_text(SMART, encoding="utf-8")
    (tmp_path / "cran.qry").write_text(".I 001\n.W\none\n.I 004\n.W\ntwo\n", encoding="utf-8")
    (tmp_path / "cranqrel").write_text("1 1 4\n1 2 -1\n2 2 1 \n", encoding="utf-8")
    collection = read(tmp_path)
    assert collection.queries == {"1": "one", "2": "two"}
    assert collection.judgments == {"1": {"1": 1, "2": 0}, "2": {"2": 1}}


def test_trec_files_are_read(tmp_path: Path) -> None:
    (tmp_path / "corpus").mkdir()
    document = "<DOC>\n<DOCNO>3</DOCNO>\ncompact  memories\nwork\n</DOC>\n"
    (tmp_path / "corpus" / "doc-text.trec").write_text(document, encoding="utf-8")
    (tmp_path / "query-text.trec").write_text(
        "<top>\n<num>1</num><title>\nMEMORIES\n</title>\n</top>", encoding="utf-8"
    )
    (tmp_path / "qrels").write_text("1 0 3 1\n", encoding="utf-8")
    collection = read(tmp_path)
    assert collection.documents == (Entry(id="3", title="", text="compact memories work"),)
    assert collection.queries == {"1": "memories"}


@pytest.mark.parametrize(
    ("file", "content", "message"),
    [
        ("corpus.jsonl", '{"_id": "d1", "text": "x"}\n{', r"corpus\.jsonl:2: not JSON"),
        ("corpus.jsonl", '{"_id": 1, "text": "x"}', r"corpus\.jsonl:1: needs the texts _id, text"),
        ("corpus.jsonl", '{"_id": "d1", "text": "x"}\n' * 2, "ids that stand for more than one document: d1"),
        ("queries.jsonl", '{"_id": "other", "text": "x"}', "judgments name queries that are not there: q1, q2"),
        ("qrels/test.tsv", "q1\td1\t1\n", r"test\.tsv: the first line must be"),
        ("qrels/test.tsv", "query-id\tcorpus-id\tscore\nq1\td1\n", r"test\.tsv:2: "),
        ("qrels/test.tsv", "query-id\tcorpus-id\tscore\nq1\td1\thigh\n", r"test\.tsv:2: "),
        ("qrels/test.tsv", "query-id\tcorpus-id\tscore\nq1\td1\t0\n", "no query has a relevant document"),
    ],
)
def test_a_broken_collection_is_named_with_the_place(beir: Path, file: str, content: str, message: str) -> None:
    (beir / file).write_text(content, encoding="utf-8")
    with pytest.raises(BadDataset, match=message):
        read(beir)


def test_a_folder_without_a_collection_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(BadDataset, match=r"corpus\.jsonl"):
        read(tmp_path)


def test_a_document_ranks_at_the_place_of_its_best_passage() -> None:
    assert rank_documents(Ranked(["b", "a", "b", "c", "a"]), "?", "hybrid", depth=3) == ["b", "a", "c"]
    assert rank_documents(Ranked(["b", "a"]), "?", "hybrid", depth=3) == ["b", "a"]


def test_more_passages_are_fetched_where_one_document_has_many() -> None:
    crowded = ["a"] * 50 + ["b", "c"]
    assert rank_documents(Ranked(crowded), "?", "hybrid", depth=3) == ["a", "b", "c"]


JUDGED = {"1": {"a": 2, "b": 1, "x": 0}, "2": {"c": 1}, "3": {"d": 1}, "4": {"e": 1, "f": 1}}
RANKED = {"1": ["x", "b", "a"], "2": ["x", "y"], "4": [*"mnopq", "f", *"rstu", "e"]}  # the third query found nothing
BY_HAND: dict[str, list[float]] = {  # one number a query, 0 where nothing was found
    "nDCG@10": [(1 / math.log2(3) + 2 / 2) / (2 + 1 / math.log2(3)), 0, 0, (1 / math.log2(7)) / (1 + 1 / math.log2(3))],
    "recall@100": [1, 0, 0, 1],
    "hit@1": [0, 0, 0, 0],
    "hit@5": [1, 0, 0, 0],
    "MRR@10": [1 / 2, 0, 0, 1 / 6],
    "MAP@100": [(1 / 2 + 2 / 3) / 2, 0, 0, (1 / 6 + 2 / 11) / 2],
}


def test_measures_agree_with_a_table_made_by_hand() -> None:
    pytest.importorskip("ir_measures")
    expected = {name: sum(values) / len(values) for name, values in BY_HAND.items()}
    assert ranking.score(RANKED, JUDGED) == pytest.approx(expected, abs=1e-4)


def test_of_candidates_all_ranks_count() -> None:
    pytest.importorskip("ir_measures")
    judged = {"1": {"a": 1, "b": 0}, "2": {"z": 1, "y": 1}}
    ranked = {"1": ["a", "b"], "2": [*"bcdefghijklm", "z"]}  # z stands at 13, y was not found
    expected = {"MAP": (1 + (1 / 13) / 2) / 2, "MRR": (1 + 1 / 13) / 2, "hit@1": 1 / 2}
    assert ranking.score(ranked, judged, ranking.OF_CANDIDATES) == pytest.approx(expected, abs=1e-4)


def test_a_perfect_ranking_scores_one_and_an_empty_one_nothing() -> None:
    pytest.importorskip("ir_measures")
    perfect = {query: sorted(gains, key=lambda name: -gains[name]) for query, gains in JUDGED.items()}
    assert set(ranking.score(perfect, JUDGED).values()) == {1.0}
    assert set(ranking.score({}, JUDGED).values()) == {0.0}


@given(st.permutations("abcdefghijklmnop"), st.sets(st.sampled_from("abcdefghijklmnop"), min_size=1))
def test_ndcg_agrees_with_its_formula(order: list[str], relevant: set[str]) -> None:
    pytest.importorskip("ir_measures")
    gains = sum(1 / math.log2(rank + 1) for rank, document in enumerate(order[:10], 1) if document in relevant)
    ideal = sum(1 / math.log2(rank + 1) for rank in range(1, min(len(relevant), 10) + 1))
    scores = ranking.score({"q": order}, {"q": dict.fromkeys(sorted(relevant), 1)})
    assert scores["nDCG@10"] == pytest.approx(gains / ideal, abs=1e-4)


def test_the_reference_ranks_by_words_and_leaves_out_what_shares_none() -> None:
    pytest.importorskip("bm25s")
    documents = [Entry(id=row["_id"], title=row["title"], text=row["text"]) for row in CORPUS[:3]]
    ranked = ranking.reference_bm25(documents, {"q": "tariffs and the alliance's defended members", "none": "zebra"})
    assert ranked["q"][0] == "d1"
    assert set(ranked["q"]) == {"d1", "d2"}
    assert ranked["none"] == []


def test_the_reference_speaks_the_language_of_the_collection() -> None:
    pytest.importorskip("bm25s")
    documents = [Entry(id="d1", title="", text="Die Häuser der Stadt"), Entry(id="d2", title="", text="Die Brücke")]
    assert ranking.reference_bm25(documents, {"q": "die Hauses"}, language="de")["q"] == ["d1"]


@pytest.mark.parametrize(
    ("absent", "count"),
    [("ir_measures", ranking.score), ("bm25s", ranking.reference_bm25)],
    ids=["ir-measures", "bm25s"],
)
def test_a_missing_library_is_named_with_how_to_install_it(
    absent: str, count: Callable[..., object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, absent, None)
    with pytest.raises(MissingExtra, match=r"install the extra: pip install 'foedus\[evaluation\]'"):
        count({}, {})


def test_a_collection_is_measured_in_every_mode(beir: Path, tmp_path: Path) -> None:
    pytest.importorskip("ir_measures")
    pytest.importorskip("bm25s")
    result = result_json(measure(read(beir), encoder=WordEncoder(), keep=tmp_path / "library"))
    assert (result["queries"], result["documents"]) == (2, 3)
    assert list(result["by_mode"]) == ["lexical", "dense", "hybrid", "reader"]
    assert result["by_mode"]["reader"] is None
    assert result["measures"] == result["by_mode"]["hybrid"]
    for mode in ("lexical", "dense", "hybrid"):
        assert result["by_mode"][mode]["MRR@10"] == 1.0, mode
    assert (tmp_path / "library" / "library.db").is_file()


def test_a_library_that_was_kept_of_other_texts_is_not_used_again(beir: Path, tmp_path: Path) -> None:
    documents, kept = {entry.id: document_of(entry) for entry in read(beir).documents[:3]}, tmp_path / "library"
    for _ in range(2):
        with library_of(documents, WordEncoder(), keep=kept):
            pass
    changed = {**documents, "d1": replace(documents["d1"], text="Other words.")}
    with pytest.raises(BadDataset, match="holds other documents"), library_of(changed, WordEncoder(), keep=kept):
        pass


def test_the_reader_is_measured_where_it_is_asked_for(beir: Path) -> None:
    pytest.importorskip("ir_measures")
    pytest.importorskip("bm25s")
    asked = result_json(measure(read(beir), encoder=WordEncoder(), reader=WordReader()))
    assert asked["by_mode"]["reader"]["hit@1"] == 1.0
    assert asked["reader_reason"] is None
    silent = result_json(measure(read(beir), encoder=WordEncoder()))
    assert (silent["by_mode"]["reader"], silent["reader_reason"]) == (None, "not asked for")
    assert {**asked["by_mode"], "reader": None} == silent["by_mode"]


def test_the_reader_orders_the_first_passages_and_leaves_the_others() -> None:
    hits = Ranked(["a", "b", "c", "d"]).search("?", k=4, mode="hybrid")
    assert [hit.document_id for hit in reranked(WordReader(), "passage of c", hits, read=3)] == ["c", "a", "b", "d"]
    assert reranked(WordReader(), "nothing alike", hits) == hits
    assert reranked(WordReader(), "nothing to read", []) == []


def test_only_the_candidates_of_a_query_are_ranked() -> None:
    pool = ("c", "d", "absent")
    ranked = rank_documents(Ranked(["a", "b", "c", "d"]), "passage of d", "hybrid", candidates=pool, depth=1)
    assert ranked == ["c", "d"]
    read_too = rank_documents(
        Ranked(["a", "b", "c", "d"]), "passage of d", "hybrid", candidates=pool, reader=WordReader()
    )
    assert read_too == ["d", "c"]


def test_candidates_are_measured_by_the_reference_alone_among_themselves() -> None:
    pytest.importorskip("ir_measures")
    pytest.importorskip("bm25s")
    documents = tuple(Entry(id=f"s{number}", title="", text=text) for number, text in enumerate(SENTENCES))
    judgments = {"q1": {"s0": 1, "s1": 0}, "q2": {"s2": 0, "s3": 1}}
    queries = {"q1": "which alliance was founded", "q2": "which alliance was ended"}
    given = Collection(name="pools", documents=documents, queries=queries, judgments=judgments, pooled=True)
    assert reference(given) == {"q1": ["s0"], "q2": ["s3", "s2"]}
    result = measure(given, encoder=WordEncoder(), reader=WordReader())
    for mode, measures in result.by_mode.items():
        assert measures == {"MAP": 1.0, "MRR": 1.0, "hit@1": 1.0}, mode


def test_the_numbers_of_a_folder_are_flat_and_named_by_mode(
    beir: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("ir_measures")
    pytest.importorskip("bm25s")
    monkeypatch.setattr(retrieval, "load_encoder", WordEncoder)
    monkeypatch.setattr(sys, "argv", ["retrieval", str(beir), "--json"])
    retrieval.main()
    printed = json.loads(capsys.readouterr().out)
    assert printed == {"dataset": beir.name, "numbers": retrieval.numbers(beir)}
    by_mode = measure(read(beir), encoder=WordEncoder()).by_mode
    assert printed["numbers"]["hybrid nDCG@10"] == by_mode["hybrid"]["nDCG@10"]
    assert len(printed["numbers"]) == 4 * len(ranking.MEASURES)


def test_a_kept_library_is_used_again_and_never_mixed_with_another(beir: Path, tmp_path: Path) -> None:
    pytest.importorskip("ir_measures")
    pytest.importorskip("bm25s")
    kept = tmp_path / "library"
    first = measure(read(beir), encoder=WordEncoder(), keep=kept)
    assert measure(read(beir), encoder=WordEncoder(), keep=kept) == first
    other = read(beir)
    fewer = Collection(name="other", documents=other.documents[:2], queries=other.queries, judgments=other.judgments)
    with pytest.raises(BadDataset, match="holds other documents"):
        measure(fewer, encoder=WordEncoder(), keep=kept)


def test_the_command_says_what_a_folder_lacks(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["retrieval", str(tmp_path)])
    assert isinstance(result.exception, BadDataset)
    assert str(tmp_path / "corpus.jsonl") in str(result.exception)


@pytest.mark.shared
@pytest.mark.parametrize(
    ("folder", "documents", "queries", "relevant"),
    [
        ("cranfield", 1400, 225, 1612),
        ("cisi", 1460, 76, 3114),
        ("cacm", 3204, 52, 796),
        ("vaswani_npl", 11429, 93, 2083),
        ("negconstraint/NegConstraint_labeled", 3946, 198, 198),
    ],
)
def test_public_collections_are_read_whole(
    shared: Path, folder: str, documents: int, queries: int, relevant: int
) -> None:
    collection = read(shared / "retrieval" / folder)
    ids = {entry.id for entry in collection.documents}
    judged = [document for gains in collection.judgments.values() for document, gain in gains.items() if gain]
    assert (len(ids), len(collection.queries), len(judged)) == (documents, queries, relevant)
    assert set(judged) <= ids
