"""Vectors: exact inner products over a FAISS file. Unit rows make the inner product a cosine.

Rows stand in the order of documents and passages, not in the order in which they came: the same library gives the same
file, and among equal cosines the earlier passage comes first. Exact search over 100,000 passages takes a few
milliseconds (index/README.md), so nothing is approximated.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import faiss
import numpy as np
from numpy.typing import NDArray

from .errors import LibraryDamaged

Vector = NDArray[np.float32]


def write(path: Path, matrix: Vector) -> None:
    """Store `matrix` (passages × dimensions) as a file."""
    index = faiss.IndexFlatIP(matrix.shape[1])
    index.add(np.ascontiguousarray(matrix))
    faiss.write_index(index, str(path))


class Dense:
    """An opened file."""

    def __init__(self, path: Path) -> None:
        """
        Raises:
            FileNotFoundError: the file is gone; a newer generation has taken its place.
            LibraryDamaged: the file is not what was written.
        """
        if not path.is_file():
            raise FileNotFoundError(path)
        try:
            index: Any = faiss.read_index(str(path))  # Any: FAISS's annotations miss what it adds in Python
            self._index = index
            shape = (self._index.ntotal, self._index.d)
            self.matrix: Vector = faiss.rev_swig_ptr(self._index.get_xb(), shape[0] * shape[1]).reshape(shape)
        except (RuntimeError, AttributeError, AssertionError, ValueError) as error:
            if not path.is_file():
                raise FileNotFoundError(path) from error
            raise LibraryDamaged(f"{path} cannot be read: `foedus doctor` says what to do") from error

    def search(self, query: Vector, limit: int, allowed: NDArray[np.bool_] | None = None) -> NDArray[np.int64]:
        """Positions of the `limit` rows nearest to `query`, nearest first; only among `allowed` rows."""
        limit = min(limit, len(self.matrix))
        if limit == 0:
            return np.empty(0, dtype=np.int64)
        parameters = None if allowed is None else _parameters(allowed)
        _, found = self._index.search(query.reshape(1, -1), limit, params=parameters)
        positions: NDArray[np.int64] = found[0][found[0] >= 0]
        return positions

    def cosines(self, positions: NDArray[np.int64] | slice, query: Vector) -> Vector:
        """Of the rows at `positions`."""
        result: Vector = self.matrix[positions] @ query
        return result


def _parameters(allowed: NDArray[np.bool_]) -> Any:
    bitmap: Any = faiss.IDSelectorBitmap
    parameters: Any = faiss.SearchParameters
    return parameters(sel=bitmap(np.packbits(allowed, bitorder="little")))
