"""Train the reader from the published weights of all-MiniLM-L6-v2:

    python -m index.models.train_reader --weights FOLDER --data FOLDER --to FOLDER

The reader is one encoder that reads a question and a passage together, with two heads on the mean of each sentence's
tokens: does the sentence answer the question, and, for yes/no questions, does it say yes, no, something of both or
neither. Seeded. It prints its own measurements on held-out articles. Needs the extra `sentence-transformers`.
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
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import onnx
import torch
from safetensors.torch import load_file, save_file
from torch import Tensor, nn
from transformers import BertModel

from ingest.document import Span

from ..encoder import load_encoder
from ..onnx_encoder import MODEL, open_tokenizer
from ..reader import ANSWERS, COLUMNS, MAX_TOKENS, MIXED, NEITHER, YES, Excerpt, Layout, Window
from . import own_data, reader_data
from .graph import LAYERS, reader_weights
from .reader_data import Example, Passage, Sentence

TRAINING: Final = Path(__file__).parent / "training"
CORPUS: Final = Path(__file__).parent.parent.parent / "corpus"
TOKENS_A_BATCH: Final = 3_200
RATE: Final = 1.5e-4
WARM_UP: Final = 0.06
NEITHER_WEIGHT: Final = 0.5  # most sentences say neither; they are easily told, and what matters is yes, no and mixed
UNKNOWN: Final = -30.0  # the logit of a verdict that nobody could have given
FILES: Final = (
    "squad2/data/dev-v2.0.json", "nq_open_oracle/qa_data/nq-open-oracle.jsonl.gz", "fever/val.jsonl",
    "boolq/eraser_val.jsonl", "fool_me_twice/dataset/dev.jsonl", "fool_me_twice/dataset/test.jsonl",
    "condaqa/data/condaqa_dev.json", "qed/qed-dev.jsonlines", "policyqa/data/dev.json",
    "nli/nli_datasets/mnli/dev.csv", "nli/nli_datasets/snli/dev.csv", "breaking_nli/data/dataset.jsonl",
)  # fmt: skip


class Reader(nn.Module):
    """The encoder with a linear layer on its tokens."""

    def __init__(self, weights: Path, *, bfloat16: bool = False) -> None:
        super().__init__()
        self.bfloat16 = bfloat16
        self.bert = BertModel.from_pretrained(
            weights, add_pooling_layer=False, hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0
        )
        self.bert.embeddings.requires_grad_(False)  # half of the weights, and the half that small data can only harm
        self.heads = nn.Linear(self.bert.config.hidden_size, COLUMNS)
        nn.init.normal_(self.heads.weight, std=0.02)
        nn.init.zeros_(self.heads.bias)

    def forward(self, batch: dict[str, Tensor], places: Sequence[tuple[int, int, int]]) -> Tensor:
        """(sentences, heads); a place is a row of the batch and a range of its tokens."""
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=self.bfloat16):
            rows = self.bert(**batch).last_hidden_state
            means = torch.stack([rows[row, low : max(high, low + 1)].mean(dim=0) for row, low, high in places])
            return self.heads(means).float()


@dataclass(frozen=True, kw_only=True)
class Laid:
    """A question as the network sees it: its windows, and the sentences in them, in order."""

    windows: list[Window]
    sentences: list[Sentence]
    knows_mixed: bool


def lay_out(examples: Sequence[Example], layout: Layout) -> list[Laid]:
    found = []
    for example in examples:
        excerpts = [_excerpt(passage) for passage in example.passages]
        windows = [window for excerpt in excerpts for window in layout.windows(example.question, excerpt)]
        told = [sentence for passage in example.passages for sentence in passage.sentences]
        found.append(Laid(windows=windows, sentences=told, knows_mixed=example.knows_mixed))
    return found


def _excerpt(passage: Passage) -> Excerpt:
    spans, at = [], 0
    for sentence in passage.sentences:
        spans.append(Span(start=at, end=at + len(sentence.text)))
        at += len(sentence.text) + 1
    text = " ".join(sentence.text for sentence in passage.sentences)
    return Excerpt(heading=passage.heading, text=text, spans=tuple(spans))


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
    own: float,
    questions: Sequence[Path],
    strays: int,
    rate: float,
    bfloat16: bool,
    together: bool,
    frozen: int,
) -> None:
    """Learn from a `share` of the public sets and `own` times from our own questions; from the weights in `start`, if
    given. The first `frozen` layers stay as they are."""
    torch.manual_seed(seed)
    layout = Layout(open_tokenizer(weights / "tokenizer.json"), MAX_TOKENS)
    model = Reader(weights, bfloat16=bfloat16)
    if start is not None:
        _load(model, start)
    public = reader_data.examples(data, seed=seed, leave_out=leave_out)
    learned = public[: int(share * len(public))]
    ours = own_examples(questions, seed, own, _strays(public, strays, seed), together=together) if own else []
    laid = [one for one in lay_out([*learned, *ours], layout) if one.windows]
    batches = list(_batches(laid, epochs, seed))
    tokens = sum(len(window.ids) for one in laid for window in one.windows)
    _say(f"{len(laid)} questions ({len(ours)} our own), {tokens} tokens, {len(batches)} steps")
    for layer in model.bert.encoder.layer[:frozen]:
        layer.requires_grad_(False)
    optimiser = torch.optim.AdamW(_parameters(model), lr=rate, fused=True)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda step: _rate(step, len(batches)))
    model.train()
    began, running = time.monotonic(), 0.0
    for step, batch in enumerate(batches, 1):
        loss = _loss(_logits(model, batch), batch)
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
    _measure(model, layout, data)


def own_examples(
    questions: Sequence[Path], seed: int, times: float, strays: Sequence[str], *, together: bool
) -> list[Example]:
    texts = [CORPUS, TRAINING / "texts"]
    return own_data.own(questions, texts, load_encoder(), seed=seed, times=times, strays=strays, together=together)


def _strays(public: Sequence[Example], many: int, seed: int) -> list[str]:
    """Questions that our own texts do not answer: those of the public sets, and one in eight without any sense."""
    chance = random.Random(seed)  # noqa: S311
    asked = [example.question for example in public[-many:]] if many else []
    return [own_data.nonsense(chance) if chance.random() < 1 / 8 else question for question in asked]


def _load(model: Reader, start: Path) -> None:
    tensors = _stored(start)
    model.bert.load_state_dict(
        {name: value for name, value in tensors.items() if not name.startswith("heads.")}, strict=False
    )
    model.heads.load_state_dict(
        {name.removeprefix("heads."): value for name, value in tensors.items() if name.startswith("heads.")}
    )


def _stored(start: Path) -> dict[str, Tensor]:
    """Weights that `train` wrote, or else those of an exported reader."""
    if (start / "model.safetensors").is_file():
        return dict(load_file(start / "model.safetensors"))
    return {name: torch.from_numpy(value) for name, value in reader_weights(onnx.load(start / MODEL)).items()}


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


def _batches(laid: list[Laid], epochs: int, seed: int) -> Iterator[list[Laid]]:
    """Whole questions of like length together, about `TOKENS_A_BATCH` tokens each, in a shuffled order."""
    chance = random.Random(seed)  # noqa: S311
    length = [max(len(window.ids) for window in one.windows) for one in laid]
    for _ in range(epochs):
        order = sorted(range(len(laid)), key=lambda number: (length[number] // 16, chance.random()))
        packed: list[list[Laid]] = []
        current: list[Laid] = []
        for number in order:
            rows = sum(len(one.windows) for one in current) + len(laid[number].windows)
            if current and rows * length[number] > TOKENS_A_BATCH:
                packed.append(current)
                current = []
            current.append(laid[number])
        packed.append(current)
        chance.shuffle(packed)
        yield from packed


def _logits(model: nn.Module, batch: Sequence[Laid]) -> Tensor:
    windows = [window for one in batch for window in one.windows]
    width = -(-max(len(window.ids) for window in windows) // 16) * 16
    shape = (len(windows), width)
    inputs = {name: torch.zeros(shape, dtype=torch.long) for name in ("input_ids", "token_type_ids", "attention_mask")}
    for row, window in enumerate(windows):
        size = len(window.ids)
        inputs["input_ids"][row, :size] = torch.tensor(window.ids)
        inputs["token_type_ids"][row, :size] = torch.tensor(window.types)
        inputs["attention_mask"][row, :size] = 1
    places = [(row, low, high) for row, window in enumerate(windows) for low, high in window.places]
    return model(inputs, places)


def _loss(logits: Tensor, batch: Sequence[Laid]) -> Tensor:
    told = [sentence for one in batch for sentence in one.sentences]
    unknown = torch.tensor([not one.knows_mixed for one in batch for _ in one.sentences])
    known = logits.clone()
    known[unknown, MIXED] = UNKNOWN
    answers = logits[:, ANSWERS]
    return _answer_loss(answers, told) + _choice_loss(answers, batch) + _stance_loss(known[:, YES:], told)


def _answer_loss(scores: Tensor, told: Sequence[Sentence]) -> Tensor:
    """Does it answer: those that do and those that do not count the same."""
    losses = []
    for truth in (0, 1):
        rows = [number for number, sentence in enumerate(told) if sentence.answers == truth]
        if rows:
            target = torch.full((len(rows),), float(truth))
            losses.append(nn.functional.binary_cross_entropy_with_logits(scores[rows], target))
    return torch.stack(losses).mean() if losses else scores.sum() * 0


def _choice_loss(scores: Tensor, batch: Sequence[Laid]) -> Tensor:
    """The sentences that answer against all others of the question and against silence, whose score is 0; where none
    answers, silence against all."""
    losses, first = [], 0
    for one in batch:
        rows = range(first, first + len(one.sentences))
        first = rows.stop
        known = [row for row, sentence in zip(rows, one.sentences, strict=True) if sentence.answers is not None]
        right = [row for row, sentence in zip(rows, one.sentences, strict=True) if sentence.answers == 1]
        if not known or (len(known) == 1 and right):
            continue
        silence = scores.new_zeros(1)
        everything = torch.logsumexp(torch.cat([silence, scores[known]]), 0)
        losses.append(everything - (torch.logsumexp(scores[right], 0) if right else silence[0]))
    return torch.stack(losses).mean() if losses else scores.sum() * 0


def _stance_loss(logits: Tensor, told: Sequence[Sentence]) -> Tensor:
    """What it says, to those of whom it is told; the mean over those that say something and, weighed less, the rest."""
    losses = []
    for neither in (False, True):
        rows = [
            number
            for number, sentence in enumerate(told)
            if sentence.stance is not None and (sentence.stance == NEITHER) == neither
        ]
        if rows:
            truth = torch.tensor([(told[number].stance or YES) - YES for number in rows])
            losses.append(nn.functional.cross_entropy(logits[rows], truth) * (NEITHER_WEIGHT if neither else 1.0))
    return torch.stack(losses).sum() if losses else logits.sum() * 0


@torch.no_grad()
def _measure(model: nn.Module, layout: Layout, data: Path) -> None:
    """Held-out articles: is the first sentence the right one, and are answerable questions told from others?"""
    model.eval()
    first, best = [], []
    for one in lay_out(reader_data.held_out(data), layout):
        scores = _logits(model, [one])[:, ANSWERS].numpy()
        answerable = any(sentence.answers for sentence in one.sentences)
        best.append((float(scores.max()), answerable))
        if answerable:
            first.append(bool(one.sentences[int(scores.argmax())].answers))
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
    parser.add_argument("--start", type=Path, help="go on from a reader that was trained or exported before")
    parser.add_argument("--own", type=float, default=0, metavar="TIMES", help="learn our own questions so often too")
    parser.add_argument(
        "--questions", type=Path, nargs="+", default=sorted(TRAINING.glob("*.jsonl")), help="files of our own questions"
    )
    parser.add_argument("--strays", type=int, default=0, help="of the public questions to ask of our own texts in vain")
    parser.add_argument("--together", action="store_true", help="show sentences side by side instead of passages")
    parser.add_argument(
        "--frozen",
        type=int,
        default=0,
        choices=range(LAYERS + 1),
        metavar="LAYERS",
        help="of the network that stay as they are",
    )
    parser.add_argument("--share", type=float, default=1.0, help="of the public sets")
    parser.add_argument("--epochs", type=int, default=1)
    parser.add_argument("--rate", type=float, default=RATE)
    parser.add_argument("--bfloat16", action="store_true", help="multiply in 16 bits: for processors with units for it")
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args(arguments)
    for name in FILES:
        _say(f"{hashlib.sha256((options.data / name).read_bytes()).hexdigest()}  {name}")
    train(
        options.weights, options.data, options.to,
        epochs=options.epochs, seed=options.seed, leave_out=_paragraphs(options.leave_out),
        share=options.share, start=options.start, own=options.own,
        questions=options.questions, strays=options.strays, rate=options.rate,
        bfloat16=options.bfloat16, together=options.together, frozen=options.frozen,
    )  # fmt: skip
    return 0


def _paragraphs(path: Path | None) -> frozenset[str]:
    if path is None:
        return frozenset()
    articles = json.loads(path.read_text("utf-8"))["data"]
    return frozenset(paragraph["context"].strip() for article in articles for paragraph in article["paragraphs"])


if __name__ == "__main__":
    sys.exit(main())
