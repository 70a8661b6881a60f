"""Which words of the sources answer a question, and how well.

Passages come from the search; evidence is smaller: sentences and list items. Each is compared with the question in two
ways that fail differently: by the words they share, weighted by how rare these are in the library, and by the encoder's
vectors, token by token, which see that "walk away" is near "cease to be a party". What the question wants and the sentence
does not give counts against it: that is what tells an answer from a sentence on the same subject.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from index.encoder import Encoder
from index.hit import Hit
from index.lexical import fold
from ingest.document import Document, Span
from ingest.pinpoints import pinpoint
from ingest.sentences import sentences
from ingest.split import embedded_text

from .cite import shorten
from .question import Kind, Reading
from .subject import Subject
from .terms import stems, terms

SPANS: Final = 16  # sentences that the encoder reads; each costs about 2 ms
FEATURES: Final = ("words", "meaning", "gap", "vector", "passage", "named", "type", "strangers", "place")
WEIGHTS: Final = (2.0, 3.0, -3.0, 3.0, 1.0, 1.0, 1.0, -2.0, 1.0)
BIAS: Final = -4.0
THRESHOLD: Final = 0.5
_UNRELATED, _SAME = 0.1, 0.75  # cosines of token vectors: what strangers have, and what one word has in two sentences

Vector = NDArray[np.float32]


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What a question wants found: content words, how much each weighs, and the vectors of their tokens."""

    kind: Kind
    stems: tuple[str, ...]
    weights: Vector  # (words,), sum 1
    vectors: tuple[Vector, ...]  # per word (tokens, dimensions)
    whole: Vector  # (dimensions,)


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """A span of a document that may answer, and what was measured of it (`FEATURES`, in their order)."""

    hit: Hit
    span: Span
    text: str
    features: tuple[float, ...]
    score: float
    wanted: tuple[str, ...] = ()

    @property
    def document_id(self) -> str:
        return self.hit.document_id

    def quote(self, text: str) -> Span:
        """What of it is quoted."""
        return shorten(text, self.span, self.wanted)


def want(reading: Reading, encoder: Encoder, rarity: Callable[[Sequence[str]], Sequence[float]]) -> Wanted:
    """Weigh the content words of a question and encode it."""
    vectors, places = encoder.encode_tokens(reading.text)
    found: dict[str, list[int]] = {}
    for term in terms(reading.text):
        tokens = [number for number, (start, end) in enumerate(places) if start < term.end and end > term.start]
        found.setdefault(term.stem, tokens)
    weights = np.array(rarity(list(found)), np.float32)
    return Wanted(
        kind=reading.kind,
        stems=tuple(found),
        weights=weights / max(float(weights.sum()), 1e-9),
        vectors=tuple(vectors[tokens] for tokens in found.values()),
        whole=_unit(vectors.mean(axis=0)),
    )


def rank(
    reading: Reading,
    about: Subject,
    hits: Sequence[Hit],
    document_of: Callable[[str], Document],
    encoder: Encoder,
    rarity: Callable[[Sequence[str]], Sequence[float]],
) -> list[Candidate]:
    """The spans of the hits that promise most, best first; equal ones in the order of hits and text."""
    wanted = want(reading, encoder, rarity)
    spans = [(hit, span) for hit in hits for span in _spans(document_of(hit.document_id), hit)]
    measured = [
        _measure(wanted, about, hit, span, document_of(hit.document_id), encoder)
        for hit, span in _preselect(wanted, spans, document_of)
    ]
    return sorted(measured, key=lambda candidate: -candidate.score)


def _spans(document: Document, hit: Hit) -> list[Span]:
    """The sentences of a passage, headings left out."""
    headings = {section.heading for section in document.sections}
    found = sentences(document.text, hit.passage.start, hit.passage.end)
    return [span for span in found if span.of(document.text) not in headings]


def _preselect(
    wanted: Wanted, spans: list[tuple[Hit, Span]], document_of: Callable[[str], Document]
) -> list[tuple[Hit, Span]]:
    """The `SPANS` with the best shared words; passages that were found first go first at a draw."""
    weight = dict(zip(wanted.stems, wanted.weights, strict=True))

    def promise(item: tuple[Hit, Span]) -> float:
        hit, span = item
        shared = stems(span.of(document_of(hit.document_id).text))
        return sum(weight.get(stem, 0.0) for stem in shared) + 0.6 * hit.score

    ranked = sorted(range(len(spans)), key=lambda number: (-promise(spans[number]), number))
    return [spans[number] for number in sorted(ranked[:SPANS])]


def _measure(
    wanted: Wanted, about: Subject, hit: Hit, span: Span, document: Document, encoder: Encoder
) -> Candidate:
    text = span.of(document.text)
    in_context = embedded_text(document.title, hit.passage, text)
    vectors, _ = encoder.encode_tokens(in_context)
    words = stems(in_context) | stems(" ".join((*document.facts.aliases, *about.names_of(hit.document_id))))
    exact = np.array([stem in words for stem in wanted.stems], np.float32)
    near = np.array([_nearness(tokens, vectors) for tokens in wanted.vectors], np.float32)
    covered = np.maximum(exact, near)
    gap = wanted.weights * (1 - covered)
    features = (
        float(wanted.weights @ exact),
        float(wanted.weights @ covered),
        float(gap.max(initial=0.0)),
        float(wanted.whole @ _unit(vectors.mean(axis=0))),
        hit.score,
        _named(hit.document_id, about.named),
        float(fits(wanted.kind, text)),
        _strangers(about.others, words),
        _placed(about.place, document, span),
    )
    return Candidate(hit=hit, span=span, text=text, features=features, score=score(features), wanted=wanted.stems)


def score(features: Sequence[float]) -> float:
    """How likely it is that a span with these features answers; in 0…1."""
    return float(1 / (1 + np.exp(-(np.dot(features, WEIGHTS) + BIAS))))


def _strangers(others: Sequence[frozenset[str]], words: frozenset[str]) -> float:
    """The share of the question's other proper names that the span does not hold."""
    if not others:
        return 0.0
    return sum(not name <= words for name in others) / len(others)


def _placed(place: str | None, document: Document, span: Span) -> float:
    """1 inside the article that the question asks about, 0 outside, one half where it asks about none."""
    if place is None:
        return 0.5
    labels = fold(pinpoint(document.sections, span.start, span.end))
    return float(re.search(rf"\b{re.escape(place)}\b", labels) is not None)


def _nearness(tokens: Vector, vectors: Vector) -> float:
    """How near a word of the question is to the nearest of a sentence: 0 for strangers, 1 for the same word."""
    if not len(tokens) or not len(vectors):
        return 0.0
    nearest = (tokens @ vectors.T).max(axis=1).mean()
    return float(np.clip((nearest - _UNRELATED) / (_SAME - _UNRELATED), 0, 1))


def _named(document_id: str, named: Mapping[str, float]) -> float:
    """1 for a document that the question names, 0 where it names others, one half where it names none."""
    if not named:
        return 0.5
    return named.get(document_id, 0.0)


_DATE: Final = re.compile(r"\b(?:1[0-9]|20)\d\d\b|\b(?:centur(?:y|ies)|years?|months?|days?|annual\w*)\b", re.IGNORECASE)
_NUMBER: Final = re.compile(
    r"\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|forty|fifty|sixty|"
    r"hundred|thousand|million|billion|half|third|quarter|dozen|single|both|no|none|unlimited|indefinite\w*|always|never)\b",
    re.IGNORECASE,
)
_NAME: Final = re.compile(r"(?<=\s)[A-Z][\w.\-]+|\b(?:party|parties|government|state|council|commander|president|secretary)\b")
_TYPES: Final = {Kind.WHEN: _DATE, Kind.AMOUNT: _NUMBER, Kind.WHO: _NAME, Kind.WHERE: _NAME}


def fits(kind: Kind, text: str) -> bool:
    """Whether a text holds the kind of thing that is asked for; kinds without a shape always fit."""
    pattern = _TYPES.get(kind)
    return pattern is None or bool(pattern.search(text))


def _unit(vector: Vector) -> Vector:
    return vector / max(float(np.linalg.norm(vector)), 1e-9)


def choose(reading: Reading, about: Subject, ranked: Sequence[Candidate]) -> list[Candidate]:
    """The candidates that are cited: the best, and what the question's kind asks for besides."""
    return list(ranked[:1])
