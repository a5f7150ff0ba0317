"""A run of `evaluate` as JSON, and two runs side by side."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from rag.errors import InvalidInput
from rag.evaluate import Measures, Outcome, measure
from rag.types import IndexStatus


class SavedOutcome(BaseModel):
    """What a comparison needs to know of one question; `result` is `describe`'s."""

    id: str
    question: str
    score: float
    result: str


class SavedRun(BaseModel):
    """What a comparison needs to know of a run."""

    measures: dict[str, dict[str, float | None]]
    outcomes: list[SavedOutcome]


@dataclasses.dataclass(frozen=True, slots=True)
class Change:
    """A question that fares otherwise than before."""

    id: str
    question: str
    before: str
    now: str


@dataclasses.dataclass(frozen=True, slots=True)
class Comparison:
    """Figures now less figures then, and the questions that fared otherwise.

    A question that only one of the runs has is not compared, only named.
    """

    differences: Measures
    better: tuple[Change, ...]
    worse: tuple[Change, ...]
    only_now: tuple[str, ...]
    only_earlier: tuple[str, ...]


def run_json(file: Path, status: IndexStatus, outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """A run as one JSON object."""
    return {
        "file": str(file),
        "index": {
            "articles": status.articles,
            "chunks": status.chunks,
            "model": status.model,
            "snapshot": status.snapshot,
        },
        "measures": {
            group: {key: _rounded(value) for key, value in figures.items()}
            for group, figures in measure(outcomes).items()
        },
        "outcomes": [outcome_json(outcome) for outcome in outcomes],
    }


def outcome_json(outcome: Outcome) -> dict[str, Any]:
    """One question's outcome."""
    question, answer, listed = outcome.question, outcome.answer, outcome.listed
    return {
        "id": question.id,
        "question": question.text,
        "standalone_question": answer.standalone_question,
        "answerable": question.answerable,
        "status": answer.status,
        "kind": answer.kind,
        "score": _rounded(outcome.score),
        "result": describe(outcome),
        "answerability": answer.answerability,
        "article_ranks": list(outcome.article_ranks),
        "sentence_rank": outcome.sentence_rank,
        "list": dataclasses.asdict(listed) if listed else None,
        "seconds": _rounded(outcome.seconds),
    }


def describe(outcome: Outcome) -> str:
    """What became of a question, in a word or two."""
    listed = outcome.listed
    if outcome.refused:
        return "refused"
    if listed:
        wrong = f", {len(listed.wrong)} wrong" if listed.wrong else ""
        return f"{len(listed.found)} of {len(outcome.question.items)} named{wrong}"
    if outcome.sentence_rank:
        return f"gold sentence in place {outcome.sentence_rank}"
    if outcome.question.answerable and any(gold.sentence for gold in outcome.question.gold):
        return "gold sentence not among the statements"
    return "answered"


def load_run(file: Path) -> SavedRun:
    """Read a saved run.

    Raises:
        InvalidInput: if it is none.
    """
    fix = "name a file that was written with --save"
    try:
        return SavedRun.model_validate_json(file.read_bytes())
    except OSError as error:
        raise InvalidInput(f"{file} cannot be read ({error.strerror}); {fix}") from error
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"]) or "the whole"
        raise InvalidInput(
            f"{file} is not a saved evaluation ({place}: {first['msg']}); {fix}"
        ) from None


def compare(earlier: SavedRun, now: SavedRun) -> Comparison:
    """Set a run beside an earlier one."""
    differences: Measures = {}
    for group, figures in now.measures.items():
        before = earlier.measures.get(group, {})
        differences[group] = {
            key: _rounded(value - old)
            for key, value in figures.items()
            if value is not None and (old := before.get(key)) is not None
        }
    then = {outcome.id: outcome for outcome in earlier.outcomes}
    known = {outcome.id for outcome in now.outcomes}
    both = [(then[outcome.id], outcome) for outcome in now.outcomes if outcome.id in then]
    return Comparison(
        differences=differences,
        better=tuple(_change(a, b) for a, b in both if b.score > a.score),
        worse=tuple(_change(a, b) for a, b in both if b.score < a.score),
        only_now=tuple(outcome.id for outcome in now.outcomes if outcome.id not in then),
        only_earlier=tuple(key for key in then if key not in known),
    )


def _change(before: SavedOutcome, now: SavedOutcome) -> Change:
    return Change(now.id, now.question, before.result, now.result)


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
