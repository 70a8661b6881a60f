from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from index import doctor, generations
from index.add import Report, add
from index.doctor import RESTORE, Finding, examine, rebuild
from index.errors import LibraryDamaged, LibraryError
from index.library import Library
from index.schema import DATABASE

from .conftest import treaty
from .encoders import HashingEncoder

Put = Callable[..., Report]


@pytest.fixture
def filled(library: Library, put: Put) -> Library:
    put(one=treaty("Pact of Strelsau", "border"), two=treaty("Zenda Treaty", "river"))
    return library


def test_a_sound_library_has_no_findings(filled: Library) -> None:
    assert examine(filled) == []


def test_an_empty_library_is_sound(library: Library) -> None:
    assert examine(library) == []


@pytest.mark.parametrize(
    ("damage", "what", "curable"),
    [
        ("UPDATE texts SET text = replace(text, 'attack', 'picnic') WHERE document = 1", "the text of one", False),
        ("UPDATE originals SET compressed = x'00'", "the stored file of", False),
        ('UPDATE passages SET "end" = 999999 WHERE passage_id = 1', "a passage of one is at", True),
        ("DELETE FROM words WHERE rowid = 1", "the words of", True),
        ("DELETE FROM vectors", "have no vector", True),
        ("DELETE FROM generations", "no search files", True),
        ("UPDATE documents SET title = 'Another' WHERE number = 1", "the index was built from", True),
        ("UPDATE vectors SET vector = zeroblob(256)", "differ from the library", True),
    ],
)
def test_damage_is_found_and_what_is_derived_is_cured(filled: Library, damage: str, what: str, curable: bool) -> None:
    with filled.writing() as connection:
        connection.execute(damage)
    findings = examine(filled)
    assert any(what in finding.what for finding in findings)
    assert all(finding.remedy for finding in findings)
    notices: list[str] = []
    rebuild(filled, HashingEncoder(), notice=notices.append)
    assert notices
    assert (examine(filled) == []) is curable


@pytest.mark.parametrize("share", [0.0, 0.2, 0.8])
def test_a_database_that_was_cut_short_comes_back_as_its_message_says(
    filled: Library, put: Put, tmp_path: Path, share: float
) -> None:
    filled.close()
    shutil.copytree(filled.path, tmp_path / "copy")
    database = filled.path / DATABASE
    os.truncate(database, int(database.stat().st_size * share))
    with pytest.raises(
        LibraryDamaged, match=f"move the folder {filled.path} away, then put a copy of it back or ingest"
    ):
        Library.open(filled.path)
    with pytest.raises(LibraryDamaged, match=r"move the folder .* away"):
        Library.open(filled.path, create=True)  # a new library in its place would hide that documents are lost

    filled.path.rename(tmp_path / "away")
    with Library.open(filled.path, create=True) as anew:
        assert add(anew, [tmp_path / "files"], encoder=HashingEncoder(), workers=1).count("added") == 2
        assert examine(anew) == []
    filled.path.rename(tmp_path / "anew")
    (tmp_path / "copy").rename(filled.path)
    with Library.open(filled.path) as again:
        assert len(again.documents()) == 2
        assert examine(again) == []


def test_pages_that_cannot_be_read_are_a_finding(filled: Library) -> None:
    filled.close()
    with (filled.path / DATABASE).open("r+b") as file:
        file.seek(3 * 4096)
        file.write(b"\xa5" * 4 * 4096)
    with Library.open(filled.path) as broken:
        (finding,) = examine(broken)
    assert finding == Finding(what="library.db is damaged: database disk image is malformed", remedy=RESTORE)


def test_what_is_no_damage_is_not_called_so(filled: Library) -> None:
    with filled.reading() as connection:
        pass
    connection.set_progress_handler(lambda: 1, 1)  # SQLite ends every statement with "interrupted"
    with pytest.raises(LibraryError, match=r"library\.db cannot be used \(interrupted\): check that you may") as caught:
        examine(filled)
    assert type(caught.value) is LibraryError


def test_damage_without_a_word_of_sqlite_is_told_in_ours(filled: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    def torn(*_: object) -> None:
        raise LibraryDamaged("a page is torn")

    monkeypatch.setattr(doctor, "_contents", torn)
    assert examine(filled) == [Finding(what="library.db is damaged: a page is torn", remedy=RESTORE)]


def test_leftover_folders_are_found_and_removed(filled: Library) -> None:
    left = generations.folder(filled, 999)
    left.mkdir()
    assert str(left) in examine(filled)[0].what
    with Library.open(filled.path) as again:
        assert examine(again) == []
    assert not left.exists()


def test_missing_search_files_are_found(filled: Library) -> None:
    with filled.reading() as connection:
        place = generations.folder(filled, generations.live(connection) or 0)
    (place / generations.DENSE).unlink()
    assert [str(place) in finding.what for finding in examine(filled)] == [True]
