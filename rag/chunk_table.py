"""`chunks.jsonl` of a snapshot: one chunk a line, article after article as in the manifest."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import overload

import numpy as np
from numpy.typing import NDArray

from rag.errors import IndexDamaged
from rag.integrity import REPAIR
from rag.manifest import ArticleEntry, ChunkRow

NAME = "chunks.jsonl"
KEPT = 4096  # rows that are read and held: more than a question needs
BLOCK = 1 << 20


class ChunkTable(Sequence[ChunkRow]):
    """The open table; row i is the i-th text of the keyword index.

    A row is read when it is asked for, and takes 8 bytes until then. The table stays readable when
    its snapshot is dropped while a reader holds it.
    """

    def __init__(self, folder: Path, expected: int) -> None:
        """Open the table of a snapshot.

        Raises:
            IndexDamaged: if it does not hold as many rows as the manifest says.
        """
        self._lines = _Lines(folder / NAME)
        # Not a method of ours: that would keep us, and so the file, from being let go of.
        self._parsed = lru_cache(KEPT)(self._lines.parse)
        if len(self) != expected:
            self.close()
            raise IndexDamaged(
                f"the chunk table of the index holds {len(self)} rows, not {expected}; {REPAIR}"
            )

    def __len__(self) -> int:
        """Count the chunks."""
        return len(self._lines.ends) - 1

    @overload
    def __getitem__(self, place: int) -> ChunkRow: ...

    @overload
    def __getitem__(self, place: slice) -> list[ChunkRow]: ...

    def __getitem__(self, place: int | slice) -> ChunkRow | list[ChunkRow]:
        """Read a row, or some.

        Raises:
            IndexDamaged: if it is not a row.
        """
        if isinstance(place, slice):
            return [self[row] for row in range(*place.indices(len(self)))]
        return self._parsed(range(len(self))[place])

    def lines(self, rows: range) -> bytes:
        """Some rows that follow each other, as they stand in the file."""
        return self._lines.read(rows.start, rows.stop)

    def keys(self) -> Iterator[str]:
        """The hash of each chunk's text, in order; nothing else of the rows is looked at.

        Raises:
            IndexDamaged: if a line is not a row.
        """
        for start in range(0, len(self), KEPT):
            block = self._lines.read(start, min(start + KEPT, len(self)))
            for line in block.splitlines():
                parts = line.split(b'"', 6)  # ["id","article",start,end,"key",…
                if len(parts) < 6:
                    raise _damaged("a line is cut short")
                yield parts[5].decode("ascii", "replace")

    def close(self) -> None:
        """Let go of the file."""
        self._lines.close()


def rows_by_article(entries: Iterable[ArticleEntry]) -> dict[str, range]:
    """The rows of each article, by its id; empty for copies."""
    rows: dict[str, range] = {}
    start = 0
    for entry in entries:
        rows[entry.id] = range(start, start + len(entry.chunks))
        start += len(entry.chunks)
    return rows


class _Lines:
    """The lines of a file. `ends`: where each ends, in bytes, after a 0, (n + 1,)."""

    def __init__(self, file: Path) -> None:
        try:
            self._stream = file.open("rb")
            self.ends = line_ends(iter(lambda: self._stream.read(BLOCK), b""))
        except OSError as error:
            raise _damaged(error) from error
        self._lock = threading.Lock()  # threads share one place in the file

    def read(self, start: int, end: int) -> bytes:
        try:
            with self._lock:
                self._stream.seek(int(self.ends[start]))
                return self._stream.read(int(self.ends[end] - self.ends[start]))
        except (OSError, ValueError) as error:
            raise _damaged(error) from error

    def parse(self, row: int) -> ChunkRow:
        try:
            return ChunkRow.from_line(self.read(row, row + 1))
        except (ValueError, TypeError) as error:
            raise _damaged(error) from error

    def close(self) -> None:
        self._stream.close()


def line_ends(blocks: Iterable[bytes]) -> NDArray[np.int64]:
    """Where the lines of a file end, in bytes, after a 0."""
    found, length = [np.zeros(1, dtype=np.int64)], 0
    for block in blocks:
        found.append(np.flatnonzero(np.frombuffer(block, np.uint8) == ord("\n")) + length + 1)
        length += len(block)
    return np.concatenate(found)


def _damaged(error: object) -> IndexDamaged:
    return IndexDamaged(f"the chunk table of the index is damaged ({error}); {REPAIR}")
