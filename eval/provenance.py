"""What a number depends on beside library, cases and settings: the program, its libraries and the processor."""

from __future__ import annotations

import hashlib
import platform
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Final

LIBRARIES: Final = ("faiss-cpu", "foedus", "numpy", "onnxruntime", "tokenizers")  # those that can change a number
PACKAGES: Final = ("ingest", "index", "service", "eval")
KINDS: Final = ("*.py", "weights.json", "manifest.json")


def versions() -> dict[str, str]:
    found = {"python": platform.python_version(), **{name: _version(name) for name in LIBRARIES}}
    return {**found, "sources": _sources()}


@cache
def _sources() -> str:
    """A digest of the program's own modules and weights: in a checkout they change while the version does not."""
    root = Path(__file__).parent.parent
    files = [
        file
        for name in PACKAGES
        for kind in KINDS
        for file in (root / name).rglob(kind)
        if "training" not in file.parts
    ]
    digest = hashlib.sha256()
    for file in sorted(files):
        digest.update(f"{file.relative_to(root).as_posix()} {hashlib.sha256(file.read_bytes()).hexdigest()}\n".encode())
    return digest.hexdigest()[:16]


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:  # run from a checkout, or another build of the same library
        return "not installed as a package"


def processor() -> str:
    """Its type: results repeat bit for bit on one type only."""
    names = Path("/proc/cpuinfo")
    lines = names.read_text(encoding="utf-8").splitlines() if names.is_file() else []
    model = next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), "")
    return f"{platform.machine()} {model or platform.processor()}".strip()
