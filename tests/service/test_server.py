"""A real server in a process of its own, on the loopback interface."""

from __future__ import annotations

import contextlib
import json
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import httpx
import pytest

from ingest.errors import SettingsError, UsageError
from service import web_app
from service.settings import Settings

from .test_web import QUESTION
from .web import build

pytestmark = [pytest.mark.server, pytest.mark.model]

COMMAND = [sys.executable, "-c", "from service.cli import main; main()", "serve", "--port", "0", "--library"]


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("server"))


@contextlib.contextmanager
def served(library: Path, log: IO[str]) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A server that has said where it is, and what it said; it is ended with the block if it still runs."""
    process = subprocess.Popen([*COMMAND, str(library)], stdout=subprocess.PIPE, stderr=log, text=True)
    try:
        assert process.stdout is not None
        yield process, process.stdout.readline().strip()
    finally:
        process.kill()
        process.communicate()


def address(said: str) -> tuple[str, int]:
    host, _, port = said.partition(" at http://")[2].partition(" ")[0].partition(":")
    return host, int(port)


def sent(body: object, to: tuple[str, int]) -> socket.socket:
    """A connection on which a question was sent, and nothing read yet."""
    content = json.dumps(body).encode()
    connection = socket.create_connection(to)
    head = (
        f"POST /v1/ask HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {len(content)}"
    )
    connection.sendall(f"{head}\r\n\r\n".encode() + content)
    return connection


def test_a_server_lives_and_ends(library: Path, tmp_path: Path) -> None:
    with (tmp_path / "log").open("w+") as log, served(library, log) as (process, said):
        host, port = address(said)
        assert said == f"foedus serves {library} at http://{host}:{port} (docs at /docs)"
        assert (host, port != 0) == ("127.0.0.1", True)

        for _ in range(3):
            sent({"question": QUESTION}, (host, port)).close()  # gone before the answer

        with httpx.Client(base_url=f"http://{host}:{port}") as client:
            assert client.get("/health/ready").json()["status"] == "ready"
            answer = client.post("/v1/ask", json={"question": QUESTION})
            assert answer.json()["outcome"] == "answer"
            assert "server" not in answer.headers
            assert client.post("/v1/ask", content=b"x" * 3_000_000).status_code == 413

        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0
        log.seek(0)
        assert log.read() == ""  # neither questions nor complaints


SLOW = """
import sys
from pathlib import Path
from service import ask, console, web_app
from service.settings import Settings

class Slow(ask.Asker):
    def ask(self, question):
        print("asked", file=sys.stderr, flush=True)
        sys.stdin.readline()
        return super().ask(question)

ask.Asker = Slow
web_app.serve(Settings(library=Path(sys.argv[1])), host="127.0.0.1", port=0, notice=console.notice)
"""


def closed(to: tuple[str, int]) -> bool:
    """Whether nobody listens there any more."""
    with contextlib.suppress(ConnectionRefusedError):
        socket.create_connection(to).close()
        return False
    return True


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_an_answer_that_runs_is_finished_before_the_end(library: Path, number: signal.Signals) -> None:
    pipe = subprocess.PIPE
    with subprocess.Popen([sys.executable, "-c", SLOW, str(library)], stdin=pipe, stdout=pipe, stderr=pipe) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        here = address(process.stdout.readline().decode())
        waiting = sent({"question": QUESTION}, here)
        assert process.stderr.readline() == b"asked\n"
        process.send_signal(number)
        while not closed(here):  # then the server has noticed, and still has an answer to give
            time.sleep(0.05)
        process.stdin.write(b"\n")
        process.stdin.flush()
        with waiting, waiting.makefile("rb") as response:
            assert response.readline().startswith(b"HTTP/1.1 200")
            assert response.read().endswith(b"}")
        assert process.wait(60) == 0


def test_a_port_that_is_taken_is_told_in_one_line(library: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        command = [*COMMAND, str(library), "--port", str(port)]
        ended = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert ended.returncode == 1
    assert ended.stdout == ""
    assert ended.stderr == (f"foedus: port {port} on 127.0.0.1: another program has it; choose another with --port\n")


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "10.1.2.3", "example.org", ""])
def test_only_this_machine_is_listened_on(library: Path, host: str) -> None:
    with pytest.raises(UsageError, match="would need keys, which this version does not have"):
        web_app.serve(Settings(library=library), host=host, port=0, notice=pytest.fail)


def test_signals_are_as_before_when_a_server_could_not_start(library: Path) -> None:
    before = signal.getsignal(signal.SIGTERM)
    with socket.create_server(("127.0.0.1", 0)) as other, pytest.raises(SettingsError, match="another program"):
        web_app.serve(Settings(library=library), host="localhost", port=other.getsockname()[1], notice=pytest.fail)
    assert signal.getsignal(signal.SIGTERM) is before
