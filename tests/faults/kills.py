"""Kill ingest again and again, and look what is left: `python -m tests.faults.kills --kills 200`.

In every round articles are added, changed, renamed and deleted; in every other one, the vector
store counts as a large one, which stays while what is new goes beside it. After a kill, all answers
must be of one round, the old or the new; the next run must succeed by itself; and the index must
then equal one that is built from nothing.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from pathlib import Path

import torch

from rag import Encoder
from tests.faults.trial import FAULTS, Trial, Victim
from tests.faults.victim import DONE, KILLED

# Function, whether to die before or after it, and in which of its calls.
STEPS: dict[str, tuple[str, str, int]] = {
    "folder made": ("ingest.reindex:begin", "after", 1),
    "articles half written": ("ingest.tables:entry_of", "after", 3),
    "tables written": ("ingest.build:Build.write_stores", "before", 1),
    "tokens linked": ("ingest.build:link_tokens", "after", 1),
    "texts encoded": ("ingest.embed:Embedding._encode", "after", 1),
    "tokens written": ("ingest.build:save_frequencies", "before", 1),
    "store copied": ("ingest.vector_writer:copy_writable", "after", 1),
    "large store linked": ("ingest.vector_writer:link_folder", "after", 1),
    "vectors written": ("ingest.vector_writer:add", "after", 1),
    "stores written": ("ingest.build:Build.verify_vectors", "before", 1),
    "vectors verified": ("ingest.build:Build.write_manifest", "before", 1),
    "manifest written": ("ingest.reindex:verify", "before", 1),
    "verified": ("ingest.reindex:publish", "before", 1),
    "flushed": ("ingest.snapshot:snapshot_names", "before", 1),
    "folder renamed": ("ingest.snapshot:make_current", "before", 1),
    "pointer written": ("pathlib:Path.replace", "before", 1),
    "pointer moved": ("pathlib:Path.replace", "after", 1),
    "old snapshot renamed": ("shutil:rmtree", "before", 1),
    "old snapshot dropped": ("ingest.reindex:save_last_run", "before", 1),
}

# Steps that are taken with a large vector store only, or without.
HOW = {"large store linked": {"large": True}, "store copied": {"large": False}}


def run(trial: Trial, kills: int, chance: random.Random) -> None:
    """Kill at every named step, then at random moments of a whole run."""
    longest = 1.0  # seconds
    while trial.found[KILLED] < kills:
        done = trial.found[KILLED]
        if done < len(STEPS):
            name, step = list(STEPS.items())[done]
            trial.kill(step=step, **HOW.get(name, {}))
        else:
            ended = trial.kill(delay=chance.uniform(0, longest))
            longest *= 0.9 if ended == DONE else 1.02  # kills spread over the whole run
        trial.compare()
        if sys.stderr.isatty():
            print(f"\r{trial.found[KILLED]} of {kills}", end="", file=sys.stderr)


def main() -> None:
    """Print what was found; exit code 1 if anything was lost."""
    parser = argparse.ArgumentParser(description="Kill ingest and look what is left.")
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    torch.set_num_threads(1)  # texts this short take longer with more
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as folder, Victim() as victim:
        trial = Trial(Path(folder), Encoder(), victim)
        run(trial, options.kills, random.Random(options.seed))
    for name in (KILLED, *FAULTS):
        print(f"{name:<16}{trial.found[name]:>5}")
    print(f"and {trial.found[DONE]} runs that ended before the kill")
    print(f"each result equals a clean build; {time.monotonic() - started:.0f} s")
    sys.exit(bool(trial.faults()))


if __name__ == "__main__":
    main()
