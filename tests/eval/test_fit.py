"""The fits of the weights, on numbers whose answer is known."""

from __future__ import annotations

import json

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from eval.fit import ANSWERED_BY, RANKED_BY, REFUSED, logistic, threshold
from service import scoring


def test_the_regression_finds_the_weights_that_made_the_data():
    chance = np.random.default_rng(3)
    matrix = chance.normal(size=(20_000, 2)) * [1.0, 10.0] + [0.0, 5.0]
    truth = (chance.random(20_000) < 1 / (1 + np.exp(-(2 * matrix[:, 0] - 0.1 * matrix[:, 1] + 0.3)))).astype(float)
    found = logistic(matrix, truth, np.ones(20_000), penalty=1e-3)
    np.testing.assert_allclose(found, [2.0, -0.1, 0.3], atol=0.12)


@given(st.lists(st.tuples(st.floats(0, 0.99), st.booleans()), min_size=4, max_size=40))
def test_a_threshold_refuses_enough_of_the_unanswerable(pairs):
    scores = np.array([score for score, _ in pairs])
    answerable = np.array([truth for _, truth in pairs])
    if answerable.any() and not answerable.all():
        at = threshold(scores, answerable)
        assert (scores[~answerable] < at).mean() >= REFUSED


def test_a_clean_gap_is_found():
    scores, answerable = np.array([0.1, 0.2, 0.8, 0.9]), np.array([False, False, True, True])
    assert 0.2 < threshold(scores, answerable) < 0.8


def test_the_stored_weights_are_those_that_the_fit_makes():
    stored = json.loads(scoring.WEIGHTS.read_text("utf-8"))
    assert set(stored["rank"]) == {"bias", *RANKED_BY}
    assert set(stored["answer"]) == {"bias", *ANSWERED_BY}
    assert 0 < stored["threshold"] < 1
