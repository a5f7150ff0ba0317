"""Refusal and sentence choice on CLAP NQ: `python -m tests.benchmarks.clapnq`.

300 answerable and 300 unanswerable questions, each with one passage; see
`tests.benchmarks.answerability` for how they are asked. The score was fitted on these questions:
what it is worth on others, `tests.benchmarks.fit_answerability` tells by cross-fitting, and
`squad2`. The data (primeqa, Apache-2.0) are not part of this repository.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path

from rag import Answer
from tests.benchmarks.answerability import Case, Judged, ask_all, report
from tests.benchmarks.common import data_options, need, share

KINDS = ("answerable", "unanswerable")


def main() -> None:
    """Ask all questions; print refusal and the choice of sentences."""
    arguments = data_options(__doc__).parse_args()
    folder = arguments.data / "clapnq"
    cases = [case for kind in KINDS for case in load(folder, kind)[: arguments.limit]]
    judged = ask_all(cases, "CLAP NQ dev passages")
    report(judged, "CLAP NQ dev, which the score was fitted on")
    sentences([j for j in judged if j.case.gold])


def load(folder: Path, kind: str) -> list[Case]:
    """Read the answerable or the unanswerable questions."""
    file = need(folder / f"clapnq_dev_{kind}.jsonl", "the CLAP NQ repository of PrimeQA")
    cases = []
    for line in file.read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        (passage,) = record["passages"]
        chosen = [s for output in record["output"] for s in output.get("selected_sentences", ())]
        cases.append(
            Case(
                id=record["id"],
                question=record["input"],
                title=passage["title"],
                text=passage["text"],
                answerable=kind == "answerable",
                gold=tuple(dict.fromkeys(chosen)),
            )
        )
    return cases


def sentences(judged: Sequence[Judged]) -> None:
    """Print how often a sentence that a person chose comes first, or among three."""
    answered = [j for j in judged if j.answer.status == "answered"]
    ranks = [chosen_rank(j.answer, j.case.gold) for j in judged]
    print(f"CLAP NQ sentence choice, refusals being misses ({len(answered)} are answered)")
    share("  a chosen sentence first", sum(rank == 1 for rank in ranks), len(ranks))
    share("  among the first three", sum(r is not None and r <= 3 for r in ranks), len(ranks))


def chosen_rank(answer: Answer, gold: Sequence[str]) -> int | None:
    """Place of the first statement that quotes a chosen sentence, from 1."""
    if answer.status != "answered":
        return None
    quotes = {citation.number: bare(citation.quote) for citation in answer.citations}
    wanted = [bare(sentence) for sentence in gold]
    for rank, statement in enumerate(answer.statements, start=1):
        said = [quotes[number] for number in statement.citations]
        if any(quote in sentence or sentence in quote for quote in said for sentence in wanted):
            return rank
    return None


def bare(sentence: str) -> str:
    """Letters and digits alone: the data put spaces around every mark."""
    return re.sub(r"[\W_]+", "", sentence.lower())


if __name__ == "__main__":
    main()
