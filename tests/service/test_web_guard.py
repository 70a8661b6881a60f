"""What the doors keep out, and how they say so."""

from __future__ import annotations

import asyncio
import json
import logging
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.errors import EncoderMissing, LibraryBusy, LibraryDamaged
from index.onnx_encoder import cores
from ingest.errors import FoedusError
from service import web_app
from service.answer import Question
from service.ask import Asker, open_asker
from service.errors import Unproved
from service.routes import guard, problems, requests, responses, turns
from service.settings import K_MOST, QUESTION_CHARACTERS, Settings

from .web import Web, build, calling

pytestmark = pytest.mark.model

JSON = {"content-type": "application/json"}


@pytest.fixture(scope="module")
def asker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Asker]:
    with open_asker(Settings(library=build(tmp_path_factory.mktemp("guard"))), notice=pytest.fail) as asker:
        yield asker


@pytest.fixture(scope="module")
def web(asker: Asker) -> Iterator[Web]:
    with calling(web_app.create_app(asker)) as web:
        yield web


def problem(response: Any, status: int, slug: str) -> str:
    """The detail of a problem document of that kind."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    body = responses.Problem.model_validate_json(response.text)
    assert (body.status, body.type) == (status, f"/docs#{slug}")
    return body.detail


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({}, "question: is missing"),
        ({"question": None}, "question: input should be a valid string"),
        ({"question": "x" * (QUESTION_CHARACTERS + 1)}, f"at most {QUESTION_CHARACTERS} characters"),
        ({"question": "?", "k": 0}, "k: input should be greater than or equal to 1"),
        ({"question": "?", "k": K_MOST + 1}, f"k: input should be less than or equal to {K_MOST}"),
        ({"question": "?", "k": "5"}, "k: input should be a valid integer"),
        ({"question": "?", "k": True}, "k: input should be a valid integer"),
        ({"question": "?", "trust": "high"}, "'primary', 'secondary', 'unknown' or 'generated'"),
        ({"question": "?", "documents": "ruritania"}, "documents: input should be a valid list"),
        ({"question": "?", "stream": True}, "stream: there is no such field"),
        ({"question": "\ud800"}, "question: "),
        ([], "body: must be a JSON object"),
        (None, "body: must be a JSON object"),
    ],
)
def test_a_request_is_held_to_its_limits(web: Web, body: Any, said: str) -> None:
    response = web.request("POST", "/v1/ask", content=json.dumps(body), headers=JSON)
    assert said in problem(response, 422, "invalid-request")


def test_the_edges_of_the_limits_are_inside(web: Web) -> None:
    longest = "x" * QUESTION_CHARACTERS
    assert web.post("/v1/search", {"query": longest, "k": K_MOST}).status_code == 200
    assert web.post("/v1/search", {"query": "x", "k": 1, "mode": "dense", "trust": "primary"}).status_code == 200
    assert web.post("/v1/search", {"query": "x", "mode": "both"}).status_code == 422


def test_every_fault_is_named(web: Web) -> None:
    response = web.post("/v1/ask", {"question": 1, "k": 0, "colour": "red"})
    assert [fault["field"] for fault in response.json()["errors"]] == ["k", "question", "colour"]


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe\xfa", b"nul", b'{"question": "?"} more', b"[" * 100_000])
def test_what_is_not_json_is_told_so(web: Web, content: bytes) -> None:
    response = web.request("POST", "/v1/ask", content=content, headers=JSON)
    if content:
        problem(response, 400, "malformed-json")
    else:
        assert "body: is missing" in problem(response, 422, "invalid-request")


@pytest.mark.parametrize("declared", ["text/plain", "application/x-www-form-urlencoded", "application/jsonp", ""])
def test_only_json_is_taken(web: Web, declared: str) -> None:
    response = web.request("POST", "/v1/ask", content=b'{"question": "?"}', headers={"content-type": declared})
    problem(response, 415, "unsupported-type")


def test_json_may_name_its_character_set(web: Web) -> None:
    options = {"content": b'{"query": "?"}', "headers": {"content-type": "Application/JSON; charset=utf-8"}}
    assert web.request("POST", "/v1/search", **options).status_code == 200


def test_a_body_is_read_up_to_its_limit(web: Web) -> None:
    whole = b'{"query": "x"}'
    fits = whole + b" " * (guard.BODY_BYTES - len(whole))
    assert web.request("POST", "/v1/search", content=fits, headers=JSON).status_code == 200
    problem(web.request("POST", "/v1/search", content=fits + b" ", headers=JSON), 413, "too-large")


def test_a_body_without_end_is_not_read_for_ever(asker: Asker) -> None:
    chunk, read, sent = b"x" * 1024 * 1024, [], []

    async def receive() -> dict[str, Any]:
        read.append(len(chunk))
        return {"type": "http.request", "body": chunk, "more_body": True}

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "POST", "path": "/v1/ask", "headers": [(b"host", b"localhost")]}
    asyncio.run(guard.Guard(web_app.create_app(asker))(scope, receive, send))
    assert sent[0]["status"] == 413
    assert sum(read) == guard.DISCARDED_BYTES + len(chunk)


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:8000", "127.0.0.1", "127.0.0.1:1", "[::1]:8000", "127.9.9.9"])
def test_this_machine_has_several_names(web: Web, host: str) -> None:
    assert web.get("/health", headers={"host": host}).status_code == 200


@pytest.mark.parametrize(
    "host",
    ["example.org", "localhost.example.org", "127.0.0.1.nip.io:8000", "0.0.0.0", "10.0.0.1", "[::]", "", "::1:x"],
)
def test_other_hosts_are_turned_away(web: Web, host: str) -> None:
    problem(web.get("/health", headers={"host": host}), 421, "foreign-host")


def test_there_are_problems_for_wrong_paths_and_methods(web: Web) -> None:
    problem(web.get("/v1/nothing"), 404, "no-such-path")
    problem(web.get("/v1/documents/"), 404, "no-such-path")
    problem(web.get("/v1/documents/atlantis"), 404, "unknown-document")
    problem(web.get("/v1/documents/atlantis/text"), 404, "unknown-document")
    assert "'atlantis'" in problem(
        web.post("/v1/ask", {"question": "?", "documents": ["atlantis"]}), 404, "unknown-document"
    )
    wrong = web.get("/v1/ask")
    problem(wrong, 405, "method-not-allowed")
    assert wrong.headers["allow"] == "POST"


def test_no_folder_of_this_machine_is_told(web: Web, asker: Asker) -> None:
    said = problem(web.get("/v1/documents/atlantis"), 404, "unknown-document")
    assert str(asker.library.path) not in said
    assert said == "the library has no document 'atlantis': see GET /v1/documents"


@pytest.mark.parametrize("path", ["/health", "/docs", "/openapi.json", "/nothing", "/v1/ask"])
def test_every_response_carries_the_security_headers(web: Web, path: str) -> None:
    headers = web.get(path).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["content-security-policy"].startswith("default-src 'none'")
    assert "access-control-allow-origin" not in headers


def test_another_site_may_not_ask(web: Web) -> None:
    asks = {"origin": "https://example.org", "access-control-request-method": "POST"}
    response = web.request("OPTIONS", "/v1/ask", headers=asks)
    problem(response, 405, "method-not-allowed")
    assert "access-control-allow-origin" not in response.headers


class Broken:
    """Stands where the asker does and fails at every question."""

    def __init__(self, error: Exception, library: Path) -> None:
        self.error = error
        self.library = type("Closed", (), {"path": library})()

    def ask(self, question: Question) -> None:
        raise self.error


def asked(error: Exception) -> Any:
    with calling(web_app.create_app(Broken(error, Path("/srv/library")))) as web:  # type: ignore[arg-type]
        return web.post("/v1/ask", {"question": "a secret?"})


@pytest.mark.parametrize(
    ("error", "status", "slug"),
    [
        (LibraryDamaged("/srv/library/library.db: torn; `foedus doctor` says more"), 503, "unavailable"),
        (LibraryBusy("another process is adding to /srv/library"), 503, "unavailable"),
        (EncoderMissing("no model"), 503, "unavailable"),
        (Unproved("citation 1 does not stand"), 500, "unproved"),
    ],
)
def test_each_of_our_errors_is_its_own_problem(error: FoedusError, status: int, slug: str) -> None:
    response = asked(error)
    assert "/srv" not in problem(response, status, slug)
    assert ("retry-after" in response.headers) == isinstance(error, LibraryBusy)


def test_a_command_is_for_whoever_has_the_machine() -> None:
    said = asked(LibraryDamaged("/srv/library/library.db: torn; `foedus doctor` says more")).json()["detail"]
    assert said == "the library/library.db: torn; `foedus doctor` on the machine of the server says more"


class Slow:
    """Stands where the asker does and keeps every question until it is let go."""

    def __init__(self) -> None:
        self.library = SimpleNamespace(path=Path("/srv/library"))
        self.let_go = threading.Event()

    def ask(self, question: Question) -> None:
        self.let_go.wait(60)
        raise LibraryBusy("another process is adding")


def test_so_many_may_wait_and_the_next_is_told_at_once() -> None:
    slow, codes = Slow(), []
    app = web_app.create_app(slow)  # type: ignore[arg-type]
    most = cores() + turns.WAITING_MOST
    with calling(app) as web:
        ask: Callable[[], None] = lambda: codes.append(web.post("/v1/ask", {"question": "?"}).status_code)  # noqa: E731
        threads = [threading.Thread(target=ask) for _ in range(most)]
        for thread in threads:
            thread.start()
        while app.state.questions.inside < most:
            time.sleep(0.01)
        late = web.post("/v1/ask", {"question": "?"})
        assert str(turns.WAITING_MOST) in problem(late, 429, "too-busy")
        assert late.headers["retry-after"] == str(problems.BUSY_SECONDS)
        assert web.get("/health").status_code == 200
        slow.let_go.set()
        for thread in threads:
            thread.join()
        assert codes == [503] * most  # none was turned away: each had its turn, and the answer made for it
        assert web.post("/v1/ask", {"question": "?"}).status_code == 503


def test_a_server_full_of_questions_is_ready(asker: Asker, monkeypatch: pytest.MonkeyPatch) -> None:
    let_go, most = threading.Event(), cores() + turns.WAITING_MOST
    monkeypatch.setattr(asker, "ask", lambda question: let_go.wait(60))
    app = web_app.create_app(asker)
    with calling(app) as web:
        threads = [
            threading.Thread(target=web.post, args=("/v1/ask", {"question": "?"}), daemon=True) for _ in range(most)
        ]
        for thread in threads:
            thread.start()
        while app.state.questions.inside < most:
            time.sleep(0.01)
        assert web.get("/health/ready").json()["status"] == "ready"
        app.state.checks.inside = 1 + turns.CHECKS_MOST
        assert str(turns.CHECKS_MOST) in problem(web.get("/health/ready"), 429, "too-busy")
        let_go.set()
        for thread in threads:
            thread.join()


@pytest.mark.parametrize("error", [ZeroDivisionError("a secret?"), FoedusError("a secret?")])
def test_an_unexpected_error_is_logged_without_the_question(error: Exception, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        response = asked(error)
    problem(response, 500, "internal-error")
    assert "secret" not in response.text
    assert "secret" not in caplog.text
    assert type(error).__name__ in caplog.text
    assert "in ask" in caplog.text


def test_problems_are_explained_where_their_type_leads(web: Web) -> None:
    page = web.get("/docs").text
    for kind in problems.KINDS:
        assert f'id="{kind.type.partition("#")[2]}"' in page


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters()),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
FIELDS = st.sampled_from(["question", "query", "k", "documents", "trust", "mode", "statements", "citations", "refusal"])
CITATION = st.fixed_dictionaries(
    {
        "number": st.integers(0, 3) | VALUES,
        "document_id": st.sampled_from(["ruritania", "atlantis", "\ud800"]) | VALUES,
        "document_sha256": st.text() | VALUES,
        "start": st.integers() | VALUES,
        "end": st.integers() | VALUES,
        "quote": st.text(st.characters()) | VALUES,
    }
)
STATEMENT = st.fixed_dictionaries({"citations": st.lists(st.integers(0, 3), max_size=3) | VALUES})
CLAIM = st.fixed_dictionaries(
    {"citations": st.lists(CITATION, max_size=3) | VALUES, "statements": st.lists(STATEMENT, max_size=3) | VALUES},
    optional={"refusal": st.fixed_dictionaries({"nearest": st.lists(CITATION, max_size=2)}) | VALUES},
)
ASKED = st.fixed_dictionaries({}, optional={"question": st.text(st.characters()), "query": st.text(st.characters())})
BODIES = VALUES | st.dictionaries(FIELDS | st.text(max_size=8), VALUES, max_size=5) | CLAIM | ASKED


@settings(max_examples=300, deadline=None)
@given(path=st.sampled_from(["/v1/ask", "/v1/search", "/v1/verify"]), body=BODIES)
def test_no_json_breaks_a_route(web: Web, path: str, body: Any) -> None:
    response = web.request("POST", path, content=json.dumps(body), headers=JSON)
    assert response.status_code in {200, 400, 404, 422}
    if response.status_code != 200:
        problem(response, response.status_code, response.json()["type"].partition("#")[2])


@settings(max_examples=100, deadline=None)
@given(content=st.binary(max_size=64))
def test_no_bytes_break_a_route(web: Web, content: bytes) -> None:
    response = web.request("POST", "/v1/verify", content=content, headers=JSON)
    assert response.status_code in {400, 422}


@settings(max_examples=100, deadline=None)
@given(name=st.text(st.characters(exclude_categories=["Cs"]), min_size=1))
def test_no_name_breaks_a_path(web: Web, name: str) -> None:
    from urllib.parse import quote

    response = web.get(f"/v1/documents/{quote(name, safe='')}")
    assert response.status_code in {200, 404}


def test_an_answer_to_verify_may_hold_so_many_citations(web: Web) -> None:
    citation = {"number": 1, "document_id": "a", "document_sha256": "", "start": 0, "end": 0, "quote": ""}
    most = {"statements": [], "citations": [citation] * requests.CITATIONS_MOST}
    assert web.post("/v1/verify", most).status_code == 200
    most["citations"].append(citation)
    problem(web.post("/v1/verify", most), 422, "invalid-request")
