"""The library that is asked, opened as `foedus ask` opens it."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from service.answer import Answer, Question

from . import memory
from .measures import DEPTH
from .results import Json
from .run import Subject

if TYPE_CHECKING:
    from service.ask import Asker


@dataclass(frozen=True, kw_only=True)
class Opened:
    """`settings` are those that can change an answer; `memory_mb` fills while it is asked."""

    subject: Subject
    asker: Asker
    settings: Json
    memory_mb: dict[str, float] = field(default_factory=dict)


@contextmanager
def opened(library: Path | None) -> Iterator[Opened]:
    """The library at `library`, else the user's.

    Raises:
        LibraryError, EncoderError: it cannot be used; see there.
    """
    from service import console
    from service.ask import open_asker
    from service.settings import load

    settings = load(library)
    for warning in settings.warnings:
        console.notice(warning)
    console.build_default(settings)
    measured = {"started": memory.resident()}
    with open_asker(settings, notice=console.notice) as asker:
        measured["library opened"] = memory.resident()
        yield Opened(
            subject=subject_of(asker, lambda: _note(measured)),
            asker=asker,
            settings={"encoder": asker.encoder.id, "threshold": asker.threshold},
            memory_mb=measured,
        )


def subject_of(asker: Asker, tell: Callable[[], None] = lambda: None) -> Subject:
    """`tell` is called after each answer."""
    ids = {record.document_id for record in asker.library.documents()}

    def ask(question: Question) -> tuple[Answer, float]:
        answer, judgement = asker.ask_and_judge(question)
        tell()
        return answer, judgement.score

    return Subject(
        ask=ask,
        search=lambda text: asker.searcher.search(text, k=DEPTH),
        text_of=lambda document: asker.library.text(document) if document in ids else None,
        certificate=lambda: asker.library.certificate().id,
    )


def _note(measured: dict[str, float]) -> None:
    """The memory after the first answer, when all models are loaded, and the peak so far."""
    measured.setdefault("first answer", memory.resident())
    measured["peak"] = memory.peak()


@contextmanager
def corpus_library(*, wanted: bool) -> Iterator[Path]:
    """Where a library of the bundled corpus lies for as long as the block lasts; made only where it is `wanted`, and
    without the user's settings."""
    from service import console
    from service.ingestion import CORPUS, add_paths
    from service.settings import Settings

    with tempfile.TemporaryDirectory(prefix="foedus-") as folder:
        library = Path(folder) / "library"
        if wanted:
            with console.Progress() as progress:
                settings = Settings(library=library, library_named=True)
                add_paths(settings, [CORPUS], progress=progress, notice=console.notice)
        yield library
