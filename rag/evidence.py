"""Choosing sentences: late interaction, each sentence read in its place in the article.

A sentence is scored with its token vectors as they are in its chunk. That alone prefers sentences
that repeat the question's names; in news, though, the name stands in the title or two sentences
before ("Lê Đỗ Ngọc Linh directs."). So each token of the question may also be met by what comes
before the sentence, at a discount: a small one for names, which a text introduces once and then
takes as known, a large one for all other words, which are what is being asked. The constants were
fitted on the questions of the sample corpus and on a third of XQuAD; the README has the figures.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rag.answer_type import answer_type, has_answer_type, is_english, name_tokens
from rag.copies import is_carried
from rag.keyword import STOPWORDS
from rag.late_interaction import Floats, best_of_spans, weighted_mean
from rag.retrieval import Query, Ranking
from rag.sentences import guess_language
from rag.snapshot import Snapshot

DEPTH = 12  # chunks whose sentences are looked at
NAME_DECAY = 0.98  # a name said n sentences ago counts 0.98ⁿ
WORD_DECAY = 0.9  # any other word 0.8 · 0.9ⁿ
WORD_CARRY = 0.8
TITLE_CARRY = 0.9
NAME_ELSEWHERE = 0.85  # said somewhere else in the article, perhaps after
WORD_ELSEWHERE = 0.55
CHUNK_SHARE = 0.6  # how much the score of the chunk adds to that of the sentence
TYPE_BONUS = 0.03  # for the date, number or name that the question wants
FOREIGN_TYPE_BONUS = 0.15  # where the question is in Chinese, and of its words only names are met

QUESTION_WORDS = frozenset("who whom whose when where why how what which many much 谁".split())
QUESTION_WORD_WEIGHT = 2.0  # their vectors lie near those of dates, places and people
STOPWORD_WEIGHT = 0.6
PREDICATE_WEIGHT = 1.4  # what is asked, against what it is asked about


@dataclass(frozen=True, slots=True)
class Sentence:
    """A candidate: characters `start` to `end` of an article, and how well it answers.

    `own`: (q,) best cosine of each question token in the sentence. `carried`: the same with what
    its surroundings contribute. `place`: its number in the article.
    """

    row: int
    article_id: str
    start: int
    end: int
    text: str
    place: int
    own: Floats
    carried: Floats
    score: float


def score_sentences(
    snapshot: Snapshot, query: Query, ranking: Ranking, depth: int = DEPTH
) -> list[Sentence]:
    """Score the sentences of the best chunks; those of an article stand in its order."""
    rows = {int(row) for row in ranking.rows[:depth]}
    chunk_scores = dict(zip(ranking.rows.tolist(), ranking.scores.tolist(), strict=True))
    articles = list(dict.fromkeys(snapshot.chunks[row].article_id for row in sorted(rows)))
    texts = {article_id: snapshot.article(article_id).text for article_id in articles}
    names = name_tokens(query.text, query.spans, list(texts.values()))
    weights = reading_weights(query, names)
    wanted, chinese = answer_type(query.text), not is_english(query.text)
    found: list[Sentence] = []
    for article_id, text in texts.items():
        for sentence in _read_article(snapshot, ranking, article_id, text, names):
            if sentence.row in rows and is_carried(
                snapshot, article_id, sentence.text, ranking.filters
            ):
                found.append(sentence)
    if not found:
        return []
    means = weighted_mean(np.stack([sentence.carried for sentence in found]), weights)
    scored = []
    for sentence, mean in zip(found, means.tolist(), strict=True):
        score = mean + CHUNK_SHARE * chunk_scores[sentence.row]
        if wanted and has_answer_type(wanted, sentence.text, query.text):
            foreign = chinese and guess_language(sentence.text) != "zh"
            score += FOREIGN_TYPE_BONUS if foreign else TYPE_BONUS
        scored.append(dataclasses.replace(sentence, score=score))
    return scored


def reading_weights(query: Query, names: NDArray[np.bool_]) -> Floats:
    """Weights of the question's tokens when sentences of one text are compared, (q,)."""
    words = [word.lower() for word in query.words]
    factors = [
        QUESTION_WORD_WEIGHT if word in QUESTION_WORDS else
        STOPWORD_WEIGHT if word in STOPWORDS else 1.0
        for word in words
    ]  # fmt: skip
    emphasis = np.where(names, 1.0, PREDICATE_WEIGHT)
    weights: Floats = (query.weights * np.array(factors) * emphasis).astype(np.float32)
    return weights


def _read_article(
    snapshot: Snapshot,
    ranking: Ranking,
    article_id: str,
    text: str,
    names: NDArray[np.bool_],
) -> Iterator[Sentence]:
    """Go through an article's ranked chunks in order, carrying along what was said."""
    title, anywhere = ranking.titles[article_id], ranking.articles[article_id]
    elsewhere = np.where(names, NAME_ELSEWHERE, WORD_ELSEWHERE) * anywhere
    background = np.maximum(elsewhere, TITLE_CARRY * title)
    decay = np.where(names, NAME_DECAY, WORD_DECAY).astype(np.float32)
    carry = np.where(names, 1.0, WORD_CARRY).astype(np.float32)
    said = np.full(len(names), -1, np.float32)
    place = 0
    for row in snapshot.rows_of[article_id]:
        if row not in ranking.place:
            continue
        for (start, end), own in _sentence_similarities(snapshot, ranking, row):
            carried = np.maximum.reduce([own, carry * said, background]).astype(np.float32)
            yield Sentence(row, article_id, start, end, text[start:end], place, own, carried, 0.0)
            said = np.maximum(said, own) * decay
            place += 1


def _sentence_similarities(
    snapshot: Snapshot, ranking: Ranking, row: int
) -> list[tuple[tuple[int, int], Floats]]:
    """Pair each sentence of a chunk with the best cosine of each question token in it."""
    chunk = snapshot.chunks[row]
    cosines, spans = ranking.tokens_of(row)
    starts = spans[:, 0].astype(np.int64) + chunk.start
    firsts = np.searchsorted(starts, [start for start, _ in chunk.sentences])
    lasts = np.append(firsts[1:], len(starts))
    kept = [i for i in range(len(firsts)) if lasts[i] > firsts[i]]
    if not kept:
        return []
    bounds = np.array([*firsts[kept], lasts[kept[-1]]], dtype=np.int64)
    best = best_of_spans(cosines[: bounds[-1]], bounds)
    return [(chunk.sentences[i], best[n]) for n, i in enumerate(kept)]
