"""Question answering sets as retrieval collections: which sentence answers, which paragraph holds the answer?

Nothing is made up: candidates are what the set's authors put beside a question, and a paragraph is relevant to the
questions that were written about it. Another paragraph may answer as well; nobody looked.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from ..errors import BadDataset
from . import files
from .collection import Collection, Entry, collection

TRECQA: Final = Path("data", "anssel", "wang", "test.csv")
COLUMNS: Final = ("qtext", "label", "atext")


def read_trecqa(folder: Path) -> tuple[Collection, ...]:
    """Answer sentence selection (Wang, Smith and Mitamura, 2007): every question has candidates of its own.

    Two collections: the questions with a right candidate, and `clean`, those with a wrong one too (Rao, He and Lin,
    2016): where all are right, no ranking is wrong. The file has right candidates first, so they are entered in the
    order of their checksums: equal scores must not profit from it.
    """
    rows = files.csv_rows(folder / TRECQA, COLUMNS)
    judged = files.each(folder / TRECQA, ((number, (number, row)) for number, row in rows), _candidate)
    numbers: dict[str, str] = {}
    for question, _, _ in judged:
        numbers.setdefault(question, f"q{len(numbers) + 1}")
    entries = {f"s{number}": text for number, (_, text, _) in enumerate(judged, 1)}
    gains = [(numbers[question], f"s{number}", right) for number, (question, _, right) in enumerate(judged, 1)]
    mixed = {query for query, _, right in gains if not right}
    documents = [Entry(id=name, title="", text=entries[name]) for name in sorted(entries, key=_shuffled(entries))]
    queries = {number: question for question, number in numbers.items()}
    name = folder.resolve().name
    clean = [gain for gain in gains if gain[0] in mixed]
    return (
        collection(folder, name, documents, queries, gains, pooled=True),
        collection(folder, name, documents, queries, clean, variant="clean", pooled=True),
    )
