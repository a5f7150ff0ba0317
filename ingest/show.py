"""Tables for a person: what a run did, and what an index holds."""

from __future__ import annotations

from typing import Any

from rich.console import Console
from rich.table import Table

from ingest.errors import Failure
from ingest.report import IndexReport

SHOWN = 20


def show_report(report: IndexReport, *, dry_run: bool) -> None:
    """Tell what was done, and what to do about files that failed."""
    console = _console()
    _show_paths(console, report)
    for failure in report.failed:
        console.print(f"  failed  {failure.path}: {failure.told}", style="red", markup=False)
    verb = "would be" if dry_run else "were"
    console.print(
        f"{len(report.added)} articles {verb} added, {len(report.updated)} updated, "
        f"{len(report.removed)} removed; {report.unchanged} are unchanged, "
        f"{len(report.failed)} failed."
    )
    console.print(
        f"The index holds {report.articles} articles{_copies(report)} in {report.chunks} chunks "
        f"({report.chunks_embedded} embedded now); {report.seconds:.1f} s."
    )


def show_rollback(report: IndexReport) -> None:
    """Tell what going back changed."""
    console = _console()
    _show_paths(console, report)
    console.print(
        f"The index is back at snapshot {report.snapshot}: {report.articles} articles in "
        f"{report.chunks} chunks. Against the one before, {len(report.added)} articles are there "
        f"again, {len(report.updated)} are in their former version, {len(report.removed)} are gone."
    )
    console.print("The next run of python -m ingest goes forward to what the files say.")


def show_status(status: dict[str, Any]) -> None:
    """Show what is in the index."""
    console = _console()
    summary = Table(show_header=False, box=None)
    for key, value in status.items():
        if not isinstance(value, (dict, list)):
            summary.add_row(key.replace("_", " "), str(value))
    console.print(summary)
    for key in ("articles_by_source", "articles_by_year"):
        counts = Table(key.replace("_", " ").replace("articles by ", ""), "articles", box=None)
        rows = list(status[key].items())
        for name, count in rows[:SHOWN]:
            counts.add_row(_plain(name), str(count))
        if len(rows) > SHOWN:
            counts.add_row(f"… and {len(rows) - SHOWN} more", "")
        console.print("", counts)
    snapshots = Table("snapshot", "state", "created", "articles", "chunks", "MB", box=None)
    for each in status["snapshots"]:
        columns = ("id", "state", "created", "articles", "chunks", "megabytes")
        snapshots.add_row(*(str(each[column]) for column in columns))
    console.print("", snapshots)
    for failure in status["failed"]:
        line = f"failed in the last run: {failure['path']}: {Failure(**failure).told}"
        console.print(line, style="red", markup=False)


def _copies(report: IndexReport) -> str:
    return f", {report.duplicates} of them copies," if report.duplicates else ""


def _show_paths(console: Console, report: IndexReport) -> None:
    for name in ("added", "updated", "removed"):
        paths = getattr(report, name)
        for path in paths[:SHOWN]:
            console.print(f"{name:>8}  {path}", markup=False)
        if len(paths) > SHOWN:
            console.print(f"{'':>8}  … and {len(paths) - SHOWN} more", markup=False)


def _console() -> Console:
    return Console(soft_wrap=True, highlight=False)


def _plain(text: str) -> str:
    """Keep square brackets from being read as styles."""
    return text.replace("[", r"\[")
