"""A small real encoder for tests: every word points in a direction of its own, a text is the sum of its words."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray


def count_words(text: str) -> int:
    return len(re.findall(r"\w+|[^\w\s]", text))


class HashingEncoder:
    """Fast, the same on every machine, and it remembers what it was asked for."""

    def __init__(self, name: str = "hashing", dimensions: int = 64) -> None:
        self.id = f"{name}({dimensions})"
        self.dimensions = dimensions
        self.max_tokens = 256
        self.counter = count_words
        self.encoded: list[str] = []

    def count_tokens(self, text: str) -> int:
        return count_words(text)

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.encoded.extend(texts)
        return np.array([self._row(text) for text in texts], dtype=np.float32).reshape(len(texts), self.dimensions)

    def encode_tokens(self, text: str) -> tuple[NDArray[np.float32], list[tuple[int, int]]]:
        places = [match.span() for match in re.finditer(r"\w+", text)]
        return self.encode([text[start:end] for start, end in places]), places

    def _row(self, text: str) -> NDArray[np.float64]:
        words = re.findall(r"\w+", text.lower()) or [""]
        total = np.sum([self._direction(word) for word in words], axis=0)
        unit: NDArray[np.float64] = total / np.linalg.norm(total)
        return unit

    def _direction(self, word: str) -> NDArray[np.float64]:
        seed = int.from_bytes(hashlib.sha256(f"{self.id} {word}".encode()).digest()[:8], "little")
        return np.random.default_rng(seed).standard_normal(self.dimensions)
