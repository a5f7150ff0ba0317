"""How likely it is that an article answers a question: a logistic score over what can be told.

Six features, each of which a person can check: how near the nearest sentence of the article is to
the question, how near the sentences around the chosen one are on the mean, the word of the
question that is met worst in the article and in the chosen sentence, and the shares of the
question's words that the article and its title have. `tests/benchmarks/fit_answerability.py` fits
the weights and prints them; none is set by hand. It takes half of CLAP NQ (Rosenthal et al. 2025),
where the passage at hand answers or nearly does, and half of XQuAD (Artetxe et al. 2020), where the
one paragraph that answers is there or is withheld.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from rag.evidence import QUESTION_WORDS, Sentence
from rag.index import Snapshot
from rag.keyword import STOPWORDS, keywords
from rag.late_interaction import Floats
from rag.query import Query
from rag.retrieval import Ranking

FEATURES = (
    "nearest sentence",
    "sentences around",
    "word met worst in the article",
    "word met worst in the sentence",
    "words in the article",
    "words in the title",
)
LEAST = 0.1  # below this, the articles are taken not to answer; it costs 1 in 100 answerable ones
SURE = 0.5  # below this, an answer says that it may be none
WEIGHTS = (5.131, 3.867, 3.425, 0.901, 3.849, -3.271)
BIAS = -8.007


def answerability(snapshot: Snapshot, query: Query, ranking: Ranking, best: Sentence) -> float:
    """Probability, 0 to 1, that the article of the best sentence answers the question."""
    values = features(snapshot, query, ranking, best)
    return float(1 / (1 + np.exp(-(values @ np.array(WEIGHTS) + BIAS))))


def features(
    snapshot: Snapshot, query: Query, ranking: Ranking, best: Sentence
) -> NDArray[np.float64]:
    """The features of a question and the best sentence found for it, shape (6,), as FEATURES."""
    article = snapshot.article(best.article_id)
    words = [word.lower() for word in query.words]
    telling = np.array([w not in STOPWORDS and w not in QUESTION_WORDS for w in words], dtype=bool)
    telling = telling if telling.any() else ~telling
    met = np.maximum(ranking.articles[best.article_id], ranking.titles[best.article_id])
    asked = set(keywords(query.text))
    title = set(keywords(article.title))
    near = {
        row: sentence_cosines(snapshot, query, row) for row in snapshot.rows_of[best.article_id]
    }
    return np.array(
        [
            max(float(cosines.max()) for cosines in near.values()),
            float(near[best.row].mean()),
            float(met[telling].min()),
            float(best.own[telling].min()),
            len(asked & (title | set(keywords(article.text)))) / max(1, len(asked)),
            len(asked & title) / max(1, len(asked)),
        ]
    )


def sentence_cosines(snapshot: Snapshot, query: Query, row: int) -> Floats:
    """Cosine of the question with each sentence of a chunk, of mean token vectors, (s,)."""
    chunk = snapshot.chunks[row]
    tokens = snapshot.tokens.gather([chunk.key])
    vectors = tokens.vectors.astype(np.float32)
    starts = tokens.spans[:, 0].astype(np.int64) + chunk.start
    sums = [vectors[(starts >= a) & (starts < b)].sum(axis=0) for a, b in chunk.sentences]
    whole = query.tokens.sum(axis=0)
    lengths = [float(np.linalg.norm(total)) * float(np.linalg.norm(whole)) for total in sums]
    found = [
        float((total * whole).sum()) / length
        for total, length in zip(sums, lengths, strict=True)
        if length > 0
    ]
    return np.array(found or [0.0], dtype=np.float32)
