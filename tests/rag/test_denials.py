"""Refusals by what the articles say of the matter: not known, not so, or another kind of thing."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from rag import Assistant
from rag.hedges import STATED_FALSE
from rag.measures import has_measure
from tests.conftest import Library

FILES = {
    "yard.md": "# The Tarn yard changes hands\n\n"
    "The Kelvane group bought the Tarn yard in May 2024 for 90 million euros. Strabo Marine of "
    "Eskil had made an offer for the Tarn yard in March, and withdrew it after a look at the "
    "books. A rumour that the Tarn yard would build submarines was denied by the group.",
    "keeper.md": "# The keeper of Celm\n\n"
    "Mirela Quonset, 34, has kept the Celm lighthouse since 2009. What the council pays Mirela "
    "Quonset has not been made public. The lamp of the Celm lighthouse shines for 21 miles.",
    "show.md": "# The yawl Tern at the boat show of Eskil\n\n"
    "The prize for the best rig went to the cutter Grebe, and the prize of the public was won by "
    "the ketch Smew. The boat show ended without a prize for it.",
    "fair.md": "# The fair of Dorst\n\n"
    "The fair of Dorst had 4,000 visitors. Honey was sold at the fair of Dorst by twelve farms.",
}


@pytest.fixture(scope="module")
def assistant(make_library: Callable[[dict[str, str]], Library]) -> Assistant:
    return make_library(FILES).assistant


@pytest.mark.parametrize(
    ("question", "quote"),
    [
        ("When will the Tarn yard build submarines?", "was denied by the group"),
        ("When did Strabo Marine take over the Tarn yard?", "and withdrew it"),
        ("Which prize did the yawl Tern win at the boat show?", "ended without a prize for it"),
    ],
)
def test_what_the_articles_deny_is_refused_and_quoted(
    assistant: Assistant, question: str, quote: str
) -> None:
    answer = assistant.ask(question)
    assert answer.status == "refused"
    assert answer.text.startswith("The articles do not bear out what this question takes for")
    assert quote in answer.citations[0].quote


def test_what_is_said_not_to_be_known_is_refused_and_quoted(assistant: Assistant) -> None:
    answer = assistant.ask("What does the council pay Mirela Quonset?")
    assert answer.status == "refused"
    assert "has not been made public" in answer.citations[0].quote


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("When did the Kelvane group buy the Tarn yard?", "May 2024"),
        ("Why did Strabo Marine withdraw its offer for the Tarn yard?", "look at the books"),
        ("Which rumour about the Tarn yard was denied?", "submarines"),
        ("How old is Mirela Quonset?", "34"),
        ("Which prize did the cutter Grebe win at the boat show?", "best rig"),
    ],
)
def test_who_asks_for_that_very_thing_is_answered(
    assistant: Assistant, question: str, said: str
) -> None:
    answer = assistant.ask(question)
    assert answer.status == "answered"
    assert said in answer.statements[0].text


@pytest.mark.parametrize(
    ("question", "sentence", "has"),
    [
        ("How old is she?", "Brandt, 34, was not the first.", True),
        ("How old is she?", "At thirty-four she is the youngest.", True),
        ("How old is the wharf?", "It has been dated to about 1340.", True),
        ("How old is she?", "For seven years she has tried.", False),
        ("How long is the ban?", "She was banned for fourteen months.", True),
        ("How long is the ban?", "She lost 2 of her titles.", False),
        ("What share of the firm is sold?", "Two thirds went to the bank.", True),
        ("What share of the firm is sold?", "The bank bought it with 3 others.", False),
        ("What did the firm pay for the land?", "It paid 2.4 million crowns.", True),
        ("What did the firm pay for the land?", "The price was £900.", True),
        ("What did the firm pay for the land?", "It bought two fields.", False),
        ("How many fields did it buy?", "It bought two fields.", True),
    ],
)
def test_measures(question: str, sentence: str, has: bool) -> None:
    assert has_measure(sentence, question) is has


@pytest.mark.parametrize(
    ("sentence", "denies"),
    [
        ("Reports that she has also broken her hip are wrong.", True),
        ("The mayor dismissed talk that the stop would be dropped.", True),
        ("It is not true that the school will close.", True),
        ("Contrary to several reports, the line stays.", True),
        ("The report that was published in May names nine towns.", False),
        ("The council rejected the plan.", False),
    ],
)
def test_what_denies_hearsay(sentence: str, denies: bool) -> None:
    assert bool(STATED_FALSE.search(sentence)) is denies
