"""A source named in a question: its articles are kept to, and the answer says so."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from rag import Assistant, Filters
from tests.conftest import Library

ARTICLE = "---\ntitle: {}\nsource: '{}'\npublished: {}\n---\n\n{}\n"
ROWS = [
    ("Ferry line carries more", "Harbour Post: Sea", "2022-03-02",
     "The Norvik ferry line carried 310,000 passengers a year."),
    ("Ferry line grows again", "Norvik Herald", "2022-04-09",
     "The Norvik ferry line carried 370,000 passengers a year."),
    ("The museum fund", "Harbour Post: Town", "2023-06-01",
     "The Norvik museum fund has collected 4 million kroner, the Norvik Herald wrote."),
]  # fmt: skip


@pytest.fixture(scope="module")
def norvik(make_library: Callable[[dict[str, str]], Library]) -> Assistant:
    return make_library({f"{n}.md": ARTICLE.format(*row) for n, row in enumerate(ROWS)}).assistant


@pytest.mark.parametrize(
    ("question", "source", "said"),
    [
        ("According to the Norvik Herald, how many passengers did the Norvik ferry line carry?",
         "Norvik Herald", "370,000"),
        ("How many passengers did the Norvik ferry line carry according to Harbour Post?",
         "Harbour Post", "310,000"),
        ("What did Harbour Post: Sea report about the Norvik ferry line?",
         "Harbour Post: Sea", "310,000"),
        ("What do reports in the norvik herald say about the Norvik ferry line?",
         "Norvik Herald", "370,000"),
    ],
)  # fmt: skip
def test_an_answer_keeps_to_the_source(
    norvik: Assistant, question: str, source: str, said: str
) -> None:
    answer = norvik.ask(question)
    assert answer.status == "answered"
    assert answer.assumed == (f"Only articles of {source} were searched.",)
    assert answer.standalone_question == question
    assert said in answer.text
    assert {citation.source.split(":")[0] for citation in answer.citations} == {
        source.split(":")[0]
    }


@pytest.mark.parametrize(
    "question",
    [
        "How many passengers did the Norvik ferry line carry?",
        "According to the mayor, how many passengers did the Norvik ferry line carry?",
        "Who wrote for the Norvik Herald?",
    ],
)
def test_what_names_no_source_keeps_to_none(norvik: Assistant, question: str) -> None:
    assert norvik.ask(question).assumed == ()


def test_a_source_that_filters_shut_out_is_none(norvik: Assistant) -> None:
    question = "According to the Norvik Herald, what has the Norvik museum fund collected?"
    answer = norvik.ask(question, filters=Filters(sources=("Harbour Post: Town",)))
    assert answer.assumed == ()
    assert "4 million" in answer.text
