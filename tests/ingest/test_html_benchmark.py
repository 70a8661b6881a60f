"""The main text of real pages, against what people marked as it."""

from __future__ import annotations

from pathlib import Path

import pytest

from eval.benchmarks.article_extraction import (
    Overlap,
    Page,
    macro,
    micro,
    ours,
    overlap,
    pages,
    scores,
    shingles,
    words,
)


@pytest.mark.shared
def test_words_of_181_marked_pages(shared: Path) -> None:
    truth = list(pages(shared / "documents" / "html" / "article_extraction"))
    measured = scores({page.name: ours(page) for page in truth}, truth)
    assert len(truth) == 181
    for measure in ("words, micro", "words, macro"):
        assert measured[measure].precision >= 0.94
        assert measured[measure].recall >= 0.98


@pytest.mark.shared
def test_words_of_pages_that_the_cues_were_not_made_on(shared: Path) -> None:
    truth = list(pages(shared / "documents" / "html" / "readability"))
    measured = scores({page.name: ours(page) for page in truth}, truth)
    assert measured["words, micro"].precision >= 0.94
    assert measured["words, micro"].recall >= 0.98


def test_overlap_counts_repeated_words_as_often_as_both_have_them() -> None:
    found = overlap(words("The treaty, the TREATY and a map"), words("the treaty the end"))
    assert (found.both, found.found, found.gold) == (3, 7, 4)


def test_micro_sums_and_macro_averages() -> None:
    pages_ = [Overlap(both=1, found=1, gold=2), Overlap(both=6, found=9, gold=6)]
    assert (micro(pages_).precision, micro(pages_).recall) == (0.7, 0.875)
    assert (macro(pages_).precision, macro(pages_).recall) == pytest.approx((5 / 6, 0.75))


def test_nothing_found_is_precise_only_where_nothing_was_to_be_found() -> None:
    assert Overlap(both=0, found=0, gold=5).precision == 0
    assert Overlap(both=0, found=0, gold=0).precision == 1


def test_a_text_of_three_words_is_one_shingle() -> None:
    assert shingles("one two three") == {"one two three": 1}
    assert shingles("a b c d e") == {"a b c d": 1, "b c d e": 1}


def test_a_perfect_extractor_scores_one() -> None:
    truth = [Page(name=name, html=b"", gold=f"the text of page {name}") for name in "abcdefgh"]
    assert {page.half for page in truth} == {"A", "B"}
    measured = scores({page.name: page.gold for page in truth}, truth)
    assert {(score.precision, score.recall, score.f1) for score in measured.values()} == {(1.0, 1.0, 1.0)}
