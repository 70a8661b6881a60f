"""What the reader learns from public question answering and inference sets, in one form.

A question comes with passages, as a search would find them: their title and headings, and their sentences, each with
whether it answers and, for a yes/no question or a claim, what it says to it. Which sets may be used for weights that
ship is said by the folder that holds them; the model's card lists the files by sha256.
"""

from __future__ import annotations

import csv
import gzip
import json
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from ingest.sentences import sentences

from ..reader import NEITHER, NO, YES

HELD_OUT_EVERY: Final = 7  # every seventh article of SQuAD 2 is for measuring only
WORDS_A_PASSAGE: Final = 110  # as the splitter makes them
_NAMES: Final = {"entailment": YES, "contradiction": NO, "neutral": NEITHER, "SUPPORTS": YES, "REFUTES": NO}
_AUXILIARY: Final = re.compile(r"\b(is|are|was|were|has|have|had|can|could|will|would|may|must|should|did|does)\b")


@dataclass(frozen=True, kw_only=True)
class Sentence:
    """`answers` is 1, 0 or None (not told); `stance` a column of the reader (YES, NO, MIXED, NEITHER) or None."""

    text: str
    answers: int | None = None
    stance: int | None = None


@dataclass(frozen=True, kw_only=True)
class Passage:
    """`heading` stands in front of the sentences, as in a search; it may be empty."""

    heading: str
    sentences: tuple[Sentence, ...]


@dataclass(frozen=True, kw_only=True)
class Example:
    """`knows_mixed`: whether "mixed" was among the verdicts when it was written; public sets know only yes and no."""

    question: str
    passages: tuple[Passage, ...]
    knows_mixed: bool = False


def examples(folder: Path, *, seed: int, leave_out: frozenset[str] = frozenset()) -> list[Example]:
    """All public examples, in a fixed order for a seed; no paragraph of `leave_out` is among them."""
    chance = random.Random(seed)  # noqa: S311  # not for secrets
    found = [
        *_squad(folder, held_out=False, leave_out=leave_out),
        *_searches(folder),
        *_eraser(folder / "fever/val.jsonl", chance),
        *_eraser(folder / "boolq/eraser_val.jsonl", chance),
        *_fool_me_twice(folder, chance),
        *_condaqa(folder),
        *_qed(folder),
        *_policies(folder, chance),
        *_inference(folder, chance),
    ]
    chance.shuffle(found)
    return found


def held_out(folder: Path) -> list[Example]:
    """Questions on the held-out articles, each with its paragraph."""
    return list(_squad(folder, held_out=True))


def _squad(folder: Path, *, held_out: bool, leave_out: frozenset[str] = frozenset()) -> Iterator[Example]:
    data = json.loads((folder / "squad2/data/dev-v2.0.json").read_text("utf-8"))["data"]
    for number, article in enumerate(data):
        if (number % HELD_OUT_EVERY == 0) != held_out:
            continue
        title = article["title"].replace("_", " ")
        for paragraph in article["paragraphs"]:
            context = paragraph["context"]
            if context.strip() in leave_out:
                continue
            places = [(place.start, place.end) for place in sentences(context)]
            for asked in paragraph["qas"]:
                said = _answering(context, places, [answer["answer_start"] for answer in asked["answers"]])
                yield Example(question=asked["question"], passages=_passages(title, said))


def _answering(context: str, places: list[tuple[int, int]], starts: list[int]) -> list[Sentence]:
    return [
        Sentence(text=context[start:end], answers=int(any(start <= at < end for at in starts))) for start, end in places
    ]


def _passages(title: str, said: Sequence[Sentence]) -> tuple[Passage, ...]:
    """The sentences in passages of the length that a search finds."""
    parts: list[list[Sentence]] = [[]]
    words = 0
    for sentence in said:
        length = len(sentence.text.split())
        if parts[-1] and words + length > WORDS_A_PASSAGE:
            parts.append([])
            words = 0
        parts[-1].append(sentence)
        words += length
    return tuple(Passage(heading=title, sentences=tuple(part)) for part in parts if part)


def _eraser(path: Path, chance: random.Random) -> Iterator[Example]:
    """FEVER and BoolQ with their evidence marked; sentences beside the evidence do not answer."""
    for record in lines(path):
        stance = {"True": YES, "False": NO}.get(record["label"], _NAMES.get(record["label"]))
        found = record["evidence"][0]
        title = re.sub(r"-[LR]RB-", "", found["document"]).replace("_", " ")
        title = "" if title[:2].isupper() and "wiki" in title else title.strip()
        evidence = " ".join(_detokenised(sentence) for sentence in found["sentences"][:3])
        before = [_beside(sentence) for sentence in found["before"][-2:] if _whole(sentence)]
        after = [_beside(sentence) for sentence in found["after"][:2] if _whole(sentence)]
        told = Sentence(text=evidence, answers=1, stance=stance)
        said = (*before, told, *after)
        yield Example(question=_question(record["query"], chance), passages=(Passage(heading=title, sentences=said),))


def _whole(sentence: str) -> bool:
    """Not a heading or a scrap."""
    return len(sentence.split()) > 4


def _beside(sentence: str) -> Sentence:
    return Sentence(text=_detokenised(sentence), answers=0, stance=NEITHER)


def _fool_me_twice(folder: Path, chance: random.Random) -> Iterator[Example]:
    for name in ("dev", "test"):
        for record in lines(folder / f"fool_me_twice/dataset/{name}.jsonl"):
            gold = " ".join(piece["text"] for piece in record["gold_evidence"][:2])
            told = {piece["text"] for piece in record["gold_evidence"]}
            others = [piece["text"] for piece in record["retrieved_evidence"] if piece["text"] not in told][:3]
            title = str(record.get("wikipedia_page", "")).replace("_", " ")
            claim = record.get("text") or record.get("claim") or record["query"]
            said = [Sentence(text=gold, answers=1, stance=_NAMES[record["label"]])]
            said += [Sentence(text=text, answers=0) for text in others]
            chance.shuffle(said)
            yield Example(question=_question(claim, chance), passages=_passages(title, said))


def _condaqa(folder: Path) -> Iterator[Example]:
    stances = {"YES": YES, "NO": NO, "DON'T KNOW": NEITHER}
    for record in lines(folder / "condaqa/data/condaqa_dev.json"):
        if record["label"] not in stances:
            continue
        passage = record["sentence1"]
        places = sentences(passage)
        cue = set(re.findall(r"\w+", record["original sentence"].lower()))
        overlap = [len(cue & set(re.findall(r"\w+", place.of(passage).lower()))) for place in places]
        best = overlap.index(max(overlap))
        around = passage[places[max(0, best - 1)].start : places[best].end]
        said = Sentence(text=around, answers=1, stance=stances[record["label"]])
        yield Example(question=record["sentence2"], passages=(Passage(heading="", sentences=(said,)),))


def _qed(folder: Path) -> Iterator[Example]:
    for record in lines(folder / "qed/qed-dev.jsonlines"):
        text, starts = record["paragraph_text"], record["sentence_starts"]
        places = list(zip(starts, [*starts[1:], len(text)], strict=True))
        at = [answer[0]["start"] for answer in record["original_nq_answers"] if answer]
        if at:
            said = [_clean(one) for one in _answering(text, places, at)]
            yield Example(question=record["question_text"], passages=_passages(record["title_text"], said))


def _searches(folder: Path) -> Iterator[Example]:
    """Natural Questions: what people typed, and the passage that was found to answer."""
    with gzip.open(folder / "nq_open_oracle/qa_data/nq-open-oracle.jsonl.gz", "rt", encoding="utf-8") as file:
        records = [json.loads(line) for line in file]
    for record in records:
        found = record["ctxs"][0]
        places = [(place.start, place.end) for place in sentences(found["text"])]
        at = [found["text"].find(answer) for answer in record["answers"] if answer in found["text"]]
        if at and len(places) > 1:
            said = _answering(found["text"], places, at[:1])
            yield Example(question=record["question"], passages=_passages(found["title"], said))


def _policies(folder: Path, chance: random.Random, most: int = 1_500) -> Iterator[Example]:
    data = json.loads((folder / "policyqa/data/dev.json").read_text("utf-8"))["data"]
    asked = [
        (article["title"], paragraph["context"], question)
        for article in data
        for paragraph in article["paragraphs"]
        for question in paragraph["qas"]
    ]
    chance.shuffle(asked)
    for title, context, question in asked[:most]:
        places = [(place.start, place.end) for place in sentences(context)]
        said = _answering(context, places, [answer["answer_start"] for answer in question["answers"]])
        if len(said) > 1:
            yield Example(question=question["question"], passages=_passages(title, said))


def _inference(folder: Path, chance: random.Random) -> Iterator[Example]:
    """Premise and hypothesis; the hypothesis is made a question where that takes only a change of order."""
    nli = folder / "nli/nli_datasets"
    rows = [row for row in _table(nli / "mnli/dev.csv") if row["label"] in _NAMES]
    some = [row for row in _table(nli / "snli/dev.csv") if row["label"] in _NAMES]
    changed = [
        {"premise": row["sentence1"], "hypothesis": row["sentence2"], "label": row["gold_label"]}
        for row in lines(folder / "breaking_nli/data/dataset.jsonl")
    ]
    for rows_of, most in ((rows, 9_000), (some, 2_500), (changed, 1_200)):
        chance.shuffle(rows_of)
        for row in rows_of[:most]:
            stance = _NAMES[row["label"]]
            said = Sentence(text=row["premise"], answers=None if stance != NEITHER else 0, stance=stance)
            passage = Passage(heading="", sentences=(said,))
            yield Example(question=_question(row["hypothesis"], chance), passages=(passage,))


def _question(claim: str, chance: random.Random) -> str:
    """ "X is a Y." as "Is X a Y?", three times in four; the claim itself otherwise."""
    claim = claim.strip()
    found = _AUXILIARY.search(claim)
    if claim.endswith("?") or not found or found.start() == 0 or chance.random() > 0.75:
        return claim
    rest = (claim[: found.start()] + claim[found.end() + 1 :]).rstrip(". ")
    first = rest.split(" ")[0]
    if first.lower() in {"the", "a", "an", "this", "that", "there", "it", "he", "she", "they", "his", "her", "its"}:
        rest = rest[0].lower() + rest[1:]
    return f"{found[1].capitalize()} {rest}?"


def _detokenised(text: str) -> str:
    """Undo the spaces that a tokeniser put before punctuation."""
    text = text.replace("-LRB-", "(").replace("-RRB-", ")").replace("``", '"').replace("''", '"')
    text = re.sub(r" ([,.;:?!%)\]]|'s\b|n't\b|'re\b|'ve\b)", r"\1", text)
    return re.sub(r"([(\[]) ", r"\1", text)


def _clean(sentence: Sentence) -> Sentence:
    return replace(sentence, text=_detokenised(sentence.text).strip())


def lines(path: Path) -> Iterator[Any]:
    """The records of a file of JSON lines."""
    with path.open(encoding="utf-8") as file:
        for line in file:
            if line.strip():
                yield json.loads(line)


def _table(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)
