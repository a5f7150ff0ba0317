"""The sample corpus from a Chroma server: answered as from an index of one's own."""

from __future__ import annotations

import dataclasses
import datetime

import pytest

from ingest import reindex
from rag import Answer, Assistant, Encoder, Filters
from rag.gold import Question
from tests.chroma import Chroma
from tests.conftest import ROOT

FILTERS = [
    Filters(sources=("Screen Trade Weekly: Asia",)),
    Filters(after=datetime.date(2023, 1, 1)),
    Filters(before=datetime.date(2022, 6, 30), sources=("Screen Trade Weekly: Asia",)),
    Filters(sources=("nobody",)),
]


@pytest.fixture(scope="module")
def served(
    assistant: Assistant,
    encoder: Encoder,
    chroma: Chroma,
    tmp_path_factory: pytest.TempPathFactory,
) -> Assistant:
    """A page over the sample corpus that has nothing but the address of a server."""
    settings = assistant.settings.model_copy(
        update={
            "corpus_dir": ROOT / "corpus",
            "chroma_url": chroma.new_database(),
            "index_dir": tmp_path_factory.mktemp("writer"),
        }
    )
    reindex(settings=settings, encoder=encoder)
    elsewhere = {"index_dir": tmp_path_factory.mktemp("page")}
    return Assistant(settings.model_copy(update=elsewhere), encoder=encoder)


def test_all_sample_questions_are_answered_alike(
    served: Assistant, answers: dict[str, Answer], questions: list[Question]
) -> None:
    for question in questions:
        found = dataclasses.replace(served.ask(question.text), seconds=0)
        assert found == dataclasses.replace(answers[question.id], seconds=0)
    assert sum(bool(answer.citations) for answer in answers.values()) > len(questions) / 2


@pytest.mark.parametrize("filters", FILTERS)
def test_filters_let_the_same_passages_through(
    served: Assistant, assistant: Assistant, filters: Filters
) -> None:
    question = "Which dramas were remade abroad?"
    found = served.retrieve(question, filters=filters)
    assert found == assistant.retrieve(question, filters=filters)
    assert bool(found) == (filters.sources != ("nobody",))
