"""Question files: what is read from them, and what is told about a line that cannot be."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag import InvalidInput
from rag.gold import Gold, load_questions, read_line
from tests.conftest import TESTS


def written(folder: Path, *lines: Any) -> Path:
    """A question file; what is no text is written as JSON."""
    file = folder / "questions.jsonl"
    texts = [line if isinstance(line, str) else json.dumps(line) for line in lines]
    file.write_text("\n".join(texts), encoding="utf-8")
    return file


def test_all_that_a_line_may_say(tmp_path: Path) -> None:
    file = written(
        tmp_path,
        {"question": " Who? "},
        "",
        {
            "id": "l1",
            "question": "Which?",
            "gold": [{"article": "a", "sentence": "It is. "}, {"article": "b"}],
            "items": [{"names": ["X", "Y"], "articles": ["a"]}],
            "not_items": [{"names": ["Z"]}],
            "count": 1,
            "history": ["Who?"],
            "why": "a note of one's own",
        },
        {"id": 7, "question": "When?", "answerable": False},
    )
    first, second, third = load_questions(file)
    assert (first.id, first.text, first.answerable, first.gold) == ("1", "Who?", True, ())
    assert second.gold == (Gold("a", "It is."), Gold("b"))
    assert (second.items, second.not_items) == ((("X", "Y"),), (("Z",),))
    assert (second.count, second.history, second.line) == (1, ("Who?",), 3)
    assert (third.id, third.answerable) == ("7", False)


def test_a_conversation_is_one_question_a_turn(tmp_path: Path) -> None:
    turns = [{"question": "Who?"}, {"question": "And when?"}, {"question": "Where?"}]
    questions = load_questions(written(tmp_path, {"id": "c", "turns": turns}))
    assert [(q.id, q.history) for q in questions] == [
        ("c.1", ()),
        ("c.2", ("Who?",)),
        ("c.3", ("Who?", "And when?")),
    ]


@pytest.mark.parametrize(
    "name", [file.name for file in sorted(TESTS.glob("*.jsonl"))], ids=lambda name: str(name)
)
def test_the_question_files_of_the_tests_can_be_read(name: str) -> None:
    assert len(load_questions(TESTS / name)) >= 9


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("{oops", "line 2: not JSON (Expecting property name"),
        ("[1]", "line 2: not a JSON object"),
        ({}, "line 2: question: Field required"),
        ({"question": " "}, "line 2: question: String should have at least 1 character"),
        ({"question": "Who?", "answerable": "no"}, "line 2: answerable: Input should be a valid"),
        ({"question": "Who?", "answerble": False}, "did you mean 'answerable'?"),
        ({"question": "Who?", "gold": [{"sentence": "x"}]}, "line 2: gold.0.article: Field req"),
        ({"question": "Who?", "items": [{"names": []}]}, "line 2: items.0.names"),
        ({"question": "Who?", "count": -1}, "line 2: count: Input should be greater"),
        (
            {"question": "?", "answerable": False, "gold": [{"article": "a"}]},
            "line 2: the question",
        ),
        ({"id": "1", "question": "Who?"}, "line 2: the id '1' is that of line 1 too"),
        ({"turns": []}, "line 2: turns: List should have at least 1 item"),
    ],
)
def test_a_bad_line_is_named_with_its_fix(tmp_path: Path, line: Any, told: str) -> None:
    file = written(tmp_path, {"question": "Who?"}, line)
    with pytest.raises(InvalidInput) as raised:
        load_questions(file)
    assert str(file) in str(raised.value)
    assert told in str(raised.value)


def test_a_file_that_cannot_be_used(tmp_path: Path) -> None:
    latin = tmp_path / "latin.jsonl"
    latin.write_bytes('{"question": "Où?"}'.encode("latin-1"))
    for file, told in (
        (tmp_path / "missing.jsonl", "cannot be read (No such file"),
        (tmp_path, "cannot be read (Is a directory"),
        (written(tmp_path, "", "  "), "holds no question"),
        (latin, "is not UTF-8"),
    ):
        with pytest.raises(InvalidInput, match=r"write|name|save") as raised:
            load_questions(file)
        assert told in str(raised.value)


@given(st.text(max_size=60))
def test_whatever_stands_in_a_line_there_is_no_other_error(line: str) -> None:
    try:
        list(read_line(Path("f"), 1, line))
    except InvalidInput as error:
        assert "line 1" in str(error)


def test_an_article_goes_by_id_path_or_name_of_its_file() -> None:
    for name in ("id1", "2024/prize.md", "prize.md", "prize"):
        assert Gold(name).is_article("id1", "2024/prize.md")
    assert not Gold("2024").is_article("id1", "2024/prize.md")
