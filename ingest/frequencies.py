"""In how many chunks each word piece occurs: what makes a word of a question rare."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from rag.tokens import TokenStore


def count_pieces(store: TokenStore, texts: Mapping[str, int]) -> Counter[int]:
    """Count chunks by word piece; `texts` tells how many chunks have each text."""
    counts: Counter[int] = Counter()
    for key, times in texts.items():
        for piece in np.unique(store.pieces(key)).tolist():
            counts[piece] += times
    return counts


def save_frequencies(folder: Path, counts: Mapping[int, int]) -> None:
    """Write the counts beside the token vectors."""
    pieces = sorted(piece for piece, count in counts.items() if count > 0)
    np.savez(
        folder / "token_df.npz",
        pieces=np.array(pieces, dtype=np.uint32),
        counts=np.array([counts[piece] for piece in pieces], dtype=np.int64),
    )
