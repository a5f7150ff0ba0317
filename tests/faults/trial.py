"""An index that goes through rounds of change, of which each is killed."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any
from unittest.mock import patch

from ingest import reindex, vector_writer
from rag import Assistant, CitewellError, Encoder, load_settings
from tests.faults.rounds import QUESTIONS, WINNERS, Seen, expected, write
from tests.faults.victim import LARGE
from tests.index_contents import assert_same, contents

ROOT = Path(__file__).parents[2]
FAULTS = ("failed", "lost articles", "mixed answers", "manual repairs", "leftovers")


class Victim:
    """The process that runs ingest and is killed."""

    def __enter__(self) -> Victim:
        """Start it; the model is loaded then."""
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.victim"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
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
        """Run `python -m ingest`, and kill it at `step` or `delay` seconds after the start."""
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
    """The index, a page that has it open all the time, and what went wrong so far."""

    folder: Path
    encoder: Encoder
    victim: Victim
    number: int = 0
    large: bool = False  # whether its vector store counts as a large one in this round
    found: Counter[str] = field(default_factory=Counter)
    clean: dict[int, dict[str, Any]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Make the index of round 0."""
        self.corpus = self.folder / "corpus"
        self.settings = load_settings(
            corpus_dir=self.corpus, index_dir=self.folder / "index", keep_snapshots=2
        )
        self.page = Assistant(self.settings, encoder=self.encoder)
        write(self.corpus, 0)
        self.index()

    def index(self, **options: Any) -> None:
        """Run ingest in this process, to its end."""
        with patch.dict(vars(vector_writer), LARGE if self.large else {}):
            reindex(settings=self.settings, encoder=self.encoder, **options)

    def seen(self, assistant: Assistant) -> Seen:
        """What a reader sees."""
        entries = assistant.index.current().entries.values()
        text = "".join(assistant.ask(question).text for question in QUESTIONS.values())
        return (
            frozenset(entry.path for entry in entries),
            frozenset(name for name in WINNERS if name in text),
        )

    def kill(self, **how: Any) -> str:
        """Go on to the next round, kill ingest on its way there, and look what is left.

        `large`: whether the vector store counts as a large one; by turns, if not given.
        """
        old, new = expected(self.number), expected(self.number + 1)
        self.number += 1
        self.large = how.setdefault("large", self.number % 2 == 1)
        write(self.corpus, self.number)
        ended = self.victim.run(self.corpus, self.settings.index_dir, **how)
        self.found[ended] += 1
        # One has had the index open since before, the other opens what it finds.
        for reader in (self.page, Assistant(self.settings, encoder=self.encoder)):
            paths, names = self.seen(reader)
            self.found["lost articles"] += len((old[0] & new[0]) - paths)
            self.found["mixed answers"] += (paths, names) not in (old, new)
        self._next_run()
        paths, names = self.seen(self.page)
        self.found["lost articles"] += len(new[0] - paths)
        self.found["mixed answers"] += (paths, names) != new
        self.found["leftovers"] += len(self._leftovers())
        return ended

    def compare(self) -> None:
        """Compare the index with one that is built from nothing."""
        state = self.number % len(WINNERS)
        if state not in self.clean:
            with tempfile.TemporaryDirectory() as folder:
                fresh = self.settings.model_copy(update={"index_dir": Path(folder)})
                reindex(settings=fresh, encoder=self.encoder)
                self.clean[state] = self._contents(Assistant(fresh, encoder=self.encoder))
        assert_same(self._contents(self.page), self.clean[state])

    def faults(self) -> dict[str, int]:
        """What went wrong, by kind."""
        return {name: self.found[name] for name in FAULTS if self.found[name]}

    def _next_run(self) -> None:
        try:
            self.index()
        except CitewellError as error:
            print(f"round {self.number}: {error}", file=sys.stderr)
            self.found["manual repairs"] += 1
            self.index(rebuild=True)

    def _contents(self, assistant: Assistant) -> dict[str, Any]:
        return contents(assistant.index.current(), list(QUESTIONS.values()))

    def _leftovers(self) -> list[str]:
        """Files and folders that no run may leave behind."""
        folder = self.settings.index_dir
        hidden = [path.name for path in (folder / "snapshots").glob(".*")]
        return hidden + [path.name for path in folder.glob("CURRENT.*")]
