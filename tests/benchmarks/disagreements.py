"""Questions on which articles disagree: `python -m tests.benchmarks.disagreements`.

Both sides are shown if the answer cites sentences of `tests/disagreements.jsonl` that give at
least two different values. Then the pairs of `tests/disagreement_pairs.jsonl`, in which a
disagreement is to be told or must not be, and the ordinary questions, which have none.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from rag import Answer, Assistant, Encoder
from rag.gold import Gold, load_questions
from rag.scoring import is_gold
from tests.benchmarks.common import ROOT, TESTS, indexed, only_help, share
from tests.benchmarks.pairs import LATER, Record, indexed_pairs, is_right, load_pairs


def main() -> None:
    """Ask every question and print which values its answer shows."""
    only_help(__doc__)
    with indexed(ROOT / "corpus", "sample corpus") as assistant:
        both_sides(assistant, TESTS / "disagreements.jsonl")
        questions = [q for q in load_questions(TESTS / "questions.jsonl") if q.answerable]
        false = [q.id for q in questions if assistant.ask(q.text).disagreements]
        encoder = assistant.encoder
    share("ordinary questions with a false disagreement", len(false), len(questions))
    _pairs("written pairs", load_pairs(), encoder)
    _pairs("later pairs", load_pairs(LATER), encoder)


def both_sides(assistant: Assistant, file: Path, *, each: bool = True) -> None:
    """Print of how many disagreements both sides are shown, and of each the values."""
    lines = file.read_text(encoding="utf-8").splitlines()
    records: list[dict[str, Any]] = [json.loads(line) for line in lines]
    both = marked = 0
    for record in records:
        answer = assistant.ask(record["question"])
        values = values_shown(answer, record["sides"])
        both += len(values) > 1
        marked += bool(answer.disagreements)
        if each:
            mark = "marked" if answer.disagreements else ""
            print(f"{record['id']} {answer.status:<9} {mark:<7} {record['question']}")
            print(f"{'':21}shown: {'; '.join(values) or 'none of the values'}")
    share("disagreements with both sides shown", both, len(records))
    share("marked as a disagreement", marked, len(records))


def _pairs(name: str, pairs: list[Record], encoder: Encoder) -> None:
    """Print precision and recall over pairs of articles."""
    with indexed_pairs(pairs, encoder) as assistant:
        answers = [assistant.ask(pair["question"]) for pair in pairs]
    asked = list(zip(pairs, answers, strict=True))
    for pair, answer in asked:
        if not is_right(pair, answer):
            print(f"{pair['id']} wrong: {pair['question']}\n{'':5}{answer.text[-150:]}")
    told = [is_right(pair, answer) for pair, answer in asked if answer.disagreements]
    meant = [is_right(pair, answer) for pair, answer in asked if pair["disagree"]]
    share(f"{name}: precision of what is told", sum(told), len(told))
    share(f"{name}: recall", sum(meant), len(meant))


def values_shown(answer: Answer, sides: list[dict[str, str]]) -> list[str]:
    """The different values whose sentences an answer cites.

    A value that says no more than another ("VTV3", "correction: VTV3") is not a different one.
    """
    shown: list[str] = []
    for side in sides if answer.status == "answered" else ():
        gold = Gold(side["article"], side["sentence"])
        if any(is_gold(c.article_id, c.path, c.quote, gold) for c in answer.citations):
            words = set(side["value"].split()) - {"correction:"}
            others = [set(value.split()) - {"correction:"} for value in shown]
            if not any(words <= other or other <= words for other in others):
                shown.append(side["value"])
    return shown


if __name__ == "__main__":
    main()
