"""Any sentence-transformers model, by folder or by name. Needs the extra of that name, which brings torch."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from .errors import EncoderMissing
from .tokens import TokenCounter

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer


class SentenceTransformersEncoder:
    """A sentence-transformers model behind our protocol.

    Texts are encoded one at a time: padding changes the last digits of a vector, and a row may depend on its own text
    only.
    """

    def __init__(self, name: str) -> None:
        self._model = _load(name)
        self._tokenizer: Any = self._model.tokenizer
        self.dimensions = int(self._model.encode("").shape[-1])
        self.max_tokens = int(self._model.max_seq_length or self._tokenizer.model_max_length)
        self.id = f"{Path(name).name}(weights:{_weights_sha256(self._model)[:12]},{self.max_tokens} tokens)"

    def count_tokens(self, text: str) -> int:
        return len(self._tokenizer(text, add_special_tokens=False, truncation=False, verbose=False)["input_ids"])

    @property
    def counter(self) -> TokenCounter:
        return TokenCounter(self._tokenizer.backend_tokenizer)

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        rows = np.empty((len(texts), self.dimensions), np.float32)
        for number, text in enumerate(texts):
            rows[number] = self._model.encode(text, normalize_embeddings=True, show_progress_bar=False)
        return rows

    def encode_tokens(self, text: str) -> tuple[NDArray[np.float32], list[tuple[int, int]]]:
        encoding = self._tokenizer(
            text,
            max_length=self.max_tokens,
            truncation=True,
            return_offsets_mapping=True,
            return_special_tokens_mask=True,
        )
        rows = self._model.encode(text, output_value="token_embeddings", show_progress_bar=False)
        own = [number for number, special in enumerate(encoding["special_tokens_mask"]) if not special]
        vectors = rows.cpu().numpy().astype(np.float32)[own]
        vectors /= np.linalg.norm(vectors, axis=-1, keepdims=True)
        return vectors, [tuple(encoding["offset_mapping"][number]) for number in own]


def _load(name: str) -> SentenceTransformer:
    try:
        from sentence_transformers import SentenceTransformer
    except ModuleNotFoundError:
        raise EncoderMissing(
            f"the encoder {name!r} needs sentence-transformers; in the folder of foedus, run: "
            "pip install '.[sentence-transformers]'"
        ) from None
    try:
        return SentenceTransformer(name)
    except (OSError, ValueError) as error:
        reason = str(error).partition("\n")[0]
        raise EncoderMissing(
            f"no encoder {name!r}: {reason}; name a model folder, or unset it for the default"
        ) from None


def _weights_sha256(model: SentenceTransformer) -> str:
    """Of names and values of all weights: two models of one name are told apart."""
    digest = hashlib.sha256()
    for name, value in _sorted(model.state_dict().items()):
        digest.update(name.encode())
        digest.update(value.cpu().contiguous().float().numpy().tobytes())
    return digest.hexdigest()


def _sorted(items: Iterable[tuple[str, Any]]) -> list[tuple[str, Any]]:
    return sorted(items, key=lambda item: item[0])
