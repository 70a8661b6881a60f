"""Curves and calibration against tables made by hand, and what holds for every table."""

from __future__ import annotations

import random
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.calibration import calibrate, risk_coverage, separation

SCORES = st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1)


def test_the_curve_says_what_each_threshold_would_do() -> None:
    scores = [(0.9, True), (0.7, True), (0.6, False), (0.2, False), (0.1, True)]
    rows = [(t.threshold, t.answered, t.refused, t.coverage, t.risk) for t in risk_coverage(scores)]
    third = pytest.approx(1 / 3, abs=1e-6)
    assert rows == [
        (0.1, 1.0, 0.0, 1.0, 0.4),
        (0.2, pytest.approx(2 / 3, abs=1e-6), 0.0, 0.8, 0.5),
        (0.6, pytest.approx(2 / 3, abs=1e-6), 0.5, 0.6, third),
        (0.7, pytest.approx(2 / 3, abs=1e-6), 1.0, 0.4, 0.0),
        (0.9, third, 1.0, 0.2, 0.0),
    ]


@given(SCORES)
def test_a_higher_threshold_never_answers_more(scores: list[tuple[float, bool]]) -> None:
    curve = risk_coverage(scores)
    assert len(curve) <= 20
    for lower, higher in pairwise(curve):
        assert lower.coverage >= higher.coverage
        assert (lower.answered or 0) >= (higher.answered or 0)
        assert (lower.refused or 0) <= (higher.refused or 0)


def test_areas_by_hand() -> None:
    scores = [(0.9, True), (0.7, True), (0.6, False), (0.2, False), (0.1, True)]
    found = separation(scores)
    assert found.auroc == pytest.approx(4 / 6, abs=1e-6)  # of the six pairs, 0.1 loses both of its
    assert found.aurc == pytest.approx((0 + 0 + 1 / 3 + 2 / 4 + 2 / 5) / 5, abs=1e-6)


def test_areas_where_there_is_nothing_to_part() -> None:
    assert separation([(0.5, True)]).auroc is None
    assert separation([(0.5, True)]).aurc == 0.0
    assert separation([(0.5, False), (0.1, False)]).aurc == 1.0
    assert separation([(0.5, True), (0.5, False)]).auroc == 0.5


@given(SCORES, st.randoms(use_true_random=False))
def test_the_order_of_the_cases_changes_nothing(scores: list[tuple[float, bool]], generator: random.Random) -> None:
    mixed = generator.sample(scores, len(scores))
    assert separation(scores) == separation(mixed)
    assert calibrate(scores) == calibrate(mixed)


@given(SCORES)
def test_turned_scores_part_the_other_way(scores: list[tuple[float, bool]]) -> None:
    auroc, turned = separation(scores).auroc, separation([(-score, right) for score, right in scores]).auroc
    assert (auroc is None) is (turned is None)
    if auroc is not None and turned is not None:
        assert auroc + turned == pytest.approx(1, abs=1e-5)


def test_the_calibration_error_by_hand() -> None:
    found = calibrate([(0.95, True), (0.95, False), (0.15, False), (1.0, True)])
    assert found.cases == 4
    assert (found.bins[9].cases, found.bins[9].score, found.bins[9].right) == (
        3,
        pytest.approx(2.9 / 3, abs=1e-6),
        pytest.approx(2 / 3, abs=1e-6),
    )
    assert found.ece == pytest.approx((3 * 0.3 + 0.15) / 4, abs=1e-6)


@given(SCORES)
def test_every_case_is_in_one_bin(scores: list[tuple[float, bool]]) -> None:
    found = calibrate(scores)
    assert sum(one.cases for one in found.bins) == found.cases == len(scores)
    assert found.ece is not None
    assert 0 <= found.ece <= 1


def test_without_cases_there_is_no_error() -> None:
    assert calibrate([]).ece is None
