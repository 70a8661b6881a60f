"""Collections in the form of BEIR, which most tools read: written from any form, and read.

    python -m eval.benchmarks.beir FOLDER --to BEIR_FOLDER     # then: foedus eval retrieval BEIR_FOLDER

What was written is read back equal, with two exceptions that the form has no place for: whether each query has
candidates of its own, and the language. A folder with several collections gives one folder for each.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

from ingest.errors import FoedusError

from ..errors import BadDataset
from . import files
from .collection import Collection, Entry, collection

HEAD: Final = "query-id\tcorpus-id\tscore"


def read_beir(folder: Path, *, split: str = "test") -> Collection:
    """corpus.jsonl (_id, title, text), queries.jsonl (_id, text), qrels/SPLIT.tsv (query-id, corpus-id, score)."""
    documents = [
        Entry(id=row["_id"], title=row.get("title") or "", text=row["text"])
        for row in files.json_lines(folder / "corpus.jsonl", ("_id", "text"))
    ]
    queries = {row["_id"]: row["text"] for row in files.json_lines(folder / "queries.jsonl", ("_id", "text"))}
    judged = _qrels(folder / "qrels" / f"{split}.tsv")
    return collection(folder, documents, queries, judged)


def write_beir(given: Collection, folder: Path, *, split: str = "test") -> None:
    """
    Raises:
        BadDataset: the folder holds something already, or an id cannot stand in a table.
    """
    if folder.exists() and any(folder.iterdir()):
        raise BadDataset(f"{folder} is not empty: name a folder that is, or that is not there yet")
    ids = [entry.id for entry in given.documents] + list(given.queries)
    if bad := [name for name in ids if not name or set(name) & set("\t\n\r")]:
        raise BadDataset(f"{given.label}: {bad[0]!r} cannot stand in a table as an id")
    (folder / "qrels").mkdir(parents=True, exist_ok=True)
    documents = ({"_id": entry.id, "title": entry.title, "text": entry.text} for entry in given.documents)
    _write(folder / "corpus.jsonl", map(_line, documents))
    _write(folder / "queries.jsonl", (_line({"_id": query, "text": text}) for query, text in given.queries.items()))
    judged = (
        f"{query}\t{document}\t{gain}" for query, gains in given.judgments.items() for document, gain in gains.items()
    )
    _write(folder / "qrels" / f"{split}.tsv", [HEAD, *judged])


def main() -> None:
    from .readers import read_all

    parser = argparse.ArgumentParser(prog="python -m eval.benchmarks.beir", description="Write a collection as BEIR.")
    parser.add_argument("folder", metavar="FOLDER", type=Path, help="the collection, in any known form")
    parser.add_argument("--to", metavar="BEIR_FOLDER", type=Path, required=True, help="a new or empty folder")
    options = parser.parse_args()
    try:
        found = read_all(options.folder)
        for one in found:
            target = options.to / (one.variant.replace(" ", "-") or "main") if len(found) > 1 else options.to
            write_beir(one, target)
            print(f"{one.label}: {len(one.documents)} documents, {len(one.queries)} queries in {target}")
    except (FoedusError, OSError) as error:
        sys.exit(str(error))


def _qrels(path: Path) -> list[tuple[str, str, int]]:
    numbered = [(number, line) for number, line in enumerate(files.text(path).split("\n"), 1) if line.strip()]
    if [line for _, line in numbered[:1]] != [HEAD]:
        raise BadDataset(f"{path}: the first line must be query-id, corpus-id, score, parted by tabs")
    return files.each(path, numbered[1:], _judgment)


def _judgment(line: str) -> tuple[str, str, int]:
    try:
        query, document, gain = line.split("\t")
        return query, document, int(gain)
    except ValueError as error:
        raise ValueError(f"must be two ids and a whole number, it is {line!r}") from error


def _line(row: dict[str, Any]) -> str:
    return json.dumps(row, ensure_ascii=False)


def _write(path: Path, lines: Iterable[str]) -> None:
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
