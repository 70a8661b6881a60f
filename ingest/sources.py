"""Which files are read, in an order that depends on nothing but their names.

A folder is walked by name, so two machines see the same files in the same order. While walking, hidden names and what a
`.foedusignore` names are left out, and a link that leads out of the folder is not followed: what a person pointed at is
all that is read. A file that the person names is always yielded, hidden or ignored, since naming it is asking for it.
What cannot be read (a link to nothing, a pipe, a folder that may not be opened) is yielded with the reason, so that a
report can tell of it and the rest is read.
"""

from __future__ import annotations

import errno
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pathspec

from . import settings
from .errors import IngestError, OverLimit

IGNORE_FILE = ".foedusignore"

_LEADS_NOWHERE: Final = "a link to nothing"
_NOT_A_FILE: Final = "neither a file nor a folder"
_OUTSIDE: Final = "a link out of the folder is not followed; name the file to have it read"
_LEFT_OUT: Final = f"hidden names and what a {IGNORE_FILE} names are left out"
_NOT_THERE: Final = (errno.ENOENT, errno.ENOTDIR, errno.ELOOP)


@dataclass(frozen=True, kw_only=True)
class Source:
    """A file to read; `named` tells a file that the user named from one that was met while walking.

    Where `skipped` or `failed` says why, it is not to be read. Skipped: a link to nothing or out of the folder, what
    cannot be looked at, a named folder with nothing to read in it. Failed: a folder that cannot be opened, since nobody
    knows what is missing then.
    """

    path: Path
    named: bool
    skipped: str | None = None
    failed: str | None = None


@dataclass(frozen=True, kw_only=True)
class _Met:
    """What was met in a folder, and why it is not read."""

    path: Path
    skipped: str | None = None
    failed: str | None = None


@dataclass(frozen=True, kw_only=True)
class _Rules:
    """The gitignore rules of one folder."""

    folder: Path
    spec: pathspec.GitIgnoreSpec

    def verdict(self, path: Path, *, is_folder: bool) -> bool | None:
        """True where the last rule that fits leaves `path` out, False where it brings it back, None where none fits."""
        relative = path.relative_to(self.folder).as_posix()
        return self.spec.check_file(relative + "/" * is_folder).include


def walk(paths: Iterable[Path]) -> Iterator[Source]:
    """Yield the files that `paths` stand for, folders opened, each path once; what is not read comes with its reason.

    Raises:
        IngestError: a path is missing (before anything is yielded), or a `.foedusignore` cannot be used.
    """
    given = list(paths)
    for path in given:
        must_be_there(path)
    return _each_once(given)


def load(path: Path) -> bytes:
    """Return the bytes of a file, never more than the limit.

    Raises:
        OverLimit: it is larger than `settings.FILE_BYTES`.
        IngestError: it cannot be opened.
    """
    try:
        with path.open("rb") as file:
            data = file.read(settings.FILE_BYTES + 1)
            size = max(len(data), path.stat().st_size)
    except OSError as error:
        raise IngestError(f"{path}: cannot be read ({error.strerror}); check that it is a file you may open") from error
    if size > settings.FILE_BYTES:
        raise OverLimit(f"{path}: {size:,} bytes, the limit is {settings.FILE_BYTES:,}; split it into smaller files")
    return data


def must_be_there(path: Path) -> None:
    """Hold what a person named to being a file or a folder.

    Raises:
        IngestError: it is not; the message says what it is instead.
    """
    try:
        mode = path.stat().st_mode
    except OSError as error:
        if error.errno not in _NOT_THERE:
            raise IngestError(f"{path}: {_unseen(error)}; check its permissions") from error
        if path.is_symlink():
            raise IngestError(f"{path}: {_LEADS_NOWHERE}; name the file that it is for") from error
        raise IngestError(f"{path}: {error.strerror or error}; check the spelling of the path") from error
    if not stat.S_ISDIR(mode) and not stat.S_ISREG(mode):
        raise IngestError(f"{path}: {_NOT_A_FILE}; name a file or a folder")


def _each_once(given: list[Path]) -> Iterator[Source]:
    named = {path.absolute() for path in given if path.is_file()}
    seen: set[Path] = set()
    for path in given:
        for met in _found(path) if path.is_dir() else [_Met(path=path)]:
            place = met.path.absolute()
            if place not in seen:
                seen.add(place)
                yield Source(path=met.path, named=place in named, skipped=met.skipped, failed=met.failed)


def _found(folder: Path) -> Iterator[_Met]:
    """What is in a named folder; the folder itself, with the reason, where that is nothing."""
    nothing = True
    for met in _walk_folder(folder, top=folder.resolve(), rules=()):
        nothing = False
        yield met
    if nothing:
        empty = not any(folder.iterdir())
        reason = "the folder is empty" if empty else f"nothing to read in it; {_LEFT_OUT}"
        yield _Met(path=folder, skipped=f"{folder}: {reason}")


def _walk_folder(folder: Path, *, top: Path, rules: tuple[_Rules, ...]) -> Iterator[_Met]:
    try:
        rules = (*_rules_of(folder), *rules)
        entries = sorted(folder.iterdir(), key=lambda path: path.name)
    except OSError as error:
        yield _Met(path=folder, failed=f"{folder}: cannot be opened ({error.strerror}); check its permissions")
        return
    for path in entries:
        is_folder, objection = _look(path)
        if path.name.startswith(".") or _ignored(path, rules, is_folder=is_folder):
            continue
        if is_folder and not path.is_symlink():
            yield from _walk_folder(path, top=top, rules=rules)
        elif not (is_folder and _stays_inside(path, top)):  # what a folder inside holds has its own place
            if objection in (None, _NOT_A_FILE) and not _stays_inside(path, top):
                objection = _OUTSIDE
            yield _Met(path=path, skipped=objection and f"{path}: {objection}")


def _look(path: Path) -> tuple[bool, str | None]:
    """Whether it is a folder, and why it is not read if it is neither that nor a file."""
    try:
        mode = path.stat().st_mode
    except OSError as error:
        return False, _LEADS_NOWHERE if error.errno in _NOT_THERE else _unseen(error)
    is_folder = stat.S_ISDIR(mode)
    return is_folder, None if is_folder or stat.S_ISREG(mode) else _NOT_A_FILE


def _unseen(error: OSError) -> str:
    return f"cannot be looked at ({error.strerror or error})"


def _stays_inside(path: Path, top: Path) -> bool:
    """False for a link out of the folder."""
    return not path.is_symlink() or path.resolve().is_relative_to(top)


def _ignored(path: Path, rules: tuple[_Rules, ...], *, is_folder: bool) -> bool:
    """The deepest folder with a rule that fits decides, as in git."""
    verdicts = (rule.verdict(path, is_folder=is_folder) for rule in rules)
    return next((verdict for verdict in verdicts if verdict is not None), False)


def _rules_of(folder: Path) -> Iterator[_Rules]:
    file = folder / IGNORE_FILE
    if not file.is_file():
        return
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
        yield _Rules(folder=folder, spec=pathspec.GitIgnoreSpec.from_lines(lines))
    except (OSError, ValueError) as error:  # ValueError: not UTF-8, or a pattern git does not know
        raise IngestError(f"{file}: cannot be used ({error}); it takes gitignore rules, in UTF-8") from error
