"""Retrieval: fusion, filters, and passages that are slices of their articles."""

from __future__ import annotations

import datetime
import itertools
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from langchain_core.documents import Document

from rag import Assistant, Filters, InvalidInput
from rag.retrieval import RRF_K, chroma_filter, reciprocal_rank_fusion
from rag.vectors import chunk_of
from tests.conftest import Library

QUESTION = "Which dramas were remade abroad?"
RANKINGS = st.lists(st.lists(st.integers(0, 12), unique=True, max_size=10), max_size=4)


@given(RANKINGS, st.integers(0, 100))
def test_fusion_adds_up_reciprocal_ranks(rankings: list[list[int]], k: int) -> None:
    seen = list(dict.fromkeys(itertools.chain.from_iterable(rankings)))
    scores = {
        row: sum(1 / (k + ranking.index(row) + 1) for ranking in rankings if row in ranking)
        for row in seen
    }
    best_first = sorted(seen, key=lambda row: (-scores[row], seen.index(row)))
    assert reciprocal_rank_fusion(rankings, k) == best_first


@given(st.lists(st.integers(), unique=True))
def test_one_ranking_stays_as_it_is(ranking: list[int]) -> None:
    assert reciprocal_rank_fusion([ranking]) == ranking
    assert reciprocal_rank_fusion([ranking, ranking]) == ranking
    assert RRF_K == 60


ARTICLES = [
    ("Courier", "Ann", "2024-02-03"),
    ("Courier", "Bea", "2024-02-04"),
    ("Herald: Asia", "Ann", "2024-02-05"),
    ("Herald: Asia", "", ""),
    ("", "Ann", "2023-12-31"),
    ("", "", ""),
]


@pytest.fixture(scope="module")
def dated(make_library: Callable[[dict[str, str]], Library]) -> Library:
    head = "---\nsource: '{}'\nauthor: '{}'\npublished: {}\n---\nPrize number {} went to Oslo."
    return make_library({f"{n}.md": head.format(*about, n) for n, about in enumerate(ARTICLES)})


SOURCES = [(), ("Courier",), ("Courier", "Herald: Asia"), ("Nobody",)]
AUTHORS = [(), ("Ann",), ("Ann", "Bea")]
DATES = [None, datetime.date(2023, 12, 31), datetime.date(2024, 2, 4), datetime.date(2030, 1, 1)]
FILTERS = [Filters(*fields) for fields in itertools.product(SOURCES, AUTHORS, DATES, DATES)]


@pytest.mark.parametrize("sources", SOURCES)
def test_filters_mean_the_same_to_us_and_to_chroma(
    dated: Library, sources: tuple[str, ...]
) -> None:
    with dated.snapshot() as snapshot:
        for filters in (f for f in FILTERS if f.sources == sources):
            where = chroma_filter(filters)
            assert (where is None) == (not filters)
            (store,) = snapshot.vector_stores
            theirs = {chunk_of(name) for name in store.get(where=where, include=[])["ids"]}
            rows = zip(snapshot.chunks, snapshot.allowed(filters), strict=True)
            assert {chunk.id for chunk, allowed in rows if allowed} == theirs, filters
            if filters.after and filters.before and filters.after > filters.before:
                continue  # a question cannot be asked with these
            found = {p.chunk_id for p in dated.assistant.retrieve("Oslo prize", filters=filters)}
            assert found == theirs, filters


def test_dates_of_filters_are_inclusive() -> None:
    day = datetime.date(2024, 2, 4)
    assert Filters(after=day, before=day).accept("", "", day)
    assert not Filters(after=day).accept("", "", day - datetime.timedelta(1))
    assert not Filters(before=day).accept("", "", day + datetime.timedelta(1))
    assert not Filters(before=day).accept("", "", None)
    assert Filters().accept("", "", None)


@pytest.mark.parametrize("question", [QUESTION, "Who directed Gold Boy?", "谁主演泰国版三十而已？"])
def test_passages_are_slices_of_the_stored_articles(assistant: Assistant, question: str) -> None:
    passages = assistant.retrieve(question, k=12)
    assert len(passages) == 12
    assert len({passage.chunk_id for passage in passages}) == 12
    scores = [passage.score for passage in passages]
    assert scores == sorted(scores, reverse=True)
    assert 0 <= scores[-1] <= scores[0] <= 1
    for passage in passages:
        article = assistant.article(passage.article_id)
        assert passage.text == article.text[passage.start : passage.end]
        about = (article.title, article.source, article.author, article.published, article.path)
        assert about == (
            passage.title,
            passage.source,
            passage.author,
            passage.published,
            passage.path,
        )


def test_the_right_passage_comes_first(assistant: Assistant) -> None:
    (passage,) = assistant.retrieve("Who directed Gold Boy?", k=1)
    assert passage.path == "2023-11-03-gold-boy-tokyo.md"


def test_passages_can_be_filtered(assistant: Assistant) -> None:
    after, before = datetime.date(2024, 1, 1), datetime.date(2024, 6, 4)
    passages = assistant.retrieve(QUESTION, filters=Filters(after=after, before=before))
    assert passages
    assert all(p.published and after <= p.published <= before for p in passages)
    source = passages[0].source
    passages = assistant.retrieve(QUESTION, filters=Filters(sources=(source,)))
    assert {passage.source for passage in passages} == {source}
    assert assistant.retrieve(QUESTION, filters=Filters(sources=("Nobody",))) == []


def test_more_passages_than_there_are_is_all_of_them(dated: Library) -> None:
    assert len(dated.assistant.retrieve("prize", k=1000)) == len(ARTICLES)


def test_at_least_one_passage_must_be_asked_for(assistant: Assistant) -> None:
    with pytest.raises(InvalidInput, match="k is 0"):
        assistant.retrieve(QUESTION, k=0)
    for k in (0, -1, True, 2.5):
        with pytest.raises(InvalidInput, match="at least 1 passage"):
            assistant.retriever(k=k)  # type: ignore[arg-type]


@pytest.mark.parametrize("question", ["", " \n", "?!", "《》", "x" * 2001])
def test_what_cannot_be_asked_cannot_be_retrieved(assistant: Assistant, question: str) -> None:
    with pytest.raises(InvalidInput) as asked:
        assistant.ask(question)
    with pytest.raises(InvalidInput) as retrieved:
        assistant.retrieve(question)
    with pytest.raises(InvalidInput) as invoked:
        assistant.retriever(k=3).invoke(question)
    assert str(asked.value) == str(retrieved.value) == str(invoked.value)


def test_the_retriever_gives_langchain_documents(assistant: Assistant) -> None:
    documents = assistant.retriever(k=3).invoke(QUESTION)
    passages = assistant.retrieve(QUESTION, k=3)
    assert len(documents) == 3
    for document, passage in zip(documents, passages, strict=True):
        assert isinstance(document, Document)
        assert (document.id, document.page_content) == (passage.chunk_id, passage.text)
        assert document.metadata["path"] == passage.path
        assert document.metadata["start_index"] == passage.start
