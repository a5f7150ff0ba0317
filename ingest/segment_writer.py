"""Writes a segment of vectors piece by piece, so that no more than a text is held."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rag.tokens import TEXT, Segment


class ArrayFile:
    """A growing `.npy` file of rows; how many there are is written when it is closed."""

    def __init__(self, path: Path, row: NDArray[Any]) -> None:
        """Begin a file of rows like those of `row`, shape (n, …)."""
        self._stream = path.open("wb")
        self._like = row
        self._rows = 0
        self._write_header()

    def append(self, rows: NDArray[Any]) -> None:
        """Add rows at the end."""
        self._stream.write(np.ascontiguousarray(rows).tobytes())
        self._rows += len(rows)

    def close(self) -> None:
        """Write the number of rows; NumPy leaves room for it to grow."""
        self._stream.seek(0)
        self._write_header()
        self._stream.close()

    def abandon(self) -> None:
        """Let go of the file as it is, whatever state that is."""
        with suppress(OSError):  # a full disk has been told already
            self._stream.close()

    def _write_header(self) -> None:
        kind = np.lib.format.dtype_to_descr(self._like.dtype)
        header = {"descr": kind, "fortran_order": False}
        shape = (self._rows, *self._like.shape[1:])
        np.lib.format.write_array_header_1_0(self._stream, header | {"shape": shape})


class SegmentWriter:
    """Collects the vectors of texts in the files of one segment."""

    def __init__(self, folder: Path, name: str) -> None:
        """Name the segment; its files are made with the first text."""
        self.name = name
        self.tokens = 0
        self._folder = folder
        self._texts: list[tuple[str, int]] = []
        self._files: list[ArrayFile] = []

    def add(
        self,
        key: str,
        vectors: NDArray[np.int8],
        pieces: NDArray[np.uint32],
        spans: NDArray[np.uint32],
        pooled: NDArray[np.float32],
    ) -> None:
        """Take in a text of n tokens: vectors (n, k), pieces (n,), spans (n, 2), pooled (d,)."""
        arrays: dict[str, NDArray[Any]] = {"vectors": vectors, "pieces": pieces, "spans": spans}
        arrays["pooled"] = pooled[None]
        if not self._files:
            self._files = [
                ArrayFile(self._folder / f"{self.name}.{part}.npy", array)
                for part, array in arrays.items()
            ]
        for file, array in zip(self._files, arrays.values(), strict=True):
            file.append(array)
        self._texts.append((key, len(pieces)))
        self.tokens += len(pieces)

    def abandon(self) -> None:
        """Let go of the files, which nobody will read; does nothing when they are finished."""
        for file in self._files:
            file.abandon()

    def finish(self) -> list[Segment]:
        """Close the files; returns the segment, or nothing if no text was taken in."""
        if not self._texts:
            return []
        for file in self._files:
            file.close()
        texts = np.array([(key.encode(), tokens) for key, tokens in self._texts], TEXT)
        np.save(self._folder / f"{self.name}.texts.npy", texts)
        return [Segment.load(self._folder, self.name)]
