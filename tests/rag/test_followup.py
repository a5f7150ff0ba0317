from __future__ import annotations

from typing import Any

import pytest

from rag import Assistant
from rag.followup import resolve, stand_alone, topic_of

THAI = "Who plays the three women in the Thai version of Nothing But Thirty?"


@pytest.mark.parametrize(
    ("question", "before", "expected"),
    [
        ("And when did it begin?", "Who stars in Mr. Queen?", "When did Mr. Queen begin?"),
        ("When was it filmed?", THAI, "When was the Thai version of Nothing But Thirty filmed?"),
        ("Did it win?", "Who directed To the Wonder?", "Did To the Wonder win?"),
        ("Who were the leads?", "Who made Gold Boy?", "Who were the leads, Gold Boy?"),
        ("What about Vietnam?", "Who bought Minning Town in Thailand?",
         "Who bought Minning Town in Vietnam?"),
        ("What about Gold Boy?", "Who directed Mr. Queen?", "Who directed Gold Boy?"),
    ],
)  # fmt: skip
def test_a_follow_up_takes_what_it_needs(question: str, before: str, expected: str) -> None:
    assert resolve(question, before) == expected


@pytest.mark.parametrize(
    "question",
    [
        "How long is A Lifelong Journey, by the way?",
        "And Fleet of Time, who directed that?",
        "Which Korean series did China adapt as Ordinary Glory?",
    ],
)
def test_a_new_topic_is_not_dragged_back(question: str) -> None:
    assert resolve(question, THAI) == question


def test_without_history_nothing_changes() -> None:
    assert stand_alone("When was it filmed?", ()) == "When was it filmed?"
    assert resolve("When was it filmed?", "who said that?") == "When was it filmed?"


def test_a_chain_of_follow_ups_keeps_its_topic() -> None:
    history: list[Any] = [
        {"role": "user", "content": "Who directed Gold Boy?"},
        {"role": "assistant", "content": "Shusuke Kaneko [1]"},
        ("human", "Where is it set?"),
        ("ai", "Okinawa [1]"),
    ]
    assert stand_alone("Which companies produced it?", history) == (
        "Which companies produced Gold Boy?"
    )


@pytest.mark.parametrize(
    ("question", "topic"),
    [
        (THAI, "the Thai version of Nothing But Thirty"),
        ("How many episodes does 3 Body Problem have?", "3 Body Problem"),
        ("what is the best recipe?", ""),
    ],
)
def test_the_topic_is_the_longest_name(question: str, topic: str) -> None:
    assert topic_of(question) == topic


def test_the_answer_shows_what_was_understood(assistant: Assistant) -> None:
    history = [{"role": "user", "content": "Who directed Gold Boy?"}]
    answer = assistant.ask("Where is it set?", history=history)
    assert answer.question == "Where is it set?"
    assert answer.standalone_question == "Where is Gold Boy set?"
    assert "Okinawa" in answer.text
