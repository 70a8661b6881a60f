"""The reader as judge of passages: question and passage read together put the first ones of a search in a new order.

A passage is worth its best sentence, since that is what an answer would quote. The reader learned to find answers to
questions, not documents about a subject, so it need not help where a query is a list of words.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from index.hit import Hit
from index.reader import ANSWERS, Excerpt, Logits, Reader
from ingest.prefix import heading
from ingest.sentences import sentences

READ: Final = 20  # passages that are read, as in an answer; each costs about 5 ms


def reranked(reader: Reader, question: str, hits: Sequence[Hit], *, read: int = READ) -> list[Hit]:
    """The first `read` hits by their best sentence, equal ones as they were; then the others as they were."""
    told = reader.read(question, [excerpt(hit) for hit in hits[:read]])
    worth = [best(logits) for logits in told]
    order = sorted(range(len(worth)), key=lambda place: -worth[place])
    return [*(hits[place] for place in order), *hits[read:]]


def excerpt(hit: Hit) -> Excerpt:
    return Excerpt(heading=heading(hit.title, hit.passage), text=hit.text, spans=tuple(sentences(hit.text)))


def best(logits: Logits) -> float:
    """That of the sentence that answers best; minus infinity of no sentence."""
    return float(logits[:, ANSWERS].max(initial=-np.inf))
