"""What `make` hears, and what it says it can do."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
pytestmark = pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")


def make(*arguments: str) -> str:
    ran = subprocess.run(["make", *arguments], cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=True)
    return ran.stdout


def test_a_port_is_heard_from_the_command_line_only(monkeypatch):
    monkeypatch.setenv("PORT", "tcp://10.0.0.1:80")
    monkeypatch.setenv("ENV", "/tmp/elsewhere")
    assert "10.0.0.1" not in make("--dry-run", "serve")
    assert "/tmp/elsewhere" not in make("--dry-run", "clean")
    assert "serve --port 8001\n" in make("--dry-run", "serve", "PORT=8001")


def test_help_tells_every_target():
    told = make("--silent", "help")
    (targets,) = re.findall(r"^\.PHONY: (.*)$", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    assert set(targets.split()) - {"help"} <= set(re.findall(r"[\w-]+", told))
