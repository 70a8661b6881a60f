from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index import build, store
from index.add import Report
from index.certificate import EMPTY
from index.errors import (
    LibraryBusy,
    LibraryDamaged,
    LibraryError,
    LibraryMissing,
    LibraryTooNew,
    NotALibrary,
    UnknownDocument,
)
from index.library import Library, words_at
from index.prepared import Cut, Prepared
from index.schema import CHUNK, DATABASE, WRITER_LOCK, connect
from ingest.document import Document, Facts, Page, Passage, Section, Trust

from .conftest import treaty
from .encoders import HashingEncoder

Put = Callable[..., Report]


def test_a_missing_library_is_told_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(LibraryMissing, match=r"no library in .*: make one with `foedus ingest") as caught:
        Library.open(tmp_path / "no where")
    assert f"--library '{tmp_path / 'no where'}'`" in str(caught.value)  # as a shell takes it


def test_a_folder_with_other_files_is_not_made_a_library(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("Dear all")
    with pytest.raises(NotALibrary, match=r"letter\.txt"):
        Library.open(tmp_path, create=True)
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


def test_another_programs_database_is_refused(tmp_path: Path) -> None:
    other = sqlite3.connect(tmp_path / DATABASE)
    other.execute("CREATE TABLE bookmarks(url)")
    other.close()
    with pytest.raises(NotALibrary, match="another program"):
        Library.open(tmp_path, create=True)


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    (tmp_path / DATABASE).write_text("not a database, whatever its name says" * 100)
    with pytest.raises(NotALibrary, match=r"not an SQLite database: if it was a library, move the folder .* away"):
        Library.open(tmp_path)


def test_a_later_schema_is_refused_naming_both_versions(tmp_path: Path) -> None:
    Library.open(tmp_path / "library", create=True).close()
    later = sqlite3.connect(tmp_path / "library" / DATABASE)
    later.execute("PRAGMA user_version = 99")
    later.close()
    with pytest.raises(LibraryTooNew, match=r"schema version 99, this foedus reads up to 1"):
        Library.open(tmp_path / "library")


def test_several_processes_may_make_the_same_library(tmp_path: Path) -> None:
    failures: list[Exception] = []

    def make(folder: Path) -> None:
        try:
            Library.open(folder, create=True).close()
        except Exception as error:
            failures.append(error)

    for turn in range(30):  # one turn in thirty failed when nobody waited
        threads = [threading.Thread(target=make, args=(tmp_path / f"library-{turn}",)) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert failures == []


def test_an_empty_library_answers_everything(library: Library) -> None:
    assert library.is_empty
    assert library.documents() == []
    assert library.aliases() == []
    assert library.certificate() == EMPTY
    with pytest.raises(UnknownDocument, match="'anzus'"):
        library.text("anzus")


WORDS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60)


@st.composite
def documents(draw: st.DrawFn) -> Document:
    text = draw(WORDS) * draw(st.integers(1, 4))
    cuts = sorted(draw(st.sets(st.integers(0, len(text)), max_size=4)))
    spans = list(pairwise(cuts))
    return Document(
        text=text,
        format="text",
        title=draw(WORDS),
        trust=draw(st.sampled_from(list(Trust))),
        language=draw(st.sampled_from([None, "en", "nl"])),
        pages=tuple(Page(start=start, end=end, number=at) for at, (start, end) in enumerate(spans, 1)),
        sections=tuple(
            Section(start=start, end=end, label=draw(WORDS), heading="H", level=0, atomic=draw(st.booleans()))
            for start, end in spans
        ),
        facts=Facts(title=draw(st.none() | WORDS), parties=tuple(draw(st.lists(WORDS, max_size=2)))),
        encoding=draw(st.sampled_from([None, "utf-8"])),
        notices=tuple(draw(st.lists(WORDS, max_size=2))),
    )


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40, deadline=None)
@given(document=documents())
def test_what_goes_in_comes_out(library: Library, document: Document) -> None:
    passage = Passage(start=0, end=len(document.text), pinpoint="p", section="s", page=1, language="en")
    cut = Cut(passages=(passage,), texts=(document.text,))
    prepared = Prepared(original="00", size=1, compressed=b"", document=document, cut=cut, aliases=())
    with library.writing() as connection:
        number = store.put(connection, prepared, "it")
        store.put_source(connection, "/there", "there", number)
    assert library.read("it") == document
    assert library.text("it") == document.text
    assert [stored.passage for stored in library.passages("it")] == [passage]
    assert library.document("it").sha256 == document.sha256
    assert library.document("it").sources == ("there",)


@pytest.mark.parametrize("length", [CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK])
def test_a_slice_is_the_same_across_the_borders_of_stored_chunks(library: Library, length: int) -> None:
    text = "".join(chr(0x1D49C + at % 50) if at % 7 == 0 else "x" for at in range(length))
    document = Document(text=text, format="text", title="t", trust=Trust.UNKNOWN)
    empty = Cut(passages=(), texts=())
    with library.writing() as connection:
        number = store.put(
            connection,
            Prepared(original="00", size=1, compressed=b"", document=document, cut=empty, aliases=()),
            "it",
        )
        for start, end in [(0, length), (CHUNK - 3, CHUNK + 3), (length - 1, length), (0, 1), (CHUNK, CHUNK + 1)]:
            assert words_at(connection, number, start, end) == text[start:end]


def test_aliases_come_from_title_front_matter_file_name_and_definitions(library: Library, put: Put) -> None:
    text = (
        treaty("Pact of Strelsau", "border", "Strelsau Pact") + "\nThe Ruritanian Mutual Aid Office (RMAO) keeps it.\n"
    )
    put(strelsau_1951=text)
    named = {(name, origin) for name, _, origin in library.aliases()}
    assert {
        ("Pact of Strelsau", "title"),
        ("Strelsau Pact", "alias"),
        ("strelsau 1951", "file"),
        ("Ruritania", "party"),
        ("RMAO", "definition"),
        ("Ruritanian Mutual Aid Office", "definition"),
    } <= named
    defined = {alias.alias: alias for alias in library.names_of("strelsau-1951")}
    assert defined["RMAO"].meaning == "Ruritanian Mutual Aid Office"
    assert defined["RMAO"].count == 1


def test_removing_leaves_nothing_behind(library: Library, put: Put) -> None:
    put(one=treaty("Pact of Strelsau", "border"))
    library.remove("one")
    assert library.is_empty
    with library.reading() as connection:
        for table in ("originals", "texts", "sections", "sources", "passages", "vectors", "aliases", "words"):
            assert connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0] == 0, table
    assert library.certificate().passages == 0
    with pytest.raises(UnknownDocument):
        library.remove("one")


def test_a_second_writer_is_told_to_wait(library: Library, put: Put, monkeypatch: pytest.MonkeyPatch) -> None:
    put(one=treaty("Pact of Strelsau", "border"))
    with (
        Library.open(library.path) as other,
        other.sole_writer(),
        pytest.raises(LibraryBusy, match="another process is adding to"),
        library.sole_writer(wait=0),
    ):
        pass  # never reached
    library.remove("one")


def test_a_change_that_fails_leaves_everything_as_it_was(
    library: Library, put: Put, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(one=treaty("Pact of Strelsau", "border"))
    before = library.certificate()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("index.generations.flush", full)
    with pytest.raises(Exception, match="nothing was changed; free space"):
        library.remove("one")
    assert library.certificate() == before
    assert [document.document_id for document in library.documents()] == ["one"]


def test_a_damaged_page_of_the_database_is_named(library: Library, put: Put) -> None:
    put(one=treaty("Pact of Strelsau", "border"))
    with library.reading() as connection:
        connection.execute("SELECT 1")
    library.close()
    path = library.path / DATABASE
    with path.open("r+b") as file:
        file.seek(200)
        file.write(b"\xff" * (path.stat().st_size - 300))
    with pytest.raises(LibraryDamaged, match=str(path)):
        Library.open(library.path)


def test_a_database_that_may_not_be_opened_is_named(tmp_path: Path) -> None:
    (tmp_path / DATABASE).mkdir()  # SQLite says of it what it says of a file without permission
    with pytest.raises(LibraryError, match=rf"{DATABASE} cannot be used \(unable to open .*\): check that you may"):
        connect(tmp_path)


def test_a_library_in_a_folder_that_may_not_be_entered_is_named(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: Path) -> bool:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "is_file", refuse)
    with pytest.raises(LibraryError, match=rf"{DATABASE} cannot be looked at \(Permission denied\): check its perm"):
        Library.open(library.path)


def test_a_library_that_another_process_keeps_to_itself_is_busy(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    library.close()
    monkeypatch.setattr("index.schema.BUSY_SECONDS", 0.0)
    with closing(sqlite3.connect(library.path / DATABASE)) as other:
        other.execute("PRAGMA locking_mode = EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(LibraryBusy, match="another process is adding"):
            Library.open(library.path)


@pytest.mark.parametrize(
    ("pragma", "said"), [("query_only = 1", "readonly database"), ("max_page_count = 1", "disk is full")]
)
def test_a_full_disk_and_a_readonly_file_are_no_damage(library: Library, pragma: str, said: str) -> None:
    with library.reading() as connection:
        connection.execute(f"PRAGMA {pragma}")
    check = f"{said}.*: check that you may read and write it"
    with pytest.raises(LibraryError, match=check) as caught, library.writing() as connection:
        connection.execute("INSERT INTO originals VALUES ('00', 1, zeroblob(99999))")
    assert type(caught.value) is LibraryError


def test_a_library_that_one_may_not_write_to_is_not_called_busy(library: Library) -> None:
    (library.path / WRITER_LOCK).unlink()
    (library.path / WRITER_LOCK).mkdir()
    with pytest.raises(LibraryError, match=r"writer\.lock cannot be used") as caught, library.sole_writer():
        pass  # never reached
    assert type(caught.value) is LibraryError


def test_threads_may_share_a_library(library: Library, put: Put) -> None:
    put(one=treaty("Pact of Strelsau", "border"))
    seen: list[str] = []
    threads = [threading.Thread(target=lambda: seen.append(library.text("one"))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(seen) == 8
    assert len(set(seen)) == 1


def test_nothing_is_rebuilt_where_everything_fits(library: Library, put: Put) -> None:
    put(one=treaty("Pact of Strelsau", "border"))
    assert build.mismatch(library, HashingEncoder()) is None
    assert "hashing(64)" in str(build.mismatch(library, HashingEncoder("other")))
