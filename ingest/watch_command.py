"""`python -m ingest --watch`: tells of every run that has something to tell."""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from ingest.gather import Progress
from ingest.progress import progress_bar
from ingest.report import IndexReport
from ingest.show import show_report
from ingest.watch import Outcome, Watch
from rag.settings import Settings


@dataclass(slots=True)
class Teller:
    """Tells how runs ended. The same trouble twice in a row is told once.

    `as_json`: every run is a line for a program to read; else a person hears what is new.
    """

    errors: Console
    as_json: bool
    before: object = None

    def __call__(self, outcome: Outcome) -> None:
        """Tell of a run."""
        if isinstance(outcome, IndexReport):
            trouble: object = outcome.failed
            moved = bool(outcome.added or outcome.updated or outcome.removed)
            if self.as_json:
                _print_line(outcome.to_json())
            elif moved or trouble != self.before:
                show_report(outcome, dry_run=False)
        else:
            trouble = str(outcome)
            if trouble != self.before and self.as_json:
                _print_line({"error": type(outcome).__name__, "message": trouble})
            elif trouble != self.before:
                self.errors.print(f"citewell: {trouble}", style="red", markup=False, soft_wrap=True)
        self.before = trouble

    @contextmanager
    def progress(self) -> Iterator[Progress]:
        """Show how a run comes along."""
        with progress_bar(self.errors, hidden=self.as_json) as progress:
            yield progress


def watch_until_stopped(
    paths: Sequence[Path], settings: Settings, errors: Console, *, as_json: bool
) -> int:
    """Watch until Ctrl-C or SIGTERM, and give exit code 0 then."""
    places = ", ".join(map(str, paths or [settings.corpus_dir]))
    errors.print(f"citewell: watching {places} (Ctrl-C stops it)", markup=False, soft_wrap=True)
    teller = Teller(errors, as_json)
    try:
        Watch(settings, teller, paths, teller.progress).run(threading.Event())
    except KeyboardInterrupt:
        errors.print("citewell: stopped watching; the index is whole", markup=False)
    return 0


def _print_line(record: object) -> None:
    sys.stdout.write(json.dumps(record, ensure_ascii=False) + "\n")
    sys.stdout.flush()
