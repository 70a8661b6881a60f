"""What each part of the program is worth: the same cases, asked with one part taken out or set otherwise.

Every variant is an `Asker` and answers by the product's own lines; only what it searches, reads or looks into differs.
A second, simpler pipeline for comparison would measure how well that one was written. The variant in which nothing
differs is the product, and scores what `foedus eval run` scores.

Passages of another length, or another encoder's vectors, are made in a temporary copy of the library; the library
itself is never changed.
"""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Final

import numpy as np
from rich import box
from rich.table import Table
from rich.text import Text

from index import build, lexical, schema, store
from index.encoder import Encoder, load_encoder
from index.fuse import stretch
from index.hit import Hit
from index.library import Library
from index.prepared import Cut
from index.reader import COLUMNS as LOGITS
from index.reader import Excerpt, Logits, Reader
from index.search import CANDIDATES, Mode
from ingest import settings
from ingest.document import Document, Trust
from ingest.errors import UsageError
from ingest.split import embedded_text, split
from service.answer import Question
from service.ask import Asker
from service.judgement import Judgement
from service.state import Clock

from . import results, run
from .case import Case
from .compare import compare
from .judge import NO_VERIFIER
from .measures import DEPTH, Measured
from .results import Json, Run
from .subject import subject_of

FORMAT: Final = 1  # of the stored table
GRID: Final = ("search", "reader", "k", "length", "encoder")
MODES: Final[tuple[Mode, ...]] = ("lexical", "dense", "hybrid")
READ: Final = (5, 10, 20)  # passages; evidence.READ is the most that are ever read
LENGTHS: Final = (64, 110, 200)  # tokens of a passage
SHOWN: Final = {  # measure: heading
    "passage_hit@1": "hit@1",
    "passage_hit@10": "hit@10",
    "first_span": "first",
    "verdict_accuracy": "ver-\ndict",
    "answered": "an-\nswered",
    "refused": "re-\nfused",
}
EVERY: Final = 10_000  # sentences: without the reader nothing says which few are worth a comparison word by word
NOTE: Final = (
    "The weights that order sentences, tell verdicts and decide on refusals were fitted with every part in place, on "
    "the tune questions; for no other row were they fitted again. A row shows what is lost when a part is taken out of "
    "the program as it is, not how good a program made without that part would be. Without the reader a verdict is "
    "yes, or mixed where a duty is asked for, unless the dates of a treaty decide, and the threshold of refusals means "
    "little."
)


@dataclass(frozen=True, kw_only=True)
class Variant:
    """What differs from the product; `reason` says why it cannot be asked."""

    group: str
    name: str
    mode: Mode = "hybrid"
    reads: bool = True
    k: int | None = None  # passages read
    longest: int | None = None  # tokens of a passage
    encoder: str | None = None
    reason: str | None = None


PRODUCT: Final = Variant(group="product", name="hybrid + reader")
VERIFIED: Final = Variant(group="verifier", name="+ verifier", reason=NO_VERIFIER)


@dataclass(frozen=True, kw_only=True)
class Row:
    """What a variant scores; `change` is first_span less the product's, case by case, with its interval."""

    variant: Variant
    measured: Mapping[str, Measured]
    passages: int | None = None  # of the library
    change: Measured | None = None
    p50_ms: float | None = None


def variants(grid: Sequence[str], encoders: Sequence[str] = ()) -> tuple[Variant, ...]:
    """The rows of the table; the product is always one of them.

    Raises:
        UsageError: a part of the grid is unknown, or encoders are to be compared and none is named.
    """
    if strange := [name for name in grid if name not in GRID]:
        raise UsageError(f"--grid {','.join(strange)}: choose from {', '.join(GRID)}")
    if ("encoder" in grid) != bool(encoders):
        raise UsageError("--grid encoder and --encoder NAME go together: name at least one model to compare with")
    search = [Variant(group="search", name=mode, mode=mode, reads=False) for mode in MODES]
    reader = [Variant(group="reader", name=f"{mode} + reader", mode=mode) for mode in MODES if mode != PRODUCT.mode]
    fewer = [Variant(group="k", name=f"{k} passages", k=k) for k in READ if k != Question(text="").k]
    cut = [Variant(group="length", name=f"{n} tokens", longest=n) for n in LENGTHS]
    others = [Variant(group="encoder", name=name, encoder=name) for name in encoders]
    made = [*search, *reader, PRODUCT, VERIFIED, *fewer, *cut, *others]
    return tuple(one for one in made if one.group in (*grid, PRODUCT.group, VERIFIED.group))


class Silent:
    """In the reader's place: it has read nothing and has no opinion."""

    id = "none"

    def read(self, question: str, excerpts: Sequence[Excerpt]) -> list[Logits]:
        return [np.zeros((len(excerpt.spans), LOGITS), np.float32) for excerpt in excerpts]


class Altered(Asker):
    """An asker of which one thing differs."""

    def __init__(self, whole: Asker, variant: Variant, library: Library, encoder: Encoder) -> None:
        super().__init__(library, encoder, threshold=whole.threshold, notice=lambda _: None)
        self._whole, self._variant = whole, variant
        if not variant.reads:
            self.measured = EVERY

    @cached_property
    def reader(self) -> Reader:
        return self._whole.reader if self._variant.reads else Silent()

    def judge(self, question: Question, clock: Clock | None = None) -> Judgement:
        return super().judge(replace(question, k=self._variant.k or question.k), clock)

    def search(
        self,
        query: str,
        *,
        k: int = 10,
        mode: Mode = "hybrid",
        documents: tuple[str, ...] = (),
        trust: Trust | None = None,
    ) -> list[Hit]:
        """Of one kind where the variant has one kind alone, with scores in 0…1: the weights know no other scale."""
        if self._variant.mode == "hybrid":
            return super().search(query, k=k, mode=mode, documents=documents, trust=trust)
        found = super().search(query, k=CANDIDATES, mode=self._variant.mode, documents=documents, trust=trust)
        return _stretched(found, self._variant.mode)[:k]


def _stretched(hits: Sequence[Hit], mode: Mode) -> list[Hit]:
    """As fusion does it, over the same candidates; passages in another language stay behind all others."""
    found = [(hit.bm25 if mode == "lexical" else hit.cosine) or 0.0 for hit in hits]
    scores = stretch(np.array(found, np.float64))
    behind = [2.0 * (hit.score < own) for hit, own in zip(hits, found, strict=True)]
    return [replace(hit, score=float(score) - less) for hit, score, less in zip(hits, scores, behind, strict=True)]


def ablate(
    cases: Sequence[Case],
    asker: Asker,
    chosen: Sequence[Variant],
    *,
    load: Callable[[str], Encoder] = load_encoder,
    tell: Callable[[], None] = lambda: None,
) -> tuple[Row, ...]:
    """Ask every variant, the product among them, all cases; `tell` is called for each case and each document cut anew.

    Raises:
        EncoderMissing, EncoderDamaged: a named encoder cannot be used; nothing was asked then.
        BadCases: gold does not stand in the library's documents.
    """
    encoders = {one.encoder: load(one.encoder) for one in chosen if one.encoder}
    runs: dict[Variant, tuple[Run, int]] = {}
    for one in chosen:
        if one.reason is None:
            encoder = encoders.get(one.encoder or "", asker.encoder)
            with _library(asker.library, encoder, one, tell) as library:
                runs[one] = _run(cases, Altered(asker, one, library, encoder), tell)
    return tuple(_row(one, *runs[one], runs[PRODUCT][0]) if one in runs else _absent(one) for one in chosen)


def steps(cases: Sequence[Case], asker: Asker, chosen: Sequence[Variant]) -> int:
    """How often `ablate` will call `tell`."""
    asked = [one for one in chosen if one.reason is None]
    return len(asked) * len(cases) + len(asker.library.documents()) * sum(map(_cut_anew, asked))


def _run(cases: Sequence[Case], asker: Asker, tell: Callable[[], None]) -> tuple[Run, int]:
    subject = replace(subject_of(asker), search=lambda text: asker.search(text, k=DEPTH))
    return run.run(cases, subject, tell=tell), asker.library.certificate().passages


def _row(variant: Variant, done: Run, passages: int, product: Run) -> Row:
    measured = done.measures()
    return Row(
        variant=variant,
        measured={name: measured[name] for name in SHOWN},
        passages=passages,
        change=None if variant == PRODUCT else change(product, done),
        p50_ms=results.quantiles(done, "total")["p50"],
    )


def _absent(variant: Variant) -> Row:
    nothing = Measured(value=None, low=None, high=None, cases=0, reason=variant.reason)
    return Row(variant=variant, measured=dict.fromkeys(SHOWN, nothing))


def change(before: Run, after: Run, name: str = "first_span") -> Measured | None:
    """The mean of the differences, case by case, with its interval; None where no case belongs to the measure."""
    found = next((one for one in compare(before, after).differences() if one.measure == name), None)
    if found is None:
        return None
    return Measured(value=found.change, low=found.low, high=found.high, cases=found.cases)


def _cut_anew(variant: Variant) -> bool:
    return variant.longest is not None or variant.encoder is not None


@contextmanager
def _library(library: Library, encoder: Encoder, variant: Variant, tell: Callable[[], None]) -> Iterator[Library]:
    """The library, or a copy of it for as long as the block lasts."""
    if not _cut_anew(variant):
        yield library
        return
    with tempfile.TemporaryDirectory(prefix="foedus-") as folder:
        with library.reading() as ours, closing(sqlite3.connect(Path(folder) / schema.DATABASE)) as theirs:
            ours.backup(theirs)
        with Library.open(Path(folder)) as copy:
            _cut(copy, encoder, variant.longest or settings.PASSAGE_TOKENS, tell)
            yield copy


def _cut(library: Library, encoder: Encoder, longest: int, tell: Callable[[], None]) -> None:
    """Derive all passages and vectors again. The certificate names the usual length, or opening would undo the work;
    it never leaves this copy, and its id tells other passages apart."""
    with library.sole_writer():
        cuts: dict[str, tuple[Document, Cut]] = {}
        for stored in library.documents():
            document = library.read(stored.document_id)
            cuts[stored.document_id] = document, _passages(document, encoder, longest)
            build.embed(library, encoder, cuts[stored.document_id][1])
            tell()
        with library.writing() as connection:
            lexical.clear(connection)
            connection.execute("DELETE FROM passages")
            for document_id, (document, cut) in cuts.items():
                store.put_passages(connection, library.number(document_id), document, cut)
            build.commit_for(library, connection, encoder)


def _passages(document: Document, encoder: Encoder, longest: int) -> Cut:
    passages = split(document, count_tokens=encoder.counter, longest=longest)
    texts = tuple(embedded_text(document.title, passage, passage.of(document.text)) for passage in passages)
    return Cut(passages=passages, texts=texts)


def ablation_json(rows: Sequence[Row], cases: int, asked: Run) -> Json:
    """The table and all that it depends on; `asked` holds that, and no outcomes."""
    return {
        "format": FORMAT,
        "cases": cases,
        "rows": table_json(rows),
        "note": NOTE,
        "certificate": asked.certificate,
        "settings": asked.settings,
        "versions": dict(asked.versions),
        "processor": asked.processor,
    }


def table_json(rows: Sequence[Row]) -> list[Json]:
    """Without times, which differ from run to run."""
    return [
        {
            "group": row.variant.group,
            "variant": row.variant.name,
            "passages": row.passages,
            "measures": results.measures_json(row.measured),
            "first_span_change": row.change and results.measures_json({"": row.change})[""],
        }
        for row in rows
    ]


def times_json(rows: Sequence[Row]) -> Json:
    return {row.variant.name: row.p50_ms for row in rows}


def table(rows: Sequence[Row], cases: int) -> Table:
    """Fits a terminal of 80 characters."""
    missing = [f"{row.variant.name}: {row.variant.reason}." for row in rows if row.variant.reason]
    title = f"{cases} cases; change of first_span to the product, case by case, 95 % interval"
    shown = Table(title=title, caption="\n".join([*missing, NOTE]), box=box.SIMPLE, padding=0)
    for heading in ("variant", *SHOWN.values(), "change", "interval", "ms"):
        shown.add_column(heading, justify="left" if heading == "variant" else "right")
    for row in rows:
        values = ("–" if one.value is None else f"{one.value:.3f}" for one in row.measured.values())
        took = "–" if row.p50_ms is None else f"{row.p50_ms:.0f}"
        style = "bold" if row.variant == PRODUCT else ""
        shown.add_row(Text(row.variant.name), *values, *_change(row.change), took, style=style)
    return shown


def _change(found: Measured | None) -> tuple[str, str]:
    return ("", "") if found is None else (f"{found.value:+.2f}", f"{found.low:+.2f}…{found.high:+.2f}")
