"""Time to answer over a large index: `python -m tests.benchmarks.scale --chunks 10000`.

The index holds made-up news (`tests.benchmarks.news`), the XQuAD paragraphs and the sample corpus,
whose questions are asked. In the same run: plain dense retrieval of four chunks, and reranking the
same candidates by encoding their texts when the question is asked, which is what the stored token
vectors save. The times are those of this machine with whatever else it does just now. Building
takes a while; `--index` keeps the index in a folder for the next run. `--word-vectors` builds it
with the model's word vectors alone (`tests.benchmarks.word_vectors`): that serves where it is about
time and space, not about what is found. Questions are encoded by the whole model all the same. Then
come what the index takes on disk and in memory, and how long one changed article takes to publish.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path

import numpy as np

from ingest import reindex
from ingest.chunking import SentenceSplitter
from ingest.status import megabytes
from rag import Assistant, CitewellError, Encoder, load_settings
from rag.gold import load_questions
from rag.late_interaction import best_of_spans, cosines, weighted_mean
from rag.metrics import percentile
from rag.retrieval import (
    Query,
    encode_query,
    keyword_rows,
    rank,
    reciprocal_rank_fusion,
    with_siblings,
)
from rag.snapshot import Snapshot
from rag.tokens import quantize
from tests.benchmarks.baselines import row_text
from tests.benchmarks.common import ROOT, TESTS, WIDTH, data_options, share
from tests.benchmarks.news import make_news
from tests.benchmarks.word_vectors import WordVectors
from tests.benchmarks.xquad import Asked, paths, read_questions

WARM_UP = 20  # questions asked before the clock runs


def main() -> None:
    """Build or open the index, ask, print median and 95th percentile of each way."""
    options = data_options(__doc__)
    options.add_argument("--chunks", type=int, default=10_000, help="size of the index")
    options.add_argument("--index", type=Path, help="folder that keeps the index (default: none)")
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--questions", type=int, default=250, help="of XQuAD, evenly spread")
    options.add_argument("--word-vectors", action="store_true", help="build with these alone")
    options.add_argument("--encoded", type=int, default=10, help="questions reranked by encoding")
    arguments = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        assistant, asked = prepare(arguments, Path(folder))
        measure(assistant, asked, arguments.encoded)
        measure_space(assistant)
        measure_publishing(assistant, Path(folder))


def prepare(arguments: argparse.Namespace, folder: Path) -> tuple[Assistant, list[Asked]]:
    """Write the corpus and build its index, unless the one that was kept is large enough."""
    corpus = folder / "corpus"
    shutil.copytree(ROOT / "corpus", corpus)
    questions = read_questions(arguments.data, corpus)
    index = (arguments.index or folder / "index").resolve()
    settings = load_settings(corpus_dir=corpus, index_dir=index)
    assistant = Assistant(settings)
    if held(assistant) < arguments.chunks:
        write_news(corpus, assistant.encoder, arguments.chunks, arguments.seed)
        encoder = WordVectors() if arguments.word_vectors else assistant.encoder
        report = reindex(settings=settings, encoder=encoder, progress=tell)
        print(f"built in {report.seconds:.0f} s", file=sys.stderr)
    print(f"{assistant.status().articles} articles, {held(assistant)} chunks")
    step = max(1, len(questions) // max(1, arguments.questions))
    sample: list[Asked] = [(q.text, "", []) for q in load_questions(TESTS / "questions.jsonl")]
    return assistant, [*questions[::step], *sample][: arguments.limit]


def held(assistant: Assistant) -> int:
    """How many chunks the index holds; none if there is no index, or not a usable one."""
    try:
        return assistant.status().chunks
    except CitewellError:
        return 0


def write_news(corpus: Path, encoder: Encoder, chunks: int, seed: int) -> None:
    """Add made-up news that makes this many chunks by itself."""
    splitter = SentenceSplitter(encoder.count_tokens)
    count = 0
    for news in make_news(seed):
        (corpus / news.name).write_text(news.content, encoding="utf-8")
        count += len(splitter.split_text(news.text))
        if count >= chunks:
            return


def tell(stage: str, done: int, total: int) -> None:
    """Show a person at a terminal how far the index is."""
    if sys.stderr.isatty():
        print(f"\r{stage} {done}/{total} ", end="", file=sys.stderr, flush=True)


def measure(assistant: Assistant, asked: Sequence[Asked], encoded: int) -> None:
    """Ask every question warm in each way, one after the other, and print the times."""
    snapshot = assistant.index.current()
    dense = partial(snapshot.vector_stores[0].similarity_search, k=4)  # the large one
    for question, _, _ in asked[:WARM_UP]:
        assistant.ask(question)
        dense(question)
    compare(
        [question for question, _, _ in asked],
        {"dense retrieval of 4 chunks": dense, "rag.ask": assistant.ask},
    )
    step = max(1, len(asked) // max(1, encoded))
    compare(
        [question for question, _, _ in asked[::step][:encoded]],
        {
            "retrieval and reranking with stored vectors": partial(stored, assistant),
            "the same, encoding the candidates when asked": partial(encode_candidates, assistant),
        },
    )
    places = [
        [path] == paths(snapshot, stored(assistant, question)[:1])
        for question, path, _ in asked
        if path
    ]
    share("XQuAD questions whose paragraph comes first", sum(places), len(places))


def measure_space(assistant: Assistant) -> None:
    """Print what a chunk takes on disk, and what this process, which asks, holds in memory."""
    folder = assistant.index.current().folder
    print(
        f"{'kilobytes on disk a chunk':<{WIDTH}}{1000 * megabytes(folder) / held(assistant):>13.1f}"
    )
    for part in sorted(path for path in folder.iterdir() if path.is_dir()):
        share = 1000 * megabytes(part) / held(assistant)
        print(f"{f'… of which {part.name}':<{WIDTH}}{share:>13.1f}")
    status = Path("/proc/self/status")
    if status.exists():  # Linux
        lines = dict(line.split(":", 1) for line in status.read_text().splitlines())
        for label, name in (("in memory, MB", "VmRSS"), ("… without mapped files", "RssAnon")):
            print(f"{label:<{WIDTH}}{int(lines[name].split()[0]) / 1024:>13.0f}")


def measure_publishing(assistant: Assistant, folder: Path) -> None:
    """Print how long it takes to publish an article and changes of it, models loaded.

    And then how long until a page that has the index open answers from the new snapshot.
    """
    file = folder / "changing.md"
    for label in ("added", "changed", "changed again", "changed again"):
        news = next(make_news(seed=99))
        file.write_text(f"{news.content}\nIt rained. {time.time()}\n", encoding="utf-8")
        report = reindex([file], settings=assistant.settings, encoder=assistant.encoder)
        told = f"publish an article {label}, s ({report.chunks_embedded} chunks embedded)"
        print(f"{told:<{WIDTH}}{report.seconds:>13.1f}")
        start = time.perf_counter()
        assistant.ask("When did it rain?")
        assert assistant.status().snapshot == report.snapshot
        print(f"{'… until a page answers from it, s':<{WIDTH}}{time.perf_counter() - start:>13.1f}")


def compare(questions: Sequence[str], ways: Mapping[str, Callable[[str], object]]) -> None:
    """Ask each question in each way in turn; print median, 95th percentile, ratio to the first."""
    times: dict[str, list[float]] = {label: [] for label in ways}
    for question in questions:
        for label, way in ways.items():
            start = time.perf_counter()
            way(question)
            times[label].append(1000 * (time.perf_counter() - start))
    if not questions:
        return
    heads = "".join(f"{head:>13}" for head in ("median ms", "95th pct ms", "ratio"))
    print(f"{f'{len(questions)} questions':<{WIDTH}}{heads}")
    base = statistics.median(next(iter(times.values())))
    for label, values in times.items():
        median = statistics.median(values)
        cells = (median, percentile(values, 0.95) or 0.0, median / base)
        print(f"{label:<{WIDTH}}" + "".join(f"{cell:>13.1f}" for cell in cells))


def stored(assistant: Assistant, question: str) -> list[int]:
    """Rows as Citewell ranks them, by the token vectors of the index."""
    snapshot = assistant.index.current()
    query = encode_query(snapshot, assistant.encoder, question)
    ranking = rank(snapshot, query, assistant.settings.candidates)
    return ranking.rows.tolist() if ranking else []


def encode_candidates(assistant: Assistant, question: str) -> list[int]:
    """The candidates that `stored` ranks, by late interaction with their texts encoded now."""
    snapshot = assistant.index.current()
    query = encode_query(snapshot, assistant.encoder, question)
    rows = with_siblings(snapshot, candidates(assistant, snapshot, query))
    texts = [row_text(snapshot, row) for row in rows]
    tokens = [
        quantize(snapshot.tokens.project(encoded.tokens))
        for encoded in assistant.encoder.encode(texts)
    ]
    bounds = np.cumsum([0, *map(len, tokens)])
    best = best_of_spans(cosines(query.tokens, np.concatenate(tokens)), bounds)
    order = np.argsort(-weighted_mean(best, query.weights), kind="stable")
    return [rows[place] for place in order]


def candidates(assistant: Assistant, snapshot: Snapshot, query: Query) -> list[int]:
    """The chunks of both rankings, fused."""
    wanted = assistant.settings.candidates
    dense = snapshot.nearest(query.vector, wanted, None)
    sparse = keyword_rows(snapshot, query, wanted, snapshot.allowed(None))
    return reciprocal_rank_fusion([dense, sparse])[:wanted]


if __name__ == "__main__":
    main()
