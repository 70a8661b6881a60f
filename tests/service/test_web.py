"""What the routes give: the same as the command line, as the published description says."""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from pydantic import BaseModel

from index.doctor import rebuild
from index.errors import EncoderDamaged
from index.library import Library
from index.onnx_encoder import cores
from service import cli, web_app
from service.answer import Answer, Question
from service.ask import Asker, open_asker
from service.routes import examples, responses
from service.settings import Settings

from ..index.encoders import HashingEncoder
from .web import FILES, Web, build, calling

pytestmark = pytest.mark.model

QUESTION = "Does the Treaty of Strelsau oblige each Party to assist the other with armed force?"
SILENT = "What is the boiling point of tungsten?"


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("web"))


@pytest.fixture(scope="module")
def asker(library: Path) -> Iterator[Asker]:
    with open_asker(Settings(library=library), notice=pytest.fail) as asker:
        yield asker


@pytest.fixture(scope="module")
def web(asker: Asker) -> Iterator[Web]:
    with calling(web_app.create_app(asker)) as web:
        yield web


def held_to(model: type[BaseModel], value: Any) -> Any:
    """The value, if the published description of the route fits it."""
    model.model_validate_json(json.dumps(value))
    return value


def test_an_answer_names_its_places(web: Web, asker: Asker) -> None:
    response = web.post("/v1/ask", {"question": QUESTION})
    answer = held_to(responses.AnswerBody, response.json())
    assert (response.status_code, answer["outcome"], answer["verdict"]) == (200, "answer", "yes")
    assert set(answer["timings_ms"]) >= {"search", "total"}
    for citation in answer["citations"]:
        text = web.get(f"/v1/documents/{citation['document_id']}/text").json()["text"]
        assert text[citation["start"] : citation["end"]] == citation["quote"]


def test_a_refusal_is_a_response_like_any_other(web: Web) -> None:
    response = web.post("/v1/ask", {"question": SILENT})
    answer = held_to(responses.AnswerBody, response.json())
    assert (response.status_code, answer["outcome"]) == (200, "refusal")
    assert answer["refusal"]["message"] == answer["text"]


@pytest.mark.parametrize("question", [QUESTION, SILENT, "", "𝒜 list?"])
def test_the_answer_is_that_of_the_command_line(
    web: Web, library: Path, question: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    printed = _printed(["ask", question, "--json", "--k", "4", "--library", str(library)], capsys, monkeypatch)
    served = web.post("/v1/ask", {"question": question, "k": 4}).json()
    assert list(served) == list(printed)
    assert served | {"timings_ms": 0} == printed | {"timings_ms": 0}


def test_a_search_is_that_of_the_command_line(
    web: Web, library: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    printed = _printed(
        ["search", "peaceful means", "--mode", "lexical", "--json", "--library", str(library)], capsys, monkeypatch
    )
    served = web.post("/v1/search", {"query": "peaceful means", "mode": "lexical"}).json()
    assert held_to(responses.HitsBody, served) == printed
    assert served["hits"][0]["pinpoint"] == "Article I"


def _printed(
    arguments: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> dict[str, Any]:
    monkeypatch.setattr(sys, "argv", ["foedus", *arguments])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == 0
    value: dict[str, Any] = json.loads(capsys.readouterr().out)
    return value


def test_filters_leave_only_what_they_name(web: Web) -> None:
    def found(**filters: Any) -> set[str]:
        hits = web.post("/v1/search", {"query": "Party", **filters}).json()["hits"]
        return {hit["document_id"] for hit in hits}

    assert found() == {"ruritania", "borduria"}
    assert found(documents=["borduria"]) == {"borduria"}
    assert found(trust="secondary") == {"ruritania"}
    assert len(web.post("/v1/search", {"query": "Party", "k": 1}).json()["hits"]) == 1


def test_an_answer_can_be_checked_again(web: Web) -> None:
    answer = web.post("/v1/ask", {"question": QUESTION}).json()
    checks = held_to(responses.ChecksBody, web.post("/v1/verify", answer).json())
    assert checks["verified"]
    assert len(checks["citations"]) == len(answer["citations"]) > 0


def test_a_false_quotation_is_found(web: Web) -> None:
    answer = web.post("/v1/ask", {"question": QUESTION}).json()
    answer["citations"][0]["quote"] += " for ever"
    answer["citations"].append(answer["citations"][0] | {"document_id": "atlantis"})
    checks = held_to(responses.ChecksBody, web.post("/v1/verify", answer).json())
    assert not checks["verified"]
    assert {check["status"] for check in checks["citations"]} >= {"changed", "missing"}


def test_a_refusal_can_be_checked_again(web: Web) -> None:
    refusal = web.post("/v1/ask", {"question": SILENT}).json()
    checks = web.post("/v1/verify", refusal).json()
    assert len(checks["citations"]) == len(refusal["refusal"]["nearest"])
    assert checks["verified"]


def test_documents_are_listed_with_their_facts(web: Web) -> None:
    listed = held_to(responses.DocumentsBody, web.get("/v1/documents").json())["documents"]
    assert [each["document_id"] for each in listed] == sorted(FILES)
    one = held_to(responses.DocumentBody, web.get("/v1/documents/ruritania").json())
    assert one == listed[1]
    assert (one["title"], one["signed"], one["trust"]) == ("Treaty of Strelsau", "1951-09-01", "primary")


def test_a_text_comes_with_its_sections(web: Web) -> None:
    body = held_to(responses.TextBody, web.get("/v1/documents/borduria/text").json())
    facts = web.get("/v1/documents/borduria").json()
    assert len(body["text"]) == facts["characters"]  # code points: the text holds one outside the basic plane
    assert body["document_sha256"] == facts["document_sha256"]
    labels = {section["label"]: body["text"][section["start"] : section["end"]] for section in body["sections"]}
    assert "mineral water" in labels["Article 1"]
    assert "mineral water" not in labels["Article 2"]


def test_ready_says_what_is_served(web: Web, asker: Asker) -> None:
    assert held_to(responses.HealthBody, web.get("/health").json()) == {"status": "up"}
    ready = held_to(responses.ReadyBody, web.get("/health/ready").json())
    with asker.library.reading():
        passages = sum(len(asker.library.passages(name)) for name in FILES)
    assert ready["library"] == {
        "certificate": asker.library.certificate().id, "documents": len(FILES), "passages": passages,
    }  # fmt: skip
    assert ready["encoder"] == asker.encoder.id


def test_a_server_is_up_but_not_ready_when_its_library_was_built_anew_with_another_encoder(tmp_path: Path) -> None:
    path = build(tmp_path)
    with open_asker(Settings(library=path), notice=pytest.fail) as asker, calling(web_app.create_app(asker)) as web:
        with Library.open(path) as elsewhere:
            rebuild(elsewhere, HashingEncoder(), notice=lambda said: None)
        assert web.get("/health").status_code == 200
        response = web.get("/health/ready")
    assert (response.status_code, response.json()["type"]) == (503, "/docs#unavailable")
    assert response.json()["detail"].startswith("the library is built with the encoder hashing(64)")


def test_a_server_is_not_ready_when_its_reader_cannot_read(tmp_path: Path) -> None:
    with open_asker(Settings(library=build(tmp_path)), notice=pytest.fail) as asker:
        asker.reader = _BrokenReader()
        with calling(web_app.create_app(asker)) as web:
            response = web.get("/health/ready")
    assert (response.status_code, response.json()["detail"]) == (503, "model.onnx is not the reader's")


class _BrokenReader:
    id = "broken"

    def read(self, question: str, spans: Sequence[str]) -> NDArray[np.float32]:
        raise EncoderDamaged("model.onnx is not the reader's")


def test_what_changes_in_the_library_is_served_at_once(tmp_path: Path) -> None:
    path = build(tmp_path)
    with open_asker(Settings(library=path), notice=pytest.fail) as asker, calling(web_app.create_app(asker)) as web:
        before = web.post("/v1/ask", {"question": QUESTION}).json()
        with Library.open(path) as elsewhere:
            elsewhere.remove("ruritania")
        after = web.post("/v1/ask", {"question": QUESTION}).json()
        checks = web.post("/v1/verify", before).json()
    assert after["library"]["documents"] == before["library"]["documents"] - 1
    assert {check["status"] for check in checks["citations"]} == {"missing"}


class Crowd:
    """Stands where the asker does: keeps every question until it is let go, and counts those it has at once."""

    def __init__(self, answer: Answer) -> None:
        self.library = SimpleNamespace(path=Path("library"))
        self.let_go = threading.Event()
        self.full = threading.Event()
        self.most = 0
        self._answer = answer
        self._inside = 0
        self._lock = threading.Lock()

    def ask(self, question: Question) -> Answer:
        with self._lock:
            self._inside += 1
            self.most = max(self.most, self._inside)
            if self._inside == cores():
                self.full.set()
        self.let_go.wait(60)
        with self._lock:
            self._inside -= 1
        return self._answer


def test_no_more_answers_at_once_than_cores_and_health_does_not_wait(asker: Asker) -> None:
    crowd = Crowd(asker.ask(Question(text=QUESTION)))
    codes: list[int] = []
    with calling(web_app.create_app(crowd)) as web:  # type: ignore[arg-type]  # it asks for nothing else
        ask: Callable[[], None] = lambda: codes.append(web.post("/v1/ask", {"question": "?"}).status_code)  # noqa: E731
        askers = [threading.Thread(target=ask) for _ in range(cores() + 3)]
        for thread in askers:
            thread.start()
        assert crowd.full.wait(60)
        assert web.get("/health").status_code == 200
        crowd.let_go.set()
        for thread in askers:
            thread.join()
    assert codes == [200] * len(askers)
    assert crowd.most == cores()


def test_threads_get_the_answers_that_one_gets_alone(web: Web) -> None:
    questions = [QUESTION, SILENT, "What are the duties on mineral water?"] * 3
    alone = [web.post("/v1/ask", {"question": question}).json()["text"] for question in questions]
    together = [""] * len(questions)

    def ask(number: int) -> None:
        together[number] = web.post("/v1/ask", {"question": questions[number]}).json()["text"]

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(len(questions))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert together == alone


@pytest.mark.parametrize("name", sorted(examples.OF_SCHEMA))
def test_each_example_is_what_it_is_an_example_of(name: str) -> None:
    held_to(getattr(responses, name), examples.OF_SCHEMA[name])


def test_the_example_answer_keeps_its_own_promises() -> None:
    for statement in examples.ANSWER["statements"]:
        assert examples.ANSWER["text"][statement["start"] : statement["end"]] == statement["text"]
    for citation in examples.ANSWER["citations"]:
        assert citation["end"] - citation["start"] == len(citation["quote"])


def test_openapi_describes_every_route(web: Web) -> None:
    document = web.get("/openapi.json").json()
    assert sorted(document["paths"]) == [
        "/health", "/health/ready", "/v1/ask", "/v1/documents", "/v1/documents/{document_id}",
        "/v1/documents/{document_id}/text", "/v1/search", "/v1/verify",
    ]  # fmt: skip
    for methods in document["paths"].values():
        for route in methods.values():
            assert route["description"]
            name = route["responses"]["200"]["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2]
            assert document["components"]["schemas"][name]["examples"]
    assert _references(document) <= set(document["components"]["schemas"])


def _references(value: Any) -> set[str]:
    """The schemas that are named anywhere in it."""
    if isinstance(value, list):
        return set().union(*map(_references, value))
    if isinstance(value, dict):
        own = {value["$ref"].rpartition("/")[2]} if "$ref" in value else set()
        return own.union(*map(_references, value.values()))
    return set()


class Page(HTMLParser):
    """What a page links to, what it can be linked at, and whether it loads anything."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.links: set[str] = set()
        self.anchors: set[str] = set()
        self.tags: set[str] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        assert "src" not in values
        self.tags.add(tag)
        self.links.update([values["href"] or ""] if tag == "a" else [])
        self.anchors.update([f"#{values['id']}"] if "id" in values else [])


def test_the_documentation_needs_no_other_host(web: Web) -> None:
    response = web.get("/docs")
    page = Page(response.text)
    assert not page.tags & {"script", "link", "img", "iframe"}
    assert page.links - {"/openapi.json"} <= page.anchors
    assert "default-src 'none'" in response.headers["content-security-policy"]
    assert "/v1/documents/{document_id}/text" in response.text
    assert "`" not in response.text
