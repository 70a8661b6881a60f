"""What becomes of answers when sources are false: RGB's counterfactual questions (Chen et al., 2023).

    python -m eval.benchmarks.counterfactual FOLDER [--json]

The folder holds `en_fact.json`: a hundred questions, each with web passages that hold the true answer and the same
passages with another one put in its place. All questions are asked of one library of the true passages, of one of the
false ones, and of one that holds both – as they are, with the true ones marked primary and the false ones generated,
and once more with only primary sources allowed. Counted is whose answer stands in what is quoted. A program that proves
what its sources say must quote the false answer where it has nothing else: what helps is to mark sources, and to be
shown both.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from index.encoder import Encoder, load_encoder
from ingest.document import Document, Trust
from ingest.errors import FoedusError
from service.answer import Answer, Question
from service.ask import Asker

from ..errors import BadDataset
from .indexing import library_of

MEASURES: Final = ("answered", "refused", "true answer", "false answer", "both")


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A question with the forms of its true and its false answer, and the passages that hold either."""

    question: str
    true: tuple[str, ...]
    false: tuple[str, ...]
    true_passages: tuple[str, ...]
    false_passages: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Setting:
    """Which passages the library holds, how they are marked, and the least trusted level that is used."""

    name: str
    true: Trust | None
    false: Trust | None
    least: Trust | None = None


SETTINGS: Final = (
    Setting(name="only true", true=Trust.UNKNOWN, false=None),
    Setting(name="only false", true=None, false=Trust.UNKNOWN),
    Setting(name="both, unmarked", true=Trust.UNKNOWN, false=Trust.UNKNOWN),
    Setting(name="both, marked", true=Trust.PRIMARY, false=Trust.GENERATED),
    Setting(name="both, only primary used", true=Trust.PRIMARY, false=Trust.GENERATED, least=Trust.PRIMARY),
)


def read_questions(folder: Path) -> tuple[Asked, ...]:
    """
    Raises:
        BadDataset: the file is missing or not as expected.
    """
    path = folder / "en_fact.json"
    try:
        rows = [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line.strip()]
        return tuple(
            Asked(
                question=row["query"],
                true=tuple(_forms(row["answer"])),
                false=tuple(_forms(row["fakeanswer"])),
                true_passages=tuple(row["positive"]),
                false_passages=tuple(row["positive_wrong"]),
            )
            for row in rows
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BadDataset(f"{path}: is not as expected ({error!r})") from error


def measure(asked: Sequence[Asked], setting: Setting, encoder: Encoder) -> dict[str, float]:
    """The shares of all questions, in the order of `MEASURES`."""
    documents = {
        name: document for number, one in enumerate(asked) for name, document in _documents(number, one, setting)
    }
    with library_of(documents, encoder) as library, Asker(library, encoder, notice=lambda text: None) as asker:
        answers = [asker.ask(Question(text=one.question, trust=setting.least)) for one in asked]
    told = [_told(answer, one) for answer, one in zip(answers, asked, strict=True)]
    return {name: round(sum(one[name] for one in told) / len(told), 4) for name in MEASURES}


def measure_all(folder: Path) -> dict[str, dict[str, float]]:
    asked, encoder = read_questions(folder), load_encoder()
    return {setting.name: measure(asked, setting, encoder) for setting in SETTINGS}


def show(results: Mapping[str, Mapping[str, float]]) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(title="whose answer is quoted: shares of all questions")
    table.add_column("the library holds")
    for name in MEASURES:
        table.add_column(name, justify="right")
    for setting, found in results.items():
        table.add_row(setting, *(f"{found[name]:.2f}" for name in MEASURES))
    Console().print(table)


def _forms(value: Any) -> Iterator[str]:
    """Answers are texts, or lists of lists of them."""
    if isinstance(value, str):
        yield value
    else:
        for one in value:
            yield from _forms(one)


def _documents(number: int, asked: Asked, setting: Setting) -> Iterator[tuple[str, Document]]:
    for kind, trust, passages in (
        ("true", setting.true, asked.true_passages),
        ("false", setting.false, asked.false_passages),
    ):
        if trust is not None:
            for place, text in enumerate(passages):
                name = f"{number}-{place}-{kind}"
                yield name, Document(text=text, format="text", title=f"Page {number}-{place}", trust=trust)


def _told(answer: Answer, asked: Asked) -> dict[str, bool]:
    """Nothing where it was refused. A quotation may hold both, as when one names the other for comparison."""
    quoted = " ".join(citation.quote for citation in answer.citations).casefold()
    true, false = (any(form.casefold() in quoted for form in forms) for forms in (asked.true, asked.false))
    answered = bool(answer.citations)
    told = {"true answer": true, "false answer": false, "both": true and false}
    return {"answered": answered, "refused": not answered, **told}


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m eval.benchmarks.counterfactual", description="Measure resistance to false sources."
    )
    parser.add_argument("folder", metavar="FOLDER", type=Path)
    parser.add_argument("--json", action="store_true", help="one flat JSON object")
    options = parser.parse_args()
    try:
        results = measure_all(options.folder)
    except FoedusError as error:
        sys.exit(str(error))
    if options.json:
        print(json.dumps({f"{name}: {one}": value for name, found in results.items() for one, value in found.items()}))
    else:
        show(results)


if __name__ == "__main__":
    main()
