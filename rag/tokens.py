"""The token vectors of every indexed text, on disk as int8 in immutable memory-mapped segments.

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
import orjson
from numpy.typing import NDArray

from rag.errors import IndexDamaged
from rag.threads import one_thread

Floats = NDArray[np.float32]


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
    """Token rows of some texts, one after the other; the arrays are memory-mapped."""

    name: str
    texts: tuple[tuple[str, int], ...]
    vectors: NDArray[np.int8]
    pieces: NDArray[np.uint32]
    spans: NDArray[np.uint32]

    @classmethod
    def load(cls, folder: Path, name: str) -> Segment:
        """Open one segment.

        Raises:
            IndexDamaged: if a file is missing or does not fit the others.
        """
        try:
            read = orjson.loads((folder / f"{name}.texts.json").read_bytes())
            texts = tuple([(key, length) for key, length in read])
            arrays = [  # plain views: a slice of a memmap costs ten times one of an array
                np.load(folder / f"{name}.{part}.npy", mmap_mode="r").view(np.ndarray)
                for part in ("vectors", "pieces", "spans")
            ]
        except (OSError, ValueError, EOFError) as error:
            raise IndexDamaged(
                f"token segment {name} of the index cannot be read ({error}); "
                "rebuild it with: python -m ingest --rebuild"
            ) from error
        if {len(a) for a in arrays} != {sum(n for _, n in texts)}:
            raise IndexDamaged(
                f"token segment {name} of the index is cut short; "
                "rebuild it with: python -m ingest --rebuild"
            )
        return cls(name, texts, *arrays)


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
        self._rows: dict[str, tuple[int, int, int]] = {}
        for number, segment in enumerate(self.segments):
            start = 0
            for key, length in segment.texts:
                self._rows[key] = (number, start, start + length)
                start += length

    @classmethod
    def load(cls, folder: Path, names: Iterable[str]) -> TokenStore:
        """Open the named segments of a folder."""
        basis_file = folder / "basis.npy"
        basis = np.load(basis_file) if basis_file.exists() else None
        return cls([Segment.load(folder, name) for name in names], basis)

    def __contains__(self, key: str) -> bool:
        """Tell whether a text is stored."""
        return key in self._rows

    def keys(self) -> Iterable[str]:
        """All texts that are stored."""
        return self._rows.keys()

    def pieces(self, key: str) -> NDArray[np.uint32]:
        """The word pieces of a text, (n,).

        Raises:
            KeyError: for a text that is not stored.
        """
        number, start, end = self._rows[key]
        return self.segments[number].pieces[start:end]

    def lengths(self, keys: Iterable[str]) -> list[tuple[str, int]]:
        """Pair each text with its number of tokens."""
        return [(key, self._rows[key][2] - self._rows[key][1]) for key in keys]

    def project(self, vectors: Floats) -> Floats:
        """Bring the (n, d) token vectors of a question to the stored ones' basis."""
        return project(vectors, self.basis)

    def gather(self, keys: Sequence[str]) -> Tokens:
        """Collect the token rows of texts, in order.

        Raises:
            KeyError: for a text that is not stored.
        """
        places = [self._rows[key] for key in keys]
        parts = [self.segments[number] for number, _, _ in places]
        return Tokens(
            vectors=np.concatenate(
                [s.vectors[a:b] for s, (_, a, b) in zip(parts, places, strict=True)]
            ),
            pieces=np.concatenate(
                [s.pieces[a:b] for s, (_, a, b) in zip(parts, places, strict=True)]
            ),
            spans=np.concatenate(
                [s.spans[a:b] for s, (_, a, b) in zip(parts, places, strict=True)]
            ),
            bounds=np.cumsum([0] + [b - a for _, a, b in places], dtype=np.int64),
        )
