"""Public sets of claims whose support people have judged, in the forms they come in.

Each becomes rows of claim, evidence and whether the evidence supports the claim. Everything else that a set knows –
contradicted, not enough, partly supported – is not supported: a reader who trusts an answer is let down by either.
Which form a folder has is seen by the files in it.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from ..errors import BadDataset


@dataclass(frozen=True, kw_only=True)
class Claim:
    """`group` is what claims share that are not independent: a document, or a claim with several pieces of evidence."""

    text: str
    evidence: tuple[str, ...]
    supported: bool
    group: str


def read_claims(folder: Path) -> tuple[Claim, ...]:
    """
    Raises:
        BadDataset: no known form fits, or a file of it is broken.
    """
    for marker, reader in READERS.items():
        if (folder / marker).exists():
            try:
                return tuple(reader(folder))
            except (OSError, ValueError, KeyError, TypeError) as error:
                raise BadDataset(f"{folder}: is not as expected ({error!r})") from error
    raise BadDataset(f"{folder}: holds none of {', '.join(READERS)}")


def _summedits(folder: Path) -> Iterator[Claim]:
    """Summaries, some with one fact edited; all but factcc, whose file holds explanations of other systems."""
    for file in sorted((folder / "data" / "summedits").glob("*.json")):
        for row in _json(file):
            yield Claim(
                text=row["summary"],
                evidence=(row["doc"],),
                supported=row["label"] == 1,
                group=f"{file.stem} {row['original_summary']}",
            )


def _begin(folder: Path) -> Iterator[Claim]:
    """Answers of dialogue systems and the knowledge they were given; only "Fully attributable" is supported."""
    for file in sorted(folder.glob("begin_dev_*.tsv")):
        with file.open(encoding="utf-8", newline="") as lines:
            for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
                yield Claim(
                    text=row["response"],
                    evidence=(row["knowledge"],),
                    supported=row["begin_label"] == "Fully attributable",
                    group=f"{file.stem} {row['knowledge']}",
                )


def _wice(folder: Path) -> Iterator[Claim]:
    """Sentences of Wikipedia and the whole page that each cites; partly supported ones are not supported."""
    for row in _lines(folder / "claim_dev.jsonl"):
        yield _claim(row["claim"], ["\n".join(row["evidence"])], row["label"] == "supported")


def _fever_symmetric(folder: Path) -> Iterator[Claim]:
    """Pairs made so that the claim alone tells nothing: the test part of version 0.2, without the pairs whose claim or
    evidence is in its dev part, which is for training, as is half of version 0.1. Many claims are in FEVER too: a judge
    that learned from it must have learned without them."""
    parts = folder / "symmetric_v0.2"
    known = {row[name] for row in _lines(parts / "fever_symmetric_dev.jsonl") for name in ("claim", "evidence")}
    for row in _lines(parts / "fever_symmetric_test.jsonl"):
        if row["claim"] not in known and row["evidence"] not in known:
            yield _claim(row["claim"], [row["evidence"]], row["label"] == "SUPPORTS")


def _averitec(folder: Path) -> Iterator[Claim]:
    """Claims of the world and what was found out about them, as questions with answers."""
    for row in _json(folder / "data" / "dev.json"):
        found = [_answered(asked["question"], answer) for asked in row["questions"] for answer in asked["answers"]]
        yield _claim(row["claim"], ["\n".join(found)], row["label"] == "Supported")


def _answered(question: str, answer: Mapping[str, Any]) -> str:
    """A "Yes" comes with what it rests on."""
    return " ".join(filter(None, (question, answer["answer"], answer.get("boolean_explanation"))))


def _covidfact(folder: Path) -> Iterator[Claim]:
    for row in _lines(folder / "COVIDFACT_dataset.jsonl"):
        yield _claim(row["claim"], row["evidence"], row["label"] == "SUPPORTED", group=" ".join(row["evidence"]))


def _healthver(folder: Path) -> Iterator[Claim]:
    for name in ("dev", "test"):
        with (folder / "data" / f"healthver_{name}.csv").open(encoding="utf-8", newline="") as lines:
            for row in csv.DictReader(lines):
                yield _claim(row["claim"], [row["evidence"]], row["label"] == "Supports")


def _control(folder: Path) -> Iterator[Claim]:
    """Passages of reading tests and what follows from them."""
    for name in ("dev", "test"):
        for row in _lines(folder / "data" / f"{name}.jsonl"):
            yield _claim(row["hypothesis"], [row["premise"]], row["label"] == "e", group=row["premise"])


def _climate_fever(folder: Path) -> Iterator[Claim]:
    """Each piece of evidence by itself, as it was judged."""
    for row in _lines(folder / "dataset" / "climate-fever.jsonl"):
        for piece in row["evidences"]:
            yield _claim(row["claim"], [piece["evidence"]], piece["evidence_label"] == "SUPPORTS")


READERS: Final[Mapping[str, Callable[[Path], Iterable[Claim]]]] = {
    "data/summedits": _summedits,
    "begin_dev_wow.tsv": _begin,
    "claim_dev.jsonl": _wice,
    "symmetric_v0.2": _fever_symmetric,
    "data/dev.json": _averitec,
    "COVIDFACT_dataset.jsonl": _covidfact,
    "data/healthver_dev.csv": _healthver,
    "data/dev.jsonl": _control,
    "dataset/climate-fever.jsonl": _climate_fever,
}


def _claim(text: str, evidence: Iterable[str], supported: bool, *, group: str | None = None) -> Claim:
    return Claim(text=text, evidence=tuple(evidence), supported=supported, group=group or text)


def _json(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def _lines(path: Path) -> Iterator[Any]:
    for line in path.read_text(encoding="utf-8").split("\n"):
        if line.strip():
            yield json.loads(line)
