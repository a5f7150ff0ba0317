"""What a cluster has to do, by the core: `python -m tests.benchmarks.cluster --articles 1000`.

All of it in processor time of one core, over made-up news of about 800 words
(`tests.benchmarks.news`), so that what else the machine does counts little:

- a worker of `--engine ray`: reading, cutting and encoding a tenth of the articles, what it sends;
- the process that writes: everything else of a run over all articles, which is what remains when
  workers do those three. Vectors are from `tests.benchmarks.word_vectors` to save hours: numbers
  and sizes are as they would be;
- Chroma: the memory it takes for its graph, with vectors at random.
"""

from __future__ import annotations

import argparse
import pickle
import resource
import tempfile
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any
from unittest.mock import patch

import chromadb
import numpy as np
import torch

from ingest import reindex
from ingest.formats import ReadOptions
from ingest.local_engine import LocalEngine
from ingest.ray_engine import GROUP
from ingest.ray_worker import CuttingWorker, Sent
from rag import Encoder, load_settings
from rag.precision import resolve
from tests.benchmarks.ingest_speed import SENTENCES, show
from tests.benchmarks.news import make_news
from tests.benchmarks.word_vectors import WordVectors

VECTORS = 20_000  # that are added before and while Chroma's memory is looked at


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--articles", type=int, default=1000)
    options.add_argument("--seed", type=int, default=1)
    arguments = options.parse_args()
    torch.set_num_threads(1)
    with tempfile.TemporaryDirectory() as folder:
        corpus = Path(folder) / "corpus"
        corpus.mkdir()
        for news in islice(make_news(arguments.seed, SENTENCES), arguments.articles):
            (corpus / news.name).write_text(news.content, encoding="utf-8")
        work(sorted(corpus.iterdir())[: arguments.articles // 10])
        write(corpus, Path(folder) / "index")
        grow(Path(folder) / "store")


class Alone(CuttingWorker):
    """A worker without Ray, which does both."""

    def __init__(self, encoder: Encoder) -> None:
        self.engine = LocalEngine(encoder, ReadOptions(), readers=1)
        self._known = np.array([], np.uint64)

    def sent(self, files: dict[str, Path]) -> Iterator[Sent]:
        """Read files, and work on what is in them."""
        readings = [reading for _, reading in self.engine.read(files)]
        yield from self.work([article for each in readings for article in each.articles])


def work(files: list[Path]) -> None:
    """Do what a worker does, in groups as it gets them; the first one warms up."""
    worker = Alone(Encoder())
    groups = [files[start : start + GROUP] for start in range(0, len(files), GROUP)]
    chunks = size = 0
    started = time.process_time()
    for place, group in enumerate([groups[0], *groups]):
        if place == 1:
            started, chunks, size = time.process_time(), 0, 0
        for sent in worker.sent({file.name: file for file in group}):
            size += len(pickle.dumps(sent))
            chunks += sum(len(rows) for _, rows in sent.cuts)
    seconds = time.process_time() - started
    show("worker, precision", resolve("auto"))
    show("… articles, chunks", f"{len(files)}, {chunks}")
    show("… chunks a second and core", f"{chunks / seconds:.1f}")
    show("… sent, kB a chunk", f"{size / chunks / 1e3:.1f}")
    show("… memory, MB", f"{peak():.0f}")


def write(corpus: Path, index: Path) -> None:
    """Index, and leave out of account what workers would do."""
    elsewhere = 0.0

    class Timed(LocalEngine):
        def read(self, *given: Any) -> Iterator[Any]:
            return timed(super().read(*given))

        def cut(self, *given: Any) -> Iterator[Any]:
            return timed(super().cut(*given))

        def encode(self, *given: Any) -> Iterator[Any]:
            return timed(super().encode(*given))

    def timed(items: Iterator[Any]) -> Iterator[Any]:
        nonlocal elsewhere
        while True:
            started = time.thread_time()
            item = next(items, None)
            elsewhere += time.thread_time() - started
            if item is None:
                return
            yield item

    settings = load_settings(corpus_dir=corpus, index_dir=index)
    encoder = WordVectors()
    encoder.model  # noqa: B018
    started = time.process_time()
    with patch("ingest.local_engine.LocalEngine", Timed):
        report = reindex(settings=settings, encoder=encoder)
    seconds = time.process_time() - started - elsewhere
    size = sum(f.stat().st_size for f in (index / "snapshots").rglob("*") if f.is_file())
    show("writing, articles, chunks", f"{report.articles}, {report.chunks}")
    show("… chunks a second and core", f"{report.chunks / seconds:.0f}")
    show("… on disk, kB a chunk", f"{size / report.chunks / 1e3:.1f}")
    show("… memory, MB", f"{peak():.0f}")


def grow(folder: Path) -> None:
    """Fill a Chroma store, and tell what each further vector takes in memory (on Linux)."""
    generator = np.random.default_rng(1)
    client = chromadb.PersistentClient(str(folder))
    collection = client.create_collection("vectors", embedding_function=None)
    sizes = []
    for batch in range(2 * VECTORS // 1000):
        names = [f"{batch}-{number}" for number in range(1000)]
        collection.add(ids=names, embeddings=generator.random((1000, 384), dtype=np.float32))
        pages = int(Path("/proc/self/statm").read_text().split()[1])
        sizes.append(pages * resource.getpagesize() / 1e3)
    show("Chroma, memory, kB a vector", f"{(sizes[-1] - sizes[len(sizes) // 2 - 1]) / VECTORS:.1f}")


def peak() -> float:
    """The most memory that this process had so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6


if __name__ == "__main__":
    main()
