"""How likely the articles answer a question: a logistic score over what can be told.

Each feature is one that a person can check: how near the best sentence, what stands around it, and
the nearest sentence of its article are to the question; whether the article says the question's
rare words, its names and its numbers, and the sentence the kind of thing that is asked for; and by
how much the article is ahead of all others. What its title has of the question counts against it:
every sentence of an article is near to its topic. `tests/benchmarks/fit_answerability.py` fits the
weights and prints them; none is set by hand. It takes CLAP NQ (Rosenthal et al. 2025), where the
passage at hand answers or nearly does, and half of XQuAD (Artetxe et al. 2020), where the one
paragraph that answers is there or is withheld; and it tells by cross-fitting what they are worth.

There, one question in two has no answer. That holds for a question put to a single article; of
those that people put to a collection of their own, we take one in five to have none. The weights
are kept small, for other collections are not like these data; put to a single article, the score is
as sharp as cross-fitting finds right there.

None of this tells who did it from whom it was done to. In a collection, where a question may be
about what the articles are about and yet not answered, the score is joined with the best that the
model that reads question and sentence together makes of the sentences to be shown
(`rag/reading.py`): by three more weights, fitted on half of XQuAD and on half of the questions that
were held out from that model.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from rag.answer_type import answer_type, stated_type
from rag.answerability import absent_numbers
from rag.evidence import QUESTION_WORDS, Sentence, reading_weights
from rag.keyword import STOPWORDS
from rag.late_interaction import Floats, weighted_mean
from rag.parts import Parts, mean_cosine
from rag.query import Query
from rag.reading import best_reading
from rag.retrieval import Ranking
from rag.snapshot import Snapshot

FEATURES = (
    "sentence in its place",
    "sentence against question",
    "question words in the sentence",
    "rare words not in the sentence",
    "not what is asked for",
    "nearest sentence of the article",
    "sentences around",
    "title of the article",
    "rare words not in the article",
    "name met worst",
    "numbers not nearby",
    "ahead of other articles",
    "there are other articles",
)
LEAST = 0.5  # below this, the articles are taken not to answer
SURE = 0.8  # below this, an answer says that it may be none
CONFIDENT = 0.9  # from here on, fewer checks are made
WEIGHTS = (
    1.079, 1.084, 0.799, -0.542, -0.111, 0.832, 0.849, -0.102, -0.543, -0.223, -0.191, 1.209, 0.063
)  # fmt: skip
BIAS = -1.946
SHARPNESS = 3.259  # where there is but one article
COLLECTION = math.log(4)  # added where there are other articles: one in five, not one in two
SCORE_WEIGHT, READING_WEIGHT, READING_BIAS = 0.646, 0.552, 0.727
MET = 0.6  # cosine from which a word counts as said
ALONE = 0.1  # how far the only article is ahead
NO_QUESTION_WORD = 0.3
NO_TITLE = 0.6  # the mean of the titles in CLAP NQ


class Answerability(NamedTuple):
    """How likely an article answers, 0 to 1: as far as words tell, and with what reading tells."""

    by_words: float
    whole: float


def answerability(
    snapshot: Snapshot,
    query: Query,
    ranking: Ranking,
    best: Sentence,
    parts: Parts,
    shown: Sequence[Sentence] = (),
) -> Answerability:
    """How likely the article of the best sentence answers the question.

    `shown`: sentences to be read for it, too, where one is to give the answer.
    """
    values = features(snapshot, query, ranking, best, parts)
    logit = score(values)
    if not values[-1]:
        alone = probability(SHARPNESS * logit)
        return Answerability(alone, alone)
    by_words = probability(logit + COLLECTION)
    reading = best_reading(snapshot, query, ranking, shown)
    if reading is None:
        return Answerability(by_words, by_words)
    joined = SCORE_WEIGHT * logit + READING_WEIGHT * reading + READING_BIAS
    return Answerability(by_words, probability(joined + COLLECTION))


def probability(logit: float) -> float:
    """The logistic function."""
    return 1 / (1 + math.exp(-logit))


def score(values: NDArray[np.float64]) -> float:
    """The logit of the features, (13,) as FEATURES, by themselves."""
    return float(values @ np.array(WEIGHTS)) + BIAS


def features(
    snapshot: Snapshot, query: Query, ranking: Ranking, best: Sentence, parts: Parts
) -> NDArray[np.float64]:
    """The features of a question and the best sentence found for it, shape (13,), as FEATURES."""
    words = [word.lower() for word in query.words]
    asking = np.array([word in QUESTION_WORDS for word in words], dtype=bool)
    telling = np.array([w not in STOPWORDS for w in words], dtype=bool) & ~asking
    said = np.maximum(ranking.articles[best.article_id], ranking.titles[best.article_id])
    own = np.maximum(best.own, 0)
    question = query.tokens.sum(axis=0)
    near = {
        row: sentence_cosines(snapshot, question, row) for row in snapshot.rows_of[best.article_id]
    }
    wrong_type = stated_type(answer_type(query.text), best.text, query.text) is False
    ahead = lead(snapshot, ranking, best.article_id)
    weights = reading_weights(query, parts.names_mask)
    return np.array(
        [
            float(weighted_mean(best.carried[None, :], weights)[0]),
            reverse_similarity(snapshot, ranking, best),
            mean_cosine(query, own, asking) if asking.any() else NO_QUESTION_WORD,
            unmet_share(query, own, telling),
            float(wrong_type),
            max(float(cosines.max()) for cosines in near.values()),
            float(near[best.row].mean()),
            title_cosine(snapshot, question, best.article_id),
            unmet_share(query, said, telling),
            max((1 - mean_cosine(query, said, group) for group in parts.names), default=0.0),
            len(absent_numbers(snapshot, query, best)),
            ALONE if ahead is None else ahead,
            float(ahead is not None),
        ]
    )


def lead(snapshot: Snapshot, ranking: Ranking, article_id: str) -> float | None:
    """How far the best chunk of an article is ahead of that of any other; `None` if alone."""
    best: dict[bool, float] = {}
    for row, score in zip(ranking.rows.tolist(), ranking.scores.tolist(), strict=True):
        best.setdefault(snapshot.chunks[row].article_id == article_id, score)
    return best[True] - best[False] if len(best) == 2 else None


def unmet_share(query: Query, similarities: Floats, among: NDArray[np.bool_]) -> float:
    """Share of the weight of some question words that nothing comes near to, 0 to 1."""
    weights = query.weights * among
    total = float(weights.sum())
    return float((weights * (similarities < MET)).sum()) / total if total else 0.0


def reverse_similarity(snapshot: Snapshot, ranking: Ranking, sentence: Sentence) -> float:
    """Mean, over the tokens of a sentence, of the best cosine with a token of the question."""
    cosines, spans = ranking.tokens_of(sentence.row)
    starts = spans[:, 0].astype(np.int64) + snapshot.chunks[sentence.row].start
    inside = cosines[(starts >= sentence.start) & (starts < sentence.end)]
    return float(inside.max(axis=1).mean()) if len(inside) else 0.0


def title_cosine(snapshot: Snapshot, question: Floats, article_id: str) -> float:
    """Cosine of a question, the sum of its token vectors (d,), with the title of an article."""
    entry = snapshot.entries[article_id]
    found = entry.title and cosine(question, snapshot.tokens.gather([entry.title_hash]).vectors)
    return found or NO_TITLE


def sentence_cosines(snapshot: Snapshot, question: Floats, row: int) -> Floats:
    """Cosine of a question, as in `title_cosine`, with each sentence of a chunk, (s,)."""
    chunk = snapshot.chunks[row]
    tokens = snapshot.tokens.gather([chunk.key])
    starts = tokens.spans[:, 0].astype(np.int64) + chunk.start
    parts = (tokens.vectors[(starts >= a) & (starts < b)] for a, b in chunk.sentences)
    found = [value for value in (cosine(question, part) for part in parts) if value is not None]
    return np.array(found or [0.0], dtype=np.float32)


def cosine(question: Floats, tokens: NDArray[np.int8]) -> float | None:
    """Cosine of a question (d,) with the sum of a text's tokens, (n, d); `None` without any."""
    text = tokens.astype(np.float32).sum(axis=0)
    length = float(np.linalg.norm(text)) * float(np.linalg.norm(question))
    return float((text * question).sum()) / length if length > 0 else None
