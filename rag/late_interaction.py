"""Late interaction: a text is as relevant as its best token is to each token of the question.

MaxSim as in ColBERT (Khattab & Zaharia 2020), zero-shot: the token vectors of a sentence
embedding model, each question token weighted by how rare it is in the corpus.
"""

from __future__ import annotations

import re

import numpy as np
from numpy.typing import NDArray

from rag.threads import one_thread

Floats = NDArray[np.float32]
ALONE = 0.5  # what a piece is worth that is found, but not next to its neighbour
_PUNCTUATION = re.compile(r"[\W_]+")


def inverse_document_frequency(frequency: NDArray[np.int64], documents: int) -> Floats:
    """Compute ln(1 + N / (1 + df)) for each token, shape as `frequency`."""
    return np.log1p(documents / (1.0 + frequency)).astype(np.float32)


def cosines(question: Floats, tokens: NDArray[np.int8]) -> Floats:
    """Cosines of all pairs, (t, q), of (q, d) unit vectors and (t, d) int8 ones times 127.

    Multiplied by torch, not by NumPy: the idle threads of NumPy's BLAS keep spinning and made the
    encoding of the next question twice as slow.
    """
    import torch

    with one_thread():
        product = torch.from_numpy(tokens).float() @ torch.from_numpy(question.T / np.float32(127))
    found: Floats = product.numpy()
    return found


def same_pieces(question: NDArray[np.uint32], tokens: NDArray[np.uint32]) -> Floats:
    """Compare word pieces by their ids, (t, q): 1 for the same one beside the same one, alone ½.

    For (q,) pieces of a question and (t,) of texts. A Chinese character alone says little.
    """
    same = tokens[:, None] == question[None, :]
    beside = np.zeros_like(same)
    beside[1:, 1:] |= same[:-1, :-1]
    beside[:-1, :-1] |= same[1:, 1:]
    found: Floats = np.where(same, np.where(beside, 1, ALONE), 0).astype(np.float32)
    return found


def best_of_spans(cosines: Floats, bounds: NDArray[np.int64]) -> Floats:
    """Largest value of each column within each span of rows: (t, q) and (m + 1,) to (m, q)."""
    best: Floats = np.maximum.reduceat(cosines, bounds[:-1], axis=0)
    return best


def weighted_mean(similarities: Floats, weights: Floats) -> Floats:
    """Σ weight · similarity / Σ weight over question tokens: (m, q) and (q,) to (m,)."""
    total = float(weights.sum())
    if total == 0.0:
        return np.zeros(similarities.shape[0], dtype=np.float32)
    return (similarities @ weights / np.float32(total)).astype(np.float32)


def is_punctuation(token: str) -> bool:
    """Tell a token without letter or digit: a question mark says nothing about the answer."""
    return bool(_PUNCTUATION.fullmatch(token))
