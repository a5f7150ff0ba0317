"""The packaged model: vectors, token offsets, and refusing what is not the model."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from rag import Encoder, ModelUnavailable
from rag.encoder import PACKAGED_SHA256, UNKNOWN_BASE

TEXTS = [
    "The Zorblatt prize went to Mirela Quonset.",
    "三十而已 opened in Đà Nẵng 😀!",
    "It rained.",
]


def test_vectors_have_unit_length(encoder: Encoder) -> None:
    for text, encoded in zip(TEXTS, encoder.encode(TEXTS), strict=True):
        assert encoded.vector.shape == (encoder.dimension,)
        assert len(encoded.tokens) == len(encoded.pieces) == len(encoded.spans)
        assert len(encoded.pieces) == encoder.count_tokens(text)
        np.testing.assert_allclose(np.linalg.norm(encoded.vector), 1, atol=1e-3)
        np.testing.assert_allclose(np.linalg.norm(encoded.tokens, axis=1), 1, atol=1e-3)


def test_tokens_know_their_characters(encoder: Encoder) -> None:
    (encoded,) = encoder.encode(["Đà Nẵng, 😀 Oslo."])
    words = ["Đà Nẵng, 😀 Oslo."[a:b] for a, b in encoded.spans]
    assert "".join(words) == "ĐàNẵng,😀Oslo."


def test_the_vector_of_a_text_is_the_mean_of_its_tokens_and_not_of_its_neighbours(
    encoder: Encoder,
) -> None:
    for text, together in zip(TEXTS, encoder.encode(TEXTS), strict=True):
        (alone,) = encoder.encode([text])
        assert float(alone.vector @ together.vector) > 0.998
        assert (alone.pieces == together.pieces).all()


def test_unknown_words_are_told_apart(encoder: Encoder) -> None:
    one, same, other = encoder.encode(["🦄", "🦄", "🦖"])
    assert one.pieces[0] >= UNKNOWN_BASE
    assert one.pieces[0] == same.pieces[0] != other.pieces[0]


def test_a_long_text_is_cut(encoder: Encoder) -> None:
    (encoded,) = encoder.encode(["word " * 1000])
    assert len(encoded.pieces) == encoder.max_tokens
    assert encoder.count_tokens("word " * 1000) == 1000


def test_an_empty_text_has_no_tokens(encoder: Encoder) -> None:
    (encoded,) = encoder.encode([""])
    assert encoded.tokens.shape == (0, encoder.dimension)
    assert list(encoder.encode([])) == []


def test_it_is_a_langchain_embeddings(encoder: Encoder) -> None:
    rain, snow, prize = encoder.embed_documents(["It rained.", "It snowed.", "A prize."])
    assert encoder.embed_query("It rained.") == pytest.approx(rain, abs=0.02)
    assert np.dot(rain, snow) > np.dot(rain, prize)


def test_threads_may_share_it(encoder: Encoder) -> None:
    texts = [f"{text} {number}" for number in range(4) for text in TEXTS]
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda text: next(encoder.encode([text])), texts))
    for text, encoded in zip(texts, found, strict=True):
        (alone,) = encoder.encode([text])
        assert (alone.pieces == encoded.pieces).all()
        np.testing.assert_allclose(alone.vector, encoded.vector, atol=1e-4)


def test_the_packaged_weights_are_the_official_ones(encoder: Encoder) -> None:
    assert encoder.digest == PACKAGED_SHA256


def test_other_weights_in_the_package_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rag.encoder.weights_digest", lambda files: "0" * 64)
    with pytest.raises(ModelUnavailable, match="--force-reinstall"):
        next(Encoder().encode(["text"]))


def test_a_folder_without_a_model_is_told(tmp_path: Path) -> None:
    with pytest.raises(ModelUnavailable, match="CITEWELL_EMBEDDING_MODEL"):
        next(Encoder(str(tmp_path)).encode(["text"]))


def test_a_missing_folder_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    with pytest.raises(ModelUnavailable, match="gone"):
        next(Encoder(str(tmp_path / "gone")).encode(["text"]))
