"""Measures against tables made by hand, and the promises that hold for every table."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.case import Case, Gold
from eval.locate import Parts, Place, locate_gold
from eval.measures import (
    NAMES,
    Scored,
    first_rank,
    hits,
    mean_with_interval,
    normal,
    overlaps,
    score_answer,
    score_search,
    score_support,
    summarise,
    token_f1,
)
from ingest.document import Span
from service.answer import Stance, Statement, Verdict

from .subject import TEXTS, answer, cite, cite_words, hit, search, words

ANSWERABLE = Case(
    id="1",
    family="1",
    split="test",
    type="polar",
    question="Does ANZUS oblige its parties to act and is there a Council?",
    outcome="answer",
    place="cases.jsonl:1",
    verdict=Verdict.MIXED,
    answers=("common\\s+danger", "COUNCIL"),
    gold=(
        (Gold(quote="act to meet the common danger", documents=("anzus",)),),
        (
            Gold(quote="hereby establish a Council", documents=("anzus",)),
            Gold(quote="Colorado Springs", documents=("norad",)),
        ),
    ),
)
UNANSWERABLE = replace(ANSWERABLE, id="2", verdict=None, answers=(), gold=(), outcome="refusal", type="unanswerable")
DANGER = cite_words("anzus", "act to meet the common danger in accordance")
COUNCIL = cite_words("anzus", "The Parties hereby establish a Council.")
SPRINGS = cite_words("norad", "Its headquarters are in Colorado Springs.")
FOREVER = cite_words("anzus", "This Treaty shall remain in force indefinitely.")


@pytest.fixture
def parts() -> Parts:
    return locate_gold([ANSWERABLE], TEXTS.get)["1"]


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ((0, 10), (0, 10), True),
        ((0, 10), (4, 14), True),  # 6 of 10
        ((0, 10), (5, 15), False),  # 5 of 10
        ((0, 10), (7, 1000), False),  # 3 of the shorter one's 10
        ((0, 1000), (995, 1003), True),  # 5 of 8
        ((0, 10), (10, 20), False),
        ((3, 3), (0, 10), False),  # nothing overlaps an empty span
    ],
)
def test_spans_overlap_by_sixty_per_cent_of_the_shorter(
    one: tuple[int, int], other: tuple[int, int], expected: bool
) -> None:
    first, second = Span(start=one[0], end=one[1]), Span(start=other[0], end=other[1])
    assert overlaps(first, second) is expected
    assert overlaps(second, first) is expected


@given(st.integers(0, 50), st.integers(1, 50), st.integers(0, 50), st.integers(1, 50), st.integers(0, 1000))
def test_overlap_is_symmetric_and_blind_to_where_the_text_starts(a: int, m: int, b: int, n: int, shift: int) -> None:
    one, other = Span(start=a, end=a + m), Span(start=b, end=b + n)
    moved = [Span(start=span.start + shift, end=span.end + shift) for span in (one, other)]
    assert overlaps(one, one)
    assert overlaps(one, other) is overlaps(other, one) is overlaps(*moved)
    shared = len(set(range(a, a + m)) & set(range(b, b + n)))
    assert overlaps(one, other) is (5 * shared >= 3 * min(m, n))


def test_the_same_offsets_in_another_document_are_no_hit(parts: Parts) -> None:
    gold = parts[0][0][0]
    assert hits(gold, parts[0])
    assert not hits(Place(document="norad", start=gold.start, end=gold.end), parts[0])


def test_an_answer_is_scored_by_the_table(parts: Parts) -> None:
    full = answer("?", DANGER, FOREVER, COUNCIL, verdict=Verdict.MIXED)
    assert score_answer(ANSWERABLE, parts, full) == {
        "first_span": 1.0,
        "citation_precision": pytest.approx(2 / 3),
        "citation_recall": 1.0,
        "answered": 1.0,
        "verdict_accuracy": 1.0,
        "answer_patterns": 1.0,
        "alce_recall[overlap]": 1.0,
        "alce_precision[overlap]": 1.0,
        "exact_match": 0.0,
        "token_f1": pytest.approx(2 * 5 / (7 + 5)),  # seven words against five: articles are left out
    }


def test_an_alternative_is_as_good_as_the_other(parts: Parts) -> None:
    assert score_answer(ANSWERABLE, parts, answer("?", DANGER, SPRINGS))["citation_recall"] == 1.0
    assert score_answer(ANSWERABLE, parts, answer("?", SPRINGS, COUNCIL))["citation_recall"] == 0.5


def test_evidence_against_is_recalled_but_is_not_what_supports(parts: Parts) -> None:
    against = replace(DANGER, stance=Stance.OPPOSES)
    scores = score_answer(ANSWERABLE, parts, answer("?", against, FOREVER, verdict=Verdict.YES))
    assert scores["first_span"] == 0.0
    assert scores["citation_precision"] == 0.0
    assert scores["citation_recall"] == 0.5
    assert scores["verdict_accuracy"] == 0.0


def test_refusing_what_can_be_answered_scores_nothing_anywhere(parts: Parts) -> None:
    refused = score_answer(ANSWERABLE, parts, answer("?"))
    assert len(refused) == 10
    assert set(refused.values()) == {0.0}


def test_an_answer_whose_citations_all_oppose_has_no_precision(parts: Parts) -> None:
    only_against = answer("?", replace(DANGER, stance=Stance.OPPOSES))
    assert score_answer(ANSWERABLE, parts, only_against)["citation_precision"] == 0.0


def test_of_unanswerable_cases_only_the_refusal_counts() -> None:
    assert score_answer(UNANSWERABLE, (), answer("?")) == {"refused": 1.0}
    assert score_answer(UNANSWERABLE, (), answer("?", DANGER)) == {"refused": 0.0}
    assert score_search(UNANSWERABLE, (), search("anything")) == {}


def test_a_ranking_is_scored_by_its_first_hit(parts: Parts) -> None:
    wrong = [hit(rank, 1.0, "norad", 0, 56) for rank in range(1, 11)]
    right = hit(0, 1.0, "anzus", 0, len(TEXTS["anzus"]))
    for rank in range(1, 12):
        ranking = [*wrong[: rank - 1], right, *wrong[rank - 1 :]]
        expected = {f"passage_hit@{cut}": float(rank <= cut) for cut in (1, 3, 10)}
        assert score_search(ANSWERABLE, parts, ranking) == {
            **expected,
            "passage_mrr@10": 1 / rank if rank < 11 else 0.0,
        }
    assert set(score_search(ANSWERABLE, parts, []).values()) == {0.0}


def test_reciprocal_ranks_agree_with_an_independent_library(parts: Parts) -> None:
    ir_measures = pytest.importorskip("ir_measures")
    generator = random.Random(3)
    places = [cite("anzus", start, start + 12) for start in range(0, 140, 12)]
    qrels, run, ours = [], [], []
    for query in map(str, range(40)):
        generator.shuffle(places)
        ranking = [hit(rank, 0.0, "anzus", place.start, place.end) for rank, place in enumerate(places, 1)]
        for place, found in zip(places, ranking, strict=True):
            gold = first_rank(parts, [found]) is not None
            qrels.append(ir_measures.Qrel(query, str(place.start), int(gold)))
            run.append(ir_measures.ScoredDoc(query, str(place.start), -float(found.rank)))
        ours.append(score_search(ANSWERABLE, parts, ranking))
    theirs = ir_measures.calc_aggregate(
        [ir_measures.RR @ 10, ir_measures.Success @ 1, ir_measures.Success @ 3, ir_measures.Success @ 10], qrels, run
    )
    for name, measure in (("passage_mrr@10", "RR@10"), *((f"passage_hit@{k}", f"Success@{k}") for k in (1, 3, 10))):
        mean = sum(scores[name] for scores in ours) / len(ours)
        assert mean == pytest.approx(theirs[ir_measures.parse_measure(measure)]), name


FAMILIES = st.lists(
    st.lists(st.sampled_from([0.0, 0.25, 1 / 3, 0.5, 1.0]), min_size=1, max_size=4), min_size=1, max_size=12
)


@given(FAMILIES)
def test_an_interval_holds_its_value_and_stays_among_the_values(families: list[list[float]]) -> None:
    value, low, high = mean_with_interval(families)
    everything = [score for family in families for score in family]
    assert value == pytest.approx(sum(everything) / len(everything), abs=1e-6)
    assert round(min(everything), 6) <= low <= value <= high <= round(max(everything), 6)


@given(FAMILIES, st.randoms(use_true_random=False))
def test_the_order_of_the_cases_changes_nothing(families: list[list[float]], generator: random.Random) -> None:
    cases = [
        Scored(id=f"{name}-{number}", family=str(name), scores={"answered": score, "first_span": 1 - score})
        for name, family in enumerate(families)
        for number, score in enumerate(family)
    ]
    mixed = generator.sample(cases, len(cases))
    assert summarise(cases) == summarise(mixed)


def test_wordings_of_one_question_are_not_independent() -> None:
    """Forty cases in four families tell less than forty in forty, though the mean is the same."""
    _, low, high = mean_with_interval([[1.0]] * 20 + [[0.0]] * 20)
    _, lower, higher = mean_with_interval([[1.0] * 10] * 2 + [[0.0] * 10] * 2)
    assert higher - lower > 2 * (high - low)


def test_an_interval_is_near_the_textbook_one() -> None:
    """50 of 100 independent cases: the normal approximation gives 0.5 ± 1.96 · 0.05."""
    value, low, high = mean_with_interval([[1.0]] * 50 + [[0.0]] * 50)
    assert (value, low, high) == (0.5, pytest.approx(0.402, abs=0.011), pytest.approx(0.598, abs=0.011))


def test_a_measure_without_cases_is_null_with_the_reason() -> None:
    summary = summarise([Scored(id="1", family="1", scores={"refused": 1.0})])
    assert tuple(summary) == NAMES
    assert (summary["refused"].value, summary["refused"].cases) == (1.0, 1)
    assert (summary["answered"].value, summary["answered"].reason) == (None, "no case belongs to it")
    assert (summary["faithfulness"].value, summary["faithfulness"].reason) == (None, "there is no verifier yet")


def test_statements_are_held_against_what_they_cite() -> None:
    """Three statements: a quotation, one whose citation is about something else, one that only two together support."""
    danger, council = replace(DANGER, number=1), replace(COUNCIL, number=2)
    both = f"{DANGER.quote} {COUNCIL.quote}"
    said = [(DANGER.quote, (1,)), ("Canada joined in 1958.", (2,)), (both, (1, 2))]
    statements = tuple(Statement(text=text, start=0, end=len(text), citations=cited) for text, cited in said)
    full = replace(answer("?", danger, council), statements=statements)
    apart = score_support(full, full.citations, judge=Together(threshold=1.0))
    assert apart == {"alce_recall[overlap]": pytest.approx(2 / 3), "alce_precision[overlap]": pytest.approx(3 / 4)}
    assert set(score_support(full, ()).values()) == {0.0}


@dataclass(frozen=True)
class Together:
    """The share of the words that all sources together hold."""

    threshold: float
    name: str = "together"

    def score(self, statement: str, sources: Sequence[str]) -> float:
        wanted = words(statement)
        return len(wanted & words(" ".join(sources))) / len(wanted)


WORDS = st.text(alphabet="ab, the.", max_size=20)


@given(WORDS, WORDS)
def test_token_f1_is_symmetric_and_1_for_the_same_words(one: str, other: str) -> None:
    assert token_f1(one, other) == token_f1(other, one)
    assert 0 <= token_f1(one, other) <= 1
    assert token_f1(one, one.upper() + "!") == 1
    assert (normal(one) != normal(other)) or token_f1(one, other) == 1


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("", "", 1.0),
        ("", "the", 1.0),  # articles are no words here
        ("council", "", 0.0),
        ("The Council shall meet", "council", 0.5),  # 1 of 3 and 1 of 1
        ("no no no", "no", 0.5),  # as bags
        ("1 September 1951", "September 1, 1951", 1.0),
    ],
)
def test_token_f1_by_hand(one: str, other: str, expected: float) -> None:
    assert token_f1(one, other) == pytest.approx(expected)
