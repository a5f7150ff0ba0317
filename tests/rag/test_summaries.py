"""Summaries: found by their topic alone, and not by "what do the articles say"."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from rag import Assistant
from tests.conftest import Library

FILES = {
    "lyon.md": "---\npublished: 2021-05-01\n---\n# Trams for Lyon\n\nLyon has ordered 40 trams. "
    "The first of them will run along the river in the autumn.",
    "press.md": "---\npublished: 2021-06-01\n---\n# The papers disagree\n\nPapers in Oslo went as "
    "far as to say that no article had ever been about the town. Articles say so every year.",
    "later.md": "---\npublished: 2024-06-01\n---\n# More trams\n\nLyon will buy 12 more trams.",
}


@pytest.fixture(scope="module")
def lyon(make_library: Callable[[dict[str, str]], Library]) -> Assistant:
    return make_library(FILES).assistant


@pytest.mark.parametrize(
    ("question", "paths"),
    [
        ("What do the articles say about Lyon?", {"lyon.md", "later.md"}),
        ("What did articles before 2022 say about Lyon?", {"lyon.md"}),
        ("What do articles from 2021 say about Lyon?", {"lyon.md"}),
        ("Tell me about Lyon", {"lyon.md", "later.md"}),
    ],
)
def test_only_what_has_the_topic_is_quoted(lyon: Assistant, question: str, paths: set[str]) -> None:
    answer = lyon.ask(question)
    assert (answer.kind, answer.status) == ("summary", "answered")
    assert {citation.path for citation in answer.citations} == paths


def test_a_topic_that_no_article_has_is_refused(lyon: Assistant) -> None:
    answer = lyon.ask("What do the articles say about Zanzibar?")
    assert answer.status == "refused"
    assert "do not mention “Zanzibar”" in answer.text


def test_a_summary_goes_from_the_first_to_the_last(lyon: Assistant) -> None:
    answer = lyon.ask("Tell me about the trams of Lyon")
    told = [(citation.published, citation.start) for citation in answer.citations]
    assert len(told) > 1
    assert told == sorted(told)


def test_a_summary_passes_over_what_only_leans(
    make_library: Callable[[dict[str, str]], Library],
) -> None:
    text = (
        "# Tarnby Hospital\n\nTarnby Hospital has opened two theatres.\n\n"
        '"Tarnby Hospital needed them," she said.\n\nTarnby Hospital also closed a ward.'
    )
    answer = make_library({"hospital.md": text}).assistant.ask("Tell me about Tarnby Hospital")
    assert "two theatres" in answer.text
    assert "she said" not in answer.text
