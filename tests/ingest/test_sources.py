"""Which files a path stands for."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from ingest import settings
from ingest.errors import IngestError, OverLimit
from ingest.sources import load, walk


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with files in two levels, a hidden one, and a folder whose name sorts between them."""
    for name in ("b.txt", "a.txt", "sub/d.txt", "sub/c.txt", ".hidden.txt", ".git/x.txt", "z.txt"):
        path = tmp_path / "top" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    return tmp_path / "top"


def found(*paths: Path, below: Path) -> list[str]:
    return [source.path.relative_to(below).as_posix() for source in walk(paths) if not source.skipped]


def skipped(*paths: Path, below: Path) -> dict[str, str]:
    """Why each was skipped, by its path."""
    reasons = {source.path: source.skipped for source in walk(paths) if source.skipped}
    assert all(reason.startswith(f"{path}: ") for path, reason in reasons.items())
    return {
        path.relative_to(below).as_posix(): reason.removeprefix(f"{path}: ").partition(";")[0]
        for path, reason in reasons.items()
    }


def test_a_folder_is_walked_by_name_and_hidden_files_are_left_out(folder: Path) -> None:
    assert found(folder, below=folder) == ["a.txt", "b.txt", "sub/c.txt", "sub/d.txt", "z.txt"]


def test_paths_stay_as_given(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder.parent)
    assert [str(source.path) for source in walk([Path("top/sub"), Path("top/a.txt")])] == [
        "top/sub/c.txt",
        "top/sub/d.txt",
        "top/a.txt",
    ]


def test_a_named_file_is_told_from_one_that_was_met(folder: Path) -> None:
    sources = {source.path.name: source.named for source in walk([folder, folder / "a.txt", folder / ".hidden.txt"])}
    assert sources == {
        "a.txt": True,
        "b.txt": False,
        "c.txt": False,
        "d.txt": False,
        "z.txt": False,
        ".hidden.txt": True,
    }


def test_each_file_comes_once(folder: Path) -> None:
    assert found(folder / "sub", folder, folder / "sub" / "c.txt", below=folder) == [
        "sub/c.txt",
        "sub/d.txt",
        "a.txt",
        "b.txt",
        "z.txt",
    ]


def test_ignore_rules_hold_below_their_folder_and_the_deepest_decides(folder: Path) -> None:
    (folder / ".foedusignore").write_text("*.txt\n!z.txt\n")
    assert found(folder, below=folder) == ["z.txt"]
    (folder / "sub" / ".foedusignore").write_text("!c.txt\n")
    assert found(folder, below=folder) == ["sub/c.txt", "z.txt"]


def test_an_ignored_folder_is_not_entered_and_a_named_file_in_it_is_read(folder: Path) -> None:
    (folder / ".foedusignore").write_text("/sub/\n# a comment\n")
    assert found(folder, below=folder) == ["a.txt", "b.txt", "z.txt"]
    assert found(folder / "sub" / "c.txt", below=folder) == ["sub/c.txt"]


def test_ignore_rules_that_cannot_be_used_are_named(folder: Path) -> None:
    (folder / ".foedusignore").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(IngestError, match=r"\.foedusignore: cannot be used"):
        list(walk([folder]))


def test_a_missing_path_is_an_error_before_anything_is_read(folder: Path) -> None:
    with pytest.raises(IngestError, match=r"nowhere\.txt: No such file"):
        walk([folder, folder / "nowhere.txt"])


def test_what_is_neither_file_nor_folder_is_refused_when_named_and_skipped_when_met(folder: Path) -> None:
    os.mkfifo(folder / "pipe")
    assert "pipe" not in found(folder, below=folder)
    assert skipped(folder, below=folder) == {"pipe": "neither a file nor a folder"}
    with pytest.raises(IngestError, match="pipe: neither a file nor a folder"):
        walk([folder / "pipe"])


def test_links_in_a_circle_end(folder: Path) -> None:
    (folder / "sub" / "again").symlink_to(folder, target_is_directory=True)
    (folder / "self.txt").symlink_to(folder / "self.txt")
    assert found(folder, below=folder) == ["a.txt", "b.txt", "sub/c.txt", "sub/d.txt", "z.txt"]
    assert skipped(folder, below=folder) == {"self.txt": "a link to nothing"}


def test_a_link_to_nothing_is_refused_when_named_and_skipped_when_met(folder: Path) -> None:
    (folder / "gone.txt").symlink_to("nowhere.txt")
    assert skipped(folder, below=folder) == {"gone.txt": "a link to nothing"}
    with pytest.raises(IngestError, match=r"gone\.txt: a link to nothing; name the file"):
        walk([folder / "gone.txt"])


@pytest.fixture
def refuse(monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str], None]:
    """Have a method of `Path` fail for paths of one name, as it does for who has no permission (root always has)."""

    def make(method: str, name: str) -> None:
        real = getattr(Path, method)

        def refused(path: Path, **options: bool) -> object:
            if path.name == name and options.get("follow_symlinks", True):
                raise PermissionError(13, "Permission denied", str(path))
            return real(path, **options)

        monkeypatch.setattr(Path, method, refused)

    return make


def test_a_link_that_cannot_be_looked_at_is_skipped_and_refused_when_named(
    folder: Path, refuse: Callable[[str, str], None]
) -> None:
    (folder / "locked").symlink_to(folder.parent / "private" / "x.txt")
    refuse("stat", "locked")
    assert found(folder, below=folder) == ["a.txt", "b.txt", "sub/c.txt", "sub/d.txt", "z.txt"]
    assert skipped(folder, below=folder) == {"locked": "cannot be looked at (Permission denied)"}
    with pytest.raises(IngestError, match=r"locked: cannot be looked at \(Permission denied\); check its permissions"):
        walk([folder / "locked"])


@pytest.mark.parametrize(("method", "name"), [("iterdir", "sub"), ("stat", ".foedusignore")], ids=["list", "enter"])
def test_a_folder_that_cannot_be_opened_fails_alone(
    folder: Path, refuse: Callable[[str, str], None], method: str, name: str
) -> None:
    """One may be allowed to list a folder and not to look at what is in it, or the other way round."""
    refuse(method, name)
    broken = folder / "sub" if method == "iterdir" else folder
    sources = list(walk([folder]))
    assert [(source.path, source.failed) for source in sources if source.failed] == [
        (broken, f"{broken}: cannot be opened (Permission denied); check its permissions")
    ]
    rest = [source.path.name for source in sources if not source.failed]
    assert rest == (["a.txt", "b.txt", "z.txt"] if method == "iterdir" else [])


def test_a_named_folder_with_nothing_to_read_says_so(folder: Path) -> None:
    (folder / "empty").mkdir()
    (folder / "sub" / ".foedusignore").write_text("*\n")
    assert skipped(folder, below=folder) == {}
    assert skipped(folder / "empty", folder / "sub", folder / ".git", below=folder) == {
        "empty": "the folder is empty",
        "sub": "nothing to read in it",
    }
    assert skipped(folder, folder / "empty", folder, below=folder) == {"empty": "the folder is empty"}


def test_links_out_of_the_folder_are_not_followed_and_links_inside_are(folder: Path) -> None:
    outside = folder.parent / "secret.txt"
    outside.write_text("not asked for")
    (folder / "out.txt").symlink_to(outside)
    (folder / "alias.txt").symlink_to(folder / "b.txt")
    (folder / "outer").symlink_to(folder.parent, target_is_directory=True)
    assert found(folder, below=folder) == ["a.txt", "alias.txt", "b.txt", "sub/c.txt", "sub/d.txt", "z.txt"]
    left_out = "a link out of the folder is not followed"
    assert skipped(folder, below=folder) == {"out.txt": left_out, "outer": left_out}


def test_a_file_is_loaded_up_to_the_limit(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "FILE_BYTES", 5)
    assert load(folder / "a.txt") == b"a.txt"
    (folder / "a.txt").write_text("a.text")
    with pytest.raises(OverLimit, match="6 bytes, the limit is 5"):
        load(folder / "a.txt")


def test_a_file_that_cannot_be_opened_is_named(folder: Path) -> None:
    with pytest.raises(IngestError, match="sub: cannot be read"):
        load(folder / "sub")
