"""Retrieval and sentence choice on XQuAD English: `python -m tests.benchmarks.xquad`.

Protocol: each of the 240 paragraphs is one article. nDCG@10 and Hit@1 are by article, the first
hit of each article counting. A sentence is right if it is from the right paragraph and contains a
gold answer. The data are CC BY-SA 4.0 and not part of this repository.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from ingest import reindex
from rag import Assistant, load_settings
from rag.evidence import choose_sentences
from rag.retrieval import encode_query, keyword_rows, rank, reciprocal_rank_fusion
from rag.sentences import is_complete

DEPTH = 5  # chunks whose sentences are looked at, as in the design's measurements


def main() -> None:
    """Index the paragraphs, ask all 1,190 questions, print the shares of right answers."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--data", type=Path, default=Path("../shared/bench"))
    options.add_argument("--limit", type=int, default=0, help="only the first N questions")
    arguments = options.parse_args()
    file = arguments.data / "xquad" / "xquad.en.json"
    if not file.exists():
        sys.exit(
            f"{file} is not there; get xquad.en.json from the XQuAD repository of Google DeepMind "
            "and name its folder with --data"
        )
    with tempfile.TemporaryDirectory() as folder:
        questions = write_articles(file, Path(folder) / "corpus")
        settings = load_settings(corpus_dir=Path(folder) / "corpus", index_dir=Path(folder) / "ix")
        report = reindex(settings=settings)
        print(f"XQuAD-en: {report.articles} articles, {report.chunks} chunks")
        measure(Assistant(settings), questions[: arguments.limit or None])


def write_articles(file: Path, folder: Path) -> list[tuple[str, str, list[str]]]:
    """Write each paragraph as a text file; returns (question, file name, gold answers)."""
    folder.mkdir()
    questions = []
    data = json.loads(file.read_text(encoding="utf-8"))["data"]
    for number, paragraph in enumerate(p for topic in data for p in topic["paragraphs"]):
        name = f"p{number:03}.md"
        (folder / name).write_text(paragraph["context"], encoding="utf-8")
        for asked in paragraph["qas"]:
            gold = [answer["text"] for answer in asked["answers"]]
            questions.append((asked["question"], name, gold))
    return questions


def measure(assistant: Assistant, questions: Sequence[tuple[str, str, list[str]]]) -> None:
    """Rank and choose for each question with each method, in one run and with the same weights."""
    snapshot = assistant.index.current()
    ranks: dict[str, list[int | None]] = {"dense": [], "BM25": [], "RRF": [], "reranked": []}
    chosen: list[int | None] = []
    allowed = snapshot.allowed(None)
    for question, gold_path, gold in questions:
        query = encode_query(snapshot, assistant.encoder, question)
        ranking = rank(snapshot, query, assistant.settings.candidates)
        if ranking is None:
            continue
        dense = snapshot.nearest(query.vector, 100, None)
        sparse = keyword_rows(snapshot, query, 100, allowed)
        fused = reciprocal_rank_fusion([dense, sparse])
        rankings = dict(zip(ranks, (dense, sparse, fused, ranking.rows.tolist()), strict=True))
        for method, rows in rankings.items():
            paths = [snapshot.entries[snapshot.chunks[row].article_id].path for row in rows]
            ranks[method].append(_first([path == gold_path for path in dict.fromkeys(paths)]))
        sentences = choose_sentences(snapshot, query, ranking, DEPTH)
        right = [
            snapshot.entries[s.article_id].path == gold_path
            and any(answer in s.text for answer in gold)
            for s in sentences
            if is_complete(s.text)
        ]
        chosen.append(_first(right))
    print(f"{len(chosen)} questions           nDCG@10   Hit@1")
    for method, places in ranks.items():
        gains = [1 / math.log2(p + 2) for p in places if p is not None and p < 10]
        hits = sum(place == 0 for place in places)
        print(
            f"{method:<20} {100 * sum(gains) / len(places):12.1f} {100 * hits / len(places):7.1f}"
        )
    first = sum(place == 0 for place in chosen)
    third = sum(place is not None and place < 3 for place in chosen)
    print(f"right sentence first {100 * first / len(chosen):12.1f} %")
    print(f"among first three    {100 * third / len(chosen):12.1f} %")


def _first(right: Sequence[bool]) -> int | None:
    return right.index(True) if True in right else None


if __name__ == "__main__":
    main()
