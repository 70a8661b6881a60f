"""Judges by hand-made tables; windows lose nothing; the threshold is the best one."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.judge import JUDGES, CheckedOverlap, WordOverlap, best_threshold, judge, needed, supports, windows
from ingest.errors import UsageError

SOURCE = "Canada and the United States set up the command in 1958. Its headquarters are in Colorado Springs."


@pytest.mark.parametrize(
    ("statement", "overlap", "checked"),
    [
        ("The command was set up in 1958.", 1.0, 1.0),
        ("The command was set up in 1959.", 0.5, 0.0),
        ("Mexico set up the command.", 0.5, 0.5),  # the first word may be a name by its place only
        ("They say that it is so.", 1.0, 1.0),  # nothing claimed
    ],
)
def test_scores_by_hand(statement: str, overlap: float, checked: float) -> None:
    assert WordOverlap().score(statement, [SOURCE]) == pytest.approx(overlap)
    assert CheckedOverlap().score(statement, [SOURCE]) == pytest.approx(checked)


def test_without_sources_nothing_is_supported() -> None:
    for one in JUDGES.values():
        assert one.score("Canada set up the command.", []) == 0.0


@given(st.lists(st.integers(1, 60), max_size=30), st.integers(20, 120))
def test_windows_hold_every_sentence_and_are_bounded(lengths: list[int], most: int) -> None:
    said = [" ".join(["Word", *["word"] * (length - 1)]) + f" {number}x." for number, length in enumerate(lengths)]
    found = list(windows(" ".join(said), most))
    assert all(any(sentence in window for window in found) for sentence in said)
    assert all(len(window.split()) <= most or window in said for window in found)
    assert all(one != other for one, other in pairwise(found))


def test_words_from_all_over_a_book_support_nothing() -> None:
    apart = f"Canada was there. {'Nothing of it is told here. ' * 60} The command was far away."
    together = WordOverlap().score("Canada command", ["Canada had the command."])
    assert together == 1.0
    assert WordOverlap().score("Canada command", [apart]) == 0.5


def test_a_citation_is_needed_alone_or_because_the_others_do_not_do() -> None:
    overlap = WordOverlap()
    right, other = "The command was set up by Canada.", "Winters are cold."
    assert needed(overlap, "Canada set up the command.", [right, other]) == [True, False]
    assert needed(overlap, "Canada set up the command.", [right, right]) == [True, True]
    assert needed(overlap, "Mexico left the alliance.", [right, other]) == [False, False]
    assert supports(overlap, "Canada set up the command.", [right])


SCORED = st.lists(st.tuples(st.sampled_from([0.0, 0.2, 0.4, 0.6, 0.8, 1.0]), st.booleans()), min_size=2, max_size=30)


@given(SCORED.filter(lambda pairs: {right for _, right in pairs} == {True, False}))
def test_no_other_threshold_is_better(scored: list[tuple[float, bool]]) -> None:
    def balanced(threshold: float) -> float:
        right = [score >= threshold for score, is_so in scored if is_so]
        wrong = [score < threshold for score, is_so in scored if not is_so]
        return (sum(right) / len(right) + sum(wrong) / len(wrong)) / 2

    threshold, accuracy = best_threshold(scored)
    assert balanced(threshold) == pytest.approx(accuracy, abs=1e-6)
    assert all(balanced(other / 10) <= accuracy + 1e-6 for other in range(11))


def test_an_unknown_judge_is_wrong_usage() -> None:
    with pytest.raises(UsageError, match="--judge x: choose one of overlap, checked"):
        judge("x")
