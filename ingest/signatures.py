"""Which articles may be copies of each other: MinHash signatures, and bands of them as buckets.

Broder 1997; datasketch makes the signatures. Its index, MinHashLSH, is not used: for 20,000
articles it takes 100 MB and a second, where sorting each band takes 0.05 s and finds the same.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from datasketch import MinHash
from numpy.typing import NDArray

SHINGLE = 4  # words
PERMUTATIONS = 63
BANDS = 21  # of three values: of pairs alike by 0.5 94 % share one, by 0.7 all, by 0.1 2 %
BLOCK = 8192  # shingles at a time

Signatures = NDArray[np.uint32]


def signature(words: Sequence[str]) -> Signatures:
    """MinHash of the runs of four words, shape (63,)."""
    sketch = MinHash(PERMUTATIONS, scheme="affine32")
    last = max(1, len(words) - SHINGLE + 1)
    for start in range(0, last, BLOCK):
        runs = range(start, min(start + BLOCK, last))
        sketch.update_batch([" ".join(words[i : i + SHINGLE]).encode() for i in runs])
    return np.asarray(sketch.hashvalues, dtype=np.uint32)


def buckets(signatures: Signatures) -> NDArray[np.int64]:
    """Number the bucket of each band, (n, 63) to (n, 21); -1 where an article is alone in it."""
    width = signatures.shape[1] // BANDS
    found = np.empty((len(signatures), BANDS), dtype=np.int64)
    for band in range(BANDS):
        columns = np.ascontiguousarray(signatures[:, band * width : (band + 1) * width])
        rows = columns.view(f"V{width * columns.itemsize}").ravel()
        _, place, times = np.unique(rows, return_inverse=True, return_counts=True)
        found[:, band] = np.where(times[place] > 1, place + band * len(signatures), -1)
    return found
