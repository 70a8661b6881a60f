"""Question and passage read together: which of its sentences answers, and does it say yes or no?

The encoder looks at question and text apart, so that texts can be stored; the reader looks at both at once and sees
what the one asks and the other says. It reads a passage whole, its title and headings in front, and tells of each
sentence by itself: a sentence is understood from its neighbours, and one reading does for all of them. It is a small
network of our own (`index/models/reader/README.md`), run without torch; what it says of a sentence depends on the
question and the passage alone.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from ingest.document import Span
from ingest.pinpoints import JOINER

from .errors import EncoderDamaged
from .onnx_encoder import MODEL, TOKENIZER, Manifest, cores, open_session, open_tokenizer

BUNDLED: Final = Path(__file__).parent / "models" / "reader"
ANSWERS, YES, NO, MIXED, NEITHER = range(5)  # columns of `read`
COLUMNS: Final = 5
MAX_TOKENS: Final = 256  # of question, headings and sentences
POOLING: Final = "sentence mean"
QUESTION_TOKENS: Final = 64  # of a question; what follows is not read
HEADING_TOKENS: Final = 48

Logits = NDArray[np.float32]


@dataclass(frozen=True, kw_only=True)
class Excerpt:
    """What is read at once: the words in front of a passage, the passage, and the places in it that are asked about."""

    heading: str
    text: str
    spans: tuple[Span, ...]  # in order, without overlap; offsets in `text`


@dataclass(frozen=True, kw_only=True)
class Window:
    """The tokens of a question and of as many sentences as the network takes; `places` are token ranges, one a span."""

    ids: list[int]
    types: list[int]
    places: list[tuple[int, int]]


def side_by_side(sentences: Sequence[tuple[str, str]]) -> Excerpt:
    """Sentences of several passages, each with the title of its document, to be weighed against each other in one
    reading. The title that most of them share stands in front of all, any other before its own sentence."""
    titles = [title for title, _ in sentences]
    shared = max(titles, key=titles.count, default="")
    said = [text if title == shared else f"{title}: {text}" for title, text in sentences]
    ends = list(itertools.accumulate(len(one) + 1 for one in said))
    spans = tuple(Span(start=end - 1 - len(one), end=end - 1) for one, end in zip(said, ends, strict=True))
    return Excerpt(heading=shared, text=" ".join(said), spans=spans)


class Reader(Protocol):
    """What the rest of the program knows about a reader."""

    @property
    def id(self) -> str:
        """Names the model and its files."""

    def read(self, question: str, excerpts: Sequence[Excerpt]) -> list[Logits]:
        """For each excerpt (spans, 5): the logit that a span answers; and of what it says to a yes/no question:
        yes, no, something of both, neither."""


class Layout:
    """Lays questions and excerpts out as the network reads them: `question [SEP] heading › sentences [SEP]`."""

    def __init__(self, tokenizer: Tokenizer, max_tokens: int) -> None:
        self._tokenizer, self._most = tokenizer, max_tokens
        self._opens, self._closes = tokenizer.encode("").ids

    def windows(self, question: str, excerpt: Excerpt) -> list[Window]:
        """As few windows as hold all spans, in their order; a span longer than a window is cut at its end."""
        asked = [self._opens, *self._ids(question)[:QUESTION_TOKENS], self._closes]
        heading = self._ids(excerpt.heading + JOINER)[:HEADING_TOKENS] if excerpt.heading else []
        ids, places = self._placed(excerpt)
        room = self._most - len(asked) - len(heading) - 1
        windows, first = [], 0
        while first < len(places):
            start, last = places[first][0], first + 1
            while last < len(places) and places[last][1] - start <= room:
                last += 1
            end = min(max(places[last - 1][1], start), start + room)
            said = [*heading, *ids[start:end], self._closes]
            before = len(asked) + len(heading) - start
            windows.append(
                Window(
                    ids=asked + said,
                    types=[0] * len(asked) + [1] * len(said),
                    places=[(low + before, min(high, end) + before) for low, high in places[first:last]],
                )
            )
            first = last
        return windows

    def _ids(self, text: str) -> list[int]:
        ids: list[int] = self._tokenizer.encode(text, add_special_tokens=False).ids
        return ids

    def _placed(self, excerpt: Excerpt) -> tuple[list[int], list[tuple[int, int]]]:
        """The tokens of the passage, and from which to which of them each span goes."""
        encoding = self._tokenizer.encode(excerpt.text, add_special_tokens=False)
        starts = [start for start, _ in encoding.offsets]
        edges = [np.searchsorted(starts, (span.start, span.end)).tolist() for span in excerpt.spans]
        return encoding.ids, [(low, high) for low, high in edges]


class OnnxReader:
    """The reader of a model folder: `model.onnx`, `tokenizer.json` and `manifest.json`.

    Raises:
        EncoderMissing, EncoderDamaged: a file is not there, not the one that the manifest names, or no reader.
    """

    def __init__(self, folder: Path = BUNDLED) -> None:
        manifest = Manifest.read(folder)
        manifest.verify(folder)
        if (manifest.dimensions, manifest.pooling) != (COLUMNS, POOLING):
            raise EncoderDamaged(
                f"{folder} holds a model of {manifest.dimensions} columns by {manifest.pooling}, a reader has "
                f"{COLUMNS} by {POOLING}; restore the folder or make the reader anew"
            )
        self.id = manifest.id
        self._layout = Layout(open_tokenizer(folder / TOKENIZER), manifest.max_tokens)
        self._session = open_session(folder / MODEL)

    def read(self, question: str, excerpts: Sequence[Excerpt]) -> list[Logits]:
        windows = [self._layout.windows(question, excerpt) for excerpt in excerpts]
        flat = [window for some in windows for window in some]
        if not flat:
            return [np.empty((0, COLUMNS), np.float32) for _ in excerpts]
        with ThreadPoolExecutor(min(len(flat), cores())) as pool:
            said = pool.map(self._one, flat)
            return [np.vstack([np.empty((0, COLUMNS), np.float32), *(next(said) for _ in some)]) for some in windows]

    def _one(self, window: Window) -> Logits:
        inputs = {"input_ids": np.array([window.ids], np.int64), "token_types": np.array([window.types], np.int64)}
        logits: Logits = self._session.run(["logits"], inputs)[0][0]
        return np.array([logits[low : max(high, low + 1)].mean(axis=0) for low, high in window.places], np.float32)
