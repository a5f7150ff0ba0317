"""The list question the project is shown with, against its gold items."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from rag import Answer, Assistant
from tests.conftest import TESTS


@pytest.fixture(scope="module")
def gold() -> dict[str, Any]:
    with (TESTS / "lists.jsonl").open(encoding="utf-8") as lines:
        record: dict[str, Any] = json.loads(lines.readline())
    return record


@pytest.fixture(scope="module")
def answer(assistant: Assistant, gold: dict[str, Any]) -> Answer:
    assert gold["question"] == "Which dramas were remade abroad?"
    return assistant.ask(gold["question"])


def spans(names: list[str], text: str) -> list[tuple[int, int]]:
    """Places of whole names in a text."""
    return [
        match.span()
        for name in names
        for match in re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", text)
    ]


def test_most_remade_dramas_are_listed_from_many_articles(
    answer: Answer, gold: dict[str, Any]
) -> None:
    assert (answer.kind, answer.status) == ("list", "answered")
    found = [item["names"][0] for item in gold["items"] if spans(item["names"], answer.text)]
    assert len(found) >= 10, found
    assert len({citation.article_id for citation in answer.citations}) >= 8


def test_nothing_else_is_listed(answer: Answer, gold: dict[str, Any]) -> None:
    allowed = [span for item in gold["items"] for span in spans(item["names"], answer.text)]
    for item in gold["not_items"]:
        for start, end in spans(item["names"], answer.text):
            assert any(a <= start and end <= b for a, b in allowed), answer.text[start:end]


def test_each_line_is_one_statement(answer: Answer) -> None:
    lines = answer.text.split("\n")
    assert len(lines) == len(answer.statements)
    for line, statement in zip(lines, answer.statements, strict=True):
        numbers = "".join(f"[{number}]" for number in statement.citations)
        assert line == f"- {statement.text} {numbers}"
