"""How much memory this process holds, in MB; 0 where the system does not tell."""

from __future__ import annotations

from pathlib import Path
from typing import Final

_STATUS: Final = Path("/proc/self/status")


def resident() -> float:
    return _megabytes("VmRSS")


def peak() -> float:
    return _megabytes("VmHWM")


def _megabytes(field: str) -> float:
    lines = _STATUS.read_text(encoding="utf-8").splitlines() if _STATUS.is_file() else []
    return next((round(int(line.split()[1]) / 1024, 1) for line in lines if line.startswith(f"{field}:")), 0.0)
