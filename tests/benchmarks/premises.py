"""False premises and near misses: `python -m tests.benchmarks.premises`.

A question counts as right if it is refused. What is answered is printed, for a person to see
whether the answer corrects the premise.
"""

from __future__ import annotations

from collections.abc import Sequence

from rag import Assistant
from rag.gold import Question, load_questions
from tests.benchmarks.common import ROOT, TESTS, first_lines, indexed, only_help, share


def main() -> None:
    """Ask every question of `tests/premises.jsonl` and print what became of it."""
    only_help(__doc__)
    with indexed(ROOT / "corpus", "sample corpus") as assistant:
        report(assistant, load_questions(TESTS / "premises.jsonl"))


def report(assistant: Assistant, questions: Sequence[Question], *, each: bool = True) -> None:
    """Print how many questions are refused, and what is said to each."""
    answers = [assistant.ask(question.text) for question in questions]
    for question, answer in zip(questions, answers, strict=True) if each else ():
        print(f"{question.id} {answer.status:<9} {question.text}")
        print(f"{'':14}{first_lines(answer)}")
    refused = sum(answer.status == "refused" for answer in answers)
    share("false premises and near misses refused", refused, len(questions))


if __name__ == "__main__":
    main()
