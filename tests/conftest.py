"""What every test may rely on: no network, no home of the user's, no model hub, and the data folder where it exists."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SHARED = ROOT.parent / "shared"
IN_CI = os.environ.get("CI") == "true"


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder with other people's data; skipped where it is absent, required where `CI=true`."""
    if not SHARED.is_dir():
        if IN_CI:
            pytest.fail(f"CI=true but {SHARED} is absent")
        pytest.skip(f"{SHARED} is absent: this test measures on data that does not ship with the project")
    return SHARED


@pytest.fixture(autouse=True)
def sealed(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Point the home at an empty folder and let sockets reach nothing but this machine."""
    home = tmp_path_factory.mktemp("home")
    for name in [name for name in os.environ if name.startswith("FOEDUS_")]:
        monkeypatch.delenv(name)
    for name in ("HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME"):
        monkeypatch.setenv(name, str(home))
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    connect = socket.socket.connect

    def local_only(self: socket.socket, address: object) -> None:
        host = address[0] if isinstance(address, tuple) else "localhost"
        if host not in {"127.0.0.1", "::1", "localhost"}:
            raise AssertionError(f"a test reached for {address}")
        connect(self, address)  # type: ignore[arg-type]  # socket's own address union

    monkeypatch.setattr(socket.socket, "connect", local_only)
