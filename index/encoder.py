"""Texts become vectors.

Whatever encodes, three things hold: rows have unit length, so a dot product is a cosine; a row depends on its own text
alone, never on what else was in the call, so a stored vector can be compared with one made years later; and the `id`
names everything that changes a vector, so an index can tell that it was built with something else.

Two kinds. The default is a small model that ships with the program and runs without torch. Any sentence-transformers
model, by folder or name, works when that package is installed; it is imported only then, since that takes seconds.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from .errors import EncoderMissing

BUNDLED: Final = Path(__file__).parent / "models" / "all-MiniLM-L6-v2"
TAKES: Final = (
    "FOEDUS_ENCODER, or `encoder` in foedus.toml, takes the folder of a model or the name of a sentence-transformers "
    "model on this machine; leave it out for the bundled model"
)


class Encoder(Protocol):
    """What the rest of the program knows about an encoder."""

    @property
    def id(self) -> str:
        """Names the model, its files and every setting that changes a vector."""

    @property
    def dimensions(self) -> int:
        """The length of a vector."""

    @property
    def max_tokens(self) -> int:
        """How much of a text is read, special tokens included; the rest of it changes nothing."""

    def count_tokens(self, text: str) -> int:
        """The length of a text in tokens, special tokens left out; not cut at `max_tokens`."""

    @property
    def counter(self) -> Callable[[str], int]:
        """Counts tokens without the model, special tokens included; it can be sent to another process."""

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """One row of unit length for each text: (texts, dimensions)."""

    def encode_tokens(self, text: str) -> tuple[NDArray[np.float32], list[tuple[int, int]]]:
        """One row of unit length for each token that is read, and where each stands in the text.

        Special tokens are left out. A row knows its neighbours: it is the model's last layer, (tokens, dimensions).
        Places are (start, end) in characters of `text`, end exclusive.
        """


def load_encoder(name: str | None = None) -> Encoder:
    """The bundled model, or that of a folder, or a sentence-transformers model by its name.

    Raises:
        EncoderMissing: no such model, or sentence-transformers is needed and not installed.
        EncoderDamaged: a file of the model is not the one its manifest names.
    """
    from .onnx_encoder import MANIFEST, OnnxEncoder

    folder = BUNDLED if name is None else Path(os.path.expanduser(name))  # pathlib's own fails for an unknown user
    if name is None or (folder / MANIFEST).is_file():
        return OnnxEncoder(folder)
    if not folder.is_dir() and (folder.is_absolute() or name.startswith((".", "~"))):  # a place, and no model's name
        raise EncoderMissing(f"no encoder {name!r}: there is no such folder; {TAKES}")
    from .sentence_transformers_encoder import SentenceTransformersEncoder

    return SentenceTransformersEncoder(str(folder) if folder.is_dir() else name)
