"""List and count questions of the sample corpus: `python -m tests.benchmarks.lists`."""

from __future__ import annotations

from rag.evaluate import evaluate, measure
from rag.gold import load_questions
from tests.benchmarks.baselines import LISTS, TOP, Tutorial, score_chunks
from tests.benchmarks.common import ROOT, indexed, only_help, table


def main() -> None:
    """Ask every question of `tests/lists.jsonl`; print each, the means, and the tutorial's."""
    only_help(__doc__)
    questions = [question for question in load_questions(LISTS) if question.items]
    with indexed(ROOT / "corpus", "sample corpus") as assistant:
        outcomes = list(evaluate(assistant, questions))
        snapshot = assistant.index.current()
        texts = {entry.id: snapshot.article(entry.id).text for entry in snapshot.manifest.articles}
        tutorial = Tutorial(texts, assistant.encoder)
        chunks = [[d.page_content for d in tutorial.search(q.text, TOP)] for q in questions]
    rows: dict[str, list[float | None]] = {}
    for outcome in outcomes:
        if outcome.listed:
            score, right = outcome.listed.overlap, outcome.listed.count_right
            count = None if right is None else float(right)
            label = f"{outcome.question.id} {outcome.question.text}"[:51]
            rows[label] = [score.precision, score.recall, score.f1, count]
    figures = measure(outcomes)["lists"]
    names = ("precision", "recall", "f1", "counts_right")
    rows["mean"] = [figures.get(name) for name in names]
    rows[f"LangChain tutorial, first {TOP} chunks"] = score_chunks(questions, chunks)
    table(f"{len(questions)} list questions", ["precision", "recall", "F1", "count right"], rows)
    for outcome in outcomes:
        if outcome.listed:
            for what, found in (("missed", outcome.listed.missed), ("wrong", outcome.listed.wrong)):
                if found:
                    print(f"{outcome.question.id} {what}: {', '.join(found)}")


if __name__ == "__main__":
    main()
