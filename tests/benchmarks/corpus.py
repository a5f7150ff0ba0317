"""How well the sample corpus is answered: `python -m tests.benchmarks.corpus`."""

from __future__ import annotations

from collections.abc import Sequence

from rag import Assistant
from rag.evaluate import evaluate, measure
from rag.gold import Question, load_questions
from rag.metrics import hit
from rag.reader import UNSURE
from tests.benchmarks.common import ROOT, TESTS, figure, indexed, only_help, share


def main() -> None:
    """Build an index of `corpus/`, ask every question of two files, print shares.

    In `tests/near.jsonl` each question has a twin that the articles do not answer.
    """
    only_help(__doc__)
    with indexed(ROOT / "corpus", "sample corpus") as assistant:
        report(assistant, load_questions(TESTS / "questions.jsonl"))
        print("pairs of a question and its near miss")
        report(assistant, load_questions(TESTS / "near.jsonl"))


def report(assistant: Assistant, questions: Sequence[Question]) -> None:
    """Print how well questions with a gold sentence are answered, and others refused."""
    outcomes = list(evaluate(assistant, questions))
    asked = [o for o in outcomes if o.question.answerable]
    others = [o for o in outcomes if not o.question.answerable]
    first = sum(hit(o.sentence_rank, 1) for o in asked)
    third = sum(hit(o.sentence_rank, 3) for o in asked)
    wrongly = sum(o.refused for o in asked)
    rightly = sum(o.refused for o in others)
    citations = [c for o in outcomes for c in o.answer.citations]
    exact = sum(assistant.article(c.article_id).text[c.start : c.end] == c.quote for c in citations)
    share("right sentence cited first", first, len(asked))
    share("right sentence among the first three", third, len(asked))
    share("answerable questions refused", wrongly, len(asked))
    share("unanswerable questions refused", rightly, len(others))
    for name, part in (("answerable", asked), ("unanswerable", others)):
        unsure = sum(not o.refused and UNSURE in o.answer.text for o in part)
        share(f"{name} questions answered with a caution", unsure, len(part))
    measures = measure(outcomes)
    figure("AUROC of answerability", measures["refusal"]["auroc"])
    figure("balanced accuracy", measures["refusal"]["balanced_accuracy"])
    figure("nDCG@10 of the gold articles", measures["retrieval"]["ndcg_at_10"])
    share("citations equal to the article's text", exact, len(citations))


if __name__ == "__main__":
    main()
