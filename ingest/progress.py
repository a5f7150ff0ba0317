"""The progress bar of a run, for a person who looks on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
)

from ingest.gather import Progress as Report


@contextmanager
def progress_bar(console: Console, *, hidden: bool) -> Iterator[Report]:
    """Show a bar for each stage, and remove them at the end; only a terminal shows them at all."""
    columns = (TextColumn("{task.description:<10}"), BarColumn(), MofNCompleteColumn())
    hidden = hidden or not console.is_terminal
    with Progress(
        *columns, TimeRemainingColumn(), console=console, transient=True, disable=hidden
    ) as bar:
        tasks: dict[str, TaskID] = {}

        def progress(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = bar.add_task(stage, total=total)
            bar.update(tasks[stage], completed=done, total=total)

        yield progress
