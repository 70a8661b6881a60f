"""The default library is made once, whole or not at all."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from index.doctor import RESTORE
from index.errors import LibraryBusy, LibraryMissing
from index.library import Library
from service import ingestion
from service.errors import NotFound
from service.ingestion import LibraryTexts, build_default, examine_library
from service.settings import Settings


@pytest.fixture
def corpus(sources: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """One file in the place of the bundled corpus, so that building is short."""
    monkeypatch.setattr(ingestion, "CORPUS", sources / "szohod.md")
    return sources / "szohod.md"


def silent(_: object) -> None:
    pass


def build(library: Path, *, named: bool = False) -> list[str]:
    notices: list[str] = []
    build_default(Settings(library=library, library_named=named), progress=silent, notice=notices.append)
    return notices


def test_it_is_built_once_and_whole(corpus, tmp_path):
    library = tmp_path / "data" / "foedus" / "library"
    (notice,) = build(library)
    assert str(library) in notice
    assert [path.name for path in library.parent.iterdir()] == ["library"]
    with Library.open(library) as opened:
        assert len(opened.documents()) == 1
    assert build(library) == []


def test_a_named_library_is_never_built(corpus, tmp_path):
    with pytest.raises(LibraryMissing, match="foedus ingest PATH --library"):
        build(tmp_path / "named", named=True)
    assert list(tmp_path.iterdir()) == []


def test_an_interruption_leaves_no_library_and_the_next_call_goes_on(corpus, tmp_path):
    def stop(event: object) -> None:
        if getattr(event, "result", None):
            raise KeyboardInterrupt

    library = tmp_path / "library"
    with pytest.raises(KeyboardInterrupt):
        build_default(Settings(library=library), progress=stop, notice=silent)
    assert not library.exists()
    assert (tmp_path / "library.building").is_dir()
    build(library)
    assert [path.name for path in tmp_path.iterdir()] == ["library"]
    with Library.open(library) as opened:
        assert len(opened.documents()) == 1


KILLED = """
import os, signal, sys
from pathlib import Path
from service import ingestion
from service.settings import Settings
ingestion.CORPUS = Path(sys.argv[1])
def die(event):
    if event.result: os.kill(os.getpid(), signal.SIGKILL)
ingestion.build_default(Settings(library=Path(sys.argv[2])), progress=die, notice=print)
"""


@pytest.mark.skipif(os.name != "posix", reason="SIGKILL is a signal of POSIX")
def test_a_kill_leaves_no_library_and_the_next_call_goes_on(corpus, tmp_path):
    library = tmp_path / "library"
    killed = subprocess.run([sys.executable, "-c", KILLED, str(corpus), str(library)], capture_output=True, check=False)
    assert killed.returncode == -signal.SIGKILL
    assert not library.exists()
    build(library)
    assert [path.name for path in tmp_path.iterdir()] == ["library"]


def test_another_process_that_builds_is_named(corpus, tmp_path):
    with (
        Library.open(tmp_path / "library.building", create=True) as other,
        other.sole_writer(),
        pytest.raises(LibraryBusy),
    ):
        build(tmp_path / "library")


def test_what_another_process_finished_meanwhile_is_taken(corpus, tmp_path):
    """The other one moves its library into place while this one adds."""
    library = tmp_path / "library"

    def overtake(event: object) -> None:
        if not library.exists():
            with Library.open(library, create=True):
                pass

    build_default(Settings(library=library), progress=overtake, notice=silent)
    with Library.open(library) as opened:
        assert opened.is_empty


def test_other_files_are_never_moved_away(corpus, tmp_path):
    (tmp_path / "library").mkdir()
    (tmp_path / "library" / "letter.txt").write_text("mine")
    with pytest.raises(NotFound, match="holds no library but other files"):
        build(tmp_path / "library")
    assert (tmp_path / "library" / "letter.txt").read_text() == "mine"


def test_nothing_is_built_anew_from_a_database_that_cannot_be_read(library_path, tmp_path):
    library = shutil.copytree(library_path, tmp_path / "library")
    with (library / "library.db").open("r+b") as file:
        file.seek(3 * 4096)
        file.write(b"\xa5" * 4 * 4096)
    (finding,) = examine_library(Settings(library=library), repair=True, notice=pytest.fail)
    assert finding.remedy == RESTORE


def test_texts_are_those_of_the_library(library_path):
    with Library.open(library_path) as library:
        texts = LibraryTexts(library)
        assert texts.canonical_text("strelsau") == library.text("strelsau")
        assert texts.version("strelsau") == library.document("strelsau").sha256
        assert texts.canonical_text("none") is texts.version("none") is None
