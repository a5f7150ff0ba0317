"""Questions on which articles disagree: `python -m tests.benchmarks.disagreements`.

Both sides are shown if the answer cites sentences of `tests/disagreements.jsonl` that give at
least two different values.
"""

from __future__ import annotations

import json
from typing import Any

from rag import Answer
from rag.gold import Gold
from rag.scoring import is_gold
from tests.benchmarks.common import ROOT, TESTS, indexed, only_help, share


def main() -> None:
    """Ask every question and print which values its answer shows."""
    only_help(__doc__)
    lines = (TESTS / "disagreements.jsonl").read_text(encoding="utf-8").splitlines()
    records: list[dict[str, Any]] = [json.loads(line) for line in lines]
    both = marked = 0
    with indexed(ROOT / "corpus", "sample corpus") as assistant:
        for record in records:
            answer = assistant.ask(record["question"])
            values = values_shown(answer, record["sides"])
            both += len(values) > 1
            marked += bool(answer.disagreements)
            mark = "marked" if answer.disagreements else ""
            print(f"{record['id']} {answer.status:<9} {mark:<7} {record['question']}")
            print(f"{'':21}shown: {'; '.join(values) or 'none of the values'}")
    share("disagreements with both sides shown", both, len(records))
    share("marked as a disagreement", marked, len(records))


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
