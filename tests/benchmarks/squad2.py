"""Refusal on a sample of SQuAD 2.0: `python -m tests.benchmarks.squad2`.

500 questions, 258 of which their passage does not answer, though it reads as if it might; see
`tests.benchmarks.answerability` for how they are asked. The data (CC BY-SA 4.0) are not part of
this repository.
"""

from __future__ import annotations

import json
from pathlib import Path

from tests.benchmarks.answerability import Case, ask_all, report
from tests.benchmarks.common import data_options, need


def main() -> None:
    """Ask all questions and print how well answerable ones are told from others."""
    arguments = data_options(__doc__).parse_args()
    cases = load(arguments.data / "squad2")[: arguments.limit]
    report(ask_all(cases, "SQuAD 2.0 passages"), "SQuAD 2.0 sample")


def load(folder: Path) -> list[Case]:
    """Read the questions with their passages; SQuAD's have no titles here."""
    source = "the search-datasets repository of zc277584121"
    questions = json.loads(need(folder / "queries.json", source).read_text(encoding="utf-8"))
    truth = json.loads(need(folder / "ground_truth.json", source).read_text(encoding="utf-8"))
    return [
        Case(
            id=record["id"],
            question=record["question"],
            title="",
            text=record["context"],
            answerable=not truth[record["id"]]["is_impossible"],
        )
        for record in questions["queries"]
    ]


if __name__ == "__main__":
    main()
