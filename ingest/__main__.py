"""`python -m ingest [PATH …]`: bring the index in line with the articles."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from ingest.reindex import reindex
from ingest.report import IndexReport
from ingest.status import read_status
from rag.errors import CitewellError
from rag.settings import Settings, load_settings

SHOWN_PATHS = 20


def main(arguments: Sequence[str] | None = None) -> int:
    """Index and report; exit code 0 if all went in, 1 if some files failed, 2 if nothing did."""
    options = _parser().parse_args(arguments)
    errors = Console(stderr=True)
    try:
        settings = load_settings(index_dir=options.index)
        if options.status:
            print_status(settings, as_json=options.json)
            return 0
        report = run(options, settings, errors)
    except CitewellError as error:
        errors.print(f"citewell: {error}", style="red", markup=False, soft_wrap=True)
        return 2
    except KeyboardInterrupt:
        errors.print("citewell: stopped; the index is as it was before", markup=False)
        return 2
    if options.json:
        print(json.dumps(report.to_json(), ensure_ascii=False, indent=2))
    else:
        print_report(report, dry_run=options.dry_run)
    if not report.articles and not (options.dry_run and report.added):
        return 2
    return 1 if report.failed else 0


def run(options: argparse.Namespace, settings: Settings, errors: Console) -> IndexReport:
    """Re-index with a progress bar, which shows only where a person looks on."""
    columns = (TextColumn("{task.description:<10}"), BarColumn(), MofNCompleteColumn())
    with Progress(
        *columns, TimeRemainingColumn(), console=errors, transient=True, disable=options.json
    ) as bar:
        tasks = {}

        def progress(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = bar.add_task(stage, total=total)
            bar.update(tasks[stage], completed=done, total=total)

        return reindex(
            options.paths,
            settings=settings,
            progress=progress,
            rebuild=options.rebuild,
            dry_run=options.dry_run,
        )


def print_report(report: IndexReport, *, dry_run: bool) -> None:
    """Tell a person what was done, and what to do about files that failed."""
    console = Console(soft_wrap=True, highlight=False)
    for name in ("added", "updated", "removed"):
        paths = getattr(report, name)
        for path in paths[:SHOWN_PATHS]:
            console.print(f"{name:>8}  {path}", markup=False)
        if len(paths) > SHOWN_PATHS:
            console.print(f"{'':>8}  … and {len(paths) - SHOWN_PATHS} more", markup=False)
    for failure in report.failed:
        console.print(f"  failed  {failure.path}: {failure.reason}", style="red", markup=False)
    verb = "would be" if dry_run else "were"
    console.print(
        f"{len(report.added)} articles {verb} added, {len(report.updated)} updated, "
        f"{len(report.removed)} removed; {report.unchanged} are unchanged, "
        f"{len(report.failed)} failed."
    )
    console.print(
        f"The index holds {report.articles} articles in {report.chunks} chunks "
        f"({report.chunks_embedded} embedded now); {report.seconds:.1f} s."
    )


def print_status(settings: Settings, *, as_json: bool) -> None:
    """Show what is in the index."""
    status = read_status(settings)
    if as_json:
        print(json.dumps(status, ensure_ascii=False, indent=2))
        return
    table = Table(show_header=False, box=None)
    for key, value in status.items():
        shown = (
            ", ".join(f"{k} {v}" for k, v in value.items()) if isinstance(value, dict) else value
        )
        table.add_row(key.replace("_", " "), str(shown))
    Console().print(table)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m ingest", description="Bring the index in line with your articles."
    )
    parser.add_argument(
        "paths", nargs="*", type=Path, help="files or folders (default: the corpus folder)"
    )
    parser.add_argument("--index", type=Path, help="folder of the index (default ./.citewell)")
    parser.add_argument("--json", action="store_true", help="print the report as JSON")
    parser.add_argument("--dry-run", action="store_true", help="only say what would be done")
    parser.add_argument("--rebuild", action="store_true", help="embed everything anew")
    parser.add_argument("--status", action="store_true", help="show what is in the index")
    return parser


if __name__ == "__main__":
    sys.exit(main())
