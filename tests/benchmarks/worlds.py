"""Other news than that of the sample corpus: `python -m tests.benchmarks.worlds`.

Six small worlds of invented news, each of fourteen articles that speak of the same people and
things again and again, written without sight of the readers. Those in `tests/worlds` may be looked
at; of those in `tests/heldout/worlds` only totals are printed.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from rag import Assistant
from rag.gold import Question, load_questions
from tests.benchmarks import conversations, corpus, disagreements, lists
from tests.benchmarks.common import TESTS, indexed, only_help

FOLDERS = (TESTS / "worlds", TESTS / "heldout" / "worlds")


def main() -> None:
    """Measure each world by what the sample corpus is measured by."""
    only_help(__doc__)
    for folder in FOLDERS:
        for world in sorted(folder.iterdir()):
            with indexed(world / "articles", f"\n{world.name}") as assistant:
                report(assistant, world, each=False)


def report(assistant: Assistant, world: Path, *, each: bool) -> None:
    """Print how questions, lists, follow-ups and disagreements of a world fare."""
    corpus.report(assistant, questions_of(world))
    lists.report(assistant, load_questions(world / "lists.jsonl"), each=each)
    conversations.follow_ups(assistant, world / "conversations.jsonl", each=each)
    disagreements.both_sides(assistant, world / "disagreements.jsonl", each=each)


def questions_of(world: Path) -> Sequence[Question]:
    """Questions that the articles answer, and others."""
    return [
        *load_questions(world / "questions.jsonl"),
        *load_questions(world / "unanswerable.jsonl"),
    ]


if __name__ == "__main__":
    main()
