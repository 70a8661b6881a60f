from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from index import add as adding
from index.add import Event, Report, add
from index.doctor import examine
from index.library import Library
from index.search import Searcher

from .conftest import treaty
from .encoders import HashingEncoder

Put = Callable[..., Report]
ROOT = Path(__file__).parents[2]


def statuses(report: Report) -> dict[str, str]:
    return {Path(file.source).name: file.status for file in report.files}


def test_a_folder_becomes_documents(library: Library, put: Put) -> None:
    report = put(one=treaty("Pact of Strelsau", "border"), two=treaty("Zenda Treaty", "river"))
    assert statuses(report) == {"one.md": "added", "two.md": "added"}
    assert [document.title for document in library.documents()] == ["Pact of Strelsau", "Zenda Treaty"]
    assert report.files[0].passages == library.document("one").passages > 0
    assert examine(library) == []


def test_unchanged_bytes_cost_no_embedding(library: Library, put: Put, encoder: HashingEncoder) -> None:
    put(one=treaty("Pact of Strelsau", "border"))
    before = library.certificate()
    encoder.encoded.clear()
    assert statuses(put()) == {"one.md": "unchanged"}
    assert encoder.encoded == []
    assert library.certificate() == before


def test_a_changed_file_keeps_its_id_and_embeds_only_what_changed(
    library: Library, put: Put, encoder: HashingEncoder
) -> None:
    put(one=treaty("Pact of Strelsau", "border"))
    passages = library.document("one").passages
    encoder.encoded.clear()
    report = put(one=treaty("Pact of Strelsau", "border").replace("armed attack", "armed assault"))
    assert statuses(report) == {"one.md": "updated"}
    assert [document.document_id for document in library.documents()] == ["one"]
    assert 0 < len(encoder.encoded) < passages
    assert all("assault" in text for text in encoder.encoded)
    assert "armed assault" in library.text("one")
    with library.reading() as connection:
        assert connection.execute("SELECT count(*) FROM vectors").fetchone()[0] == passages


def test_the_same_bytes_under_a_second_name_are_a_further_source(library: Library, put: Put) -> None:
    text = treaty("Pact of Strelsau", "border")
    report = put(one=text, two=text)
    assert statuses(report) == {"one.md": "added", "two.md": "unchanged"}
    assert "the same bytes as" in str(report.files[1].reason)
    assert [Path(source).name for source in library.document("one").sources] == ["one.md", "two.md"]
    assert statuses(put()) == {"one.md": "unchanged", "two.md": "unchanged"}


def test_a_shared_document_splits_when_one_of_its_files_changes(library: Library, put: Put) -> None:
    text = treaty("Pact of Strelsau", "border")
    put(one=text, two=text)
    assert statuses(put(two=treaty("Zenda Treaty", "river"))) == {"one.md": "unchanged", "two.md": "updated"}
    assert {document.document_id: len(document.sources) for document in library.documents()} == {"one": 1, "two": 1}


def test_a_file_that_takes_over_anothers_bytes_leaves_no_orphan(library: Library, put: Put) -> None:
    one, two = treaty("Pact of Strelsau", "border"), treaty("Zenda Treaty", "river")
    put(one=one, two=two)
    put(one=two)
    assert {document.document_id: len(document.sources) for document in library.documents()} == {"two": 2}
    assert examine(library) == []


def test_two_files_may_swap_their_bytes_or_pass_them_on(library: Library, put: Put) -> None:
    one, two = treaty("Pact of Strelsau", "border"), treaty("Zenda Treaty", "river")
    put(one=one, two=two)
    put(one=two, two=one)
    assert sorted(document.title for document in library.documents()) == ["Pact of Strelsau", "Zenda Treaty"]
    put(one=treaty("Third Pact", "sea"), three=two)
    assert sorted(document.title for document in library.documents()) == [
        "Pact of Strelsau",
        "Third Pact",
        "Zenda Treaty",
    ]
    assert examine(library) == []


def test_files_of_one_name_get_numbers(library: Library, encoder: HashingEncoder, files: Path) -> None:
    for number, folder in enumerate(("a", "b", "c")):
        (files / folder).mkdir()
        (files / folder / "Read Me!.md").write_text(treaty(f"Pact {number}", "border"), encoding="utf-8")
    add(library, [files], encoder=encoder, workers=2)
    assert {document.document_id: document.title for document in library.documents()} == {
        "read-me": "Pact 0",
        "read-me-2": "Pact 1",
        "read-me-3": "Pact 2",
    }


def test_what_cannot_be_read_is_listed_and_the_rest_added(
    library: Library, encoder: HashingEncoder, files: Path
) -> None:
    (files / "good.md").write_text(treaty("Pact of Strelsau", "border"), encoding="utf-8")
    (files / "empty.md").write_bytes(b"")
    (files / "picture.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100))
    report = add(library, [files, files / "nowhere.md"], encoder=encoder, workers=1)
    assert statuses(report) == {
        "good.md": "added",
        "empty.md": "failed",
        "picture.png": "skipped",
        "nowhere.md": "failed",
    }
    assert statuses(add(library, [files / "picture.png"], encoder=encoder)) == {"picture.png": "failed"}


def test_a_folder_that_cannot_be_opened_fails_and_the_rest_is_added(
    library: Library, encoder: HashingEncoder, files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (files / "good.md").write_text(treaty("Pact of Strelsau", "border"), encoding="utf-8")
    (files / "locked").mkdir()
    real = Path.iterdir

    def iterdir(folder: Path) -> Iterator[Path]:
        if folder.name == "locked":
            raise PermissionError(13, "Permission denied", str(folder))
        return real(folder)

    monkeypatch.setattr(Path, "iterdir", iterdir)
    report = add(library, [files], encoder=encoder, workers=1)
    assert [(file.status, file.reason) for file in report.files] == [
        ("added", None),
        ("failed", f"{files / 'locked'}: cannot be opened (Permission denied); check its permissions"),
    ]


def test_links_pipes_and_folders_without_files_are_in_the_report(
    library: Library, encoder: HashingEncoder, files: Path
) -> None:
    (files / "good.md").write_text(treaty("Pact of Strelsau", "border"), encoding="utf-8")
    (files / "gone.md").symlink_to("nowhere.md")
    os.mkfifo(files / "pipe")
    (files / "empty").mkdir()
    report = add(library, [files, files / "empty"], encoder=encoder, workers=1)
    assert {Path(file.source).name: (file.status, file.reason) for file in report.files} == {
        "good.md": ("added", None),
        "gone.md": ("skipped", f"{files / 'gone.md'}: a link to nothing"),
        "pipe": ("skipped", f"{files / 'pipe'}: neither a file nor a folder"),
        "empty": ("skipped", f"{files / 'empty'}: the folder is empty"),
    }
    named = add(library, [files / "gone.md", files / "pipe"], encoder=encoder, workers=1)
    assert [(file.status, file.reason) for file in named.files] == [
        ("failed", f"{files / 'gone.md'}: a link to nothing; name the file that it is for"),
        ("failed", f"{files / 'pipe'}: neither a file nor a folder; name a file or a folder"),
    ]


def test_progress_tells_every_file_once(library: Library, encoder: HashingEncoder, files: Path) -> None:
    for number in range(3):
        (files / f"{number}.md").write_text(treaty(f"Pact {number}", "border"), encoding="utf-8")
    events: list[Event] = []
    add(library, [files], encoder=encoder, progress=events.append, workers=1)
    assert [event.result.source for event in events if event.result] == [str(files / f"{n}.md") for n in range(3)]
    assert (events[0].files, events[0].done) == (3, 0)
    assert (events[-1].done, events[-1].passages) == (3, len(encoder.encoded))


def test_an_interruption_keeps_what_was_finished(
    library: Library, encoder: HashingEncoder, files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(20):
        (files / f"{number:02}.md").write_text(treaty(f"Pact {number}", "border"), encoding="utf-8")
    monkeypatch.setattr(adding, "EMBED_AT_ONCE", 4)

    def interrupt(event: Event) -> None:
        if event.done == 5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        add(library, [files], encoder=encoder, progress=interrupt, workers=1)
    kept = len(library.documents())
    assert 5 <= kept < 20
    assert examine(library) == []
    report = add(library, [files], encoder=encoder, workers=1)
    assert (report.count("unchanged"), report.count("added")) == (kept, 20 - kept)


def test_another_order_of_adding_and_removing_gives_the_same_library(tmp_path: Path) -> None:
    files = {f"t{number}": treaty(f"Pact {number}", f"word{number % 3}") for number in range(6)}
    encoder = HashingEncoder()
    for name, text in files.items():
        (tmp_path / f"{name}.md").write_text(text, encoding="utf-8")
    with Library.open(tmp_path / "fresh", create=True) as fresh, Library.open(tmp_path / "old", create=True) as old:
        add(fresh, [tmp_path / f"t{number}.md" for number in (0, 2, 3, 5)], encoder=encoder, workers=1)
        chance = random.Random(7)
        for _ in range(12):
            name = chance.choice(sorted(files))
            if name in {document.document_id for document in old.documents()}:
                old.remove(name)
            else:
                add(old, [tmp_path / f"{name}.md"], encoder=encoder, workers=1)
        for document in old.documents():
            if document.document_id not in {"t0", "t2", "t3", "t5"}:
                old.remove(document.document_id)
        add(old, [tmp_path / f"t{number}.md" for number in (5, 3, 2, 0)], encoder=encoder, workers=1)
        assert old.certificate() == fresh.certificate()
        assert old.certificate().id == fresh.certificate().id
        for question in ("armed attack", "word1 disputes", "Pact 3", "peaceful means"):
            assert found(old, encoder, question) == found(fresh, encoder, question)


def found(library: Library, encoder: HashingEncoder, question: str) -> list[tuple[str, int, float]]:
    hits = Searcher(library, encoder).search(question, k=20)
    return [(hit.document_id, hit.passage.start, hit.score) for hit in hits]


KILLED = """
import sys
from pathlib import Path
from index import add as adding
from index.library import Library
from tests.index.encoders import HashingEncoder

if __name__ == "__main__":
    adding.COMMIT_SECONDS, adding.COMMIT_SHARE, adding.EMBED_AT_ONCE = 0.0, 0, 4
    with Library.open(Path(sys.argv[1]), create=True) as library:
        print("open", flush=True)
        adding.add(library, [Path(sys.argv[2])], encoder=HashingEncoder(), workers=1)
"""


@pytest.mark.skipif(os.name != "posix", reason="SIGKILL is a signal of POSIX systems")
def test_a_killed_run_leaves_the_old_or_the_new_library(tmp_path: Path, files: Path) -> None:
    """Commits come after every few passages here, so that the signal meets all their stages."""
    for number in range(60):
        (files / f"{number:02}.md").write_text(treaty(f"Pact {number}", "border"), encoding="utf-8")
    script = tmp_path / "run.py"
    script.write_text(KILLED)
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    chance, documents = random.Random(3), 0
    for _ in range(5):
        command = [sys.executable, str(script), str(tmp_path / "library"), str(files)]
        with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE) as process:
            assert process.stdout is not None
            process.stdout.readline()
            time.sleep(0.4 + chance.random())
            process.send_signal(signal.SIGKILL)
        with Library.open(tmp_path / "library") as library:
            assert examine(library) == []
            assert len(library.documents()) >= documents
            documents = len(library.documents())
    with Library.open(tmp_path / "library") as library:
        assert documents > 0
        report = add(library, [files], encoder=HashingEncoder(), workers=1)
        assert report.count("unchanged") == documents
        assert len(library.documents()) == 60


def test_a_report_can_be_written_down(library: Library, put: Put) -> None:
    report = put(one=treaty("Pact of Strelsau", "border"))
    assert json.dumps([file.source for file in report.files])
    assert {status: report.count(status) for status in adding.STATUSES}["added"] == 1
