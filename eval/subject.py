"""The library that is asked, opened as `foedus ask` opens it."""

from __future__ import annotations

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
            subject=subject_of(asker, _watched(asker.ask, measured)),
            asker=asker,
            settings={"encoder": asker.encoder.id, "threshold": asker.threshold},
            memory_mb=measured,
        )


def subject_of(asker: Asker, ask: Callable[[Question], Answer] | None = None) -> Subject:
    ids = {record.document_id for record in asker.library.documents()}
    return Subject(
        ask=ask or asker.ask,
        search=lambda text: asker.searcher.search(text, k=DEPTH),
        score=lambda question: asker.judge(question).score,
        text_of=lambda document: asker.library.text(document) if document in ids else None,
        certificate=lambda: asker.library.certificate().id,
    )


def _watched(ask: Callable[[Question], Answer], measured: dict[str, float]) -> Callable[[Question], Answer]:
    """Notes the memory after the first answer, when all models are loaded, and the peak so far."""

    def watched(question: Question) -> Answer:
        answer = ask(question)
        measured.setdefault("first answer", memory.resident())
        measured["peak"] = memory.peak()
        return answer

    return watched
