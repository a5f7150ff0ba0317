"""BM25: folding, stemming, CJK bigrams, and an index that survives the disk."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import bm25s
import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from rag.keyword import KeywordIndex, fold, keywords, words
from rag.term_counts import StoredCounts, TermCounts

TEXTS = ["A prize for Mirela.", "Two prizes, prized prizes in Oslo.", "三十而已在曼谷开播。", "…"]


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("The remakes were remade", ["remak", "remad"]),
        ("Gió ngang khoảng trời", ["gio", "ngang", "khoang", "troi"]),
        ("ĐÀ NẴNG", ["da", "nang"]),
        ("三十而已", ["三十", "十而", "而已"]),
        ("剧", ["剧"]),
        ("겨우 서른", ["겨우", "서른"]),
        ("Who did what, and why?", []),
        ("3.4% of 2,500", ["3", "4", "2", "500"]),
    ],
)
def test_terms(text: str, terms: list[str]) -> None:
    assert keywords(text) == terms


@example("𝑨 Ｂ ﬁ ß Đ")
@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_folding_is_idempotent(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert words(fold(text)) == words(text)


@example("𝑨e\u0301B e\u0323\u0302 ŉ İI Σς")
@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_folding_in_runs_is_folding_of_each_character(text: str) -> None:
    def plain(character: str) -> str:
        folded = unicodedata.normalize("NFKD", character).casefold().replace("đ", "d")
        parts = unicodedata.normalize("NFKD", folded)
        return "".join(part for part in parts if not unicodedata.combining(part))

    assert fold(text) == "".join(map(plain, text))


@given(st.text("aBcÉñđ 三9"))
def test_case_and_accents_do_not_matter(text: str) -> None:
    assert keywords(text.upper()) == keywords(text) == keywords(fold(text))


def test_the_best_match_scores_highest(tmp_path: Path) -> None:
    KeywordIndex.build(TEXTS).save(tmp_path)
    index = KeywordIndex.load(tmp_path, len(TEXTS))
    scores = index.scores(keywords("prizes in Oslo"))
    assert scores.shape == (4,)
    assert scores[1] > scores[0] > scores[2] == scores[3] == 0
    assert index.scores(keywords("曼谷")).argmax() == 2
    assert not index.scores(keywords("unheard-of")).any()
    assert not index.scores([]).any()


def test_an_index_without_a_term_scores_nothing(tmp_path: Path) -> None:
    KeywordIndex.build(["…", "the"]).save(tmp_path)
    assert KeywordIndex.load(tmp_path, 2).scores(["prize"]).tolist() == [0, 0]


@given(st.lists(st.lists(st.sampled_from("abcdef")), max_size=8))
def test_scores_are_those_of_bm25s(corpus: list[list[str]]) -> None:
    counts = TermCounts()
    for terms in corpus:
        counts.add(terms)
    index = KeywordIndex.from_counts(counts)
    wanted = bm25s.BM25()
    if any(corpus):
        wanted.index(corpus, show_progress=False)
    for term in "abcdefg":
        known = any(term in terms for terms in corpus)
        scores = wanted.get_scores([term]) if known else np.zeros(len(corpus))
        np.testing.assert_allclose(index.scores([term]), scores, rtol=1e-5)
        assert index.knows(term) == known
        assert index.rows_with(term).tolist() == [
            row for row, terms in enumerate(corpus) if term in terms
        ]


def test_counts_that_are_taken_over_make_the_same_index(tmp_path: Path) -> None:
    KeywordIndex.build(TEXTS).save(tmp_path)
    stored = StoredCounts(tmp_path, len(TEXTS))
    counts = TermCounts(stored.vocabulary)
    counts.add(keywords("Oslo is new"))
    for rows in (range(2, 4), range(0), range(1)):
        counts.take(stored, rows)
    changed = KeywordIndex.from_counts(counts)
    fresh = KeywordIndex.build(["Oslo is new", TEXTS[2], TEXTS[3], TEXTS[0]])
    assert set(changed.vocabulary) == set(fresh.vocabulary)  # "two" occurs no longer
    for term in {*fresh.vocabulary} - {""}:
        assert changed.scores([term]).tolist() == fresh.scores([term]).tolist()
    changed.save(tmp_path / "next")
    again = StoredCounts(tmp_path / "next", 4)
    assert again.vocabulary == {t: n for t, n in again.vocabulary.items() if changed.knows(t)}


def test_counts_of_other_texts_are_refused(tmp_path: Path) -> None:
    KeywordIndex.build(TEXTS).save(tmp_path)
    with pytest.raises(ValueError, match="not those"):
        StoredCounts(tmp_path, len(TEXTS) + 1)
    (tmp_path / "ends.npy").unlink()
    with pytest.raises(OSError):
        StoredCounts(tmp_path, len(TEXTS))
