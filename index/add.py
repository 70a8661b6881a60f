"""Add files to a library: sources → documents → passages → vectors → one commit after another.

What is finished is committed every few seconds, text and index together, so an interruption keeps what was done and the
next run goes on from there. Bytes that are known cost a checksum; a passage whose words are known costs no embedding.
"""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from ingest.errors import IngestError, Unsupported
from ingest.kinds import recognise
from ingest.sources import Source, load, must_be_there, walk

from . import build, generations, store
from .prepared import READER_VERSION, Prepared
from .workers import Failure, Outcome, Workers

if TYPE_CHECKING:
    import sqlite3

    from .encoder import Encoder
    from .library import Library

COMMIT_SECONDS: Final = 10.0  # of work that an interruption without warning may cost
COMMIT_SHARE: Final = 20  # a commit that takes long comes seldom: at most a twentieth of the time goes into commits
EMBED_AT_ONCE: Final = 64  # texts; small files share a batch, so no thread of the encoder waits for the other
STATUSES: Final = ("added", "updated", "unchanged", "skipped", "failed")


@dataclass(frozen=True, kw_only=True)
class FileResult:
    """What became of one file. `reason` says why where it was not added, or what else to know."""

    source: str
    status: str
    document_id: str | None = None
    passages: int | None = None
    pages: int | None = None
    reason: str | None = None


@dataclass(frozen=True, kw_only=True)
class Report:
    files: tuple[FileResult, ...]

    def count(self, status: str) -> int:
        return sum(file.status == status for file in self.files)


@dataclass(frozen=True, kw_only=True)
class Event:
    """How far a run is: files met so far, files done, passages embedded; `result` is of the file just done."""

    files: int
    done: int
    passages: int
    result: FileResult | None = None


@dataclass(frozen=True, kw_only=True)
class _Read:
    """A file that was read, on its way into the library."""

    source: Source
    prepared: Prepared
    status: str
    document_id: str

    def result(self) -> FileResult:
        return FileResult(
            source=str(self.source.path),
            status=self.status,
            document_id=self.document_id,
            passages=len(self.prepared.cut.passages),
            pages=len(self.prepared.document.pages) or None,
        )


Vector = NDArray[np.float32]
Progress = Callable[[Event], None]


def add(
    library: Library,
    paths: Iterable[Path],
    *,
    encoder: Encoder,
    progress: Progress | None = None,
    notice: Callable[[str], None] | None = None,
    workers: int | None = None,
) -> Report:
    """Add or update the files that `paths` stand for; folders are walked.

    Raises:
        LibraryBusy: another process is adding.
        KeyboardInterrupt: as it came, after what was finished has been committed.
    """
    given = list(paths)
    absent = dict(_absent(given))
    with library.sole_writer():
        build.repair(library, encoder, notice or _silent)
        run = _Run(library, encoder, progress or _silent)
        for path, reason in absent.items():
            run.report(FileResult(source=str(path), status="failed", reason=reason))
        run.all([path for path in given if path not in absent], workers or os.cpu_count() or 1)
        generations.remove_leftovers(library)
    return Report(files=tuple(sorted(run.results, key=lambda result: run.order.get(result.source, -1))))


@dataclass
class _Run:
    """One run of `add`."""

    library: Library
    encoder: Encoder
    progress: Progress
    results: list[FileResult] = field(default_factory=list)
    order: dict[str, int] = field(default_factory=dict)
    passages: int = 0
    waiting: list[_Read] = field(default_factory=list)  # to be embedded
    finished: list[_Read] = field(default_factory=list)  # to be committed
    vectors: dict[str, Vector] = field(default_factory=dict)  # to be committed
    ids: set[str] = field(default_factory=set)
    commit_due: float = 0.0

    def all(self, paths: Sequence[Path], workers: int) -> None:
        found = list(walk(paths))
        self.order = {str(source.path): at for at, source in enumerate(found)}
        self.ids = {document.document_id for document in self.library.documents()}
        self.commit_due = time.monotonic() + COMMIT_SECONDS
        self.progress(self._event(None))
        for source in found:
            if reason := source.failed or source.skipped:
                status = "failed" if source.failed else "skipped"
                self.report(FileResult(source=str(source.path), status=status, reason=reason))
        left = [source for source in found if not (source.failed or source.skipped)]
        with Workers(max(1, min(workers, len(left))), self.encoder.counter) as processes:
            while left:  # more than once only where a file has the bytes that another had before this run
                left = self._pass(left, processes)
        self._remove_orphans()

    def report(self, result: FileResult) -> None:
        self.results.append(result)
        self.progress(self._event(result))

    def _pass(self, sources: Sequence[Source], processes: Workers) -> list[Source]:
        """Read what is new; gives the files whose bytes nothing in the library has after all."""
        repeated: list[tuple[Source, str]] = []
        reading: dict[Path, Source] = {}
        try:
            for path, outcome in processes.read(self._new(sources, reading, repeated)):
                self._take(reading.pop(path), outcome)
            self._embed()
        finally:
            self._commit()
        return self._attach(repeated)

    def _new(
        self, sources: Sequence[Source], reading: dict[Path, Source], repeated: list[tuple[Source, str]]
    ) -> Iterator[Path]:
        in_hand: set[str] = set()
        for source in sources:
            try:
                data = load(source.path)
                recognise(data, name=str(source.path))  # bytes that are known may still not be what this name says
                original = hashlib.sha256(data).hexdigest()
            except IngestError as error:
                self._fail(source, error.reason, str(error))
                continue
            known = self._known(source, original)
            if known is not None:
                self.report(FileResult(source=str(source.path), status="unchanged", document_id=known))
            elif original in in_hand or self._holder(original) is not None:
                repeated.append((source, original))
            else:
                in_hand.add(original)
                reading[source.path] = source
                yield source.path

    def _known(self, source: Source, original: str) -> str | None:
        with self.library.reading() as connection:
            row = connection.execute(
                "SELECT document_id FROM sources JOIN documents ON number = document "
                "WHERE location = ? AND original = ? AND reader = ?",
                (_location(source), original, READER_VERSION),
            ).fetchone()
            return None if row is None else str(row[0])

    def _holder(self, original: str) -> str | None:
        """The document that was read from these bytes by this version's readers."""
        with self.library.reading() as connection:
            row = connection.execute(
                "SELECT document_id FROM documents WHERE original = ? AND reader = ?", (original, READER_VERSION)
            ).fetchone()
            return None if row is None else str(row[0])

    def _take(self, source: Source, outcome: Outcome) -> None:
        if isinstance(outcome, Failure):
            self._fail(source, outcome.reason, outcome.message)
            return
        status, document_id = self._identify(source, outcome.original)
        self.ids.add(document_id)
        self.waiting.append(_Read(source=source, prepared=outcome, status=status, document_id=document_id))
        if sum(len(read.prepared.cut.texts) for read in self.waiting) >= EMBED_AT_ONCE:
            self._embed()
        if time.monotonic() >= self.commit_due:
            self._commit()

    def _identify(self, source: Source, original: str) -> tuple[str, str]:
        """Whether the file is new, and the id its document has or gets. A document keeps its id when its only file
        changes; a file that leaves a document which others share begins one of its own.
        """
        with self.library.reading() as connection:
            row = connection.execute(
                "SELECT document_id FROM documents d LEFT JOIN sources ON document = number WHERE original = ? OR "
                "(location = ? AND (SELECT count(*) FROM sources s WHERE s.document = d.number) = 1) "
                "ORDER BY original = ? DESC LIMIT 1",
                (original, _location(source), original),
            ).fetchone()
            known = connection.execute("SELECT 1 FROM sources WHERE location = ?", (_location(source),)).fetchone()
        status = "added" if known is None else "updated"
        return status, store.free_id(source.path.name, self.ids) if row is None else str(row[0])

    def _embed(self) -> None:
        texts = {key: text for read in self.waiting for key, text in _texts(read.prepared) if key not in self.vectors}
        with self.library.reading() as connection:
            missing = store.without_vector(connection, self.encoder.id, texts)
        for at in range(0, len(missing), EMBED_AT_ONCE):
            keys = missing[at : at + EMBED_AT_ONCE]
            self.vectors.update(zip(keys, self.encoder.encode([texts[key] for key in keys]), strict=True))
            self.passages += len(keys)
            self.progress(self._event(None))
        done, self.waiting = self.waiting, []
        self.finished += done
        for read in done:
            self.report(read.result())

    def _commit(self) -> None:
        """Make what is finished part of the library, text and index at once."""
        began = time.monotonic()
        if self.finished:
            with self.library.writing() as connection:
                for read in self.finished:
                    self._put(connection, read)
                keys = list(self.vectors)
                if keys:
                    store.put_vectors(connection, self.encoder.id, keys, np.stack([self.vectors[key] for key in keys]))
                store.drop_unused_vectors(connection)
                build.commit_for(self.library, connection, self.encoder)
            generations.remove_leftovers(self.library)
            self.finished, self.vectors = [], {}
        now = time.monotonic()
        self.commit_due = now + max(COMMIT_SECONDS, COMMIT_SHARE * (now - began))

    def _put(self, connection: sqlite3.Connection, read: _Read) -> None:
        number = store.put(connection, read.prepared, read.document_id)
        store.put_source(connection, _location(read.source), str(read.source.path), number)

    def _attach(self, repeated: Sequence[tuple[Source, str]]) -> list[Source]:
        """Note further files of documents that the library has; gives those it has not."""
        left = []
        for source, original in repeated:
            holder = self._holder(original)
            if holder is None:
                left.append(source)
                continue
            with self.library.writing() as connection:
                store.put_source(connection, _location(source), str(source.path), self.library.number(holder))
            self.report(
                FileResult(
                    source=str(source.path),
                    status="unchanged",
                    document_id=holder,
                    reason=f"the same bytes as {self.library.document(holder).sources[0]}",
                )
            )
        return left

    def _remove_orphans(self) -> None:
        """Remove documents whose only file now holds what another document holds."""
        with self.library.reading() as connection:
            orphans = store.without_source(connection)
        if orphans:
            with self.library.writing() as connection:
                for number in orphans:
                    store.remove(connection, number)
                build.commit_for(self.library, connection, self.encoder)
            generations.remove_leftovers(self.library)

    def _fail(self, source: Source, reason: str, message: str) -> None:
        status = "skipped" if reason == Unsupported.reason and not source.named else "failed"
        self.report(FileResult(source=str(source.path), status=status, reason=message))

    def _event(self, result: FileResult | None) -> Event:
        return Event(files=len(self.order), done=len(self.results), passages=self.passages, result=result)


def _absent(paths: Iterable[Path]) -> Iterator[tuple[Path, str]]:
    """What was named and cannot be read at all, and why."""
    for path in paths:
        try:
            must_be_there(path)
        except IngestError as error:
            yield path, str(error)


def _texts(prepared: Prepared) -> Iterator[tuple[str, str]]:
    return zip(prepared.cut.embedded, prepared.cut.texts, strict=True)


def _location(source: Source) -> str:
    """Where the file is, however its path was given."""
    return str(source.path.resolve())


def _silent(_: object) -> None:
    """Nobody listens."""
