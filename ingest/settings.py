"""Limits of ingestion and the lengths of passages. Each limit has a test at its edge."""

from __future__ import annotations

from typing import Final

FILE_BYTES: Final = 100 * 1024 * 1024  # the largest treaty series volumes are near 60 MiB
UNPACKED_BYTES: Final = 256 * 1024 * 1024  # of a DOCX, which is a zip archive; what unpacks to more is a bomb
PAGES: Final = 5_000  # no printed volume has more
SECONDS_PER_FILE: Final = 60.0  # a 1,000-page PDF takes about 30 on two cores
CHARACTERS: Final = 20_000_000  # about 10,000 printed pages; beyond it a file is data, not a text
SECTIONS: Final = 50_000  # the longest code of law has about 10,000

PASSAGE_TOKENS: Final = 180  # of the passage alone; see index/README.md for the measurement
EMBEDDED_TOKENS: Final = 256  # what the default encoder reads: prefix and passage together
