"""Question files: one JSON object a line, with what a good answer to the question contains.

    {"id": "q1", "question": "Who directed Gold Boy?",
     "gold": [{"article": "2023-11-03-gold-boy", "sentence": "Gold Boy, directed by …"}]}
    {"id": "q2", "question": "Which dramas were remade?", "count": 2,
     "items": [{"names": ["A", "B (its other name)"]}], "not_items": [{"names": ["C"]}]}
    {"id": "q3", "question": "Who composed it?", "history": ["Who directed Gold Boy?"],
     "answerable": false}

A line with `turns`, a list of such objects, is a conversation: each has the earlier ones as its
history. Fields that are not named here are the writer's own notes.
"""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from rag.errors import InvalidInput

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
EXAMPLE = '{"question": "Who directed Gold Boy?", "gold": [{"article": "2023-11-03-gold-boy"}]}'
ALIKE = 0.8  # difflib's ratio from which a field that is not known is a slip of the pen


@dataclass(frozen=True, slots=True)
class Gold:
    """A sentence that answers a question, or with no sentence an article that does.

    `article`: its id, its path, or the name of its file with or without ending.
    """

    article: str
    sentence: str = ""

    def is_article(self, article_id: str, path: str) -> bool:
        """Tell whether this is the article."""
        file = PurePosixPath(path)
        return self.article in (article_id, path, file.name, file.stem)


@dataclass(frozen=True, slots=True)
class Question:
    """A question with what a good answer contains; `line` is where it stands in its file.

    `items`: the things that a list has to name, each by all its names. `not_items`: things that
    it must not. `count`: the number to be told. `history`: the questions asked before, in order.
    """

    id: str
    text: str
    answerable: bool = True
    gold: tuple[Gold, ...] = ()
    items: tuple[tuple[str, ...], ...] = ()
    not_items: tuple[tuple[str, ...], ...] = ()
    count: int | None = None
    history: tuple[str, ...] = ()
    line: int = 0


class _Record(BaseModel):
    model_config = ConfigDict(strict=True)


class _Gold(_Record):
    article: Text
    sentence: str = ""


class _Item(_Record):
    names: Annotated[list[Text], Field(min_length=1)]


class _Question(_Record):
    id: str | int = ""
    question: Text
    answerable: bool = True
    gold: list[_Gold] = []
    items: list[_Item] = []
    not_items: list[_Item] = []
    count: Annotated[int, Field(ge=0)] | None = None
    history: list[Text] = []


class _Conversation(_Record):
    id: str | int = ""
    turns: Annotated[list[_Question], Field(min_length=1)]


def load_questions(file: Path) -> list[Question]:
    """Read questions in the order of the file.

    Raises:
        InvalidInput: with file, line and what to write instead.
    """
    try:
        lines = file.read_text(encoding="utf-8-sig").splitlines()
    except OSError as error:
        raise InvalidInput(
            f"{file} cannot be read ({error.strerror}); name a file of questions, one JSON object "
            f"a line, such as: {EXAMPLE}"
        ) from error
    except UnicodeDecodeError as error:
        raise InvalidInput(f"{file} is not UTF-8 text ({error.reason}); save it as UTF-8") from None
    questions: dict[str, Question] = {}
    for number, line in enumerate(lines, start=1):
        for question in read_line(file, number, line) if line.strip() else ():
            if question.id in questions:
                raise InvalidInput(
                    f"{file}, line {number}: the id {question.id!r} is that of line "
                    f"{questions[question.id].line} too; give each question an id of its own"
                )
            questions[question.id] = question
    if not questions:
        raise InvalidInput(f"{file} holds no question; write one a line, such as: {EXAMPLE}")
    return list(questions.values())


def read_line(file: Path, number: int, line: str) -> Iterator[Question]:
    """Read one line, which holds one question or a conversation; errors as `load_questions`."""
    where = f"{file}, line {number}"
    try:
        record = json.loads(line)
    except json.JSONDecodeError as error:
        raise InvalidInput(
            f"{where}: not JSON ({error.msg} at character {error.pos + 1}); write one object a "
            f"line, such as: {EXAMPLE}"
        ) from None
    if not isinstance(record, dict):
        raise InvalidInput(f"{where}: not a JSON object; write one a line, such as: {EXAMPLE}")
    kind = _Conversation if "turns" in record else _Question
    _refuse_slips(where, record, kind)
    try:
        parsed = kind.model_validate(record)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise InvalidInput(f"{where}: {place}: {first['msg']}; write it as in: {EXAMPLE}") from None
    turns = parsed.turns if isinstance(parsed, _Conversation) else [parsed]
    asked: list[str] = []
    for turn, read in enumerate(turns, start=1):
        name = str(parsed.id or number) + (f".{turn}" if len(turns) > 1 else "")
        yield _question(where, number, name, read, asked)
        asked.append(read.question)


def _question(where: str, line: int, name: str, read: _Question, asked: list[str]) -> Question:
    if not read.answerable and (read.gold or read.items):
        raise InvalidInput(
            f"{where}: the question is not answerable, yet has gold or items; take those out, or "
            "take answerable out"
        )
    return Question(
        id=name,
        text=read.question,
        answerable=read.answerable,
        gold=tuple(Gold(gold.article, gold.sentence.strip()) for gold in read.gold),
        items=tuple(tuple(item.names) for item in read.items),
        not_items=tuple(tuple(item.names) for item in read.not_items),
        count=read.count,
        history=(*asked, *read.history),
        line=line,
    )


def _refuse_slips(where: str, record: Mapping[str, Any], kind: type[BaseModel]) -> None:
    """A field named almost as one of ours would otherwise be ignored without a word."""
    for field in record.keys() - kind.model_fields.keys():
        meant = difflib.get_close_matches(field, kind.model_fields, n=1, cutoff=ALIKE)
        if meant:
            raise InvalidInput(f"{where}: unknown field {field!r}; did you mean {meant[0]!r}?")
