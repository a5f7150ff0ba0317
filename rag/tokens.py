"""The vectors of every indexed text, on disk in immutable segments.

Those of its tokens are int8 and memory-mapped; that of the text as a whole is as the model has it,
and vector stores are filled from there.

Each text (a chunk, or a title) is known by the hash of its characters, so a text that occurs
twice or moves to another article is stored once. Vectors are stored whole until the corpus has
enough tokens to fit a basis to, and projected on its first principal components after that; the
measurements are in the README.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rag.errors import IndexDamaged
from rag.threads import one_thread

Floats = NDArray[np.float32]
TEXT = np.dtype([("key", "S32"), ("tokens", np.int64)])  # what a segment says of a text


def text_hash(text: str) -> str:
    """Name a text by its content."""
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def project(vectors: Floats, basis: Floats | None) -> Floats:
    """Project unit vectors (n, d) on a basis (d, k) and bring them back to unit length.

    Multiplied by torch for the reason given in `late_interaction.cosines`.
    """
    if basis is None:
        return vectors
    import torch

    with one_thread():
        projected = (torch.from_numpy(vectors) @ torch.from_numpy(basis)).numpy()
    norms = np.linalg.norm(projected, axis=1, keepdims=True)
    unit: Floats = (projected / np.maximum(norms, 1e-9)).astype(np.float32)
    return unit


def quantize(vectors: Floats) -> NDArray[np.int8]:
    """Round unit vectors to int8, 127 standing for 1."""
    return np.rint(vectors * 127).astype(np.int8)


@dataclass(frozen=True, slots=True)
class Segment:
    """Token rows of m texts, one after the other; their t rows are memory-mapped.

    `keys`: (m,) the texts, by their hashes. `ends`: (m + 1,) where the rows of each end, after a 0.
    `pooled`: file of (m, d) vectors of the texts as a whole.
    """

    name: str
    keys: NDArray[np.bytes_]
    ends: NDArray[np.int64]
    vectors: NDArray[np.int8]
    pieces: NDArray[np.uint32]
    spans: NDArray[np.uint32]
    pooled: Path

    @classmethod
    def load(cls, folder: Path, name: str) -> Segment:
        """Open one segment.

        Raises:
            IndexDamaged: if a file is missing or does not fit the others.
        """
        try:
            texts = np.load(folder / f"{name}.texts.npy").astype(TEXT, copy=False)
            keys = np.ascontiguousarray(texts["key"])
            ends = np.concatenate([np.zeros(1, np.int64), np.cumsum(texts["tokens"])])
            arrays = [  # plain views: a slice of a memmap costs ten times one of an array
                np.load(folder / f"{name}.{part}.npy", mmap_mode="r").view(np.ndarray)
                for part in ("vectors", "pieces", "spans")
            ]
            pooled = folder / f"{name}.pooled.npy"
            whole = len(np.load(pooled, mmap_mode="r")) == len(keys)
        except (OSError, ValueError, TypeError, EOFError) as error:
            raise IndexDamaged(
                f"token segment {name} of the index cannot be read ({error}); "
                "rebuild it with: python -m ingest --rebuild"
            ) from error
        if {len(a) for a in arrays} != {int(ends[-1])} or not whole:
            raise IndexDamaged(
                f"token segment {name} of the index is cut short; "
                "rebuild it with: python -m ingest --rebuild"
            )
        vectors, pieces, spans = arrays
        return cls(name, keys, ends, vectors, pieces, spans, pooled)


@dataclass(frozen=True, slots=True)
class Tokens:
    """Token rows gathered for m texts.

    `vectors`: (t, k) int8. `pieces`: (t,). `spans`: (t, 2), characters of the text each token is
    in. `bounds`: (m + 1,), where each text's rows start, and the end.
    """

    vectors: NDArray[np.int8]
    pieces: NDArray[np.uint32]
    spans: NDArray[np.uint32]
    bounds: NDArray[np.int64]


class TokenStore:
    """Read access to the token vectors of one snapshot."""

    def __init__(self, segments: Sequence[Segment], basis: Floats | None) -> None:
        """Take open segments, and the basis they were projected on, if any."""
        self.segments = tuple(segments)
        self.basis = basis
        # Sorted, for a dictionary of them would take five times the memory.
        keys = np.concatenate([as_keys([]), *(segment.keys for segment in self.segments)])
        order = np.argsort(keys, kind="stable")
        self._keys = keys[order]
        self._segment = np.repeat(
            np.arange(len(self.segments), dtype=np.int32), [len(s.keys) for s in self.segments]
        )[order]
        rows = [np.arange(len(s.keys), dtype=np.int32) for s in self.segments]
        self._row = np.concatenate([np.array([], np.int32), *rows])[order]
        self._start, self._end = (
            np.concatenate([np.array([], np.int64), *(s.ends[part] for s in self.segments)])[order]
            for part in (slice(None, -1), slice(1, None))
        )

    @classmethod
    def load(cls, folder: Path, names: Iterable[str]) -> TokenStore:
        """Open the named segments of a folder."""
        basis_file = folder / "basis.npy"
        basis = np.load(basis_file) if basis_file.exists() else None
        return cls([Segment.load(folder, name) for name in names], basis)

    def __contains__(self, key: str) -> bool:
        """Tell whether a text is stored."""
        return not self.missing([key])

    def missing(self, keys: Sequence[str]) -> list[str]:
        """Those of some texts that are not stored."""
        _, there = self._look_up(keys)
        return [keys[place] for place in np.flatnonzero(~there).tolist()]

    def keys(self) -> list[str]:
        """All texts that are stored, in the order in which they are."""
        return list(dict.fromkeys(key.decode() for s in self.segments for key in s.keys.tolist()))

    def pieces(self, keys: Sequence[str]) -> list[NDArray[np.uint32]]:
        """The word pieces of each text, (n,); a text that is not stored is a `KeyError`."""
        return [segment.pieces[start:end] for segment, start, end in self._find(keys)]

    def lengths(self, keys: Sequence[str]) -> NDArray[np.int64]:
        """The number of tokens of each text, (m,); a text that is not stored is a `KeyError`."""
        places = self._places(keys)
        lengths: NDArray[np.int64] = self._end[places] - self._start[places]
        return lengths

    def _find(self, keys: Sequence[str]) -> list[tuple[Segment, int, int]]:
        """The segment of each text, and where its rows start and end there."""
        places = self._places(keys)
        found = (array[places].tolist() for array in (self._segment, self._start, self._end))
        return [(self.segments[number], a, b) for number, a, b in zip(*found, strict=True)]

    def _places(self, keys: Sequence[str]) -> NDArray[np.int64]:
        """Where texts are among the sorted ones."""
        places, there = self._look_up(keys)
        if not there.all():
            raise KeyError(keys[int(there.argmin())])
        return places

    def _look_up(self, keys: Sequence[str]) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
        """Where texts are, or would be (of one that is there twice, the last); and whether."""
        wanted = as_keys(keys)
        places = np.maximum(np.searchsorted(self._keys, wanted, side="right") - 1, 0)
        if not len(self._keys):
            return places, np.zeros(len(keys), dtype=bool)
        return places, self._keys[places] == wanted

    def project(self, vectors: Floats) -> Floats:
        """Bring the (n, d) token vectors of a question to the stored ones' basis."""
        return project(vectors, self.basis)

    def pooled(self, keys: Sequence[str]) -> Floats:
        """The vectors of texts as a whole, (m, d); a text that is not stored is a `KeyError`.

        The files are mapped for this call only, for what is mapped counts as memory in use.
        """
        places = self._places(keys)
        numbers, rows = self._segment[places], self._row[places]
        found = np.zeros((len(keys), 0), np.float32)
        for number in np.unique(numbers).tolist():
            stored = np.load(self.segments[number].pooled, mmap_mode="r")
            here = numbers == number
            if not found.size:
                found = np.zeros((len(keys), stored.shape[1]), np.float32)
            found[here] = stored[rows[here]]
        return found

    def gather(self, keys: Sequence[str]) -> Tokens:
        """Collect the token rows of texts, in order.

        Raises:
            KeyError: for a text that is not stored.
        """
        places = self._find(keys)
        return Tokens(
            vectors=np.concatenate([segment.vectors[a:b] for segment, a, b in places]),
            pieces=np.concatenate([segment.pieces[a:b] for segment, a, b in places]),
            spans=np.concatenate([segment.spans[a:b] for segment, a, b in places]),
            bounds=np.cumsum([0] + [b - a for _, a, b in places], dtype=np.int64),
        )


def as_keys(hashes: Sequence[str]) -> NDArray[np.bytes_]:
    """Hashes as `text_hash` makes them, (m,), 32 bytes each."""
    return np.array([key.encode() for key in hashes], dtype="S32")
