"""Finding passages: dense and BM25 candidates, fused by rank, reranked by late interaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from numpy.typing import NDArray
from pydantic import ConfigDict

from rag.encoder import Encoder
from rag.index import Index, Snapshot
from rag.keyword import keywords
from rag.late_interaction import (
    Floats,
    inverse_document_frequency,
    is_punctuation,
    max_similarity,
    weighted_mean,
)
from rag.tokens import Tokens
from rag.types import Filters, Passage

RRF_K = 60  # Cormack, Clarke & Büttcher 2009; their value, not tuned here


@dataclass(frozen=True, slots=True)
class Query:
    """A question as the index sees it: q tokens (no punctuation), their vectors and weights."""

    text: str
    vector: Floats
    tokens: Floats
    weights: Floats
    words: tuple[str, ...]
    terms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ranking:
    """Reranked chunks, best first.

    `rows`: (m,) rows of the snapshot's chunk table. `scores`: (m,) in -1..1. `similarities`:
    (m, q), best cosine of each question token in the chunk or its title. `tokens`: the chunks'
    token rows, in the same order.
    """

    rows: NDArray[np.int64]
    scores: Floats
    similarities: Floats
    tokens: Tokens


def encode_query(snapshot: Snapshot, encoder: Encoder, text: str) -> Query:
    """Encode a question and weigh its tokens by their rarity in the corpus."""
    (encoded,) = encoder.encode([text])
    words = [text[start:end] for start, end in encoded.spans]
    keep = np.array([not is_punctuation(word) for word in words], dtype=bool)
    frequency = snapshot.token_frequency(encoded.pieces[keep])
    return Query(
        text=text,
        vector=encoded.vector,
        tokens=snapshot.tokens.project(encoded.tokens[keep]),
        weights=inverse_document_frequency(frequency, len(snapshot.chunks)),
        words=tuple(word for word, kept in zip(words, keep, strict=True) if kept),
        terms=tuple(keywords(text)),
    )


def reciprocal_rank_fusion(rankings: Sequence[Sequence[int]], k: int = RRF_K) -> list[int]:
    """Fuse rankings of row numbers: Σ 1 / (k + rank), best first; ties keep the first seen."""
    scores: dict[int, float] = {}
    for ranking in rankings:
        for rank, row in enumerate(ranking, start=1):
            scores[row] = scores.get(row, 0.0) + 1.0 / (k + rank)
    return sorted(scores, key=lambda row: -scores[row])


def dense_rows(snapshot: Snapshot, query: Query, k: int, filters: Filters | None) -> list[int]:
    """Rows of the k chunks nearest to the question's vector, nearest first."""
    found = snapshot.vectors.similarity_search_by_vector_with_relevance_scores(
        query.vector.tolist(), k=min(k, len(snapshot.chunks)), filter=chroma_filter(filters)
    )
    return [snapshot.row_of[str(document.id)] for document, _ in found]


def keyword_rows(
    snapshot: Snapshot, query: Query, k: int, allowed: NDArray[np.bool_]
) -> tuple[list[int], Floats]:
    """Rows of the k best chunks by BM25 that share a term with the question, and all scores."""
    scores = snapshot.keyword.scores(query.terms)
    scores = np.where(allowed, scores, 0).astype(np.float32)
    order = np.argsort(-scores, kind="stable")[:k]
    return [int(row) for row in order if scores[row] > 0], scores


def rank(
    snapshot: Snapshot, query: Query, candidates: int, filters: Filters | None = None
) -> Ranking | None:
    """Retrieve and rerank; `None` if the filters leave nothing to search."""
    allowed = snapshot.allowed(filters)
    if not allowed.any() or not len(query.weights):
        return None
    dense = dense_rows(snapshot, query, candidates, filters)
    sparse, _ = keyword_rows(snapshot, query, candidates, allowed)
    rows = np.array(reciprocal_rank_fusion([dense, sparse])[:candidates], dtype=np.int64)
    similarities = chunk_similarities(snapshot, query, rows)
    scores = weighted_mean(similarities, query.weights)
    order = np.argsort(-scores, kind="stable")
    return Ranking(
        rows=rows[order],
        scores=scores[order],
        similarities=similarities[order],
        tokens=snapshot.tokens.gather([snapshot.chunks[row].key for row in rows[order]]),
    )


def chunk_similarities(snapshot: Snapshot, query: Query, rows: NDArray[np.int64]) -> Floats:
    """Best cosine of each question token in each chunk or in its article's title, (m, q)."""
    chunks = [snapshot.chunks[row] for row in rows]
    tokens = snapshot.tokens.gather([chunk.key for chunk in chunks])
    similarities = max_similarity(query.tokens, tokens.vectors, tokens.bounds)
    titles = sorted({key for chunk in chunks if (key := snapshot.title_key(chunk))})
    if titles:
        title_tokens = snapshot.tokens.gather(titles)
        in_title = max_similarity(query.tokens, title_tokens.vectors, title_tokens.bounds)
        place = {key: i for i, key in enumerate(titles)}
        for i, chunk in enumerate(chunks):
            if key := snapshot.title_key(chunk):
                similarities[i] = np.maximum(similarities[i], in_title[place[key]])
    return similarities


def chroma_filter(filters: Filters | None) -> dict[str, Any] | None:
    """Write filters as a Chroma `where`; dates are integers YYYYMMDD, for it compares no others."""
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
    return clauses[0] if len(clauses) == 1 else {"$and": clauses}


def passage(snapshot: Snapshot, row: int, score: float) -> Passage:
    """Describe a chunk to a caller."""
    chunk = snapshot.chunks[row]
    article = snapshot.article(chunk.article_id)
    return Passage(
        article_id=article.id,
        chunk_id=chunk.id,
        title=article.title,
        source=article.source,
        author=article.author,
        published=article.published,
        url=article.url,
        path=article.path,
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
    candidates: int = 100
    k: int = 10
    filters: Filters | None = None

    def passages(self, question: str) -> list[Passage]:
        """Find the k best passages, best first."""
        snapshot = self.index.current()
        query = encode_query(snapshot, self.encoder, question)
        ranking = rank(snapshot, query, max(self.candidates, self.k), self.filters)
        if ranking is None:
            return []
        return [
            passage(snapshot, int(row), float(score))
            for row, score in zip(ranking.rows[: self.k], ranking.scores, strict=False)
        ]

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
