"""Finding passages: dense and BM25 candidates, fused by rank, reranked by late interaction."""

from __future__ import annotations

import dataclasses
from collections.abc import Container, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from numpy.typing import NDArray
from pydantic import ConfigDict, Field

from rag.answer_type import is_english
from rag.checks import check_question
from rag.copies import as_accepted
from rag.encoder import UNKNOWN_BASE, Encoder
from rag.index import Index
from rag.late_interaction import (
    Floats,
    best_of_spans,
    cosines,
    same_pieces,
    weighted_mean,
)
from rag.query import Query, encode_query
from rag.snapshot import Snapshot
from rag.tokens import Tokens
from rag.types import Filters, Passage

__all__ = [
    "HybridRetriever",
    "Query",
    "Ranking",
    "chroma_filter",
    "encode_query",
    "keyword_rows",
    "of_articles",
    "passage",
    "rank",
    "reciprocal_rank_fusion",
    "with_siblings",
]

RRF_K = 60  # Cormack, Clarke & Büttcher 2009; their value, not tuned here
ARTICLE_CARRY = 0.9  # what a word elsewhere in the article is worth to a chunk
CONTEXT_ARTICLES = 30
MOST_FOREIGN = 0.2  # share of unknown tokens from which a text is in the script of the question
LONGEST_CONTEXT = 40  # chunks; in a longer text, far chunks say little about each other


@dataclass(frozen=True, slots=True)
class Ranking:
    """Reranked chunks, best first, with the evidence of each of their tokens.

    `rows`: (m,) rows of the snapshot's chunk table. `scores`: (m,). `cosines`: (t, q) between the
    tokens of the chunks and those of the question. `bounds`: (m + 1,) rows of `cosines`. `spans`:
    (t, 2) characters of the chunk. `titles` and `articles`: by article id, the best cosine of
    each question token in the title, and anywhere in the article's chunks, (q,). `filters`: what
    was searched; of an article that only a copy lets through, not all need be in that copy.
    """

    rows: NDArray[np.int64]
    scores: Floats
    cosines: Floats
    bounds: NDArray[np.int64]
    spans: NDArray[np.uint32]
    place: dict[int, int]
    titles: dict[str, Floats]
    articles: dict[str, Floats]
    filters: Filters | None = None

    def tokens_of(self, row: int) -> tuple[Floats, NDArray[np.uint32]]:
        """Cosines and spans of one chunk's tokens."""
        first, last = self.bounds[self.place[row]], self.bounds[self.place[row] + 1]
        return self.cosines[first:last], self.spans[first:last]


def reciprocal_rank_fusion(rankings: Sequence[Sequence[int]], k: int = RRF_K) -> list[int]:
    """Fuse rankings of row numbers: Σ 1 / (k + rank), best first; ties keep the first seen."""
    scores: dict[int, float] = {}
    for ranking in rankings:
        for rank, row in enumerate(ranking, start=1):
            scores[row] = scores.get(row, 0.0) + 1.0 / (k + rank)
    return sorted(scores, key=lambda row: -scores[row])


def keyword_rows(snapshot: Snapshot, query: Query, k: int, allowed: NDArray[np.bool_]) -> list[int]:
    """Rows of the k best chunks by BM25 that share a term with the question, best first."""
    scores = np.where(allowed, snapshot.keyword.scores(query.terms), 0)
    order = np.argsort(-scores, kind="stable")[:k]
    return [int(row) for row in order if scores[row] > 0]


def rank(
    snapshot: Snapshot, query: Query, candidates: int, filters: Filters | None = None
) -> Ranking | None:
    """Retrieve and rerank; `None` if the filters or the question leave nothing to search."""
    allowed = snapshot.allowed(filters)
    if not allowed.any() or not len(query.weights):
        return None
    where = chroma_filter(filters, snapshot.by_copy(filters))
    dense = snapshot.nearest(query.vector, candidates, where, allowed)
    sparse = keyword_rows(snapshot, query, candidates, allowed)
    found = reciprocal_rank_fusion([dense, sparse])[:candidates]
    ranking = rerank(snapshot, query, with_siblings(snapshot, found))
    return dataclasses.replace(ranking, filters=filters)


def with_siblings(snapshot: Snapshot, rows: Sequence[int]) -> list[int]:
    """Add the other chunks of the first articles: what a sentence is about may stand there."""
    articles = list(dict.fromkeys(snapshot.chunks[row].article_id for row in rows))
    siblings = [
        row
        for article_id in articles[:CONTEXT_ARTICLES]
        if len(snapshot.rows_of[article_id]) <= LONGEST_CONTEXT
        for row in snapshot.rows_of[article_id]
    ]
    return list(dict.fromkeys([*rows, *siblings]))


def rerank(snapshot: Snapshot, query: Query, rows: Sequence[int]) -> Ranking:
    """Order chunks by late interaction, each read in the light of its title and article."""
    tokens = snapshot.tokens.gather([snapshot.chunks[row].key for row in rows])
    similar = similarity(query, tokens)
    similarities = best_of_spans(similar, tokens.bounds)
    owners = [snapshot.chunks[row].article_id for row in rows]
    titles = title_similarities(snapshot, query, set(owners))
    articles: dict[str, Floats] = {}
    for owner, own in zip(owners, similarities, strict=True):
        articles[owner] = np.maximum(articles.get(owner, titles[owner]), own)
    context = np.stack([np.maximum(titles[o], ARTICLE_CARRY * articles[o]) for o in owners])
    scores = mean_similarity(query, np.maximum(similarities, context), tokens)
    order = np.argsort(-scores, kind="stable")
    return Ranking(
        rows=np.array(rows, dtype=np.int64)[order],
        scores=scores[order],
        cosines=similar,
        bounds=tokens.bounds,
        spans=tokens.spans,
        place={row: place for place, row in enumerate(rows)},
        titles=titles,
        articles=articles,
    )


def of_articles(snapshot: Snapshot, ranking: Ranking, article_ids: Container[str]) -> Ranking:
    """What was found in some articles; what is known of the others stays, for comparison."""
    owners = [snapshot.chunks[row].article_id for row in ranking.rows.tolist()]
    kept = np.array([owner in article_ids for owner in owners], dtype=bool)
    return dataclasses.replace(ranking, rows=ranking.rows[kept], scores=ranking.scores[kept])


def similarity(query: Query, tokens: Tokens) -> Floats:
    """Cosines of all tokens with those of the question, (t, q); of literal ones, sameness.

    All characters that a model does not know have one and the same vector.
    """
    found = cosines(query.tokens, tokens.vectors)
    if query.literal.any():
        same = same_pieces(query.pieces, tokens.pieces)[:, query.kept]
        found[:, query.literal] = same[:, query.literal]
    return found


def mean_similarity(query: Query, similarities: Floats, tokens: Tokens) -> Floats:
    """Weighted mean over the question's tokens, (m, q) to (m,).

    Of a Chinese question, a text in another script can only have the names (Gold Boy的导演是谁？),
    so it is compared by those.
    """
    if query.literal.all() or not query.literal.any() or is_english(query.text):
        return weighted_mean(similarities, query.weights)
    unknown = np.add.reduceat(tokens.pieces >= UNKNOWN_BASE, tokens.bounds[:-1])
    foreign = unknown < MOST_FOREIGN * np.diff(tokens.bounds)
    absent = foreign[:, None] & query.literal[None, :] & (similarities <= 0)
    weights = np.where(absent, 0, query.weights[None, :])
    total: Floats = (similarities * weights).sum(axis=1) / np.maximum(weights.sum(axis=1), 1e-9)
    return total.astype(np.float32)


def title_similarities(snapshot: Snapshot, query: Query, articles: set[str]) -> dict[str, Floats]:
    """Best cosine of each question token in each article's title; -1 without a title."""
    keys = {article: snapshot.entries[article].title_hash for article in sorted(articles)}
    titled = [article for article, key in keys.items() if key]
    found = {article: np.full(len(query.weights), -1, np.float32) for article in keys}
    if titled:
        tokens = snapshot.tokens.gather([keys[article] for article in titled])
        best = best_of_spans(similarity(query, tokens), tokens.bounds)
        found |= dict(zip(titled, best, strict=True))
    return found


def chroma_filter(filters: Filters | None, by_copy: Sequence[str] = ()) -> dict[str, Any] | None:
    """Write filters as a Chroma `where`; dates are integers YYYYMMDD, for it compares no others.

    `by_copy`: ids of articles that may be searched whatever the filters say.
    """
    if not filters:
        return None
    clauses: list[dict[str, Any]] = []
    if filters.sources:
        clauses.append({"source": {"$in": list(filters.sources)}})
    if filters.authors:
        clauses.append({"author": {"$in": list(filters.authors)}})
    if filters.after or filters.before:
        clauses.append({"published": {"$gt": 0}})
    if filters.after:
        clauses.append({"published": {"$gte": int(filters.after.strftime("%Y%m%d"))}})
    if filters.before:
        clauses.append({"published": {"$lte": int(filters.before.strftime("%Y%m%d"))}})
    where = clauses[0] if len(clauses) == 1 else {"$and": clauses}
    return {"$or": [where, {"article_id": {"$in": list(by_copy)}}]} if by_copy else where


def passage(snapshot: Snapshot, row: int, score: float) -> Passage:
    """Describe a chunk to a caller."""
    chunk = snapshot.chunks[row]
    article = snapshot.article(chunk.article_id)
    return Passage(
        **article.named(),
        chunk_id=chunk.id,
        text=article.text[chunk.start : chunk.end],
        start=chunk.start,
        end=chunk.end,
        score=round(max(0.0, float(score)), 4),
    )


class HybridRetriever(BaseRetriever):
    """The retriever as a LangChain `BaseRetriever`, for a chain of one's own."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    index: Index
    encoder: Encoder
    candidates: int = Field(100, ge=1)
    k: int = Field(10, ge=1)
    filters: Filters | None = None

    def passages(self, question: str) -> list[Passage]:
        """Find the k best passages, best first.

        Raises:
            InvalidInput: if there is no question.
        """
        text = check_question(question)
        snapshot = self.index.current()
        query = encode_query(snapshot, self.encoder, text)
        ranking = rank(snapshot, query, max(self.candidates, self.k), self.filters)
        if ranking is None:
            return []
        found = [
            passage(snapshot, int(row), float(score))
            for row, score in zip(ranking.rows[: self.k], ranking.scores, strict=False)
        ]
        return [as_accepted(snapshot, each, each.text, self.filters) for each in found]

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun
    ) -> list[Document]:
        return [
            Document(
                id=found.chunk_id,
                page_content=found.text,
                metadata={
                    "article_id": found.article_id,
                    "title": found.title,
                    "source": found.source,
                    "published": found.published.isoformat() if found.published else "",
                    "path": found.path,
                    "start_index": found.start,
                    "score": found.score,
                },
            )
            for found in self.passages(query)
        ]
