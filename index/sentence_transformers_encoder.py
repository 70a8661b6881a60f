"""Any sentence-transformers model, by folder or by name. Needs the extra of that name, which brings torch.

Prompts that a model may bring for questions or passages are left out: both are encoded alike. Models that need them
(E5, for one) work, and lose some of their quality.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from .encoder import TAKES
from .errors import EncoderMissing
from .tokens import TokenCounter

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer


class SentenceTransformersEncoder:
    """A sentence-transformers model behind our protocol; threads take turns, since its tokeniser keeps state.

    Texts are encoded one at a time: padding changes the last digits of a vector, and a row may depend on its own text
    only.
    """

    def __init__(self, name: str) -> None:
        self._model = _load(name)
        self._turn = Lock()
        backend = self._model.tokenizer.backend_tokenizer
        self._tokenizer = Tokenizer.from_str(backend.to_str())  # ours alone, so that it can be left uncut
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()
        self._special = self._tokenizer.num_special_tokens_to_add(is_pair=False)
        self.max_tokens = int(self._model.max_seq_length or self._model.tokenizer.model_max_length)
        self.dimensions = int(self._encode("").size)
        self.id = f"{Path(name).name}(model:{_digest(self._model, self._tokenizer)[:12]},{self.max_tokens} tokens)"

    def count_tokens(self, text: str) -> int:
        return len(self._tokenizer.encode(text, add_special_tokens=False))

    @property
    def counter(self) -> TokenCounter:
        return TokenCounter(self._tokenizer)

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        rows = np.empty((len(texts), self.dimensions), np.float32)
        for number, text in enumerate(texts):
            rows[number] = self._encode(text)
        return rows

    def encode_tokens(self, text: str) -> tuple[NDArray[np.float32], list[tuple[int, int]]]:
        encoding = self._tokenizer.encode(text, add_special_tokens=False)
        encoding.truncate(self.max_tokens - self._special)
        encoding = self._tokenizer.post_process(encoding)
        with self._turn:
            tokens = self._model.encode(text, prompt="", output_value="token_embeddings", show_progress_bar=False)
        own = [number for number, special in enumerate(encoding.special_tokens_mask) if not special]
        rows = tokens.float().cpu().numpy()[own]
        rows /= np.linalg.norm(rows, axis=-1, keepdims=True)
        return rows, [encoding.offsets[number] for number in own]

    def _encode(self, text: str) -> NDArray[np.float32]:
        with self._turn:
            row: NDArray[np.float32] = self._model.encode(
                text, prompt="", normalize_embeddings=True, show_progress_bar=False
            )
        return row


def _load(name: str) -> SentenceTransformer:
    try:
        from sentence_transformers import SentenceTransformer
    except ModuleNotFoundError:
        raise EncoderMissing(
            f"{_what(name)} needs sentence-transformers, which is not installed: "
            f"run {sys.executable} -m pip install sentence-transformers"
        ) from None
    try:
        return SentenceTransformer(name, local_files_only=True)  # nothing is fetched: foedus never connects
    except (OSError, ValueError) as error:
        raise EncoderMissing(f"no encoder {name!r}: {_reason(error, name)}; {TAKES}") from None


def _reason(error: OSError | ValueError, name: str) -> str:
    """That there is no such model is said at length, and of a connection that was never tried."""
    if not Path(name).is_dir() and any(isinstance(each, FileNotFoundError) for each in (error, error.__cause__)):
        return "no such folder, no such model"
    return str(error).partition("\n")[0].rstrip(".")


def _what(name: str) -> str:
    return f"the encoder {name!r}" if Path(name).is_dir() else f"there is no folder {name!r}, and a model of that name"


def _digest(model: SentenceTransformer, tokenizer: Tokenizer) -> str:
    """The sha256 of all that makes a vector: weights, tokeniser, and the settings of each module (pooling, layers)."""
    digest = hashlib.sha256(tokenizer.to_str().encode())
    for module in model:
        settings = module.get_config_dict() if hasattr(module, "get_config_dict") else {}
        digest.update(json.dumps([type(module).__name__, settings], sort_keys=True, default=str).encode())
    for name, value in sorted(model.state_dict().items()):
        digest.update(name.encode())
        digest.update(value.detach().float().cpu().numpy().tobytes())
    return digest.hexdigest()
