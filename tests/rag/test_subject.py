"""An answer is about what the question names, not about its like."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from rag import Assistant
from tests.conftest import Library

FILES = {
    "celm.md": "---\ntitle: The lamp of Celm on television\npublished: 2023-03-01\n---\n\n"
    "The Lamp of Celm (凯尔姆之灯) is a drama about a lighthouse. Mirela Quonset directs it.\n\n"
    "No date has been named for the start of the drama The Lamp of Celm.",
    "long.md": "---\ntitle: A night of prizes\npublished: 2024-05-01\n---\n\n"
    "The Long Tide won the prize for its script at the festival of Dorst.",
    "dorst.md": "---\ntitle: Honey on television\npublished: 2024-06-01\n---\n\n"
    "Honey of Dorst is a comedy about bees. The series has eight episodes. On Kinorate the score "
    "of the series stands at 8.3.",
    "shelf.md": "---\ntitle: What the Tarn service has bought\npublished: 2024-07-01\n---\n\n"
    "The service also took Burning Kelp for the winter.\n\n"
    "The Keeper's Wife, a drama of 70 episodes, began in May. Two Herons, a romance of 24 "
    "episodes, went out in June.",
    "wife.md": "---\ntitle: Bangkok remakes The Keeper's Wife\npublished: 2024-08-01\n---\n\n"
    "The Thai version of The Keeper's Wife is on the air.\n\n"
    "Somsak Arun is the chief producer. Malee Dao plays the keeper's wife.",
    "start.md": "---\ntitle: The lamp is lit\npublished: 2024-02-01\n---\n\n"
    "The start of the drama The Lamp of Celm came on 12 January 2024, a Friday.",
}


@pytest.fixture(scope="module")
def assistant(make_library: Callable[[dict[str, str]], Library]) -> Assistant:
    return make_library(FILES).assistant


@pytest.mark.parametrize(
    ("question", "of_another"),
    [
        ("How many episodes does The Long Tide have?", "eight episodes"),
        ("What is the Kinorate score of The Long Tide?", "8.3"),
        ("How many episodes does Burning Kelp have?", "70 episodes"),
        ("Who is the chief producer of the Korean version of The Keeper's Wife?", "Somsak"),
    ],
)
def test_what_is_said_of_another_thing_is_not_told(
    assistant: Assistant, question: str, of_another: str
) -> None:
    answer = assistant.ask(question)
    assert not answer.statements or of_another not in answer.statements[0].text


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("How many episodes does Honey of Dorst have?", "eight episodes"),
        ("How many episodes does The Keeper's Wife have?", "70 episodes"),
        ("Who is the chief producer of the Thai version of The Keeper's Wife?", "Somsak Arun"),
        ("Who directs The Lamp of Celm?", "Mirela Quonset"),
        ("Who directs 凯尔姆之灯?", "Mirela Quonset"),
    ],
)
def test_what_is_said_of_the_thing_itself_is(
    assistant: Assistant, question: str, said: str
) -> None:
    answer = assistant.ask(question)
    assert answer.status == "answered"
    assert said in answer.statements[0].text


def test_a_name_that_no_article_has_leaves_the_articles_as_they_are(assistant: Assistant) -> None:
    assert assistant.ask("How many episodes does the Honey of Dorsst have?").status == "answered"


def test_what_was_not_known_once_is_told_by_a_later_article(assistant: Assistant) -> None:
    answer = assistant.ask("When was the start of the drama The Lamp of Celm?")
    assert answer.status == "answered"
    assert "12 January 2024" in answer.statements[0].text
    assert "has been named" not in answer.text
