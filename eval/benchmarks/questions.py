"""Question answering sets as retrieval collections: which sentence answers, which paragraph was the question about?

Nothing is made up: candidates are what the set's authors put beside a question, and a paragraph is relevant to the
questions that were written about it. Another paragraph may answer as well; nobody looked.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Final

from ..errors import BadDataset
from . import files
from .collection import Collection, Entry, collection

TRECQA: Final = Path("data", "anssel", "wang", "test.csv")
XQUAD: Final = "xquad.{}.json"


@dataclass(frozen=True, kw_only=True)
class Squad:
    """A file in the form of SQuAD; `about` maps each question to its paragraph."""

    paragraphs: list[Entry] = field(default_factory=list)
    questions: dict[str, str] = field(default_factory=dict)
    about: dict[str, str] = field(default_factory=dict)


def read_trecqa(folder: Path) -> tuple[Collection, ...]:
    """Answer sentence selection (Wang, Smith and Mitamura, 2007): every question has candidates of its own.

    Two collections: the questions with a right candidate, and `clean`, those with a wrong one too (Rao, He and Lin,
    2016): where all are right, no ranking is wrong. The file has right candidates first, so they are entered in the
    order of their checksums: equal scores must not profit from it.
    """
    path = folder / TRECQA
    rows = files.each(path, files.csv_rows(path, ("qtext", "label", "atext")), _candidate)
    queries = {question: f"q{number}" for number, question in enumerate(dict.fromkeys(row[0] for row in rows), 1)}
    entries = [Entry(id=f"s{number}", title="", text=text) for number, (_, text, _) in enumerate(rows, 1)]
    judged = [(queries[row[0]], entry.id, row[2]) for row, entry in zip(rows, entries, strict=True)]
    mixed = {query for query, _, right in judged if not right}
    documents, texts = sorted(entries, key=_checksum), {number: text for text, number in queries.items()}
    judged_of = partial(collection, folder, documents, texts, pooled=True)
    return judged_of(judged), judged_of([one for one in judged if one[0] in mixed], variant="clean")


def read_xquad(folder: Path) -> tuple[Collection, ...]:
    """Paragraphs of SQuAD and their questions, in English and in German (Artetxe, Ruder and Yogatama, 2020); German
    questions about the English paragraphs come last. A file that is not there is left out."""
    english = _squad(folder / XQUAD.format("en"))
    found = [_about(folder, english, english.questions, "", "en")]
    if (path := folder / XQUAD.format("de")).is_file():
        german = _squad(path)
        found.append(_about(folder, german, german.questions, "German", "de"))
        found.append(_about(folder, english, german.questions, "German on English", "en"))
    return tuple(found)


def _about(folder: Path, source: Squad, questions: Mapping[str, str], variant: str, language: str) -> Collection:
    judged = ((question, paragraph, 1) for question, paragraph in source.about.items())
    return collection(folder, source.paragraphs, questions, judged, variant=variant, language=language)


def _candidate(row: Mapping[str, str]) -> tuple[str, str, int]:
    if row["label"] not in {"0", "1"}:
        raise ValueError(f"the label must be 0 or 1, it is {row['label']!r}")
    return row["qtext"], row["atext"], int(row["label"])


def _checksum(entry: Entry) -> str:
    return hashlib.sha256(f"{entry.id}\n{entry.text}".encode()).hexdigest()


def _squad(path: Path) -> Squad:
    found = Squad()
    try:
        for article in files.json_value(path)["data"]:
            title = article["title"]
            for number, paragraph in enumerate(article["paragraphs"], 1):
                entry = Entry(id=f"{title}/{number}", title=title.replace("_", " "), text=paragraph["context"])
                found.paragraphs.append(entry)
                found.questions.update((asked["id"], asked["question"]) for asked in paragraph["qas"])
                found.about.update((asked["id"], entry.id) for asked in paragraph["qas"])
    except (KeyError, TypeError, AttributeError) as error:
        raise BadDataset(f"{path}: not in the form of SQuAD: {error}") from error
    return found
