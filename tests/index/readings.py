"""What workers are given to do in tests: files whose name says how they behave."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

from index.prepared import Counter, Prepared
from index.workers import read_file


def by_name(path: Path, count_tokens: Counter) -> Prepared:
    if "hangs" in path.name:
        time.sleep(600)
    if "dies" in path.name:
        os.kill(os.getpid(), signal.SIGKILL)
    if "fails" in path.name:
        raise ZeroDivisionError("a bug in a reader")
    return read_file(path, count_tokens)
