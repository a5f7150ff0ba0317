"""Questions that the index itself answers; and lists that no article has anything of."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from rag import Assistant
from tests.conftest import Library

FILES = {
    f"{town}.md": f"---\ndate: {2010 + number}-03-01\n---\n# The ferry of {town}\n\n"
    f"The ferry of {town} sank off the lighthouse with {number + 3} mules on board."
    for number, town in enumerate(("Arvik", "Bodin", "Celm", "Dorst", "Eskil", "Forn"))
}


@pytest.fixture(scope="module")
def assistant(make_library: Callable[[dict[str, str]], Library]) -> Assistant:
    return make_library(FILES).assistant


@pytest.mark.parametrize("question", ["How many articles do you have?", "how many articles"])
def test_how_many_articles_there_are(assistant: Assistant, question: str) -> None:
    answer = assistant.ask(question)
    assert answer.kind == "about_the_corpus"
    assert "6 articles, published from 2010-03-01 to 2015-03-01" in answer.text


def test_the_newest_and_the_oldest(assistant: Assistant) -> None:
    assert "“The ferry of Forn”" in assistant.ask("What is the newest article?").text
    assert "“The ferry of Arvik”" in assistant.ask("What is the oldest article?").text


@pytest.mark.parametrize(
    "question",
    [
        "Summarise the articles",
        "please summarize all of the articles.",
        "What are the articles about?",
        "List all articles",
        "Which articles do you have?",
        "What do you know?",
    ],
)
def test_what_the_articles_are_about(assistant: Assistant, question: str) -> None:
    answer = assistant.ask(question)
    assert answer.kind == "about_the_corpus"
    shown = [f"“The ferry of {town}”" for town in ("Forn", "Eskil", "Dorst", "Celm", "Bodin")]
    assert f"The newest are {', '.join(shown)}." in answer.text
    assert "Arvik" not in answer.text


@pytest.mark.parametrize(
    "question", ["Summarise the articles about mules", "Which ferries sank off the lighthouse?"]
)
def test_what_asks_for_their_content_is_read(assistant: Assistant, question: str) -> None:
    answer = assistant.ask(question)
    assert answer.kind in ("summary", "list")
    assert answer.citations


@pytest.mark.parametrize("question", ["Which ministers resigned?", "List the vaccines approved."])
def test_a_list_of_what_no_article_speaks_of_is_refused(
    assistant: Assistant, question: str
) -> None:
    answer = assistant.ask(question)
    assert (answer.kind, answer.status, answer.statements) == ("list", "refused", ())
