"""Measures of quality as pure functions of ranks, scores and counts."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True)
class Overlap:
    """How far what was said is right, and what is right was said; each 0..1."""

    precision: float
    recall: float

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall; 0 if both are."""
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0


def overlap(right: int, said: int, found: int, wanted: int) -> Overlap:
    """Precision `right / said` and recall `found / wanted`; saying nothing has precision 0."""
    return Overlap(right / said if said else 0.0, found / wanted if wanted else 0.0)


def ndcg(ranks: Sequence[int], relevant: int, k: int = 10) -> float:
    """Normalised discounted cumulative gain at k, every relevant thing being worth the same.

    Järvelin & Kekäläinen 2002. `ranks`: places, from 1, at which relevant things were found.
    `relevant`: how many there are.
    """
    gain = sum(1 / math.log2(rank + 1) for rank in ranks if rank <= k)
    ideal = sum(1 / math.log2(rank + 1) for rank in range(1, min(relevant, k) + 1))
    return gain / ideal if ideal else 0.0


def hit(rank: int | None, k: int) -> bool:
    """Tell whether something was found among the first k; `None` means not found."""
    return rank is not None and rank <= k


def auroc(scores: Sequence[float], positive: Sequence[bool]) -> float | None:
    """Area under the ROC curve: how often a positive scores above a negative, ties counting half.

    From the sum of ranks (Mann & Whitney 1947). `None` unless there are both kinds.
    """
    is_positive = np.asarray(positive, dtype=bool)
    positives, negatives = int(is_positive.sum()), int((~is_positive).sum())
    if not positives or not negatives:
        return None
    _, place, counts = np.unique(np.asarray(scores), return_inverse=True, return_counts=True)
    average_rank = np.cumsum(counts) - (counts - 1) / 2  # of each distinct score, from 1
    total = float(average_rank[place][is_positive].sum())
    return (total - positives * (positives + 1) / 2) / (positives * negatives)


def balanced_accuracy(predicted: Sequence[bool], actual: Sequence[bool]) -> float | None:
    """Mean of the shares of positives and of negatives told rightly; `None` unless both occur."""
    pairs = list(zip(predicted, actual, strict=True))
    shares = [
        mean([said == kind for said, is_kind in pairs if is_kind == kind]) for kind in (True, False)
    ]
    return None if None in shares else mean([share for share in shares if share is not None])


def mean(values: Sequence[float]) -> float | None:
    """Arithmetic mean; `None` of nothing."""
    return sum(values) / len(values) if values else None


def percentile(values: Sequence[float], share: float) -> float | None:
    """The value below which a share (0..1) of the values lies, interpolated; `None` of nothing."""
    return float(np.quantile(np.asarray(values, dtype=float), share)) if values else None
