"""Cases for a person to look at: what was asked, expected and answered, with the words marked in the source."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final
from urllib.parse import quote

from ..measures import DEPTH
from ..results import Outcome, Words
from .excerpts import Excerpt, Marked, excerpts
from .markup import Child, Markup, element, number, together

KINDS: Final = {
    "refused": "wrongly refused",
    "answered": "wrongly answered",
    "verdict": "wrong verdict",
    "quotation": "wrong first quotation",
}
AROUND_FAILURE: Final = 220  # characters of the source on both sides
AROUND: Final = 80  # the same for cases that nobody must look at, since they are many
ENDS: Final = (".", "!", "?", "”", '"')  # of a sentence
PLACES: Final = 6  # of one part of the gold that are shown: a short quotation may stand in a document dozens of times
BLANK: Final = re.compile(r"\n\s*\n")  # an empty line of the source, and what stands for it
GAP: Final = element("i", class_="gap")


def kinds(outcome: Outcome) -> tuple[str, ...]:
    """In which ways it failed, the gravest first; none where it did not."""
    if not outcome.failed:
        return ()
    if outcome.answered != outcome.answerable:
        return ("answered",) if outcome.answered else ("refused",)
    wrong = {"verdict": "verdict_accuracy", "quotation": "first_span"}
    return tuple(kind for kind, measure in wrong.items() if outcome.scores.get(measure) == 0)


def failures(outcomes: Iterable[Outcome]) -> list[Outcome]:
    """Those that failed, by kind and id."""
    order = list(KINDS)
    failed = [outcome for outcome in outcomes if kinds(outcome)]
    return sorted(failed, key=lambda outcome: (order.index(kinds(outcome)[0]), outcome.id))


def failure(outcome: Outcome, threshold: float | None) -> Markup:
    """Unfolded."""
    head = element(
        "header",
        element("a", outcome.id, href=f"#{quote(_anchor(outcome))}"),
        element("span", outcome.type),
        (element("span", KINDS[kind], class_="kind") for kind in kinds(outcome)),
    )
    body = _body(outcome, threshold, around=AROUND_FAILURE)
    return element("article", head, element("h3", outcome.question), body, **_found_by(outcome))


def other(outcome: Outcome, threshold: float | None) -> Markup:
    """Folded, with less around its words."""
    summary = element("summary", element("span", outcome.id), " ", outcome.question)
    return element("details", summary, _body(outcome, threshold, around=AROUND), **_found_by(outcome))


def _found_by(outcome: Outcome) -> dict[str, str]:
    """What links and filters go by."""
    return {
        "id": _anchor(outcome),
        "class_": "case",
        "data_type": outcome.type,
        "data_kinds": " ".join(kinds(outcome)),
    }


def _anchor(outcome: Outcome) -> str:
    return f"case-{outcome.id}"


def _body(outcome: Outcome, threshold: float | None, *, around: int) -> Markup:
    both = element(
        "dl",
        element("div", element("dt", "expected"), element("dd", _expected(outcome))),
        element("div", element("dt", "got"), element("dd", *_got(outcome, threshold))),
    )
    return together(both, map(_excerpt, excerpts(list(_marked(outcome)), around=around)), _scores(outcome))


def _expected(outcome: Outcome) -> str:
    expected = outcome.expected
    if not outcome.answerable:
        return "A refusal"
    parts = f", gold in {len(expected.gold)} parts" if len(expected.gold) > 1 else ""
    return _sentence("Answer", expected.verdict) + parts


def _got(outcome: Outcome, threshold: float | None) -> Iterator[Child]:
    got = outcome.got
    at = f"evidence score {outcome.evidence_score:.3f}"
    if threshold is not None:
        at += f", threshold {threshold:.3f}"
    what = _sentence("Answer", got.verdict) if outcome.answered else f"Refusal: {(got.reason or '').replace('_', ' ')}"
    yield together(what, " ", element("small", at))
    if got.text:
        yield element("p", got.text)


def _sentence(what: str, verdict: str | None) -> str:
    return f"{what}: {verdict}" if verdict else what


def _marked(outcome: Outcome) -> Iterator[Marked]:
    for count, words in enumerate(outcome.got.citations, 1):
        kind = "opposed" if words.stance == "opposes" else "cited"
        yield Marked(words=words, kind=kind, label=_label(f"quotation {count}, {words.stance}", words))
    for count, part in enumerate(outcome.expected.gold, 1):
        name = f"gold, part {count}" if len(outcome.expected.gold) > 1 else "gold"
        left_out = len(part) - PLACES
        for place, words in enumerate(part[:PLACES], 1):
            more = f" (and {left_out} more places)" if place == PLACES and left_out > 0 else ""
            yield Marked(words=words, kind="gold", label=_label(name, words) + more)
    for count, words in enumerate(outcome.got.nearest, 1):
        yield Marked(words=words, kind="nearest", label=_label(f"nearest passage {count}", words))


def _label(name: str, words: Words) -> str:
    page = f"page {words.page}" if words.page is not None else ""
    return ", ".join(filter(None, (name, words.pinpoint, page)))


def _excerpt(excerpt: Excerpt) -> Markup:
    labels = dict.fromkeys((one.kind, one.label) for one in excerpt.marked)
    told = (together(" ", element("span", label, class_=kind)) for kind, label in labels)
    caption = element("figcaption", element("b", excerpt.document), told)
    text = (_segment(words, marks) for words, marks in excerpt.segments())
    broken = not excerpt.text.rstrip().endswith(ENDS)
    quoted = element("blockquote", "… " if excerpt.start else None, text, " …" if broken else None)
    return element("figure", caption, quoted)


def _segment(words: str, marks: tuple[str, ...]) -> Markup:
    first, *further = BLANK.split(words)
    shown = together(first, (together(GAP, line) for line in further))
    return element("mark", shown, class_=" ".join(marks)) if marks else shown


def _scores(outcome: Outcome) -> Markup:
    rank = f"none of {DEPTH}" if outcome.passage_rank is None else str(outcome.passage_rank)
    found = [("first passage with gold", rank)] if outcome.answerable else []
    scores = [*found, *((name, number(score)) for name, score in sorted(outcome.scores.items()))]
    shown = (element("span", name, " ", element("b", value)) for name, value in scores)
    return element("p", (together(one, " ") for one in shown), class_="scores")
