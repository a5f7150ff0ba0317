"""Token vectors of new texts: segments, compaction, and the basis they are projected on."""

from __future__ import annotations

import gc
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import ingest.token_writer
from ingest.frequencies import count_pieces, save_frequencies
from ingest.token_writer import MOST_SEGMENTS, TokenWriter, fit_basis
from rag import Assistant
from rag.encoder import Encoded
from rag.tokens import TokenStore, project


def encoded(length: int, seed: int, size: int = 8) -> Encoded:
    generator = np.random.default_rng(seed)
    vectors = generator.normal(size=(length, size)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    pieces = generator.integers(0, 20, length).astype(np.uint32)
    spans = np.arange(length * 2, dtype=np.uint32).reshape(-1, 2)
    return Encoded(vectors[0], vectors, pieces, spans)


def write(
    folder: Path, name: str, stored: TokenStore, new: list[str], live: list[str]
) -> TokenStore:
    """Add texts of 5 tokens each, and read the result back from disk."""
    writer = TokenWriter(folder, stored, name)
    for key in new:
        writer.add(key, encoded(5, seed=ord(key)))
    names = [segment.name for segment in writer.finish(live).segments]
    return TokenStore.load(folder, names)


def test_each_run_adds_a_segment_and_old_ones_stay(tmp_path: Path) -> None:
    tmp_path.joinpath("tokens").mkdir()
    one = write(tmp_path / "tokens", "one", TokenStore([], None), ["a", "b"], ["a", "b"])
    two = write(tmp_path / "tokens", "two", one, ["c"], ["a", "b", "c"])
    assert [segment.name for segment in two.segments] == ["one", "two"]
    tokens = two.gather(["c", "a"])
    assert tokens.bounds.tolist() == [0, 5, 10]
    for place, key in enumerate(["c", "a"]):
        wanted = encoded(5, seed=ord(key))
        rows = slice(place * 5, place * 5 + 5)
        np.testing.assert_allclose(tokens.vectors[rows] / 127, wanted.tokens, atol=0.5 / 127 + 1e-6)
        assert (tokens.pieces[rows] == wanted.pieces).all()
        assert (tokens.spans[rows] == wanted.spans).all()


def test_what_no_longer_occurs_is_dropped_when_it_is_much(tmp_path: Path) -> None:
    one = write(tmp_path, "one", TokenStore([], None), list("abcd"), list("abcd"))
    two = write(tmp_path, "two", one, ["e"], list("abce"))
    assert [s.name for s in two.segments] == ["one", "two"]  # one of five: not worth the work
    before = two.gather(["a", "e"])
    three = write(tmp_path, "three", two, [], ["a", "e"])
    assert [s.name for s in three.segments] == ["three"]
    assert "b" not in three
    assert (three.gather(["a", "e"]).vectors == before.vectors).all()
    assert not list(tmp_path.glob("one.*"))


def test_many_segments_become_one(tmp_path: Path) -> None:
    store, keys = TokenStore([], None), list("abcdefghijklmnopqrst")
    for number, key in enumerate(keys, start=1):
        store = write(tmp_path, f"run{number:02}", store, [key], keys[:number])
        assert len(store.segments) <= MOST_SEGMENTS
    assert all(key in store for key in keys)


def test_a_basis_is_fitted_when_there_are_enough_tokens(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ingest.token_writer, "TOKENS_TO_FIT", 20)
    one = write(tmp_path, "one", TokenStore([], None), list("abc"), list("abc"))
    assert one.basis is None
    two = write(tmp_path, "two", one, list("d"), list("abcd"))
    assert two.basis is not None
    assert len(two.segments) == 1
    three = write(tmp_path, "three", two, list("e"), list("abcde"))
    assert three.basis is not None and (three.basis == two.basis).all()
    # A basis as wide as the vectors turns them and keeps their cosines, old and new ones alike.
    stored = three.gather(["a", "e"]).vectors / np.float32(127)
    vectors = np.concatenate([encoded(5, seed=ord(key)).tokens for key in "ae"])
    np.testing.assert_allclose(stored @ stored.T, vectors @ vectors.T, atol=0.05)


@given(st.integers(0, 2**32 - 1), st.integers(1, 6))
def test_vectors_of_a_subspace_keep_their_cosines(seed: int, rank: int) -> None:
    generator = np.random.default_rng(seed)
    vectors = generator.normal(size=(40, rank)) @ generator.normal(size=(rank, 24))
    vectors = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
    basis = fit_basis(vectors, size=rank)
    assert basis.shape == (24, rank)
    np.testing.assert_allclose(basis.T @ basis, np.eye(rank), atol=1e-4)
    projected = project(vectors, basis)
    np.testing.assert_allclose(projected @ projected.T, vectors @ vectors.T, atol=1e-3)


def test_projection_hardly_moves_the_cosines_of_real_tokens(assistant: Assistant) -> None:
    snapshot = assistant.index.current()
    stored = snapshot.tokens.gather([chunk.key for chunk in snapshot.chunks]).vectors
    vectors = stored[::10].astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    projected = project(vectors, fit_basis(vectors))
    assert projected.shape[1] < vectors.shape[1]
    moved = np.abs(projected @ projected.T - vectors @ vectors.T)
    assert float(moved.mean()) < 0.03


def test_word_pieces_are_counted_once_a_chunk(tmp_path: Path) -> None:
    store = write(tmp_path, "one", TokenStore([], None), ["a", "b"], ["a", "b"])
    # A text that two chunks share counts twice.
    save_frequencies(tmp_path, count_pieces(store, {"a": 2, "b": 1}))
    sets = {key: set(encoded(5, seed=ord(key)).pieces.tolist()) for key in "ab"}
    with np.load(tmp_path / "token_df.npz") as table:
        found = dict(zip(table["pieces"].tolist(), table["counts"].tolist(), strict=True))
    assert found == {
        piece: 2 * (piece in sets["a"]) + (piece in sets["b"]) for piece in sets["a"] | sets["b"]
    }


def test_files_that_are_given_up_are_let_go(tmp_path: Path) -> None:
    writer = TokenWriter(tmp_path, TokenStore([], None), "one")
    writer.add("a", encoded(5, seed=1))
    writer.abandon()
    gc.collect()  # an open file would warn, and warnings are errors
    writer.abandon()


def test_many_whole_vectors_are_projected_before_the_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ingest.token_writer, "TOKENS_TO_FIT", 10)
    monkeypatch.setattr(ingest.token_writer, "MOST_WHOLE_TOKENS", 20)
    monkeypatch.setattr(ingest.token_writer, "BLOCK", 3)
    keys = list("abcdefghijkl")
    store = write(tmp_path, "one", TokenStore([], None), keys, keys)
    assert store.basis is not None and len(store.segments) == 1
    assert sorted(file.name.split(".")[0] for file in tmp_path.glob("*.pieces.npy")) == ["one-2"]
    for key in keys:
        wanted = encoded(5, seed=ord(key))
        found = store.gather([key])
        assert (found.pieces == wanted.pieces).all()
        cosines = wanted.tokens @ wanted.tokens.T  # the basis is as wide as the vectors
        stored = found.vectors / np.float32(127)
        np.testing.assert_allclose(stored @ stored.T, cosines, atol=0.05)
