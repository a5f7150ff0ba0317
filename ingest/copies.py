"""Which articles are copies, and of which one.

It is told from what the articles say, not from what was indexed before, so that any order of runs
ends at the same index.

The original is the first published; of one day, the longest. An article is a copy of at most one
original, and an original is no copy itself.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from functools import lru_cache

import numpy as np

from ingest.same_text import SHARE, Reading, is_copy
from ingest.signatures import Signatures, buckets
from ingest.sketches import Sketches
from rag.manifest import ArticleEntry
from rag.types import Article

ALIKE = 0.3  # share of equal values in two signatures, below which a pair is not compared
TRIES = 5  # originals that an article is compared with, the most alike first
MOST = 500  # in one bucket, the latest; so full are those of reports made by one pattern

Verdict = Callable[[int, int], bool]


def find_copies(
    entries: Sequence[ArticleEntry], sketches: Sketches, read: Callable[[ArticleEntry], Article]
) -> tuple[dict[int, int], dict[tuple[int, int], bool]]:
    """Find the original of each copy, both by place in `entries`, and all verdicts this took.

    Pairs on which a verdict is known from before are not read again.
    """
    known = sketches.known()
    verdicts: dict[tuple[int, int], bool] = {}
    # Those of one report come one after the other, and some articles are books.
    reading = lru_cache(maxsize=8)(lambda place: Reading.of(read(entries[place])))

    def verdict(copy: int, original: int) -> bool:
        pair = entries[copy].id, entries[original].id
        found = known[pair] if pair in known else is_copy(reading(copy), reading(original))
        verdicts[copy, original] = found
        return found

    order = sorted(range(len(entries)), key=lambda place: _rank(entries[place], sketches, place))
    return _originals(order, sketches, verdict), verdicts


def _rank(entry: ArticleEntry, sketches: Sketches, place: int) -> tuple[datetime.date, int, str]:
    """By what the original of several copies is chosen, the least first; undated ones come last."""
    return entry.published or datetime.date.max, -sketches.words[place], entry.path


def _originals(order: Sequence[int], sketches: Sketches, verdict: Verdict) -> dict[int, int]:
    """Go through the articles in order: each is a copy of an earlier original, or one itself."""
    signatures = sketches.signatures[order]
    words = [sketches.words[place] for place in order]
    held: dict[int, list[int]] = {}  # the originals so far, by bucket
    found: dict[int, int] = {}
    for turn, row in enumerate(buckets(signatures)):
        mine = row[row >= 0].tolist()
        near = {other for bucket in mine for other in held.get(bucket, ())[-MOST:]}
        long_enough = [other for other in sorted(near) if words[turn] >= SHARE * words[other]]
        for other in _most_alike(signatures, turn, long_enough):
            if verdict(order[turn], order[other]):
                found[order[turn]] = order[other]
                break
        else:
            for bucket in mine:
                held.setdefault(bucket, []).append(turn)
    return found


def _most_alike(signatures: Signatures, turn: int, others: Sequence[int]) -> list[int]:
    """The few most alike by signature, best first; those far from alike are left out."""
    if not others:
        return []
    alike = (signatures[others] == signatures[turn]).mean(axis=1)
    near = np.flatnonzero(alike >= ALIKE)
    best = near[np.argsort(-alike[near], kind="stable")][:TRIES].tolist()
    return [others[place] for place in best]
