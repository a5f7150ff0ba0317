"""Measures against values computed by hand, and against their definitions."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.metrics import auroc, balanced_accuracy, hit, mean, ndcg, overlap, percentile

KINDS = st.lists(st.tuples(st.integers(-5, 5), st.booleans()), max_size=30)


def test_ndcg_by_hand() -> None:
    assert ndcg([1], 1) == 1.0
    assert ndcg([2], 1) == pytest.approx(1 / math.log2(3))
    assert ndcg([1, 3], 2) == pytest.approx((1 + 0.5) / (1 + 1 / math.log2(3)))
    assert ndcg([11], 1) == 0.0
    assert ndcg([], 0) == 0.0


@given(st.sets(st.integers(1, 40), max_size=20))
def test_ndcg_is_1_for_the_best_order_only(ranks: set[int]) -> None:
    value = ndcg(sorted(ranks), max(1, len(ranks)))
    assert 0 <= value <= 1 + 1e-9
    best = bool(ranks) and set(range(1, min(len(ranks), 10) + 1)) <= ranks
    assert (value > 1 - 1e-9) == best


def test_a_hit_is_within_the_first_k() -> None:
    assert hit(4, 4)
    assert not hit(5, 4)
    assert not hit(None, 10)


def test_overlap_by_hand() -> None:
    both = overlap(right=3, said=4, found=2, wanted=8)
    assert (both.precision, both.recall) == (0.75, 0.25)
    assert both.f1 == pytest.approx(0.375)
    assert overlap(0, 0, 0, 3).f1 == 0.0


def test_auroc_by_hand() -> None:
    assert auroc([0.9, 0.4, 0.6, 0.1], [True, True, False, False]) == 0.75
    assert auroc([0.5, 0.5], [True, False]) == 0.5
    assert auroc([0.5, 0.7], [True, True]) is None
    assert auroc([], []) is None


@given(KINDS)
def test_auroc_is_how_often_a_positive_is_above_a_negative(cases: list[tuple[int, bool]]) -> None:
    positives = [score for score, positive in cases if positive]
    negatives = [score for score, positive in cases if not positive]
    wins = sum((p > n) + (p == n) / 2 for p in positives for n in negatives)
    area = auroc([score for score, _ in cases], [positive for _, positive in cases])
    if positives and negatives:
        assert area == pytest.approx(wins / (len(positives) * len(negatives)))
    else:
        assert area is None


def test_balanced_accuracy_by_hand() -> None:
    assert balanced_accuracy([True, True, False, True], [True, True, True, False]) == pytest.approx(
        (2 / 3 + 0) / 2
    )
    assert balanced_accuracy([True], [True]) is None


@given(st.lists(st.booleans(), min_size=1), st.booleans())
def test_saying_always_the_same_is_balanced_to_a_half(kinds: list[bool], said: bool) -> None:
    value = balanced_accuracy([said] * len(kinds), kinds)
    assert value == (0.5 if len(set(kinds)) == 2 else None)


def test_mean_and_percentile() -> None:
    assert mean([True, False]) == 0.5
    assert mean([]) is None
    assert percentile([1.0, 2.0, 3.0], 0.5) == 2.0
    assert percentile([0.0, 10.0], 0.95) == pytest.approx(9.5)
    assert percentile([], 0.5) is None
