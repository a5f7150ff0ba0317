"""In how many chunks each word piece occurs: what makes a word of a question rare."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from rag.tokens import TokenStore

BLOCK = 256  # texts at a time


def count_pieces(store: TokenStore, texts: Mapping[str, int]) -> Counter[int]:
    """Count chunks by word piece; `texts` tells how many chunks have each text."""
    counts: Counter[int] = Counter()
    keys, times = list(texts), np.fromiter(texts.values(), np.int64, len(texts))
    for start in range(0, len(keys), BLOCK):
        found = store.pieces(keys[start : start + BLOCK])
        numbers = np.repeat(np.arange(len(found), dtype=np.uint64), [len(text) for text in found])
        # Each piece once for each text that has it: the text's number stands in the upper half.
        once = np.unique(numbers << np.uint64(32) | np.concatenate(found))
        pieces, place = np.unique(once & np.uint64(0xFFFFFFFF), return_inverse=True)
        owners = times[start + (once >> np.uint64(32)).astype(np.int64)]
        sums = np.zeros(len(pieces), dtype=np.int64)
        np.add.at(sums, place, owners)
        counts.update(dict(zip(pieces.tolist(), sums.tolist(), strict=True)))
    return counts


def save_frequencies(folder: Path, counts: Mapping[int, int]) -> None:
    """Write the counts beside the token vectors."""
    pieces = sorted(piece for piece, count in counts.items() if count > 0)
    np.savez(
        folder / "token_df.npz",
        pieces=np.array(pieces, dtype=np.uint32),
        counts=np.array([counts[piece] for piece in pieces], dtype=np.int64),
    )
