"""Kill ingest again and again, and look what is left: `python -m tests.faults.kills --count 200`.

In every round all articles change, so that an answer tells from which round it is. After a kill,
all answers must be of one round, the old or the new; the next run must succeed by itself; and the
index must then equal one that is built from nothing.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any

from ingest import reindex
from rag import Assistant, CitewellError, Encoder, load_settings
from tests.faults.victim import DONE, KILLED
from tests.index_contents import assert_same, contents

# Function, whether to die before or after it, and in which of its calls.
STEPS: dict[str, tuple[str, str, int]] = {
    "folder made": ("ingest.reindex:begin", "after", 1),
    "articles half written": ("ingest.build:entry_of", "after", 3),
    "tables written": ("ingest.build:Build.write_stores", "before", 1),
    "stores copied": ("ingest.build:copy_stores", "after", 1),
    "texts encoded": ("ingest.embed:Embedding._vectors", "after", 1),
    "vectors written": ("ingest.build:save_frequencies", "before", 1),
    "keyword index written": ("ingest.build:Build.write_manifest", "before", 1),
    "manifest written": ("ingest.reindex:verify", "before", 1),
    "verified": ("ingest.reindex:publish", "before", 1),
    "flushed": ("ingest.snapshot:snapshot_names", "before", 1),
    "folder renamed": ("ingest.snapshot:make_current", "before", 1),
    "pointer written": ("pathlib:Path.replace", "before", 1),
    "pointer moved": ("pathlib:Path.replace", "after", 1),
    "old snapshot renamed": ("shutil:rmtree", "before", 1),
    "old snapshot dropped": ("ingest.reindex:save_last_run", "before", 1),
}
TALE = "People there make boats and nets, and sell them all summer to their neighbours. " * 10
WINNERS = ("Mirela Quonset", "Olga Tverd", "Pia Lund", "Runa Skagen", "Teo Brandt")
QUESTIONS = {
    "prize.md": "Who won the Zorblatt prize?",
    "ferry.md": "Who was captain of the Kelvane ferry?",
    "deep/whale.md": "Who saw the whale Tobbit?",
}


def articles(number: int) -> dict[str, str]:
    """The articles of a round: all with its name, one that comes and goes, one renamed."""
    winner = WINNERS[number % len(WINNERS)]
    files = {
        "prize.md": f"# Prize {number}\n\nThe Zorblatt prize went to {winner} in Oslo.",
        "ferry.md": f"The captain of the Kelvane ferry was {winner}, who lives in Bergen.",
        "deep/whale.md": f"The whale Tobbit was seen by {winner} in the harbour of Tromso.",
        f"renamed-{number}.md": "The lighthouse keeper writes a letter to his sister every week.",
        "long.md": "\n\n".join(f"Part {n} of tale {number}. {TALE}" for n in "abc"),
    }
    if number % 2:
        files["odd.md"] = f"The jury met in round {number}, in a lighthouse."
    return files


class Victim:
    """The process that runs ingest and is killed."""

    def __enter__(self) -> Victim:
        """Start it; the model is loaded then."""
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.victim"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).parents[2],
        )
        assert self._read() == "ready"
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop it."""
        self._process.kill()
        self._process.communicate()

    def run(self, corpus: Path, index: Path, **how: Any) -> str:
        """Run ingest, and die at `step` or `delay` seconds after the start."""
        order = {"corpus": str(corpus), "index": str(index)} | how
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        return self._read()

    def _read(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline().strip()


@dataclass
class Trial:
    """An index that goes through rounds of change, of which each is killed."""

    folder: Path
    encoder: Encoder
    victim: Victim
    number: int = 0
    found: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        """Make the index of round 0."""
        self.corpus = self.folder / "corpus"
        self.settings = load_settings(
            corpus_dir=self.corpus, index_dir=self.folder / "index", keep_snapshots=2
        )
        self.page = Assistant(self.settings, encoder=self.encoder)
        self.write(0)
        self.index()

    def write(self, number: int) -> None:
        """Make the corpus that of a round."""
        wanted = articles(number)
        for name, text in wanted.items():
            (self.corpus / name).parent.mkdir(parents=True, exist_ok=True)
            (self.corpus / name).write_text(text, encoding="utf-8")
        for file in self.corpus.rglob("*.md"):
            if file.relative_to(self.corpus).as_posix() not in wanted:
                file.unlink()

    def index(self, **options: Any) -> None:
        """Run ingest in this process, to its end."""
        reindex(settings=self.settings, encoder=self.encoder, **options)

    def seen(self, assistant: Assistant) -> tuple[frozenset[str], frozenset[str]]:
        """What a reader sees: the paths in the index, and the names in its answers."""
        entries = assistant.index.current().entries.values()
        text = "".join(assistant.ask(question).text for question in QUESTIONS.values())
        return (
            frozenset(entry.path for entry in entries),
            frozenset(name for name in WINNERS if name in text),
        )

    def expected(self, number: int) -> tuple[frozenset[str], frozenset[str]]:
        """What a reader has to see of a round."""
        return frozenset(articles(number)), frozenset({WINNERS[number % len(WINNERS)]})

    def kill(self, **how: Any) -> str:
        """Go on to the next round, kill ingest on its way there, and look what is left."""
        old, new = self.expected(self.number), self.expected(self.number + 1)
        self.number += 1
        self.write(self.number)
        ended = self.victim.run(self.corpus, self.settings.index_dir, **how)
        self.found[ended] += 1
        for reader in (self.page, Assistant(self.settings, encoder=self.encoder)):
            paths, names = self.seen(reader)
            self.found["lost articles"] += len((old[0] & new[0]) - paths)
            self.found["mixed answers"] += (paths, names) not in (old, new)
        try:
            self.index()
        except CitewellError as error:
            print(f"round {self.number}: {error}", file=sys.stderr)
            self.found["manual repairs"] += 1
            self.index(rebuild=True)
        self.found["lost articles"] += len(new[0] - self.seen(self.page)[0])
        self.found["mixed answers"] += self.seen(self.page) != new
        self.found["leftovers"] += len(self.leftovers())
        return ended

    def leftovers(self) -> list[str]:
        """Files and folders that no run may leave behind."""
        folder = self.settings.index_dir
        hidden = [path.name for path in (folder / "snapshots").glob(".*")]
        return hidden + [path.name for path in folder.glob("CURRENT.*")]

    def compare(self) -> None:
        """Compare the index with one that is built from nothing."""
        with tempfile.TemporaryDirectory() as folder:
            fresh = self.settings.model_copy(update={"index_dir": Path(folder)})
            reindex(settings=fresh, encoder=self.encoder)
            probes = list(QUESTIONS.values())
            clean = Assistant(fresh, encoder=self.encoder).index.current()
            assert_same(contents(self.page.index.current(), probes), contents(clean, probes))


def main() -> None:
    """Kill at every named step, then at random moments; print what was found."""
    parser = argparse.ArgumentParser(description="Kill ingest and look what is left.")
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    chance = random.Random(options.seed)
    with tempfile.TemporaryDirectory() as folder, Victim() as victim:
        trial = Trial(Path(folder), Encoder(), victim)
        longest = 0.6
        while trial.found[KILLED] < options.count:
            done = trial.found[KILLED]
            if done < len(STEPS):
                trial.kill(step=list(STEPS.values())[done])
            else:
                ended = trial.kill(delay=chance.uniform(0, longest))
                longest *= 0.9 if ended == DONE else 1.02  # kills spread over the whole run
            trial.compare()
    names = (KILLED, "lost articles", "mixed answers", "manual repairs", "leftovers", "failed")
    for name in names:
        print(f"{name:<16}{trial.found[name]:>5}")
    print(f"{'runs that ended before the kill':<16} {trial.found[DONE]}")
    sys.exit(any(trial.found[name] for name in names[1:]))


if __name__ == "__main__":
    main()
