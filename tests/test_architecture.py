"""What imports what, how large a module may grow, and what a small command may load."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from importlinter.cli import lint_imports

from .conftest import ROOT

PACKAGES = ("ingest", "index", "service", "eval", "tests")
MODULES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
LONGEST = 400  # lines; a longer module holds two things


def test_imports_run_one_way(monkeypatch, capsys):
    monkeypatch.chdir(ROOT)
    code = lint_imports(config_filename=str(ROOT / "pyproject.toml"), no_cache=True)
    assert code == 0, capsys.readouterr().out


@pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")
@pytest.mark.parametrize("older", [True, False], ids=["older", "absent"])
def test_make_names_a_python_that_will_not_do(tmp_path: Path, older: bool):
    command = tmp_path / "python3"
    if older:  # it says of every script that it ended badly, as an older one says of that which looks at the version
        command.write_text("#!/bin/sh\nexit 1\n")
        command.chmod(0o755)
    make = ["make", "--silent", "ask", f"PYTHON={command}", f"ENV={tmp_path / 'env'}"]
    ran = subprocess.run(make, cwd=ROOT, capture_output=True, encoding="utf-8", check=False)
    assert ran.returncode != 0
    assert ran.stdout.splitlines() == [
        f"foedus needs Python 3.11 or newer ({command} is older or absent): install it, or name it with make PYTHON=…"
    ]
    assert not (tmp_path / "env").exists()


def test_every_folder_of_tests_is_a_package():
    folders = {path.parent for path in MODULES if path.is_relative_to(ROOT / "tests")}
    assert len(folders) > 4
    assert [folder for folder in folders if not (folder / "__init__.py").is_file()] == []


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_module_is_too_long(path: Path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LONGEST


def loaded(*arguments: str, folder: Path) -> set[str]:
    """The modules that `foedus ARGUMENTS` has loaded when it ends well."""
    code = (
        "import atexit, sys; atexit.register(lambda: print('loaded', *sys.modules, file=sys.stderr)); "
        f"sys.argv = {['foedus', *arguments]!r}; from service.cli import main; main()"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=folder, check=True)
    return set(ran.stderr.rsplit("loaded ", 1)[1].split())


def test_telling_the_version_loads_nothing_heavy(tmp_path):
    heavy = {"numpy", "rich", "onnxruntime", "faiss", "sqlite3", "tokenizers", "fastapi", "yaml"}
    assert heavy & loaded("--version", folder=tmp_path) == set()


def test_asking_never_loads_torch_nor_what_only_reads_files(tmp_path):
    from index.add import add
    from index.encoder import load_encoder
    from index.library import Library

    (tmp_path / "a.md").write_text("# Pact of Zenda\n\nThe Pact of Zenda was signed in 1901.\n", encoding="utf-8")
    with Library.open(tmp_path / "library", create=True) as library:
        add(library, [tmp_path / "a.md"], encoder=load_encoder(), workers=1)
    modules = loaded(
        "ask", "When was the Pact of Zenda signed?", "--library", str(tmp_path / "library"), folder=tmp_path
    )
    assert {"onnxruntime", "service.ask"} <= modules
    unneeded = {"torch", "sentence_transformers", "transformers", "pypdf", "trafilatura", "docx", "fastapi", "eval"}
    assert unneeded & modules == set()
