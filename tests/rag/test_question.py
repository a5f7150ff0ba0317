"""What kind of answer a question asks for."""

from __future__ import annotations

import pytest

from rag.question import question_kind


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
        ("Which company makes the trams?", "factoid"),
        ("What did the bank pay for the towers?", "factoid"),
        ("哪些剧被翻拍？", "list"),
        ("Summarise the news about Dali.", "summary"),
        ("Did Mr. Queen have complaints?", "yes_no"),
        ("泰国版开播了吗？", "yes_no"),
        ("Compare the ratings of Mr. Queen and Moon Lovers.", "comparison"),
    ],
)
def test_kinds(question: str, kind: str) -> None:
    assert question_kind(question) == kind
