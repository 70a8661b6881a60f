"""A folder with an ONNX model, run by onnxruntime, and its tokeniser.

Every text is run alone. The model's integer arithmetic scales its intermediate values by the largest of them in the
whole batch, so in a batch a vector would depend on its neighbours, and padding would be work for nothing. Texts run
side by side instead, each on one thread: onnxruntime lets many threads share one loaded model.

The tokeniser's own truncation and padding (128 and 128 in the published file) are switched off: texts are cut here, at
`max_tokens`, and `count_tokens` cuts nothing.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from tokenizers import Encoding, Tokenizer

from .errors import EncoderDamaged, EncoderMissing
from .tokens import TokenCounter

MANIFEST: Final = "manifest.json"
MODEL: Final = "model.onnx"
TOKENIZER: Final = "tokenizer.json"


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """What a model folder says of itself. `files` maps each file's name to its sha256."""

    name: str
    dimensions: int
    max_tokens: int
    pooling: str
    files: dict[str, str]

    @classmethod
    def read(cls, folder: Path) -> Manifest:
        path = folder / MANIFEST
        try:
            manifest = cls(**json.loads(path.read_text("utf-8")))
        except FileNotFoundError:
            raise EncoderMissing(f"{path} is not there; restore it or reinstall foedus") from None
        except (TypeError, ValueError) as error:
            raise EncoderDamaged(f"{path} is not a manifest ({error}); restore it or make the model anew") from None
        if unnamed := {MODEL, TOKENIZER} - set(manifest.files):
            raise EncoderDamaged(f"{path} does not name {', '.join(sorted(unnamed))}; make the model anew")
        return manifest

    @property
    def id(self) -> str:
        files = ",".join(f"{name}:{self.files[name][:12]}" for name in (MODEL, TOKENIZER))
        return f"{self.name}({files},{self.max_tokens} tokens,{self.pooling})"

    def verify(self, folder: Path) -> None:
        """Hold the files to their sha256."""
        for name, expected in self.files.items():
            found = sha256(folder / name)
            if found != expected:
                raise EncoderDamaged(
                    f"{folder / name} has sha256 {found}, its manifest names {expected}; "
                    "restore the file or make the model anew"
                )


def sha256(path: Path) -> str:
    """The sha256 of a file of a model, in hexadecimal."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except FileNotFoundError:
        raise EncoderMissing(f"{path} is not there; restore it or reinstall foedus") from None


class OnnxEncoder:
    """The encoder of a model folder: `model.onnx`, `tokenizer.json` and `manifest.json`."""

    def __init__(self, folder: Path) -> None:
        manifest = Manifest.read(folder)
        manifest.verify(folder)
        self.id = manifest.id
        self.dimensions = manifest.dimensions
        self.max_tokens = manifest.max_tokens
        self._tokenizer = open_tokenizer(folder / TOKENIZER)
        self._special = self._tokenizer.num_special_tokens_to_add(is_pair=False)
        self._session = open_session(folder / MODEL)

    def count_tokens(self, text: str) -> int:
        return len(self._tokenizer.encode(text, add_special_tokens=False))

    @property
    def counter(self) -> TokenCounter:
        return TokenCounter(self._tokenizer)

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        rows = np.empty((len(texts), self.dimensions), np.float32)
        if len(texts) == 1:  # a question: no threads to start
            rows[0] = self._vector(texts[0])
        elif texts:
            with ThreadPoolExecutor(min(len(texts), cores())) as pool:
                for number, row in enumerate(pool.map(self._vector, texts)):
                    rows[number] = row
        return rows

    def encode_tokens(self, text: str) -> tuple[NDArray[np.float32], list[tuple[int, int]]]:
        encoding = self._read(text)
        rows = self._run(encoding, "tokens")
        own = [number for number, special in enumerate(encoding.special_tokens_mask) if not special]
        return _unit(rows[own]), [encoding.offsets[number] for number in own]

    def _vector(self, text: str) -> NDArray[np.float32]:
        return _unit(self._run(self._read(text), "pooled"))

    def _read(self, text: str) -> Encoding:
        """The part of a text that the model sees, with its special tokens."""
        encoding = self._tokenizer.encode(text, add_special_tokens=False)
        encoding.truncate(self.max_tokens - self._special)
        return self._tokenizer.post_process(encoding)

    def _run(self, encoding: Encoding, output: str) -> NDArray[np.float32]:
        ids = np.array([encoding.ids], np.int64)
        result: NDArray[np.float32] = self._session.run([output], {"input_ids": ids})[0][0]
        return result


def open_tokenizer(path: Path) -> Tokenizer:
    tokenizer = Tokenizer.from_file(str(path))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


def open_session(path: Path) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def _unit(rows: NDArray[np.float32]) -> NDArray[np.float32]:
    length = np.linalg.norm(rows, axis=-1, keepdims=True)
    scaled: NDArray[np.float32] = rows / length
    return scaled


def cores() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
