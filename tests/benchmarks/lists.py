"""List and count questions of the sample corpus: `python -m tests.benchmarks.lists`."""

from __future__ import annotations

from collections.abc import Sequence

from rag import Assistant
from rag.evaluate import evaluate, measure
from rag.gold import Question, load_questions
from tests.benchmarks.baselines import LISTS, TOP, chunk_retrievers, score_chunks
from tests.benchmarks.common import ROOT, WIDTH, indexed, only_help, table

FILES = (LISTS, LISTS.with_name("lists_more.jsonl"), LISTS.with_name("lists_later.jsonl"))


def main() -> None:
    """Ask every question of the files; print each, the means, and the tutorial's.

    `tests/lists_more.jsonl` was held out until the reader of 24 November 2026 had been measured on
    it (F1 3.6), and then served to mend that reader; `tests/lists_later.jsonl` is of 29 November,
    looked at once.
    """
    only_help(__doc__)
    with indexed(ROOT / "corpus", "sample corpus") as assistant:
        for file in FILES:
            report(assistant, load_questions(file))


def report(assistant: Assistant, asked: Sequence[Question], *, each: bool = True) -> None:
    """Print the means of list questions, and of each what it missed or has wrong."""
    questions = [question for question in asked if question.items]
    outcomes = list(evaluate(assistant, questions))
    search = chunk_retrievers(assistant, ["LangChain tutorial"])["LangChain tutorial"]
    chunks = [search(question.text) for question in questions]
    rows: dict[str, list[float | None]] = {}
    listed = [(outcome.question, outcome.listed) for outcome in outcomes if outcome.listed]
    for question, found in listed if each else ():
        score, right = found.overlap, found.count_right
        count = None if right is None else float(right)
        label = f"{question.id} {question.text}"[: WIDTH - 1]
        rows[label] = [score.precision, score.recall, score.f1, count]
    figures = measure(outcomes)["lists"]
    names = ("precision", "recall", "f1", "counts_right")
    rows["mean"] = [figures.get(name) for name in names]
    rows[f"LangChain tutorial, first {TOP} chunks"] = [*score_chunks(questions, chunks), None]
    table(f"{len(questions)} list questions", ["precision", "recall", "F1", "count right"], rows)
    for question, found in listed if each else ():
        for what, items in (("missed", found.missed), ("wrong", found.wrong)):
            if items:
                print(f"{question.id} {what}: {', '.join(items)}")


if __name__ == "__main__":
    main()
