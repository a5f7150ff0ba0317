"""How long an answer takes, beside plain dense retrieval: `python -m tests.benchmarks.speed`."""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from ingest import reindex
from rag import Assistant, load_settings
from rag.gold import load_questions

ROOT = Path(__file__).parents[2]


def main() -> None:
    """Ask the sample questions warm, in turn with dense retrieval of 4 chunks, and print both."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rounds", type=int, default=5)
    rounds = options.parse_args().rounds
    questions = [q.text for q in load_questions(ROOT / "tests" / "questions.jsonl")]
    with tempfile.TemporaryDirectory() as folder:
        settings = load_settings(corpus_dir=ROOT / "corpus", index_dir=Path(folder))
        report = reindex(settings=settings)
        assistant = Assistant(settings)
        (store,) = assistant.index.current().vector_stores
        for question in questions[:5]:  # warm up
            assistant.ask(question)
        answers: list[float] = []
        dense: list[float] = []
        for _ in range(rounds):
            for question in questions:
                dense.append(_clock(lambda q: store.similarity_search(q, k=4), question))
                answers.append(_clock(assistant.ask, question))
    print(f"{report.chunks} chunks, {len(questions)} questions, {rounds} rounds")
    print(f"{'':<24} {'median ms':>10} {'95th percentile ms':>20}")
    for label, times in (("dense retrieval alone", dense), ("rag.ask", answers)):
        high = statistics.quantiles(times, n=20)[-1]
        print(f"{label:<24} {statistics.median(times):>10.1f} {high:>20.1f}")
    print(f"ratio of the medians {statistics.median(answers) / statistics.median(dense):.1f}")


def _clock(call: Callable[[str], object], question: str) -> float:
    start = time.perf_counter()
    call(question)
    return 1000 * (time.perf_counter() - start)


if __name__ == "__main__":
    main()
