"""Peak memory of ingest: `python -m tests.benchmarks.ingest_memory --articles 2000`.

A process of its own indexes N made-up articles of 800 words, and another one 10 N. Of the texts,
one batch in ten goes through the packaged model as it is, the others without its layers
(`tests.benchmarks.word_vectors`), for 20,000 articles would take an hour and more: the layers' own
working memory comes and goes as it would, and texts, chunks, tokens, sizes of vectors and all that
is written are as they would be. `--layers 1` puts every batch through them, `--layers 0` none.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from ingest import reindex
from rag import Encoder, load_settings
from tests.benchmarks.common import ROOT, WIDTH
from tests.benchmarks.ingest_speed import SENTENCES, show
from tests.benchmarks.news import make_news
from tests.benchmarks.word_vectors import WordVectors


def main() -> None:
    """Index both numbers of articles and print the peaks and their ratio."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--articles", type=int, default=2000, help="N")
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--times", type=int, default=10)
    options.add_argument("--layers", type=int, default=10, help="one batch in how many; 0: none")
    options.add_argument("--alone", type=Path, help=argparse.SUPPRESS)
    arguments = options.parse_args()
    if arguments.alone:
        index(arguments.alone, arguments)
        return
    flags = ["--layers", str(arguments.layers)]
    peaks = [
        peak(count, arguments.seed, flags)
        for count in (arguments.articles, arguments.times * arguments.articles)
    ]
    show("ratio of the peaks", f"{peaks[1] / peaks[0]:.2f}")


def peak(articles: int, seed: int, flags: Sequence[str]) -> float:
    """Index in a process of its own; returns the most memory it had, in MB."""
    module = ["-m", "tests.benchmarks.ingest_memory", "--articles", str(articles)]
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, *module, "--seed", str(seed), *flags, "--alone", folder]
        run = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)
    print(run.stdout, end="", flush=True)
    return float(run.stdout.split()[-2])


class SomeLayers(WordVectors):
    """Puts one batch in `every` through the layers; none if that is 0."""

    def __init__(self, every: int) -> None:
        """Load nothing yet."""
        super().__init__()
        self._every, self._batches = every, 0

    def _run(self, texts: list[str]) -> Any:
        self._batches += 1
        whole = self._every and self._batches % self._every == 0
        return Encoder._run(self, texts) if whole else super()._run(texts)


def index(folder: Path, arguments: argparse.Namespace) -> None:
    """Index in this process, and print what was done and the peak."""
    corpus = folder / "corpus"
    corpus.mkdir()
    for news in islice(make_news(arguments.seed, SENTENCES), arguments.articles):
        (corpus / news.name).write_text(news.content, encoding="utf-8")
    settings = load_settings(corpus_dir=corpus, index_dir=folder / "index")
    report = reindex(settings=settings, encoder=SomeLayers(arguments.layers))
    label = f"{report.articles} articles, {report.chunks} chunks, {report.seconds:.0f} s"
    unit = 1 if sys.platform == "darwin" else 1024  # bytes there, kilobytes elsewhere
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6
    print(f"{label:<{WIDTH}} {peak:.0f} MB")


if __name__ == "__main__":
    main()
