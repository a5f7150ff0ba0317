"""Writes the vectors of new texts, and keeps what is stored in good shape."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ingest.segment_writer import SegmentWriter
from rag.encoder import Encoded
from rag.tokens import Floats, Segment, Tokens, TokenStore, project, quantize

BASIS_SIZE = 128
# A basis fitted to fewer tokens than this lost sentences on other texts; whole vectors of so
# small a corpus take few megabytes.
TOKENS_TO_FIT = 50_000
# No more than this many tokens are written whole before a basis is fitted to them.
MOST_WHOLE_TOKENS = 300_000
MOST_SEGMENTS = 16
BLOCK = 64  # texts that are rewritten at a time
Scatter = NDArray[np.float64]


def fit_basis(vectors: Floats, size: int = BASIS_SIZE) -> Floats:
    """Fit the first principal components, uncentred, to (n, d) unit vectors: (d, size)."""
    return main_directions((vectors.T @ vectors).astype(np.float64), size)


def main_directions(scatter: Scatter, size: int = BASIS_SIZE) -> Floats:
    """Directions (d, size) in which vectors with this (d, d) sum of outer products lie most."""
    _, directions = np.linalg.eigh(scatter)
    return np.ascontiguousarray(directions[:, ::-1][:, :size]).astype(np.float32)


class TokenWriter:
    """Writes the tokens of new texts as one segment of a new snapshot."""

    def __init__(self, folder: Path, stored: TokenStore, name: str) -> None:
        """Take the new snapshot's folder, what is stored there already, and its id."""
        self._folder = folder
        self._name = name
        self._count = 0
        self._stored = TokenStore(stored.segments, stored.basis)
        self._segment = self._next_segment()

    def add(self, key: str, encoded: Encoded) -> None:
        """Take in one text.

        It is rounded before it is projected: so are those that came before the basis was fitted,
        and those that come from another machine.
        """
        vectors = quantize(encoded.tokens)
        if self._stored.basis is not None:
            vectors = quantize(project(whole(vectors), self._stored.basis))
        self._segment.add(key, vectors, encoded.pieces, encoded.spans, encoded.vector)
        if self._stored.basis is None and self._segment.tokens >= MOST_WHOLE_TOKENS:
            store = self._all()
            self._rewrite(store, store.segments, store.keys(), fit=True)

    def finish(self, live: Sequence[str]) -> TokenStore:
        """End the segment, drop what no longer occurs if it is much, fit a basis if it is time.

        `live`: the texts of the new snapshot, each once.
        """
        store = self._all()
        kept = int(store.lengths(live).sum())
        total = sum(len(segment.pieces) for segment in store.segments)
        if store.basis is None and kept >= TOKENS_TO_FIT:
            self._rewrite(store, store.segments, live, fit=True)
        elif kept * 2 < total:
            self._rewrite(store, store.segments, live)
        elif len(store.segments) > MOST_SEGMENTS:
            # One that makes up most of the index stays as it is: to rewrite it takes long.
            small = [segment for segment in store.segments if len(segment.pieces) * 2 < total]
            self._rewrite(store, small, live)
        else:
            return store
        return self._all()

    def abandon(self) -> None:
        """Let go of the files that are being written."""
        self._segment.abandon()

    def _all(self) -> TokenStore:
        """All that is stored and written; what comes after goes to another segment."""
        if new := self._segment.finish():
            self._stored = TokenStore([*self._stored.segments, *new], self._stored.basis)
            self._segment = self._next_segment()
        return self._stored

    def _next_segment(self) -> SegmentWriter:
        self._count += 1
        name = self._name if self._count == 1 else f"{self._name}-{self._count}"
        return SegmentWriter(self._folder, name)

    def _rewrite(
        self, store: TokenStore, old: Sequence[Segment], live: Iterable[str], *, fit: bool = False
    ) -> None:
        """Write the live texts of some segments anew, as the beginning of the next one."""
        held = {key.decode() for segment in old for key in segment.keys.tolist()}
        keys = [key for key in live if key in held]
        basis = store.basis
        if fit:
            basis = main_directions(scatter_of(store, keys))
            np.save(self._folder / "basis.npy", basis)
        for block, tokens in blocks(store, keys):
            vectors = tokens.vectors
            if fit:
                vectors = quantize(project(whole(vectors), basis))
            for number, (key, pooled) in enumerate(zip(block, store.pooled(block), strict=True)):
                rows = slice(*tokens.bounds[number : number + 2])
                pieces, spans = tokens.pieces[rows], tokens.spans[rows]
                self._segment.add(key, vectors[rows], pieces, spans, pooled)
        for segment in old:
            for file in self._folder.glob(f"{segment.name}.*"):
                file.unlink()
        gone = {segment.name for segment in old}
        rest = [segment for segment in store.segments if segment.name not in gone]
        self._stored = TokenStore(rest, basis)


def scatter_of(store: TokenStore, keys: Sequence[str]) -> Scatter:
    """Sum of the outer products of the token vectors of texts, (d, d)."""
    width = store.segments[0].vectors.shape[1]
    total = np.zeros((width, width))
    for _, tokens in blocks(store, keys):
        vectors = whole(tokens.vectors)
        total += vectors.T @ vectors
    return total


def whole(vectors: NDArray[np.int8]) -> Floats:
    """Undo `quantize`."""
    return vectors.astype(np.float32) / np.float32(127)


def blocks(store: TokenStore, keys: Sequence[str]) -> Iterator[tuple[Sequence[str], Tokens]]:
    """Yield the tokens of a few texts at a time."""
    for start in range(0, len(keys), BLOCK):
        block = keys[start : start + BLOCK]
        yield block, store.gather(block)
