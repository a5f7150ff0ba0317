"""What benchmarks share: an index in a temporary folder, public data, aligned lines."""

from __future__ import annotations

import json
import os
import re
import sys
import tempfile
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from ingest import reindex
from rag import Answer, Assistant, load_settings
from rag.metrics import mean
from rag.sentences import is_complete, sentence_spans

ROOT = Path(__file__).parents[2]
TESTS = ROOT / "tests"
WIDTH = 52


def data_options(description: str | None) -> ArgumentParser:
    """Options of a benchmark over public data, which are not part of this repository."""
    options = ArgumentParser(description=description)
    folder = os.environ.get("BENCH_DATA", "../shared/bench")
    told = "folder of the public data (default: the environment's BENCH_DATA, or ../shared/bench)"
    options.add_argument("--data", type=Path, default=Path(folder), help=told)
    options.add_argument("--limit", type=int, default=None, help="only the first N questions")
    return options


def need(file: Path, source: str) -> Path:
    """End the program with where to get a file, unless it is there."""
    if not file.exists():
        sys.exit(
            f"benchmark: {file} is not there; get it from {source} into {file.parent.name}/ of a "
            "folder, and name that folder with --data or in the environment as BENCH_DATA"
        )
    return file


def only_help(description: str | None) -> Namespace:
    """Take no option but --help."""
    return ArgumentParser(description=description).parse_args()


@contextmanager
def indexed(corpus: Path, name: str) -> Iterator[Assistant]:
    """An assistant over a fresh index of a folder, which is gone afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        settings = load_settings(corpus_dir=corpus, index_dir=Path(folder))
        report = reindex(settings=settings)
        print(f"{name}: {report.articles} articles, {report.chunks} chunks")
        yield Assistant(settings)


def article_text(text: str, **fields: str) -> str:
    """A text as an article file has it, with those fields in front that are not empty."""
    lines = [f"{key}: {json.dumps(value)}" for key, value in fields.items() if value]
    return "\n".join(["---", *lines, "---", "", text, ""])


def share(label: str, part: int, whole: int) -> None:
    """Print how many of how many."""
    figure = f"{100 * part / whole:5.1f} %" if whole else "  n/a"
    print(f"{label:<{WIDTH}} {part:>4} of {whole:<5} {figure}")


def figure(label: str, value: float | None) -> None:
    """Print a share of 1 in hundredths."""
    print(f"{label:<{WIDTH}} {'n/a' if value is None else f'{100 * value:.1f}':>9}")


def table(first: str, columns: list[str], rows: Mapping[str, list[float | None]]) -> None:
    """Print shares of 1 in hundredths, one row for each method."""
    print(f"{first:<{WIDTH}}" + "".join(f"{column:>13}" for column in columns))
    for label, values in rows.items():
        cells = "".join(f"{'n/a' if v is None else f'{100 * v:.1f}':>13}" for v in values)
        print(f"{label:<{WIDTH}}{cells}")


def shares(ranks: list[int | None], first: int, among: int) -> list[float | None]:
    """Which shares of ranks (from 1; `None` is a miss) are within the first and among more."""
    return [mean([r is not None and r <= k for r in ranks]) for k in (first, among)]


def sentences_of(text: str) -> list[str]:
    """The sentences of a text that can stand in an answer."""
    found = (text[start:end] for start, end in sentence_spans(text))
    return [sentence for sentence in found if is_complete(sentence)]


def first_lines(answer: Answer, length: int = 110) -> str:
    """The beginning of an answer on one line, for a person to judge."""
    text = re.sub(r"\s+", " ", answer.text)
    return text if len(text) <= length else f"{text[:length]}…"
