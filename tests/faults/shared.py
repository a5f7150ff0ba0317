"""Pages and writers in processes of their own, around one Chroma server.

Each has a folder of its own, as on another computer, and shares nothing but the server with the
others: `python -m tests.faults.shared`. In every round all writers run at once.
"""

from __future__ import annotations

import argparse
import multiprocessing
import tempfile
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

import torch

from ingest import reindex
from rag import Assistant, CitewellError, Encoder, Settings, load_settings
from tests.chroma import Chroma
from tests.faults.readers import Reader, finish, read_until, tell
from tests.faults.rounds import WINNERS, expected, write

WAIT = 120  # seconds that a writer lets another one finish


def page(done: Path, settings: Settings, last: str, results: Any) -> None:
    """Ask until the last round is seen."""
    torch.set_num_threads(1)
    encoder = Encoder()
    reader = read_until(done, settings, encoder, last)
    reader.assistant = None  # type: ignore[assignment]  # the rest travels
    results.put(reader)


def writer(settings: Settings, orders: Any, results: Any) -> None:
    """Run ingest each time it is told to; report which snapshot there is then, or an error."""
    torch.set_num_threads(1)
    encoder = Encoder()
    for _ in iter(orders.get, None):
        try:
            report = reindex(settings=settings, encoder=encoder)
            results.put((report.snapshot, len(report.added) + len(report.updated)))
        except CitewellError as error:
            results.put(("error", str(error)))


def run(folder: Path, pages: int, writers: int, rounds: int) -> tuple[list[Reader], list[Any]]:
    """Let them work; returns what the pages saw, and for each round what the writers said."""
    server = Chroma(folder / "chroma")
    server.start()
    shared = load_settings(corpus_dir=folder / "corpus", chroma_url=server.url, lock_timeout=WAIT)
    try:
        return _run(folder, shared, pages, writers, rounds)
    finally:
        server.kill()


def _run(
    folder: Path, shared: Settings, pages: int, writers: int, rounds: int
) -> tuple[list[Reader], list[Any]]:
    context = multiprocessing.get_context("spawn")
    told, seen = context.Queue(), context.Queue()
    orders = [context.Queue() for _ in range(writers)]
    done, last = folder / "done", WINNERS[rounds % len(WINNERS)]
    processes: list[BaseProcess] = []

    def start(target: Any, name: str, *arguments: Any) -> None:
        own = shared.model_copy(update={"index_dir": folder / name})
        processes.append(context.Process(target=target, args=(*arguments[:1], own, *arguments[1:])))
        processes[-1].start()

    for number, order in enumerate(orders):
        own = shared.model_copy(update={"index_dir": folder / f"writer-{number}"})
        processes.append(context.Process(target=writer, args=(own, order, told)))
        processes[-1].start()
    said = []
    for number in range(rounds + 1):
        write(shared.corpus_dir, number)
        for order in orders:
            order.put(number)
        said.append([told.get() for _ in orders])
        if number == 0:
            for each in range(pages):
                start(page, f"page-{each}", done, last, seen)
    done.touch()
    readers = [seen.get() for _ in range(pages)]
    for order in orders:
        order.put(None)
    for process in processes:
        process.join()
    check_end(folder, shared, rounds)
    return readers, said


def check_end(folder: Path, shared: Settings, rounds: int) -> None:
    """Look whether a page that was not there before sees the last round."""
    late = shared.model_copy(update={"index_dir": folder / "late"})
    paths = frozenset(entry.path for entry in Assistant(late).index.current().entries.values())
    assert paths == expected(rounds)[0]


def main() -> None:
    """Print what was seen; exit code 1 after an error or a mixture."""
    parser = argparse.ArgumentParser(description="Share an index in a Chroma server.")
    parser.add_argument("--pages", type=int, default=2)
    parser.add_argument("--writers", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        readers, said = run(Path(folder), options.pages, options.writers, options.rounds)
    errors = [text for each in said for name, text in each if name == "error"]
    title = f"pages {len(readers)}, writers {options.writers}, rounds {len(said)}"
    finish(tell(title, readers, errors))


if __name__ == "__main__":
    main()
