"""What the doors need of a library besides asking it: adding files, the texts to verify against, a check-up."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from index.errors import LibraryError, LibraryMissing

from .errors import NotFound
from .settings import Settings

if TYPE_CHECKING:
    from index.add import Event, Report
    from index.doctor import Finding
    from index.library import Library

CORPUS: Final = Path(__file__).parent.parent / "corpus"
Notice = Callable[[str], None]


def add_paths(
    settings: Settings, paths: Sequence[Path], *, progress: Callable[[Event], None], notice: Notice
) -> Report:
    """Add or update files; the library is made where there is none."""
    from index.add import add
    from index.encoder import load_encoder
    from index.library import Library

    with Library.open(settings.library, create=True) as library:
        return add(library, paths, encoder=load_encoder(settings.encoder), progress=progress, notice=notice)


def build_default(settings: Settings, *, progress: Callable[[Event], None], notice: Notice) -> None:
    """Build the default library from the bundled corpus where there is none yet.

    It is built beside its place and moved there whole, so an interruption never leaves a part of the corpus behind as
    the library; the next call goes on with what was finished.

    Raises:
        LibraryMissing: a library was named, and it does not exist.
        NotFound: the folder of the default library holds other files.
    """
    if settings.library_present:
        return
    if settings.library_named:
        raise LibraryMissing(settings.library)
    if settings.library.exists() and any(settings.library.iterdir()):
        raise NotFound(
            f"{settings.library} holds no library but other files: move them away, or name another with --library"
        )
    notice(f"building the library from the bundled corpus, once, in {settings.library}")
    beside = settings.library.with_name(settings.library.name + ".building")
    try:
        _build(beside, settings.encoder, progress=progress, notice=notice)
        beside.rename(settings.library)
    except (OSError, sqlite3.Error, LibraryError):
        if not settings.library_present:  # another process may have finished the same work first
            raise


def _build(place: Path, encoder: str | None, *, progress: Callable[[Event], None], notice: Notice) -> None:
    report = add_paths(Settings(library=place, encoder=encoder), [CORPUS], progress=progress, notice=notice)
    for row in report.files:
        if row.status == "failed":
            notice(f"{row.source}: {row.reason}")


def examine_library(settings: Settings, *, repair: bool, notice: Notice) -> list[Finding]:
    """What is wrong with the library; with `repair`, what is derived is built again first, where it can be."""
    from index.doctor import RESTORE, examine, rebuild
    from index.library import Library

    with Library.open(settings.library) as library:
        if repair and RESTORE not in {finding.remedy for finding in examine(library)}:
            from index.encoder import load_encoder

            rebuild(library, load_encoder(settings.encoder), notice=notice)
        return examine(library)


class LibraryTexts:
    """Canonical texts and versions of a library, as `service.verify` wants them; read once per document."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._held = {record.document_id: record.sha256 for record in library.documents()}
        self._texts: dict[str, str] = {}

    def canonical_text(self, document_id: str) -> str | None:
        if document_id not in self._held:
            return None
        if document_id not in self._texts:
            self._texts[document_id] = self._library.text(document_id)
        return self._texts[document_id]

    def version(self, document_id: str) -> str | None:
        return self._held.get(document_id)
