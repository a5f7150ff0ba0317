"""Time to answer over a large index: `python -m tests.benchmarks.scale --chunks 10000`.

The index holds made-up news (`tests.benchmarks.news`), the XQuAD paragraphs and the sample corpus;
the questions are those of the latter two. In the same run: plain dense retrieval of four chunks, and
reranking the same candidates by encoding their texts when the question is asked, which is what
the stored token vectors save. Building takes a while: `--index` keeps the index for the next run.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

from ingest import reindex
from ingest.chunking import SentenceSplitter
from rag import Assistant, CitewellError, Encoder, load_settings
from rag.gold import load_questions
from rag.index import Snapshot
from rag.late_interaction import max_similarity, weighted_mean
from rag.metrics import percentile
from rag.retrieval import Query, encode_query, keyword_rows, rank, reciprocal_rank_fusion
from tests.benchmarks.baselines import row_text
from tests.benchmarks.common import ROOT, TESTS, WIDTH, data_options, need, share
from tests.benchmarks.news import make_news
from tests.benchmarks.xquad import Asked, paths, write_articles

XQUAD = "the XQuAD repository of Google DeepMind"
WARM_UP = 20  # questions asked before the clock runs
T = TypeVar("T")


def main() -> None:
    """Build or open the index, ask, print median and 95th percentile of each way."""
    options = data_options(__doc__)
    options.add_argument("--chunks", type=int, default=10_000, help="size of the index")
    options.add_argument("--index", type=Path, help="folder that keeps the index (default: none)")
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--questions", type=int, default=250, help="of XQuAD, evenly spread")
    options.add_argument("--encoded", type=int, default=30, help="questions reranked by encoding")
    arguments = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        assistant, asked = prepare(arguments, Path(folder))
        measure(assistant, asked, arguments.encoded)


def prepare(arguments: argparse.Namespace, folder: Path) -> tuple[Assistant, list[Asked]]:
    """Write the corpus and build its index, unless the one that was kept is large enough."""
    corpus = folder / "corpus"
    shutil.copytree(ROOT / "corpus", corpus)
    file = need(arguments.data / "xquad" / "xquad.en.json", XQUAD)
    questions = write_articles(file, corpus)
    index = (arguments.index or folder / "index").resolve()
    settings = load_settings(corpus_dir=corpus, index_dir=index)
    assistant = Assistant(settings)
    if held(assistant) < arguments.chunks:
        write_news(corpus, assistant.encoder, arguments.chunks, arguments.seed)
        report = reindex(settings=settings, encoder=assistant.encoder, progress=tell)
        print(f"built in {report.seconds:.0f} s", file=sys.stderr)
    print(f"{assistant.status().articles} articles, {held(assistant)} chunks")
    step = max(1, len(questions) // max(1, arguments.questions))
    sample = [(q.text, "", []) for q in load_questions(TESTS / "questions.jsonl")]
    return assistant, [*questions[::step], *sample][: arguments.limit]


def held(assistant: Assistant) -> int:
    """How many chunks the index holds; none if there is no index, or not a usable one."""
    try:
        return assistant.status().chunks
    except CitewellError:
        return 0


def write_news(corpus: Path, encoder: Encoder, chunks: int, seed: int) -> None:
    """Add made-up news until the corpus makes this many chunks."""
    splitter = SentenceSplitter(encoder.count_tokens)
    files = [file for file in corpus.glob("*.md") if file.stem != "README"]
    count = sum(len(splitter.split_text(file.read_text(encoding="utf-8"))) for file in files)
    for news in make_news(seed):
        if count >= chunks:
            return
        (corpus / news.name).write_text(news.content, encoding="utf-8")
        count += len(splitter.split_text(news.text))


def tell(stage: str, done: int, total: int) -> None:
    """Show a person at a terminal how far the index is."""
    if sys.stderr.isatty():
        print(f"\r{stage} {done}/{total} ", end="", file=sys.stderr, flush=True)


def measure(assistant: Assistant, asked: Sequence[Asked], encoded: int) -> None:
    """Ask every question warm in each way, one after the other, and print the times."""
    snapshot = assistant.index.current()
    store = snapshot.vectors
    for question, _, _ in asked[:WARM_UP]:
        assistant.ask(question)
        store.similarity_search(question, k=4)
    times: dict[str, list[float]] = {"dense retrieval of 4 chunks": [], "rag.ask": []}
    for question, _, _ in asked:
        times["dense retrieval of 4 chunks"].append(clock(store.similarity_search, question)[0])
        times["rag.ask"].append(clock(assistant.ask, question)[0])
    print(f"{len(asked)} questions")
    show(times)
    first, reranked = [], []
    for question, path, _ in asked:
        query = encode_query(snapshot, assistant.encoder, question)
        ranking = rank(snapshot, query, assistant.settings.candidates)
        rows = ranking.rows.tolist() if ranking else []
        reranked.append(rows)
        first += [paths(snapshot, rows[:1]) == [path]] if path else []
    share("XQuAD questions whose paragraph comes first", sum(first), len(first))
    step = max(1, len(asked) // max(1, encoded))
    few = list(zip(asked, reranked, strict=True))[::step]
    slow = {"rag.ask": [], "encoding the candidates when asked": []} if few else {}
    for (question, _, _), rows in few:
        slow["rag.ask"].append(clock(assistant.ask, question)[0])
        slow["encoding the candidates when asked"].append(
            clock(lambda q, rows=rows: encode_candidates(assistant, snapshot, q, rows), question)[0]
        )
    mean = sum(len(rows) for _, rows in few) / max(1, len(few))
    print(f"{len(few)} of the questions, {mean:.0f} candidates each on average")
    show(slow)


def encode_candidates(
    assistant: Assistant, snapshot: Snapshot, question: str, rows: Sequence[int]
) -> list[int]:
    """Rank as without stored token vectors: encode the candidates' texts, then late interaction."""
    query = encode_query(snapshot, assistant.encoder, question)
    retrieve(assistant, snapshot, query)
    texts = [row_text(snapshot, row) for row in rows]
    tokens = [
        snapshot.tokens.project(encoded.tokens) for encoded in assistant.encoder.encode(texts)
    ]
    scores = []
    for vectors in tokens:
        best = max_similarity(query.tokens, vectors, [0, len(vectors)])
        scores.append(float(weighted_mean(best, query.weights)[0]))
    return [row for _, row in sorted(zip(scores, rows, strict=True), reverse=True)]


def retrieve(assistant: Assistant, snapshot: Snapshot, query: Query) -> list[int]:
    """The candidates of both rankings, fused."""
    candidates = assistant.settings.candidates
    dense = snapshot.nearest(query.vector, candidates, None)
    sparse = keyword_rows(snapshot, query, candidates, snapshot.allowed(None))
    return reciprocal_rank_fusion([dense, sparse])[:candidates]


def clock(call: Callable[[str], T], question: str) -> tuple[float, T]:
    """Milliseconds that a call takes, and what it returns."""
    start = time.perf_counter()
    result = call(question)
    return 1000 * (time.perf_counter() - start), result


def show(times: dict[str, list[float]]) -> None:
    """Print median and 95th percentile of each way, and the ratio of each median to the first."""
    medians = {label: percentile(values, 0.5) or 0.0 for label, values in times.items()}
    base = next(iter(medians.values()), 0.0)
    print(f"{'':<{WIDTH}}{'median ms':>11}{'95th pct ms':>13}{'ratio':>9}")
    for label, values in times.items():
        high = percentile(values, 0.95) or 0.0
        ratio = medians[label] / base if base else 0.0
        print(f"{label:<{WIDTH}}{medians[label]:>11.1f}{high:>13.1f}{ratio:>9.1f}")


if __name__ == "__main__":
    main()
