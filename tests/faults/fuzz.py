"""Damaged files of every format: `python -m tests.faults.fuzz --files 300`.

Each is a sample that was cut, flipped, spliced or stuffed. None may end in an error other than
`Unreadable`, take long, or keep the good file beside it from being read.
"""

from __future__ import annotations

import argparse
import faulthandler
import gzip
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from ingest.articles import read_articles
from ingest.errors import Failure, Unreadable
from ingest.formats import ReadOptions
from ingest.gather import gather
from ingest.local_engine import LocalEngine
from ingest.plan import make_plan
from rag import Encoder
from tests.samples import FACT, SAMPLES

HANGING = 60  # seconds
ODDITIES = (
    b"\x00", b"\xff\xfe", b"\n\n", b"<", b"</p>", b"{", b"]" * 50, b'"', b"---\n", b"%PDF-1.7",
    b"\xed\xa0\x80", b"9" * 30, b"&x;", b"<div>" * 500, b"[" * 2000, b"\r", b"/Kids [2 0 R]",
)  # fmt: skip


def cut(content: bytes, chance: random.Random) -> bytes:
    return content[: chance.randrange(len(content) + 1)]


def flip(content: bytes, chance: random.Random) -> bytes:
    changed = bytearray(content)
    for _ in range(chance.choice((1, 5, 50))):
        if changed:
            changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
    return bytes(changed)


def splice(content: bytes, chance: random.Random) -> bytes:
    start, end = sorted(chance.randrange(len(content) + 1) for _ in "ab")
    place = chance.randrange(len(content) + 1)
    return content[:place] + content[start:end] * chance.choice((0, 1, 3)) + content[end:]


def stuff(content: bytes, chance: random.Random) -> bytes:
    place = chance.randrange(len(content) + 1)
    return content[:place] + chance.choice(ODDITIES) + content[place:]


def swap(content: bytes, chance: random.Random) -> bytes:
    """The content of another format under this one's name."""
    return chance.choice(list(SAMPLES.values()))


WAYS: tuple[Callable[[bytes, random.Random], bytes], ...] = (cut, flip, splice, stuff, swap)


def mutant(suffix: str, chance: random.Random) -> bytes:
    """A damaged sample; of a packed one, often what is packed."""
    content = SAMPLES[suffix]
    packed = suffix.endswith(".gz") and chance.random() < 0.7
    content = gzip.decompress(content) if packed else content
    for _ in range(chance.choice((1, 1, 2, 4))):
        content = chance.choice(WAYS)(content, chance)
    return gzip.compress(content) if packed else content


def run(files: int, seed: int) -> tuple[Counter[str], list[str], float]:
    """Read mutants of each format: how they ended, what was wrong, the longest time."""
    chance = random.Random(seed)
    ends: Counter[str] = Counter()
    problems: list[str] = []
    longest = 0.0
    for suffix in SAMPLES:
        for number in range(files):
            content = mutant(suffix, chance)
            faulthandler.dump_traceback_later(HANGING, exit=True)
            started = time.monotonic()
            try:
                reading = read_articles(f"mutant{suffix}", suffix, content)
                ends["read in part" if reading.problem else "read"] += 1
            except Unreadable as error:
                ends["told to be unreadable"] += 1
                if len(str(error)) > 500 or "\n" in str(error):
                    problems.append(f"{suffix} {number}: a reason for nobody: {error!s:.200}")
            except Exception as error:  # what is looked for
                problems.append(f"{suffix} {number}: {error!r}")
            faulthandler.cancel_dump_traceback_later()
            longest = max(longest, time.monotonic() - started)
    return ends, problems, longest


def lost_neighbours(folder: Path, files: int, seed: int) -> int:
    """Gather a folder of mutants between good files; how many of the good are not read."""
    chance = random.Random(seed)
    suffixes = list(SAMPLES)
    for number in range(files):
        suffix = suffixes[number % len(suffixes)]
        (folder / f"{number:04}-bad{suffix}").write_bytes(mutant(suffix, chance))
        (folder / f"{number:04}-good.md").write_text(f"{FACT} {number}", encoding="utf-8")
    failures: list[Failure] = []
    plan = make_plan(None, folder, (), options=ReadOptions())
    with LocalEngine(Encoder(), ReadOptions()) as engine:
        found = {
            item.path
            for item in gather(plan, None, engine.read(plan.read), failures, lambda *_: None)
            if item.read().text.startswith(FACT)
        }
    told = [failure.path for failure in failures]
    assert len(told) == len(set(told)), "a file was reported twice"
    return sum(f"{number:04}-good.md" not in found for number in range(files))


def main() -> None:
    """Print how the files ended; exit code 1 if one of them did harm."""
    parser = argparse.ArgumentParser(description="Read damaged files.")
    parser.add_argument("--files", type=int, default=300, help="of each format")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    ends, problems, longest = run(options.files, options.seed)
    with tempfile.TemporaryDirectory() as folder:
        lost = lost_neighbours(Path(folder), options.files, options.seed)
    print(f"formats {len(SAMPLES)}, files of each {options.files}")
    for end, times in sorted(ends.items()):
        print(f"{end:<24}{times:>6}")
    print(f"{'tracebacks':<24}{len(problems):>6}")
    print(f"{'lost neighbours':<24}{lost:>6}")
    print(f"longest {longest:.2f} s")
    for problem in problems[:10]:
        print(problem, file=sys.stderr)
    sys.exit(bool(problems or lost))


if __name__ == "__main__":
    main()
