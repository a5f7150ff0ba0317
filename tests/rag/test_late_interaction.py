"""Late interaction against loops that anyone can check."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.late_interaction import (
    best_of_spans,
    cosines,
    inverse_document_frequency,
    is_punctuation,
    weighted_mean,
)

SEEDS = st.integers(0, 2**32 - 1)


@given(SEEDS, st.integers(1, 5), st.lists(st.integers(1, 6), min_size=1, max_size=5))
def test_the_best_of_a_text_is_the_best_cosine_of_each_question_token(
    seed: int, asked: int, lengths: list[int]
) -> None:
    generator = np.random.default_rng(seed)
    question = generator.normal(size=(asked, 4)).astype(np.float32)
    tokens = generator.integers(-127, 128, size=(sum(lengths), 4)).astype(np.int8)
    bounds = np.cumsum([0, *lengths], dtype=np.int64)
    found = best_of_spans(cosines(question, tokens), bounds)
    assert found.shape == (len(lengths), asked)
    for text in range(len(lengths)):
        for q in range(asked):
            best = max(
                sum(float(question[q, d]) * int(tokens[t, d]) / 127 for d in range(4))
                for t in range(bounds[text], bounds[text + 1])
            )
            assert found[text, q] == pytest.approx(best, abs=1e-4)


@given(SEEDS, st.lists(st.integers(1, 4), min_size=1, max_size=5))
def test_best_of_spans_is_the_largest_of_each_span(seed: int, lengths: list[int]) -> None:
    cosines = np.random.default_rng(seed).normal(size=(sum(lengths), 3)).astype(np.float32)
    bounds = np.cumsum([0, *lengths], dtype=np.int64)
    parts = [cosines[a:b] for a, b in pairwise(bounds)]
    assert best_of_spans(cosines, bounds).tolist() == [part.max(axis=0).tolist() for part in parts]


@given(SEEDS, st.integers(1, 4), st.integers(1, 6))
def test_weighted_mean_is_a_weighted_mean(seed: int, texts: int, asked: int) -> None:
    generator = np.random.default_rng(seed)
    similarities = generator.normal(size=(texts, asked)).astype(np.float32)
    weights = generator.uniform(0.1, 5, asked).astype(np.float32)
    found = weighted_mean(similarities, weights)
    for text in range(texts):
        total = sum(float(w) * float(s) for w, s in zip(weights, similarities[text], strict=True))
        assert found[text] == pytest.approx(total / float(sum(weights)), abs=1e-4)


def test_a_question_without_weight_matches_nothing() -> None:
    assert weighted_mean(np.ones((2, 3), np.float32), np.zeros(3, np.float32)).tolist() == [0, 0]


def test_rare_words_weigh_more() -> None:
    weights = inverse_document_frequency(np.array([0, 9, 99], dtype=np.int64), 99)
    assert weights.tolist() == pytest.approx([math.log(100), math.log(10.9), math.log(1.99)])


def test_punctuation_is_what_has_neither_letter_nor_digit() -> None:
    assert all(is_punctuation(token) for token in ("?", "…", "。", "_", "--"))
    assert not any(is_punctuation(token) for token in ("a", "7", "三", "a?"))
