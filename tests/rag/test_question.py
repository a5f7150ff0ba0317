"""What kind of answer a question asks for."""

from __future__ import annotations

import pytest

from rag.question import question_kind, topic_of_summary


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("Who directed Gold Boy?", "factoid"),
        ("When did the Korean drama Mr. Queen end?", "factoid"),
        ("How many episodes does the original have?", "factoid"),
        ("Which dramas were remade abroad?", "list"),
        ("What Chinese series were sold to Netflix?", "list"),
        ("List all remakes.", "list"),
        ("Which remakes of dramas are planned?", "list"),
        ("Who has won the prize?", "list"),
        ("How many candidates ran for mayor?", "list"),
        ("How many votes did she get?", "factoid"),
        ("Who left the Tarn yard?", "list"),
        ("Who took the helm?", "factoid"),
        ("Where was the serial filmed?", "list"),
        ("Where was she born?", "factoid"),
        ("Where does the firm have factories?", "list"),
        ("What did Mirela Quonset win in 2025?", "list"),
        ("What did the mayor announce?", "factoid"),
        ("How many people have led the agency?", "list"),
        ("How many people have been infected?", "factoid"),
        ("What are owners of the pump asked to do?", "list"),
        ("Which company makes the trams?", "factoid"),
        ("What did the bank pay for the towers?", "factoid"),
        ("Which actress of the troupe was nominated?", "factoid"),
        ("Which analysis was wrong?", "factoid"),
        ("Which actresses were nominated?", "list"),
        ("哪些剧被翻拍？", "list"),
        ("Summarise the news about Dali.", "summary"),
        ("What did the articles say about Dali?", "summary"),
        ("Did Mr. Queen have complaints?", "yes_no"),
        ("泰国版开播了吗？", "yes_no"),
        ("Compare the ratings of Mr. Queen and Moon Lovers.", "comparison"),
    ],
)
def test_kinds(question: str, kind: str) -> None:
    assert question_kind(question) == kind


@pytest.mark.parametrize(
    ("question", "topic"),
    [
        ("Tell me about Dali.", "Dali"),
        ("Tell me about: A slow drama", "A slow drama"),
        ("What did the articles say about the ferry?", "the ferry"),
        ("Please summarise the news about Dali's hotels.", "Dali's hotels"),
        ("Give me an overview of remakes in Thailand", "remakes in Thailand"),
        ("总结一下三十而已", "三十而已"),
        ("Summarise", "Summarise"),
        ("Who told the press about Dali?", "Who told the press about Dali?"),
    ],
)
def test_the_topic_of_a_summary(question: str, topic: str) -> None:
    assert topic_of_summary(question) == topic
