"""The JSON of the public interface, to the name of the field."""

from __future__ import annotations

import json

import pytest

from index.add import FileResult, Report
from index.doctor import Finding
from index.library import Library
from service.answer import Question
from service.ask import Asker
from service.errors import BadRequest
from service.verify import Check, Status
from service.wire import (
    answer_json,
    checks_json,
    citation_json,
    document_json,
    dumps,
    findings_json,
    hits_json,
    read_json,
    report_json,
)  # fmt: skip

ANSWER_FIELDS = (
    "question outcome verdict text statements citations understood_as confidence refusal writer library timings_ms"
)
CITATION_FIELDS = (
    "number document_id document_sha256 title source pinpoint page start end quote answer_span stance trust in_force "
    "ended"
)
ANSWER, CITATION = ANSWER_FIELDS.split(), CITATION_FIELDS.split()


def through_json(value):
    return json.loads(dumps(value))


def test_an_answer_has_the_fields_of_the_contract(asker: Asker):
    answer = asker.ask(Question(text="When was the Treaty of Strelsau signed?"))
    record = through_json(answer_json(answer))
    assert list(record) == ANSWER
    assert list(record["citations"][0]) == CITATION
    assert list(record["statements"][0]) == ["text", "start", "end", "citations"]
    assert record["library"] == {"certificate": answer.certificate, "documents": 4}
    assert record["outcome"] == "answer"
    assert record["refusal"] is None
    assert "total" in record["timings_ms"]
    for said in record["statements"]:
        assert record["text"][said["start"] : said["end"]] == said["text"]


def test_a_refusal_has_its_reason_and_what_came_closest(asker: Asker):
    record = through_json(answer_json(asker.ask(Question(text="What does Article XII of the Treaty of Strelsau say?"))))
    assert list(record) == ANSWER
    assert (record["outcome"], record["verdict"], record["citations"]) == ("refusal", None, [])
    assert list(record["refusal"]) == ["reason", "message", "nearest"]
    assert record["refusal"]["reason"] == "not_stated"
    assert list(record["refusal"]["nearest"][0]) == CITATION


def test_the_words_that_answer_are_a_place(asker: Asker):
    from dataclasses import replace

    from ingest.document import Span

    cited = asker.state().citer.cite(1, "strelsau", Span(start=0, end=9))
    assert citation_json(cited)["answer_span"] is None
    assert citation_json(replace(cited, answer_span=(2, 5)))["answer_span"] == {"start": 2, "end": 5}


def test_hits(asker: Asker):
    record = through_json(hits_json("mineral water", asker.search("mineral water", k=2)))
    assert list(record) == ["query", "hits"]
    assert [hit["rank"] for hit in record["hits"]] == [1, 2]
    first = record["hits"][0]
    assert list(first) == ["rank", "score", "document_id", "title", "pinpoint", "page", "start", "end", "text"]
    text = asker.state().document(first["document_id"]).text
    assert text[first["start"] : first["end"]] == first["text"]
    assert first["document_id"] == "szohod"


def test_a_report_of_ingestion():
    rows = (
        FileResult(source="a.md", status="added", document_id="a", passages=3, pages=None),
        FileResult(source="b.md", status="failed", reason="b.md: empty"),
    )
    assert through_json(report_json(Report(files=rows))) == {
        "added": 1, "updated": 0, "unchanged": 0, "skipped": 0, "failed": 1,
        "files": [
            {"source": "a.md", "status": "added", "document_id": "a", "passages": 3, "pages": None, "reason": None},
            {"source": "b.md", "status": "failed", "document_id": None, "passages": None, "pages": None,
             "reason": "b.md: empty"},
        ],
    }  # fmt: skip


def test_a_document(library_path):
    with Library.open(library_path) as library:
        record = through_json(document_json(library.document("strelsau")))
        assert record["document_sha256"] == library.read("strelsau").sha256
    assert (record["trust"], record["aliases"], record["pages"]) == ("primary", ["Strelsau Pact", "TOS"], None)


def test_checks_and_findings():
    checks = [
        Check(number=1, document_id="a", status=Status.VERIFIED),
        Check(number=2, document_id="b", status=Status.CHANGED, found_at=(0, 3), problem="moved"),
    ]
    record = through_json(checks_json(checks))
    assert [check["status"] for check in record["citations"]] == ["verified", "changed"]
    assert record["citations"][1]["found_at"] == {"start": 0, "end": 3}
    assert not record["verified"]
    assert checks_json(checks[:1])["verified"]
    assert findings_json([]) == {"consistent": True, "findings": []}
    assert findings_json([Finding(what="a", remedy="b")])["findings"] == [{"what": "a", "remedy": "b"}]


def test_words_are_printed_as_they_are():
    assert json.loads(dumps({"quote": "Szohôd 𝒜\n"})) == {"quote": "Szohôd 𝒜\n"}
    assert "Szohôd 𝒜" in dumps({"quote": "Szohôd 𝒜"})


def test_a_file_with_a_byte_order_mark_is_read(tmp_path):
    (tmp_path / "a.json").write_bytes(b'\xef\xbb\xbf{"a": 1}')
    assert read_json(tmp_path / "a.json") == {"a": 1}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"{", "is not JSON"),
        (b"\xff\xfe", "is not JSON"),
        (b"[" * 100_000, "is not JSON"),
        (b"[]", "holds a JSON list"),
    ],
    ids=["broken", "bytes", "deep", "list"],
)
def test_what_is_not_an_answer_is_said_with_its_place(tmp_path, content, message):
    path = tmp_path / "a.json"
    path.write_bytes(content)
    with pytest.raises(BadRequest, match=message) as caught:
        read_json(path)
    assert str(caught.value).startswith(str(path))
    assert "foedus ask" in str(caught.value)


def test_a_missing_file(tmp_path):
    with pytest.raises(BadRequest, match="No such file"):
        read_json(tmp_path / "none.json")
