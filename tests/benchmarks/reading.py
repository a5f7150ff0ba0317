"""What it costs to read in a process of its own: `python -m tests.benchmarks.reading`.

Prints the seconds that 500 web pages take in this process and in that one: the best of five rounds
in turn, for other programs disturb both.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable

from ingest.formats import Contents, ReadOptions, read_contents
from ingest.reader import Reader
from tests.samples import LINES, web_page


def seconds(read: Callable[[str, bytes, ReadOptions], Contents], pages: list[bytes]) -> float:
    """Read all pages."""
    started = time.perf_counter()
    for page in pages:
        read(".html", page, ReadOptions())
    return time.perf_counter() - started


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description="Read web pages here and in another process.")
    parser.add_argument("--files", type=int, default=500)
    files = parser.parse_args().files
    body = "".join(f"<p>{line}</p>" for line in LINES * 10)
    pages = [web_page(f"{body}<p>This is page {n}.</p>") for n in range(files)]
    reader = Reader()
    first = seconds(reader.read, pages[:1])
    seconds(read_contents, pages[:1])  # imports the library
    rounds = [(seconds(read_contents, pages), seconds(reader.read, pages)) for _ in range(5)]
    reader.close()
    here, there = (min(times) for times in zip(*rounds, strict=True))
    print(f"{files} web pages of {len(pages[0])} bytes")
    print(f"in this process {here:.2f} s")
    print(f"in another one {there:.2f} s, and {first:.2f} s to start it and read the first")


if __name__ == "__main__":
    main()
