"""How often each term occurs in each text: what BM25 is computed from, kept beside it.

When articles change, the counts of all other texts are taken over, so that no text is cut into
words twice.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import orjson
from numpy.typing import NDArray
from scipy.sparse import csc_array, csr_array

MOST = 65_535  # what 16 bits hold; no text of a few sentences comes near it


class TermCounts:
    """Counts of n texts, one row each; rows are only ever added."""

    def __init__(self, vocabulary: dict[str, int] | None = None) -> None:
        """Begin with the terms that are known already, by their numbers."""
        self._vocabulary = dict(vocabulary or {})
        self._terms, self._counts, self._ends = array("i"), array("H"), array("q", [0])

    def __len__(self) -> int:
        """Count the texts."""
        return len(self._ends) - 1

    def add(self, terms: Iterable[str]) -> None:
        """Add the terms of a text."""
        number = self._vocabulary
        for term, count in Counter(terms).items():
            self._terms.append(number.setdefault(term, len(number)))
            self._counts.append(min(count, MOST))
        self._ends.append(len(self._terms))

    def take(self, stored: StoredCounts, rows: range) -> None:
        """Add texts as they are stored; we must have begun with the vocabulary of that store."""
        ends = stored.ends[rows.start : rows.stop + 1]
        start, end = int(ends[0]), int(ends[-1])
        self._ends.frombytes((ends[1:] + (len(self._terms) - start)).tobytes())
        self._terms.frombytes(stored.terms[start:end].tobytes())
        self._counts.frombytes(stored.counts[start:end].tobytes())

    def finish(self) -> tuple[csc_array, dict[str, int]]:
        """The counts by text and term, (n, m), and the m terms that occur, by their numbers."""
        number = np.zeros(len(self._vocabulary) + 1, dtype=np.int32)
        terms = np.frombuffer(self._terms, dtype=np.int32)
        number[1:][terms] = 1
        number = np.cumsum(number, dtype=np.int32)  # of a term that occurs: how many came before
        used = np.diff(number).astype(bool)
        for start in range(0, len(terms), 1 << 20):
            block = slice(start, start + (1 << 20))
            terms[block] = number[terms[block]]
        counts = np.frombuffer(self._counts, dtype=np.uint16)
        ends = np.frombuffer(self._ends, dtype=np.int64)
        new, stays = number.tolist(), used.tolist()
        left = {term: new[n] for term, n in self._vocabulary.items() if stays[n]}
        shape = (len(self), len(left))
        return csr_array((counts, terms, ends), shape=shape).tocsc(), left

    def save(self, folder: Path) -> None:
        """Write the counts, as `finish` left them, beside the index that has the vocabulary."""
        np.save(folder / "terms.npy", np.frombuffer(self._terms, dtype=np.int32))
        np.save(folder / "counts.npy", np.frombuffer(self._counts, dtype=np.uint16))
        np.save(folder / "ends.npy", np.frombuffer(self._ends, dtype=np.int64))


class StoredCounts:
    """The counts that a keyword index was built from."""

    def __init__(self, folder: Path, size: int) -> None:
        """Open them, memory-mapped.

        Raises:
            OSError: if there are none, as in an index of an older version.
            ValueError: if they are not those of as many texts.
        """
        self.terms: NDArray[np.int32] = np.load(folder / "terms.npy", mmap_mode="r")
        self.counts: NDArray[np.uint16] = np.load(folder / "counts.npy", mmap_mode="r")
        self.ends: NDArray[np.int64] = np.load(folder / "ends.npy")
        vocabulary = (folder / "vocab.index.json").read_bytes()
        self.vocabulary: dict[str, int] = orjson.loads(vocabulary)
        self.vocabulary.pop("", None)  # bm25s adds it for questions without a term
        if len(self.ends) != size + 1 or len(self.terms) != self.ends[-1]:
            raise ValueError("the term counts are not those of the chunks")
