"""Questions that nobody has looked at: `python -m tests.benchmarks.heldout`.

The files in `tests/heldout` were written without sight of the readers, and the readers without
sight of them. So only totals are printed, those of `corpus`, `lists` and `premises`; to look at a
question is to spend it.
"""

from __future__ import annotations

from rag.gold import load_questions
from tests.benchmarks import corpus, lists, premises
from tests.benchmarks.common import ROOT, TESTS, indexed, only_help

HELD_OUT = TESTS / "heldout"


def main() -> None:
    """Ask all held-out questions and print what the development files are measured by."""
    only_help(__doc__)
    with indexed(ROOT / "corpus", "sample corpus, held-out questions") as assistant:
        corpus.report(assistant, load_questions(HELD_OUT / "questions.jsonl"))
        print("pairs of a question and its near miss")
        corpus.report(assistant, load_questions(HELD_OUT / "near.jsonl"))
        for file in ("lists.jsonl", "lists_later.jsonl"):
            lists.report(assistant, load_questions(HELD_OUT / file), each=False)
        premises.report(assistant, load_questions(HELD_OUT / "premises.jsonl"), each=False)


if __name__ == "__main__":
    main()
