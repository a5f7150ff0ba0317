"""Writes the token vectors of new texts, and keeps what is stored in good shape."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rag.encoder import Encoded
from rag.tokens import Floats, Segment, TokenStore, project, quantize

BASIS_SIZE = 128
# A basis fitted to fewer tokens than this lost sentences on other texts; whole vectors of so
# small a corpus take few megabytes.
TOKENS_TO_FIT = 50_000
MOST_SEGMENTS = 16


def fit_basis(vectors: Floats, size: int = BASIS_SIZE) -> Floats:
    """Fit the first principal components, uncentred, to (n, d) unit vectors: (d, size)."""
    scatter = vectors.T @ vectors / np.float32(max(1, len(vectors)))
    _, directions = np.linalg.eigh(scatter.astype(np.float64))
    return np.ascontiguousarray(directions[:, ::-1][:, :size]).astype(np.float32)


class TokenWriter:
    """Collects the tokens of new texts and writes them as one segment of a new snapshot."""

    def __init__(self, folder: Path, stored: TokenStore, name: str) -> None:
        """Take the new snapshot's folder, what is stored there already, and its id."""
        self._folder = folder
        self._stored = stored
        self._name = name
        self._basis = stored.basis
        self._texts: list[tuple[str, int]] = []
        self._vectors: list[NDArray[np.int8]] = []
        self._pieces: list[NDArray[np.uint32]] = []
        self._spans: list[NDArray[np.uint32]] = []

    def add(self, key: str, encoded: Encoded) -> None:
        """Take in one text."""
        self._texts.append((key, len(encoded.pieces)))
        self._vectors.append(quantize(project(encoded.tokens, self._basis)))
        self._pieces.append(encoded.pieces)
        self._spans.append(encoded.spans)

    def finish(self, live: Sequence[str]) -> TokenStore:
        """Write the segment, drop what no longer occurs if it is much, fit a basis if it is time.

        `live`: the texts of the new snapshot, each once.
        """
        segments = list(self._stored.segments)
        if self._texts:
            segments.append(
                Segment(
                    self._name,
                    tuple(self._texts),
                    np.concatenate(self._vectors),
                    np.concatenate(self._pieces),
                    np.concatenate(self._spans),
                )
            )
        store = TokenStore(segments, self._basis)
        kept = sum(length for _, length in store.lengths(live))
        total = sum(len(segment.pieces) for segment in segments)
        fit = self._basis is None and kept >= TOKENS_TO_FIT
        if fit or len(segments) > MOST_SEGMENTS or kept * 2 < total:
            store = self._compact(store, live, fit)
        elif self._texts:
            segments[-1].save(self._folder)
        return store

    def _compact(self, store: TokenStore, live: Sequence[str], fit: bool) -> TokenStore:
        """Rewrite all live texts as one segment."""
        tokens = store.gather(live)
        vectors, basis = tokens.vectors, store.basis
        if fit:
            whole = vectors.astype(np.float32) / np.float32(127)
            basis = fit_basis(whole)
            vectors = quantize(project(whole, basis))
            np.save(self._folder / "basis.npy", basis)
        for segment in store.segments:
            for file in self._folder.glob(f"{segment.name}.*"):
                file.unlink()
        segment = Segment(
            self._name, tuple(store.lengths(live)), vectors, tokens.pieces, tokens.spans
        )
        segment.save(self._folder)
        return TokenStore([segment], basis)


def save_frequencies(folder: Path, store: TokenStore, keys: Iterable[str]) -> None:
    """Write in how many chunks each word piece occurs; `keys` names the text of each chunk."""
    counts: Counter[int] = Counter()
    for key, times in Counter(keys).items():
        for piece in np.unique(store.gather([key]).pieces).tolist():
            counts[piece] += times
    pieces = np.array(sorted(counts), dtype=np.uint32)
    np.savez(
        folder / "token_df.npz",
        pieces=pieces,
        counts=np.array([counts[piece] for piece in pieces.tolist()], dtype=np.int64),
    )
