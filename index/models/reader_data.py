"""What the reader learns from: public question answering and inference sets, in one form.

Two kinds of example. A *choice*: a question, the span that answers it and spans beside it that do not. A *stance*: a
yes/no question or a claim, and a span that says yes, no, or neither. Spans carry the title of their document in
front, as in the search. Which sets may be used for weights that ship is said by the folder that holds them; the
model's card lists the files by sha256.
"""

from __future__ import annotations

import csv
import gzip
import json
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import numpy as np

from ingest.read import read
from ingest.sentences import sentences
from ingest.sources import walk
from ingest.split import embedded_text, split

from ..encoder import Encoder

YES, NO, NEITHER, MIXED = range(4)  # of a stance; `index.reader` counts columns. MIXED is learned as half yes, half no
HELD_OUT_EVERY: Final = 7  # every seventh article of SQuAD 2 is for measuring only
SPANS_A_QUESTION: Final = 5
_NAMES: Final = {"entailment": YES, "contradiction": NO, "neutral": NEITHER, "SUPPORTS": YES, "REFUTES": NO}
_OPENS_POLAR: Final = re.compile(
    r"(?:do|does|did|is|are|was|were|can|could|may|must|shall|should|will|has|have)\b", re.I
)
_AUXILIARY: Final = re.compile(r"\b(is|are|was|were|has|have|had|can|could|will|would|may|must|should|did|does)\b")


@dataclass(frozen=True, kw_only=True)
class Example:
    """`answers` is 1, 0 or None (not told); `stance` YES, NO, NEITHER, MIXED or None. Equal `group`: one question."""

    question: str
    span: str
    answers: int | None
    stance: int | None
    group: int


@dataclass(frozen=True, kw_only=True)
class _Span:
    text: str
    answers: int | None = None
    stance: int | None = None


Group = tuple[str, list[_Span]]


def examples(folder: Path, *, seed: int, leave_out: frozenset[str] = frozenset()) -> list[list[Example]]:
    """All examples, grouped by question, in a fixed order for a seed; no paragraph of `leave_out` is among them."""
    chance = random.Random(seed)  # noqa: S311  # not for secrets
    groups = [
        *_squad(folder, chance, held_out=False, leave_out=leave_out),
        *_searches(folder, chance),
        *_eraser(folder / "fever/val.jsonl", chance),
        *_eraser(folder / "boolq/eraser_val.jsonl", chance),
        *_fool_me_twice(folder, chance),
        *_condaqa(folder),
        *_qed(folder, chance),
        *_policies(folder, chance),
        *_inference(folder, chance),
    ]
    chance.shuffle(groups)
    return _numbered(groups)


def own(questions: Path, corpus: Path, encoder: Encoder, *, seed: int, times: int) -> list[list[Example]]:
    """Our own questions on the bundled corpus: for each, a sentence that answers and the sentences of the corpus that
    the encoder finds most like the question and that do not. Each question comes `times` times, with other neighbours.
    """
    chance = random.Random(seed)  # noqa: S311
    pool = _Pool(corpus, encoder)
    asked = list(_lines(questions))
    groups = [_own_group(record, pool, chance) for record in asked for _ in range(times)]
    chance.shuffle(groups)
    return _numbered(groups)


def _numbered(groups: list[Group]) -> list[list[Example]]:
    return [
        [
            Example(question=question, span=span.text, answers=span.answers, stance=span.stance, group=number)
            for span in spans
        ]
        for number, (question, spans) in enumerate(groups)
    ]


class _Pool:
    """The sentences of the corpus, with the words that stand in front of them in a search, and their vectors."""

    def __init__(self, corpus: Path, encoder: Encoder) -> None:
        self.encoder = encoder
        self.rows: list[tuple[str, str, str]] = []  # document, sentence, in context
        for path in (source.path for source in walk([corpus])):
            document = read(path.read_bytes(), name=path.name)
            for passage in split(document, count_tokens=encoder.counter):
                for place in sentences(document.text, passage.start, passage.end):
                    sentence = place.of(document.text)
                    self.rows.append((path.stem, sentence, embedded_text(document.title, passage, sentence)))
        self.vectors = encoder.encode([row[2] for row in self.rows])

    def nearest(self, question: str, most: int) -> list[tuple[str, str, str]]:
        order = np.argsort(-(self.vectors @ self.encoder.encode([question])[0]), kind="stable")
        return [self.rows[number] for number in order[:most]]


def _own_group(record: dict[str, Any], pool: _Pool, chance: random.Random, beside: int = 6) -> Group:
    stance = {"yes": YES, "no": NO, "mixed": MIXED}.get(record["verdict"])
    quotes = record["quotes"]
    near = pool.nearest(record["question"], 40)
    wrong = [row[2] for row in near if not _holds(row[1], quotes)]
    chosen = chance.sample(wrong[:12], 4) + chance.sample(wrong[12:], beside - 4)
    polar = stance is not None or bool(_OPENS_POLAR.match(record["question"]))
    spans = [_Span(text=text, answers=0, stance=NEITHER if polar else None) for text in chosen]
    right = [row[2] for row in pool.rows if row[0] == record["document"] and _holds(row[1], quotes)]
    if right:
        spans.append(_Span(text=chance.choice(right), answers=1, stance=stance))
    chance.shuffle(spans)
    return record["question"], spans


def _holds(sentence: str, quotes: list[str]) -> bool:
    flat = _flat(sentence)
    return any(quote in flat or (flat in quote and len(flat) > len(quote) // 2) for quote in quotes)


def _flat(text: str) -> str:
    return " ".join(text.split())


def held_out(folder: Path) -> list[tuple[str, list[tuple[str, bool]]]]:
    """Questions on the held-out articles with all sentences of their paragraph, each with whether it answers."""
    chance = random.Random(0)  # noqa: S311
    groups = _squad(folder, chance, held_out=True)
    return [(question, [(span.text, span.answers == 1) for span in spans]) for question, spans in groups]


def _squad(
    folder: Path, chance: random.Random, *, held_out: bool, leave_out: frozenset[str] = frozenset()
) -> Iterator[Group]:
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
                spans = _answering(title, context, places, [answer["answer_start"] for answer in asked["answers"]])
                yield asked["question"], spans if held_out else _few(spans, chance)


def _answering(title: str, context: str, places: list[tuple[int, int]], starts: list[int]) -> list[_Span]:
    return [
        _Span(
            text=f"{title} › {context[start:end]}",
            answers=int(any(start <= at < end for at in starts)),
        )
        for start, end in places
    ]


def _few(spans: list[_Span], chance: random.Random, most: int = SPANS_A_QUESTION) -> list[_Span]:
    """The first span that answers and some that do not; two that do not where none answers."""
    right = [span for span in spans if span.answers == 1][:1]
    wrong = [span for span in spans if span.answers != 1]
    chance.shuffle(wrong)
    kept = [*right, *wrong[: most - len(right)]] if right else wrong[:2]
    chance.shuffle(kept)
    return kept


def _eraser(path: Path, chance: random.Random) -> Iterator[Group]:
    """FEVER and BoolQ with their evidence marked; sentences beside the evidence do not answer."""
    for record in _lines(path):
        stance = {"True": YES, "False": NO}.get(record["label"], _NAMES.get(record["label"]))
        found = record["evidence"][0]
        title = re.sub(r"-[LR]RB-", "", found["document"]).replace("_", " ")
        title = "" if title[:2].isupper() and "wiki" in title else f"{title.strip()} › "
        evidence = " ".join(_detokenised(sentence) for sentence in found["sentences"][:3])
        beside = [sentence for sentence in [*found["before"][-1:], *found["after"][:2]] if len(sentence.split()) > 4]
        wrong = [_Span(text=title + _detokenised(sentence), answers=0, stance=NEITHER) for sentence in beside]
        spans = [_Span(text=title + evidence, answers=1, stance=stance), *wrong]
        yield _question(record["query"], chance), spans


def _fool_me_twice(folder: Path, chance: random.Random) -> Iterator[Group]:
    for name in ("dev", "test"):
        for record in _lines(folder / f"fool_me_twice/dataset/{name}.jsonl"):
            gold = " ".join(piece["text"] for piece in record["gold_evidence"][:2])
            told = {piece["text"] for piece in record["gold_evidence"]}
            others = [piece["text"] for piece in record["retrieved_evidence"] if piece["text"] not in told][:2]
            title = str(record.get("wikipedia_page", "")).replace("_", " ")
            front = f"{title} › " if title else ""
            claim = record.get("text") or record.get("claim") or record["query"]
            spans = [_Span(text=front + gold, answers=1, stance=_NAMES[record["label"]])]
            yield _question(claim, chance), spans + [_Span(text=front + text, answers=0) for text in others]


def _condaqa(folder: Path) -> Iterator[Group]:
    stances = {"YES": YES, "NO": NO, "DON'T KNOW": NEITHER}
    for record in _lines(folder / "condaqa/data/condaqa_dev.json"):
        if record["label"] not in stances:
            continue
        passage = record["sentence1"]
        places = sentences(passage)
        cue = set(re.findall(r"\w+", record["original sentence"].lower()))
        overlap = [len(cue & set(re.findall(r"\w+", place.of(passage).lower()))) for place in places]
        best = overlap.index(max(overlap))
        around = passage[places[max(0, best - 1)].start : places[best].end]
        yield record["sentence2"], [_Span(text=around, answers=1, stance=stances[record["label"]])]


def _qed(folder: Path, chance: random.Random) -> Iterator[Group]:
    for record in _lines(folder / "qed/qed-dev.jsonlines"):
        text, starts = record["paragraph_text"], record["sentence_starts"]
        places = list(zip(starts, [*starts[1:], len(text)], strict=True))
        at = [answer[0]["start"] for answer in record["original_nq_answers"] if answer]
        if at:
            spans = _answering(record["title_text"], text, places, at)
            yield record["question_text"], _few([_clean(span) for span in spans], chance)


def _searches(folder: Path, chance: random.Random) -> Iterator[Group]:
    """Natural Questions: what people typed, and the passage that was found to answer."""
    with gzip.open(folder / "nq_open_oracle/qa_data/nq-open-oracle.jsonl.gz", "rt", encoding="utf-8") as file:
        records = [json.loads(line) for line in file]
    for record in records:
        found = record["ctxs"][0]
        places = [(place.start, place.end) for place in sentences(found["text"])]
        at = [found["text"].find(answer) for answer in record["answers"] if answer in found["text"]]
        if at and len(places) > 1:
            yield record["question"], _few(_answering(found["title"], found["text"], places, at[:1]), chance, most=4)


def _policies(folder: Path, chance: random.Random, most: int = 900) -> Iterator[Group]:
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
        spans = _answering(title, context, places, [answer["answer_start"] for answer in question["answers"]])
        if len(spans) > 1:
            yield question["question"], _few(spans, chance)


def _inference(folder: Path, chance: random.Random) -> Iterator[Group]:
    """Premise and hypothesis; the hypothesis is made a question where that takes only a change of order."""
    nli = folder / "nli/nli_datasets"
    rows = [row for row in _table(nli / "mnli/dev.csv") if row["label"] in _NAMES]
    some = [row for row in _table(nli / "snli/dev.csv") if row["label"] in _NAMES]
    changed = [
        {"premise": row["sentence1"], "hypothesis": row["sentence2"], "label": row["gold_label"]}
        for row in _lines(folder / "breaking_nli/data/dataset.jsonl")
    ]
    for rows_of, most in ((rows, 9_000), (some, 2_500), (changed, 1_200)):
        chance.shuffle(rows_of)
        for row in rows_of[:most]:
            stance = _NAMES[row["label"]]
            answers = None if stance != NEITHER else 0
            yield _question(row["hypothesis"], chance), [_Span(text=row["premise"], answers=answers, stance=stance)]


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


def _clean(span: _Span) -> _Span:
    return replace(span, text=_detokenised(span.text).strip())


def _lines(path: Path) -> Iterator[Any]:
    with path.open(encoding="utf-8") as file:
        for line in file:
            if line.strip():
                yield json.loads(line)


def _table(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)
