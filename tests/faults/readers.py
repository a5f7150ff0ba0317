"""Pages that ask while ingest publishes again and again: `python -m tests.faults.readers`.

Prints errors, answers from a mixture of snapshots, how long after a publication each page first
answers from it, and what memory the pages take early and late.
"""

from __future__ import annotations

import argparse
import multiprocessing
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

import torch

from ingest import reindex
from rag import Assistant, CitewellError, Encoder, Settings, load_settings
from tests.faults.rounds import QUESTIONS, WINNERS, write

MEGABYTE = 1_000_000


@dataclass
class Reader:
    """A page. `sightings`: when it first answered from a round, by the name of the winner."""

    assistant: Assistant
    looks: int = 0
    errors: list[str] = field(default_factory=list)
    mixed: list[str] = field(default_factory=list)
    sightings: list[tuple[float, str]] = field(default_factory=list)
    memory: list[int] = field(default_factory=list)

    def look(self) -> str:
        """Ask one question and retrieve from all articles; returns the winner that is named."""
        question = list(QUESTIONS.values())[self.looks % len(QUESTIONS)]
        self.looks += 1
        try:
            # Each call is answered from one snapshot, which may be another one for the next call.
            passages = self.assistant.retrieve(" ".join(QUESTIONS.values()), k=20)
            texts = [" ".join(p.text for p in passages), self.assistant.ask(question).text]
        except CitewellError as error:
            self.errors.append(str(error))
            return ""
        for text in texts:
            named = [name for name in WINNERS if name in text]
            if len(named) != 1:
                self.mixed.append(f"{question} {named}")
                return ""
            if not self.sightings or self.sightings[-1][1] != named[0]:
                self.sightings.append((time.time(), named[0]))
        self.memory.append(resident())
        return self.sightings[-1][1]


def resident() -> int:
    """Memory that this process holds, in bytes (Linux)."""
    pages = Path("/proc/self/statm").read_text(encoding="ascii").split()[1]
    return int(pages) * 4096


def read_until(path: Path, settings: Settings, encoder: Encoder, last: str) -> Reader:
    """Ask until the last round is seen, and the file at `path` says that it is published."""
    reader = Reader(Assistant(settings, encoder=encoder))
    patience = time.monotonic() + 600
    while time.monotonic() < patience:
        if reader.look() == last and path.exists():
            break
        time.sleep(0.02)  # else four pages leave the publisher no processor
    return reader


def page(path: Path, settings: Settings, encoder: Encoder, last: str, results: object) -> None:
    """Run a reader in a process of its own."""
    reader = read_until(path, settings, encoder, last)
    reader.assistant = None  # type: ignore[assignment]  # the rest travels
    results.put(reader)  # type: ignore[attr-defined]


def main() -> None:
    """Print what the pages saw; exit code 1 after an error or a mixture."""
    parser = argparse.ArgumentParser(description="Read while ingest publishes.")
    parser.add_argument("--pages", type=int, default=4)
    parser.add_argument("--publications", type=int, default=10)
    options = parser.parse_args()
    torch.set_num_threads(1)
    encoder = Encoder()
    encoder.model  # noqa: B018  # loads it once for all: the pages are forks
    with tempfile.TemporaryDirectory() as folder:
        settings = load_settings(
            corpus_dir=Path(folder) / "corpus", index_dir=Path(folder) / "index"
        )
        readers, published = run(settings, encoder, options.pages, options.publications)
    report(readers, published)


def run(
    settings: Settings, encoder: Encoder, pages: int, publications: int
) -> tuple[list[Reader], list[tuple[float, str]]]:
    """Start the pages, publish, and collect what they saw, and when what was published."""
    context = multiprocessing.get_context("fork")
    results = context.Queue()
    done = settings.index_dir.parent / "done"
    last = WINNERS[publications % len(WINNERS)]
    arguments = (done, settings, encoder, last, results)
    processes = [context.Process(target=page, args=arguments) for _ in range(pages)]
    publisher = context.Process(target=publish, args=(settings, encoder, publications, results))
    publisher.start()  # in a process of its own, too: a fork must find no open store
    while not (settings.index_dir / "CURRENT").exists():
        time.sleep(0.05)
    for process in processes:
        process.start()
    found = [results.get() for _ in range(pages + 1)]
    for process in (publisher, *processes):
        process.join()
    readers = [item for item in found if isinstance(item, Reader)]
    (published,) = [item for item in found if not isinstance(item, Reader)]
    return readers, published


def publish(settings: Settings, encoder: Encoder, publications: int, results: object) -> None:
    """Publish the rounds one after the other."""
    published: list[tuple[float, str]] = []
    for number in range(publications + 1):
        write(settings.corpus_dir, number)
        reindex(settings=settings, encoder=encoder)
        moved = (settings.index_dir / "CURRENT").stat().st_ctime
        published.append((moved, WINNERS[number % len(WINNERS)]))
        time.sleep(1)
    (settings.index_dir.parent / "done").touch()
    results.put(published)  # type: ignore[attr-defined]


def delays(reader: Reader, published: list[tuple[float, str]]) -> list[float]:
    """Seconds from each publication to the first answer from it."""
    found = []
    for moved, winner in published[1:]:
        found += [
            when - moved for when, name in reader.sightings if name == winner and when > moved
        ][:1]
    return found


def report(readers: list[Reader], published: list[tuple[float, str]]) -> None:
    """Print the figures."""
    waits = [wait for reader in readers for wait in delays(reader, published)]
    early = [max(r.memory[: len(r.memory) // 3]) / MEGABYTE for r in readers]
    late = [max(r.memory[-len(r.memory) // 3 :]) / MEGABYTE for r in readers]
    problems = tell(f"pages {len(readers)}, publications {len(published) - 1}", readers)
    print(f"new answers after: median {median(waits):.2f} s, longest {max(waits):.2f} s")
    print(f"publications seen {len(waits)} of {len(readers) * (len(published) - 1)}")
    print(f"memory of a page, MB: early {max(early):.0f}, late {max(late):.0f}")
    finish(problems)


def tell(title: str, readers: list[Reader], errors: Sequence[str] = ()) -> list[str]:
    """Print what the pages saw, and how many errors there were with those of others; return all."""
    wrong = [*(error for reader in readers for error in reader.errors), *errors]
    mixed = [text for reader in readers for text in reader.mixed]
    print(title)
    print(f"looks {sum(reader.looks for reader in readers)}")
    print(f"errors {len(wrong)}")
    print(f"mixed answers {len(mixed)}")
    return wrong + mixed


def finish(problems: Sequence[str]) -> None:
    """Print the first problems, and end the program; exit code 1 if there are any."""
    for problem in problems[:5]:
        print(problem, file=sys.stderr)
    sys.exit(bool(problems))


if __name__ == "__main__":
    main()
