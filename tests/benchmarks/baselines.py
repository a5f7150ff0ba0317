"""Other ways to retrieve, with the same weights: `python -m tests.benchmarks.baselines`.

- The LangChain tutorial: chunks of 1,000 characters that overlap by 200, Chroma, the first 4.
- BM25 alone, and BM25 and dense fused by reciprocal rank without reranking, over our own chunks.
- txtai's hybrid index, if it is installed (`pip install -c constraints.txt -e '.[bench]'`).

The program asks the list questions of `tests/lists.jsonl` and scores the names that occur in the
first four chunks of each. `tests.benchmarks.xquad` measures the same baselines on XQuAD.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, cast

import chromadb
import numpy as np
from chromadb.config import Settings as ChromaSettings
from langchain_chroma import Chroma
from langchain_core.documents import Document
from langchain_text_splitters import RecursiveCharacterTextSplitter
from numpy.typing import NDArray

from rag import Assistant, Encoder
from rag.encoder import packaged_folder
from rag.gold import Question, load_questions
from rag.keyword import keywords
from rag.metrics import mean, overlap
from rag.retrieval import reciprocal_rank_fusion
from rag.scoring import names_in
from rag.snapshot import Snapshot
from tests.benchmarks.common import ROOT, TESTS, indexed, only_help, sentences_of, table

TOP = 4  # chunks, as in the tutorial
DEPTH = 100
NAMES = ("LangChain tutorial", "BM25", "RRF without reranking", "txtai hybrid")
LISTS = TESTS / "lists.jsonl"


def main() -> None:
    """Score the first four chunks of every baseline on the list questions."""
    only_help(__doc__)
    questions = [question for question in load_questions(LISTS) if question.items]
    with indexed(ROOT / "corpus", "sample corpus") as assistant:
        retrievers = chunk_retrievers(assistant)
        rows = {
            name: score_chunks(questions, [search(question.text) for question in questions])
            for name, search in retrievers.items()
        }
    table(
        f"{len(questions)} list questions, first {TOP} chunks", ["precision", "recall", "F1"], rows
    )


def chunk_retrievers(
    assistant: Assistant, names: Sequence[str] = NAMES
) -> dict[str, Callable[[str], list[str]]]:
    """By name of a baseline, a function from a question to the texts of its first chunks."""
    snapshot = assistant.index.current()
    texts = {entry.id: snapshot.article(entry.id).text for entry in snapshot.manifest.articles}
    tutorial = Tutorial(texts, assistant.encoder)
    chunks = {str(n): chunk.page_content for n, chunk in enumerate(tutorial.chunks)}
    txtai = load_txtai(chunks) if "txtai hybrid" in names else None

    def own(name: str, question: str) -> list[str]:
        rows = ranked_rows(assistant, snapshot, question)[name]
        return [row_text(snapshot, row) for row in rows[:TOP]]

    found: dict[str, Callable[[str], list[str]]] = {
        "LangChain tutorial": lambda q: [d.page_content for d in tutorial.search(q, TOP)],
        "BM25": partial(own, "BM25"),
        "RRF without reranking": partial(own, "RRF without reranking"),
    }
    if txtai:
        found["txtai hybrid"] = lambda q: [chunks[key] for key in search_txtai(txtai, [q], TOP)[0]]
    return {name: found[name] for name in names if name in found}


def score_chunks(
    questions: Sequence[Question], chunks: Sequence[Sequence[str]]
) -> list[float | None]:
    """Macro precision, recall and F1 of the names that occur in the chunks of each question."""
    scores = []
    for question, texts in zip(questions, chunks, strict=True):
        found, wrong = names_in("\n".join(texts), question)
        scores.append(overlap(len(found), len(found) + len(wrong), len(found), len(question.items)))
    return [
        mean([score.precision for score in scores]),
        mean([score.recall for score in scores]),
        mean([score.f1 for score in scores]),
    ]


class Tutorial:
    """Dense retrieval as LangChain's tutorial builds it; `article` is in a chunk's metadata."""

    def __init__(self, texts: Mapping[str, str], encoder: Encoder) -> None:
        """Split and embed texts, given by the ids of their articles."""
        splitter = RecursiveCharacterTextSplitter(chunk_size=1000, chunk_overlap=200)
        self.chunks = splitter.split_documents(
            [Document(text, metadata={"article": key}) for key, text in texts.items()]
        )
        self._texts, self._encoder = texts, encoder
        client = chromadb.EphemeralClient(ChromaSettings(anonymized_telemetry=False))
        self._store = Chroma(f"tutorial-{id(self)}", embedding_function=encoder, client=client)
        self._store.add_documents(self.chunks)
        self._sentences: dict[str, tuple[list[str], NDArray[np.float32]]] = {}

    def search(self, question: str, k: int) -> list[Document]:
        """The k nearest chunks."""
        return self._store.similarity_search(question, k=k)

    def articles(self, question: str, k: int) -> list[str]:
        """Articles by their nearest chunk."""
        found = self.search(question, k)
        return list(dict.fromkeys(str(chunk.metadata["article"]) for chunk in found))

    def sentences(self, question: str, articles: Sequence[str]) -> list[tuple[str, str]]:
        """The articles' sentences (article, sentence), nearest to the question first."""
        vector = np.array(self._encoder.embed_query(question), dtype=np.float32)
        found = []
        for article in articles:
            texts, vectors = self._embedded(article)
            scores = vectors @ vector if texts else ()
            found += [(s, article, text) for s, text in zip(scores, texts, strict=True)]
        return [(article, text) for _, article, text in sorted(found, key=lambda f: -f[0])]

    def _embedded(self, article: str) -> tuple[list[str], NDArray[np.float32]]:
        if article not in self._sentences:
            texts = sentences_of(self._texts[article])
            vectors = np.array(self._encoder.embed_documents(texts), dtype=np.float32)
            self._sentences[article] = texts, vectors
        return self._sentences[article]


def ranked_rows(assistant: Assistant, snapshot: Snapshot, question: str) -> dict[str, list[int]]:
    """Rows of our own chunks by the three rankings that come before reranking.

    The question is taken as it was typed: setting slips right is Citewell's part.
    """
    vector = np.array(assistant.encoder.embed_query(question), dtype=np.float32)
    dense = snapshot.nearest(vector, DEPTH, None)
    scores = snapshot.keyword.scores(keywords(question))
    order = np.argsort(-scores, kind="stable")[:DEPTH]
    sparse = [int(row) for row in order if scores[row] > 0]
    fused = reciprocal_rank_fusion([dense, sparse])
    return {"dense": dense, "BM25": sparse, "RRF without reranking": fused}


def row_text(snapshot: Snapshot, row: int) -> str:
    """The text of one of our chunks."""
    chunk = snapshot.chunks[row]
    return snapshot.article(chunk.article_id).text[chunk.start : chunk.end]


def load_txtai(texts: Mapping[str, str]) -> Any:
    """A hybrid (dense and BM25) txtai index over the same weights; `None` if it is missing."""
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    try:
        from txtai import Embeddings
    except ImportError as error:
        print(f"txtai is left out ({error}); pip install -c constraints.txt -e '.[bench]'")
        return None
    index = Embeddings(path=str(packaged_folder()), hybrid=True)
    index.index([(key, text, None) for key, text in texts.items()])
    sys.stderr.flush()
    return index


def search_txtai(index: Any, questions: Sequence[str], k: int) -> list[list[str]]:
    """Ids of the first k texts for each question."""
    found = cast(list[list[tuple[str, float]]], index.batchsearch(list(questions), k))
    return [[key for key, _ in one] for one in found]


if __name__ == "__main__":
    main()
