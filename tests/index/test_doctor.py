from __future__ import annotations

from collections.abc import Callable

import pytest

from index import generations
from index.add import Report
from index.doctor import examine, rebuild
from index.library import Library

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
