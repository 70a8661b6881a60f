"""Which words of the sources answer a question, and how well.

Passages come from the search; evidence is smaller: sentences and list items. The reader reads the passages with the
question and says of every sentence how well it answers. The few that it thinks most of are then compared with the
question in two more ways, which fail differently: by the words they share, weighted by how rare these are in the
library, and by the encoder's vectors, token by token, which see that "walk away" is near "cease to be a party".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from index.encoder import Encoder
from index.hit import Hit
from index.lexical import fold
from index.onnx_encoder import cores
from index.reader import ANSWERS, MIXED, YES, Excerpt, Reader
from ingest.document import Document, Span
from ingest.pinpoints import pinpoint
from ingest.prefix import heading
from ingest.sentences import sentences
from ingest.split import embedded_text

from . import scoring
from .candidate import Candidate, Features, Says
from .question import Kind, Reading
from .subject import Subject
from .terms import stems, terms

READ: Final = 20  # passages that the reader reads, however many were searched for; each costs about 5 ms
MEASURED: Final = 8  # sentences that the encoder looks at word by word; each costs about 3 ms
PASSAGE_WEIGHT: Final = 2.0  # of the search's score beside the reader's logit; 1, 2 and 4 are alike on tune
ALIKE: Final = 0.05  # difference of two scores, as logits, that tells nothing
_UNRELATED, _SAME = 0.1, 0.75  # cosines of token vectors: what strangers have, and what one word has in two sentences
_DANGLING: Final = re.compile(r"(?:That|This|These|Those|They|It|So)(?: [\w'’]+){1,3}\.?$")  # of itself says nothing

Vector = NDArray[np.float32]


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What a question wants found: content words, how much each weighs, and the vectors of their tokens."""

    kind: Kind
    stems: tuple[str, ...]
    weights: Vector  # (words,), sum 1
    vectors: tuple[Vector, ...]  # per word (tokens, dimensions)
    whole: Vector  # (dimensions,)


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
        whole=_unit(vectors.sum(axis=0)),
    )


def rank(
    reading: Reading,
    about: Subject,
    hits: Sequence[Hit],
    document_of: Callable[[str], Document],
    encoder: Encoder,
    reader: Reader,
    rarity: Callable[[Sequence[str]], Sequence[float]],
    measured: int = MEASURED,
) -> list[Candidate]:
    """The spans of the hits that promise most, best first, of equally good ones the fullest."""
    wanted = want(reading, encoder, rarity)
    read = hits[:READ]
    excerpts = [_excerpt(document_of(hit.document_id), hit) for hit in read]
    told = reader.read(reading.positive, excerpts)
    spans = [
        (hit, Span(start=span.start + hit.passage.start, end=span.end + hit.passage.start), logits)
        for hit, excerpt, rows in zip(read, excerpts, told, strict=True)
        for span, logits in zip(excerpt.spans, rows, strict=True)
    ]
    kept = _most_promising(spans, measured)
    contexts = [
        embedded_text(document_of(hit.document_id).title, hit.passage, span.of(document_of(hit.document_id).text))
        for hit, span, _ in kept
    ]
    with ThreadPoolExecutor(cores()) as pool:
        vectors = [rows for rows, _ in pool.map(encoder.encode_tokens, contexts)]
    found = [
        _measure(wanted, about, hit, span, document_of(hit.document_id), context, rows, logits)
        for (hit, span, logits), context, rows in zip(kept, contexts, vectors, strict=True)
    ]
    return fuller_first(sorted(found, key=lambda candidate: -candidate.score))


def fuller_first(ranked: list[Candidate]) -> list[Candidate]:
    """Of those as good as the first, the one that says most goes ahead."""
    if not ranked:
        return ranked
    alike = [one for one in ranked if scoring.logit(ranked[0].score) - scoring.logit(one.score) <= ALIKE]
    fullest = max(alike, key=lambda one: len(one.text.split()))
    return [fullest, *(one for one in ranked if one is not fullest)]


def _most_promising(spans: Sequence[tuple[Hit, Span, Vector]], most: int) -> list[tuple[Hit, Span, Vector]]:
    """The `most` that reader and search together think most of, in their order."""
    promise = [float(logits[ANSWERS]) + PASSAGE_WEIGHT * hit.score for hit, _, logits in spans]
    best = sorted(range(len(promise)), key=lambda number: (-promise[number], number))[:most]
    return [spans[number] for number in sorted(best)]


def _excerpt(document: Document, hit: Hit) -> Excerpt:
    """A passage as the reader reads it; title and headings inside it are no evidence, nor is "That never happened"."""
    start, end = hit.passage.start, hit.passage.end
    headings = {document.title, *(section.heading for section in document.sections)}
    found = [
        span
        for span in sentences(document.text, start, end)
        if span.of(document.text) not in headings and not _DANGLING.match(span.of(document.text))
    ]
    return Excerpt(
        heading=heading(document.title, hit.passage),
        text=document.text[start:end],
        spans=tuple(Span(start=span.start - start, end=span.end - start) for span in found),
    )


def _measure(
    wanted: Wanted,
    about: Subject,
    hit: Hit,
    span: Span,
    document: Document,
    context: str,
    vectors: Vector,
    logits: Vector,
) -> Candidate:
    text, says = span.of(document.text), probabilities(logits[YES:])
    words = stems(context) | stems(_facts(document, about, hit.document_id))
    exact = np.array([stem in words for stem in wanted.stems], np.float32)
    near = np.array([_nearness(tokens, vectors) for tokens in wanted.vectors], np.float32)
    covered = np.maximum(exact, near)
    features = Features(
        meaning=float(wanted.weights @ covered),
        vector=float(wanted.whole @ _unit(vectors.sum(axis=0))),
        passage=hit.score,
        type=fits(wanted.kind, text),
        strangers=_strangers(about.others, words),
        place=_placed(about.place, document, span),
        reader=float(logits[ANSWERS]),
        mixed=says[MIXED - YES] if wanted.kind is Kind.POLAR else 0.0,
    )
    return Candidate(
        hit=hit,
        span=span,
        text=text,
        features=features,
        says=says,
        score=scoring.rank_score(features),
        wanted=wanted.stems,
    )


def _facts(document: Document, about: Subject, document_id: str) -> str:
    """What the document goes by and who its parties are: words that need not stand in the span again."""
    return ", ".join((*document.facts.aliases, *document.facts.parties, *about.names_of(document_id)))


def probabilities(logits: Vector) -> Says:
    """Of yes, no, mixed and neither."""
    powers = np.exp(logits - logits.max())
    yes, no, mixed, neither = (powers / powers.sum()).tolist()
    return yes, no, mixed, neither


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
    nearest = float((tokens @ vectors.T).max(axis=1).mean())
    share = (nearest - _UNRELATED) / (_SAME - _UNRELATED)
    bounded: float = min(max(share, 0.0), 1.0)
    return bounded


_DATE: Final = re.compile(
    r"\b(?:1[0-9]|20)\d\d\b|\b(?:centur(?:y|ies)|years?|months?|days?|annual\w*)\b", re.IGNORECASE
)
_NUMBER: Final = re.compile(
    r"\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|forty|fifty|sixty|"
    r"hundred|thousand|million|billion|half|third|quarter|dozen|single|both|no|none|unlimited|indefinite\w*|"
    r"always|never)\b",
    re.IGNORECASE,
)
_NAME: Final = re.compile(
    r"(?<=\s)[A-Z][\w.\-]+|\b(?:party|parties|government|state|council|commander|president|secretary)\b"
)
_MONTH: Final = "January|February|March|April|May|June|July|August|September|October|November|December"
_DAY: Final = re.compile(
    rf"\b\d{{1,2}}(?:st|nd|rd|th)?(?: day)?(?: of)? (?:{_MONTH})\b|\b(?:{_MONTH}) \d{{1,2}}(?:st|nd|rd|th)?\b"
)
_COPULA: Final = r"\b(?:is|was|are|were)\b"
_PASSIVE: Final = (  # "was signed in" tells what was done, "is called" and "is known as" what a thing is
    r"(?:not |also |\w+ly )?(?!called\b|named\b)(?:\w+ed|held|made|set|kept|given|taken|built|laid|led)\b(?! as\b)"
)
_DEFINES: Final = re.compile(
    rf"^(?:(?!{_COPULA})[^,.;]){{2,90}}?(?: \([^)]{{2,30}}\))?,? "
    rf"(?:{_COPULA}(?! {_PASSIVE})|means\b|(?:shall|does) mean\b|denotes?\b|refers\b)"
)
_TYPES: Final = {
    Kind.WHEN: _DATE, Kind.AMOUNT: _NUMBER, Kind.WHO: _NAME, Kind.WHERE: _NAME, Kind.DEFINITION: _DEFINES,
}  # fmt: skip


def fits(kind: Kind, text: str) -> float:
    """How far a text holds the kind of thing that is asked for, 0 to 1; kinds without a shape always fit. Of dates, one
    to the day fits best."""
    pattern = _TYPES.get(kind)
    held = pattern is None or bool(pattern.search(text))
    if kind is Kind.WHEN:
        return (held + bool(_DAY.search(text))) / 2
    return float(held)


def _unit(vector: Vector) -> Vector:
    return vector / max(float(np.linalg.norm(vector)), 1e-9)
