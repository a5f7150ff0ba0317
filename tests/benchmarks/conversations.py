"""Follow-up questions: `python -m tests.benchmarks.conversations`.

Recall@5: a gold article is among the first five retrieved. For each follow-up, that is measured as
it was typed, as it is resolved from the questions before, and as a person rewrote it to stand
alone (`standalone` in `tests/conversations.jsonl`).
"""

from __future__ import annotations

import json
from pathlib import Path

from rag import Assistant
from rag.gold import Gold
from tests.benchmarks.common import ROOT, TESTS, indexed, only_help, share

DEPTH = 50  # chunks, enough for five articles


def main() -> None:
    """Ask every conversation and print the recall of its follow-ups in three ways."""
    only_help(__doc__)
    with indexed(ROOT / "corpus", "sample corpus") as assistant:
        follow_ups(assistant, TESTS / "conversations.jsonl")


def follow_ups(assistant: Assistant, file: Path, *, each: bool = True) -> None:
    """Print the recall, and each follow-up that is resolved to something that misses."""
    counts = {"as typed": 0, "as resolved": 0, "as a person rewrote it": 0}
    conversations = turns = 0
    for line in file.read_text(encoding="utf-8").splitlines():
        history: list[tuple[str, str]] = []
        conversations += 1
        for turn in json.loads(line)["turns"]:
            if history and turn.get("gold"):
                answer = assistant.ask(turn["question"], history=history)
                texts = (turn["question"], answer.standalone_question, turn["standalone"])
                gold = [Gold(wanted["article"]) for wanted in turn["gold"]]
                hits = [recalled(assistant, text, gold) for text in texts]
                for way, hit in zip(counts, hits, strict=True):
                    counts[way] += hit
                if each and not hits[1]:
                    print(f"missed: {turn['question']} → {answer.standalone_question}")
                turns += 1
            history.append(("human", turn["question"]))
    print(f"{turns} follow-ups in {conversations} conversations, recall@5 of the gold article")
    for way, count in counts.items():
        share(f"  {way}", count, turns)


def recalled(assistant: Assistant, question: str, gold: list[Gold]) -> bool:
    """Tell whether a gold article is among the first five retrieved."""
    passages = assistant.retrieve(question, k=DEPTH)
    first = list(dict.fromkeys((passage.article_id, passage.path) for passage in passages))[:5]
    return any(wanted.is_article(*article) for wanted in gold for article in first)


if __name__ == "__main__":
    main()
