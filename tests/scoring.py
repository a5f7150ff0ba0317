"""How an answer is scored against the gold sentences of `tests/questions.jsonl`; pure functions."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from rag import Answer


@dataclass(frozen=True, slots=True)
class Gold:
    """A sentence that answers a question; `article` is the stem of the article's file name."""

    article: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Question:
    """A question to be scored; one that the articles do not answer has no gold sentences."""

    id: str
    text: str
    answerable: bool
    gold: tuple[Gold, ...]


def load_questions(path: Path) -> list[Question]:
    """Read questions from JSON lines, in the order of the file."""
    records = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]
    return [
        Question(
            id=record["id"],
            text=record["question"],
            answerable=record["answerable"],
            gold=tuple(Gold(**gold) for gold in record.get("gold", ())),
        )
        for record in records
    ]


def is_gold(path: str, quote: str, gold: Gold) -> bool:
    """Tell whether a quote from the article at `path` is a gold sentence.

    One may contain the other, for where a sentence ends is a matter of taste; the mark of a list
    item does not count.
    """
    said, wanted = quote.removeprefix("- ").strip(), gold.sentence.removeprefix("- ").strip()
    same_article = PurePosixPath(path).stem == gold.article
    return same_article and bool(said) and (said in wanted or wanted in said)


def gold_rank(answer: Answer, gold: tuple[Gold, ...]) -> int | None:
    """Place of the first citation that is a gold sentence, from 1; `None` if refused or missed."""
    if answer.status != "answered":
        return None
    for citation in answer.citations:
        if any(is_gold(citation.path, citation.quote, wanted) for wanted in gold):
            return citation.number
    return None
