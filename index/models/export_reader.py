"""Make the bundled reader from trained weights:

    python -m index.models.export_reader --weights FOLDER [FOLDER …] --tokenizer FILE --to FOLDER

A `FOLDER` holds the `model.safetensors` that `train_reader` wrote; of several the mean is taken. The tokenizer is that
of the encoder. The same weights give the same bytes.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import numpy as np

from ..onnx_encoder import MANIFEST, MODEL, TOKENIZER, Manifest, sha256
from ..reader import COLUMNS, MAX_TOKENS, POOLING


def export(weights: Sequence[Path], tokenizer: Path, to: Path) -> Manifest:
    """Write the model folder `to` from the mean of `weights`."""
    from safetensors.numpy import load_file

    from .graph import build_reader

    to.mkdir(parents=True, exist_ok=True)
    several = [load_file(folder / "model.safetensors") for folder in weights]
    mean = {name: np.mean([one[name] for one in several], axis=0) for name in several[0]}
    model = build_reader(mean, max_tokens=MAX_TOKENS)
    (to / MODEL).write_bytes(model.SerializeToString(deterministic=True))
    shutil.copyfile(tokenizer, to / TOKENIZER)
    manifest = Manifest(
        name="foedus-reader-int8",
        dimensions=COLUMNS,
        max_tokens=MAX_TOKENS,
        pooling=POOLING,
        files={name: sha256(to / name) for name in (MODEL, TOKENIZER)},
    )
    (to / MANIFEST).write_text(json.dumps(asdict(manifest), indent=2) + "\n", "utf-8")
    return manifest


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m index.models.export_reader", description="Make the bundled reader."
    )
    parser.add_argument("--weights", type=Path, nargs="+", required=True, help="folders that train_reader wrote")
    parser.add_argument("--tokenizer", type=Path, required=True, help="tokenizer.json of the encoder")
    parser.add_argument("--to", type=Path, required=True, help="folder to write")
    options = parser.parse_args(arguments)
    manifest = export(options.weights, options.tokenizer, options.to)
    for name, digest in manifest.files.items():
        print(f"{digest}  {options.to / name}")  # noqa: T201  # a command of its own
    return 0


if __name__ == "__main__":
    sys.exit(main())
