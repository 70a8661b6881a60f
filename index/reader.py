"""Question and span read together: does the span answer, and does it say yes or no?

The encoder looks at question and text apart, so that texts can be stored; the reader looks at both at once and sees
what the one asks and the other says. That costs about 3 ms a span, so it reads few. It is a small network of our own
(`index/models/reader/README.md`), run without torch; a score depends on its question and span alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from .onnx_encoder import MODEL, TOKENIZER, Manifest, cores, open_session, open_tokenizer

BUNDLED: Final = Path(__file__).parent / "models" / "reader"
ANSWERS, YES, NO, NEITHER = range(4)  # columns of `read`


class Reader(Protocol):
    """What the rest of the program knows about a reader."""

    @property
    def id(self) -> str:
        """Names the model and its files."""

    def read(self, question: str, spans: Sequence[str]) -> NDArray[np.float32]:
        """(spans, 4): the logit that it answers; and of what it says to a yes/no question: yes, no, neither."""


class OnnxReader:
    """The reader of a model folder: `model.onnx`, `tokenizer.json` and `manifest.json`.

    Raises:
        EncoderMissing, EncoderDamaged: a file is not there, or not the one that the manifest names.
    """

    def __init__(self, folder: Path = BUNDLED) -> None:
        manifest = Manifest.read(folder)
        manifest.verify(folder)
        self.id = manifest.id
        self._tokenizer = open_tokenizer(folder / TOKENIZER)
        self._tokenizer.enable_truncation(manifest.max_tokens)
        self._session = open_session(folder / MODEL)

    def read(self, question: str, spans: Sequence[str]) -> NDArray[np.float32]:
        rows = np.empty((len(spans), 4), np.float32)
        if spans:
            with ThreadPoolExecutor(min(len(spans), cores())) as pool:
                for number, row in enumerate(pool.map(lambda span: self._one(question, span), spans)):
                    rows[number] = row
        return rows

    def _one(self, question: str, span: str) -> NDArray[np.float32]:
        encoding = self._tokenizer.encode(question, span)
        inputs = {
            "input_ids": np.array([encoding.ids], np.int64),
            "token_types": np.array([encoding.type_ids], np.int64),
        }
        logits: NDArray[np.float32] = self._session.run(["logits"], inputs)[0][0]
        return logits
