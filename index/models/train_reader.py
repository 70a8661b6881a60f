"""Train the reader from the published weights of all-MiniLM-L6-v2:

    python -m index.models.train_reader --weights FOLDER --data FOLDER --to FOLDER

The reader is one encoder that reads a question and a span together, with two heads: does the span answer the
question, and, for yes/no questions, does it say yes, no or neither. Seeded; the rounds that made the
bundled reader took 24 and 16 minutes on two cores with bfloat16 units. It prints its own measurements on held-out
articles. Needs the extra `sentence-transformers`.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import math
import random
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch
from safetensors.torch import load_file, save_file
from torch import Tensor, nn
from transformers import AutoTokenizer, BertModel

from ..encoder import load_encoder
from . import reader_data
from .reader_data import Example

OWN: Final = Path(__file__).parent / "training" / "questions.jsonl"
OWN_TIMES: Final = 3  # each with other sentences beside it
CORPUS: Final = Path(__file__).parent.parent.parent / "corpus"
HEADS: Final = 1 + 3  # answers; yes, no, neither
LONGEST: Final = 112  # tokens of question and span: nearly all pairs of a question and a sentence
TOKENS_A_BATCH: Final = 3_200
RATE: Final = 1.5e-4
WARM_UP: Final = 0.06
_STANCES: Final = ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0), (0.5, 0.5, 0.0))  # by reader_data's numbers
FILES: Final = (
    "squad2/data/dev-v2.0.json", "nq_open_oracle/qa_data/nq-open-oracle.jsonl.gz", "fever/val.jsonl",
    "boolq/eraser_val.jsonl", "fool_me_twice/dataset/dev.jsonl", "fool_me_twice/dataset/test.jsonl",
    "condaqa/data/condaqa_dev.json", "qed/qed-dev.jsonlines", "policyqa/data/dev.json",
    "nli/nli_datasets/mnli/dev.csv", "nli/nli_datasets/snli/dev.csv", "breaking_nli/data/dataset.jsonl",
)  # fmt: skip


class Reader(nn.Module):
    """The encoder with a linear layer on the mean of its tokens."""

    def __init__(self, weights: Path) -> None:
        super().__init__()
        self.bert = BertModel.from_pretrained(
            weights, add_pooling_layer=False, hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0
        )
        self.bert.embeddings.requires_grad_(False)  # half of the weights, and the half that small data can only harm
        self.heads = nn.Linear(self.bert.config.hidden_size, HEADS)
        nn.init.normal_(self.heads.weight, std=0.02)
        nn.init.zeros_(self.heads.bias)

    def forward(self, batch: dict[str, Tensor]) -> Tensor:
        rows = self.bert(**batch).last_hidden_state
        mask = batch["attention_mask"].unsqueeze(-1).to(rows.dtype)
        return self.heads((rows * mask).sum(1) / mask.sum(1))


def train(
    weights: Path,
    data: Path,
    to: Path,
    *,
    epochs: int,
    seed: int,
    leave_out: frozenset[str],
    share: float,
    start: Path | None,
    own: bool,
    rate: float,
) -> None:
    """Learn from a `share` of the public sets and from our own questions; from the weights in `start`, if given."""
    torch.manual_seed(seed)
    tokenizer = AutoTokenizer.from_pretrained(weights)
    model = Reader(weights)
    if start is not None:
        _load(model, start)
    public = reader_data.examples(data, seed=seed, leave_out=leave_out)
    groups = _together(public[: int(share * len(public))], own_groups(seed) if own else [])
    batches = list(_batches(groups, tokenizer, epochs, seed))
    _say(f"{len(groups)} questions, {sum(map(len, groups))} spans, {len(batches)} steps")
    optimiser = torch.optim.AdamW(_parameters(model), lr=rate, fused=True)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda step: _rate(step, len(batches)))
    model.train()
    began, running = time.monotonic(), 0.0
    for step, batch in enumerate(batches, 1):
        loss = _loss(model, tokenizer, batch)
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
        schedule.step()
        optimiser.zero_grad()
        running = 0.98 * running + 0.02 * loss.item() if step > 1 else loss.item()
        if step % 25 == 0:
            seconds = time.monotonic() - began
            left = seconds / step * (len(batches) - step)
            _say(f"step {step}/{len(batches)} loss {running:.3f} {seconds:.0f} s, {left:.0f} s left")
        if step % 250 == 0:
            _save(model, to)
    _save(model, to)
    _measure(model, tokenizer, data)


def own_groups(seed: int) -> list[list[Example]]:
    return reader_data.own(OWN, CORPUS, load_encoder(), seed=seed, times=OWN_TIMES)


def _together(public: list[list[Example]], ours: list[list[Example]]) -> list[list[Example]]:
    """One list, its groups numbered anew."""
    return [[replace(example, group=number) for example in group] for number, group in enumerate([*public, *ours])]


def _load(model: Reader, start: Path) -> None:
    tensors = load_file(start / "model.safetensors")
    model.bert.load_state_dict(
        {name: value for name, value in tensors.items() if not name.startswith("heads.")}, strict=False
    )
    model.heads.load_state_dict(
        {name.removeprefix("heads."): value for name, value in tensors.items() if name.startswith("heads.")}
    )


def _parameters(model: nn.Module) -> list[dict[str, Any]]:
    bare = ("bias", "LayerNorm.weight")
    named = [(name, value) for name, value in model.named_parameters() if value.requires_grad]
    return [
        {"params": [value for name, value in named if not name.endswith(bare)], "weight_decay": 0.01},
        {"params": [value for name, value in named if name.endswith(bare)], "weight_decay": 0.0},
    ]


def _rate(step: int, steps: int) -> float:
    warm = max(1.0, WARM_UP * steps)
    return min(1.0, step / warm) * 0.5 * (1 + math.cos(math.pi * min(1.0, step / steps)))


def _batches(groups: list[list[Example]], tokenizer: Any, epochs: int, seed: int) -> Iterator[list[Example]]:
    """Whole groups of like length together, about `TOKENS_A_BATCH` tokens each, in a shuffled order."""
    chance = random.Random(seed)  # noqa: S311
    length = [max(len(e.question) + len(e.span) for e in group) // 4 + 6 for group in groups]
    for _ in range(epochs):
        order = sorted(range(len(groups)), key=lambda number: (length[number] // 12, chance.random()))
        packed: list[list[Example]] = []
        current: list[Example] = []
        for number in order:
            if current and (len(current) + len(groups[number])) * min(LONGEST, length[number]) > TOKENS_A_BATCH:
                packed.append(current)
                current = []
            current.extend(groups[number])
        packed.append(current)
        chance.shuffle(packed)
        yield from packed


def _logits(model: nn.Module, tokenizer: Any, pairs: Sequence[tuple[str, str]]) -> Tensor:
    batch = tokenizer(
        [question for question, _ in pairs], [span for _, span in pairs],
        truncation="longest_first", max_length=LONGEST, padding=True, pad_to_multiple_of=16, return_tensors="pt",
    )  # fmt: skip
    with torch.autocast("cpu", dtype=torch.bfloat16):
        return model(dict(batch)).float()


def _loss(model: nn.Module, tokenizer: Any, batch: list[Example]) -> Tensor:
    logits = _logits(model, tokenizer, [(example.question, example.span) for example in batch])
    return _answer_loss(logits[:, 0], batch) + _choice_loss(logits[:, 0], batch) + _stance_loss(logits[:, 1:], batch)


def _answer_loss(scores: Tensor, batch: list[Example]) -> Tensor:
    told = [number for number, example in enumerate(batch) if example.answers is not None]
    if not told:
        return scores.sum() * 0
    truth = torch.tensor([float(batch[number].answers or 0) for number in told])
    return nn.functional.binary_cross_entropy_with_logits(scores[told], truth)


def _choice_loss(scores: Tensor, batch: list[Example]) -> Tensor:
    """The span that answers against its neighbours."""
    losses = []
    for group in dict.fromkeys(example.group for example in batch):
        rows = [number for number, example in enumerate(batch) if example.group == group]
        right = [number for number, row in enumerate(rows) if batch[row].answers == 1]
        if len(right) == 1 and len(rows) > 1:
            losses.append(nn.functional.cross_entropy(scores[rows].unsqueeze(0), torch.tensor(right)))
    return torch.stack(losses).mean() if losses else scores.sum() * 0


def _stance_loss(logits: Tensor, batch: list[Example]) -> Tensor:
    told = [number for number, example in enumerate(batch) if example.stance is not None]
    if not told:
        return logits.sum() * 0
    truth = torch.tensor([_STANCES[batch[number].stance or 0] for number in told])
    return nn.functional.cross_entropy(logits[told], truth)


@torch.no_grad()
def _measure(model: nn.Module, tokenizer: Any, data: Path) -> None:
    """Held-out articles: is the first span the right one, and does the score tell answerable questions from others?"""
    model.eval()
    first, best = [], []
    for question, spans in reader_data.held_out(data):
        scores = _logits(model, tokenizer, [(question, text) for text, _ in spans])[:, 0].numpy()
        answerable = any(answers for _, answers in spans)
        best.append((float(scores.max()), answerable))
        if answerable:
            first.append(spans[int(scores.argmax())][1])
    scores_of = {kind: np.array([score for score, truth in best if truth == kind]) for kind in (True, False)}
    order = (scores_of[True][:, None] > scores_of[False][None, :]).mean()
    _say(f"held-out SQuAD 2 articles: right sentence first {np.mean(first):.3f} of {len(first)}, "
         f"answerable above unanswerable {order:.3f} of {len(best)} questions")  # fmt: skip


def _save(model: nn.Module, to: Path) -> None:
    to.mkdir(parents=True, exist_ok=True)
    tensors = {name.removeprefix("bert."): value.contiguous() for name, value in model.state_dict().items()}
    save_file(tensors, to / "model.safetensors")


def _say(line: str) -> None:
    print(line, flush=True)  # noqa: T201  # a command of its own


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m index.models.train_reader", description="Train the reader.")
    parser.add_argument("--weights", type=Path, required=True, help="folder of the published all-MiniLM-L6-v2")
    parser.add_argument("--data", type=Path, required=True, help="folder with the public sets")
    parser.add_argument("--leave-out", type=Path, help="an XQuAD file whose paragraphs must not be learned")
    parser.add_argument("--to", type=Path, required=True, help="folder to write model.safetensors to")
    parser.add_argument(
        "--start", type=Path, help="go on from a reader that was trained before, with our own questions"
    )
    parser.add_argument("--own", action="store_true", help="learn our own questions on the bundled corpus too")
    parser.add_argument("--share", type=float, default=1.0, help="of the public sets")
    parser.add_argument("--epochs", type=int, default=1)
    parser.add_argument("--rate", type=float, default=RATE)
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args(arguments)
    for name in FILES:
        _say(f"{hashlib.sha256((options.data / name).read_bytes()).hexdigest()}  {name}")
    train(
        options.weights, options.data, options.to,
        epochs=options.epochs, seed=options.seed, leave_out=_paragraphs(options.leave_out),
        share=options.share, start=options.start, own=options.own, rate=options.rate,
    )  # fmt: skip
    return 0


def _paragraphs(path: Path | None) -> frozenset[str]:
    if path is None:
        return frozenset()
    articles = json.loads(path.read_text("utf-8"))["data"]
    return frozenset(paragraph["context"].strip() for article in articles for paragraph in article["paragraphs"])


if __name__ == "__main__":
    sys.exit(main())
