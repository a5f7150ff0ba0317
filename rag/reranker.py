"""Which of some sentences answers the question? What a cross-encoder makes of them.

The score of a sentence comes of vectors that know nothing of the question. Where it cannot tell
sentences apart, and in lists, a model (`rag/reranker_model.py`) reads the question with each of
them; not with others, for it takes some 12 ms a sentence. `tests/benchmarks/fit_reranker.py` trains
it, and says what it is worth. Its adapters, 0.8 MB, lie beside this file.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from rag.encoder import Encoder
from rag.evidence import Sentence
from rag.late_interaction import Floats
from rag.query import Query
from rag.sentences import has_cells
from rag.snapshot import Snapshot

if TYPE_CHECKING:
    from rag.reranker_model import Pair

NEAR = 0.02  # sentences whose scores are this near to the first cannot be told apart by them
SHARE = 0.05  # of a logit, in the score of such a sentence
LIST_SHARE = 0.1  # the same of one of a list
LOGITS = -8.0, 4.0  # the least and the most that a logit counts
MOST_PIECES = 24, 56, 8  # of a question, a sentence and a title that are read
TOGETHER = 8  # pairs of about one length that are read at a time


class Excerpt(NamedTuple):
    """A sentence with the title of its article."""

    text: str
    title: str


def rerank(
    snapshot: Snapshot,
    query: Query,
    sentences: Sequence[Sentence],
    share: float = SHARE,
    most: int | None = None,
) -> list[Sentence] | None:
    """Give the cross-encoder a share in the scores of some sentences, and order them by these.

    It reads the first `most`. What reads best keeps its score, others lose. Rows of tables, of
    which the model has seen none, and what is not read lose as much as others in the mean. `None`
    where the model cannot tell: with another embedding model than it was made of, and in languages
    that this one does not know.
    """
    if query.literal.any():
        return None
    excerpts = [excerpt(snapshot, sentence) for sentence in sentences[:most]]
    logits = read_excerpts(query.encoder, query.text, excerpts)
    return None if logits is None else weighed(sentences, logits, share)


def rerank_nearest(
    snapshot: Snapshot, query: Query, sentences: list[Sentence], most: int
) -> list[Sentence]:
    """Rerank the first sentences, as many as the score cannot tell apart and `most` at most.

    `sentences`: best first.
    """
    near = [s for s in sentences[:most] if s.score >= sentences[0].score - NEAR]
    if len(near) < 2:
        return sentences
    reranked = rerank(snapshot, query, near)
    if reranked is None:
        return sentences
    level = sentences[0].score  # all keep it, so that no other sentence comes between them
    ordered = [dataclasses.replace(sentence, score=level) for sentence in reranked]
    return [*ordered, *sentences[len(near) :]]


def excerpt(snapshot: Snapshot, sentence: Sentence) -> Excerpt:
    """A sentence as it is read."""
    return Excerpt(sentence.text, snapshot.entries[sentence.article_id].title)


def read_excerpts(encoder: Encoder, question: str, excerpts: Sequence[Excerpt]) -> Floats | None:
    """How surely each of m ≥ 1 sentences answers, as a logit within `LOGITS`, (m,)."""
    model = encoder.reranker
    if model is None:
        return None
    import torch

    from rag.reranker_model import batch

    pairs = pairs_of(encoder, question, excerpts)
    order = sorted(range(len(pairs)), key=lambda place: sum(map(len, pairs[place])))
    logits = np.zeros(len(pairs), np.float32)
    with torch.inference_mode():
        for first in range(0, len(order), TOGETHER):
            some = order[first : first + TOGETHER]
            logits[some] = model(*batch([pairs[place] for place in some]))[0].numpy()
    return logits.clip(*LOGITS)


def pairs_of(encoder: Encoder, question: str, excerpts: Sequence[Excerpt]) -> list[Pair]:
    """The word pieces of a question with each of some excerpts."""
    most_asked, most_said, most_title = MOST_PIECES
    texts = [question, *(part for told in excerpts for part in told)]
    asked, *parts = [pieces for pieces, _ in encoder.pieces(texts)]
    return [
        (asked[:most_asked], said[:most_said], title[:most_title])
        for said, title in zip(parts[::2], parts[1::2], strict=True)
    ]


def weighed(sentences: Sequence[Sentence], logits: Floats, share: float) -> list[Sentence]:
    """Sentences with a share of the logits of the first of them, (m,), in their scores.

    Best first; see `rerank`.
    """
    lost = np.zeros(len(sentences), np.float32)
    lost[: len(logits)] = share * (logits - logits.max())
    told = np.array([not has_cells(sentence.text) for sentence in sentences])
    told[len(logits) :] = False
    lost[~told] = lost[told].mean() if told.any() else 0.0
    read = (
        dataclasses.replace(sentence, score=sentence.score + change)
        for sentence, change in zip(sentences, lost.tolist(), strict=True)
    )
    return sorted(read, key=lambda sentence: -sentence.score)
