"""New records wait on the disk until all texts are encoded, and go to the vector store then.

Chroma holds its nearest-neighbour graph in memory, 2 kB a record, and an encoder at work takes
hundreds of megabytes: one after the other, neither has to fit beside the other.
"""

from __future__ import annotations

import pickle
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Records:
    """Some records, each with its vector, its text, and what else is said of it."""

    ids: Sequence[str]
    vectors: Sequence[NDArray[np.float32]]
    texts: Sequence[str]
    metadatas: Sequence[Mapping[str, Any]]


class Spool:
    """Records in the order they were added, in files that nobody else sees."""

    def __init__(self, folder: Path) -> None:
        """Make the files, in a folder that has room for them."""
        self._records = TemporaryFile(dir=folder)  # noqa: SIM115  # closed by `close`
        self._vectors = TemporaryFile(dir=folder)  # noqa: SIM115
        self._count = self._size = 0

    def add(self, records: Records) -> range:
        """Write records; returns their numbers."""
        for vector in records.vectors:
            self._vectors.write(np.asarray(vector, np.float32).tobytes())
            self._size = len(vector)
        pickle.dump((records.ids, records.texts, records.metadatas), self._records)
        start, self._count = self._count, self._count + len(records.ids)
        return range(start, self._count)

    def vector(self, number: int) -> NDArray[np.float32]:
        """Read the vector of a record, (d,)."""
        (found,) = self._read(number, 1)
        self._vectors.seek(0, 2)  # to go on writing
        return np.asarray(found, np.float32)

    def take(self) -> Iterator[Records]:
        """Yield all records as they were added; nothing can be added any more."""
        self._records.seek(0)
        done = 0
        while done < self._count:
            ids, texts, metadatas = pickle.load(self._records)  # noqa: S301  # our own
            vectors = self._read(done, len(ids))
            done += len(ids)
            yield Records(ids, list(vectors), texts, metadatas)

    def close(self) -> None:
        """Drop the files."""
        self._records.close()
        self._vectors.close()

    def _read(self, start: int, count: int) -> NDArray[np.float32]:
        width = self._size * np.dtype(np.float32).itemsize
        self._vectors.seek(start * width)
        return np.frombuffer(self._vectors.read(count * width), np.float32).reshape(count, -1)
