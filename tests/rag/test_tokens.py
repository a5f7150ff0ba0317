"""Token vectors on disk."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.segment_writer import SegmentWriter
from rag import IndexDamaged
from rag.tokens import Floats, Segment, TokenStore, project, quantize, text_hash


def unit_vectors(seed: int, count: int, size: int) -> Floats:
    vectors = np.random.default_rng(seed).normal(size=(count, size))
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors.astype(np.float32)


def save(folder: Path, name: str, lengths: dict[str, int]) -> Segment:
    """Write a segment of texts of so many tokens each."""
    writer, first = SegmentWriter(folder, name), 0
    for key, length in lengths.items():
        rows = np.arange(first, first + length, dtype=np.uint32)
        spans = np.stack([rows * 2, rows * 2 + 1], axis=1)
        vectors = unit_vectors(ord(key), length, 4)
        writer.add(key, quantize(vectors), rows, spans, vectors[0])
        first += length
    (segment,) = writer.finish()
    return segment


@given(st.integers(0, 2**32 - 1), st.sampled_from([16, 128, 384]))
def test_int8_keeps_cosines(seed: int, size: int) -> None:
    vectors = unit_vectors(seed, 12, size)
    stored = quantize(vectors)
    assert stored.dtype == np.int8
    cosines = vectors @ (stored.astype(np.float32) / 127).T
    np.testing.assert_allclose(cosines, vectors @ vectors.T, atol=0.02)


@given(st.integers(0, 2**32 - 1))
def test_a_turned_basis_keeps_cosines(seed: int) -> None:
    vectors = unit_vectors(seed, 12, 16)
    basis, _ = np.linalg.qr(np.random.default_rng(seed).normal(size=(16, 16)))
    turned = project(vectors, basis.astype(np.float32))
    np.testing.assert_allclose(turned @ turned.T, vectors @ vectors.T, atol=1e-4)
    assert project(vectors, None) is vectors


def test_projected_vectors_have_unit_length_or_none() -> None:
    basis = np.eye(4, 2, dtype=np.float32)
    vectors = np.array([[0.6, 0, 0.8, 0], [0, 0, 1, 0]], dtype=np.float32)
    assert project(vectors, basis).tolist() == [[1, 0], [0, 0]]


def test_texts_are_gathered_in_the_order_asked_for(tmp_path: Path) -> None:
    first, second = save(tmp_path, "one", {"a": 2, "b": 3}), save(tmp_path, "two", {"c": 1})
    store = TokenStore.load(tmp_path, ["one", "two"])
    tokens = store.gather(["c", "a", "c"])
    assert tokens.bounds.tolist() == [0, 1, 3, 4]
    assert tokens.pieces.tolist() == [0, 0, 1, 0]
    assert tokens.spans.tolist() == [[0, 1], [0, 1], [2, 3], [0, 1]]
    assert (
        tokens.vectors == np.concatenate([second.vectors, first.vectors[:2], second.vectors])
    ).all()
    assert store.lengths(["b", "c"]).tolist() == [3, 1]
    assert "b" in store and "d" not in store
    with pytest.raises(KeyError):
        store.gather(["d"])


def test_vectors_of_whole_texts_come_back_as_they_were(tmp_path: Path) -> None:
    save(tmp_path, "one", {"a": 2, "b": 3}), save(tmp_path, "two", {"c": 1})
    store = TokenStore.load(tmp_path, ["one", "two"])
    wanted = [unit_vectors(ord(key), length, 4)[0] for key, length in (("c", 1), ("b", 3))]
    assert (store.pooled(["c", "b"]) == np.stack(wanted)).all()
    assert store.pooled([]).shape[0] == 0
    with pytest.raises(KeyError):
        store.pooled(["a", "d"])


@pytest.mark.parametrize(
    "part", ["pooled.npy", "vectors.npy", "pieces.npy", "spans.npy", "texts.npy"]
)
@pytest.mark.parametrize("damage", ["gone", "cut", "empty"])
def test_a_damaged_segment_is_told(tmp_path: Path, part: str, damage: str) -> None:
    save(tmp_path, "one", {"a": 200, "b": 300})
    file = tmp_path / f"one.{part}"
    content = file.read_bytes()
    file.unlink()
    if damage != "gone":
        file.write_bytes(content[: len(content) // 2 if damage == "cut" else 0])
    with pytest.raises(IndexDamaged, match="--rebuild"):
        TokenStore.load(tmp_path, ["one"])


def test_parts_of_different_length_are_told(tmp_path: Path) -> None:
    save(tmp_path, "one", {"a": 2})
    np.save(tmp_path / "one.pieces.npy", np.arange(3, dtype=np.uint32))
    with pytest.raises(IndexDamaged, match="cut short"):
        TokenStore.load(tmp_path, ["one"])


@given(
    st.text(st.characters(exclude_categories=["Cs"])),
    st.text(st.characters(exclude_categories=["Cs"])),
)
def test_texts_are_named_by_their_content(one: str, other: str) -> None:
    assert (text_hash(one) == text_hash(other)) == (one == other)
