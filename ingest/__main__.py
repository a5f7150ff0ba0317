"""`python -m ingest [PATH …]`: bring the index in line with the articles."""

from __future__ import annotations

import argparse
import json
import signal
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich.console import Console

from ingest.engines import ENGINES
from ingest.formats.fields import NAMES
from ingest.progress import progress_bar
from ingest.reindex import reindex
from ingest.report import IndexReport
from ingest.rollback import rollback
from ingest.show import show_report, show_rollback, show_status
from ingest.status import read_status
from ingest.watch_command import watch_until_stopped
from ingest.web.addresses import is_address
from rag.command import run_command
from rag.errors import CitewellError, InvalidInput
from rag.settings import Settings, load_settings


def main(arguments: Sequence[str] | None = None) -> int:
    """Index and report; exit code 0 if all went in, 1 if some files failed, 2 if nothing did."""
    options = _parser().parse_args(arguments)
    errors = Console(stderr=True)
    try:
        check_options(options)
        settings = load_settings(
            index_dir=options.index, record_fields=record_fields(options.field)
        )
        if options.status:
            status = read_status(settings)
            print_json(status) if options.json else show_status(status)
            return 0
        if options.rollback:
            report = rollback(settings)
            print_json(report.to_json()) if options.json else show_rollback(report)
            return 0
        if options.watch:
            return watch_until_stopped(options.paths, settings, errors, as_json=options.json)
        report = run(options, settings, errors)
    except CitewellError as error:
        errors.print(f"citewell: {error}", style="red", markup=False, soft_wrap=True)
        return 2
    except KeyboardInterrupt:
        errors.print("citewell: stopped; the index is as it was before", markup=False)
        return 2
    if options.json:
        print_json(report.to_json())
    else:
        show_report(report, dry_run=options.dry_run)
    if not report.articles and not (options.dry_run and report.added):
        return 2
    return 1 if report.failed else 0


def record_fields(pairs: Sequence[str]) -> dict[str, str] | None:
    """Read `--field text=copy`; `None` if not given, so that the environment counts.

    Raises:
        InvalidInput: if it is no such pair.
    """
    fields = dict(pair.partition("=")[::2] for pair in pairs)
    wrong = [name for name, column in fields.items() if name not in NAMES or not column]
    if wrong:
        raise InvalidInput(
            f"--field {wrong[0]} is not understood; write --field text=NAME with the name of the "
            f"field in your records. Besides text there are {', '.join(list(NAMES)[1:])}"
        )
    return fields or None


def print_json(value: dict[str, Any]) -> None:
    """Print one object for a program to read."""
    print(json.dumps(value, ensure_ascii=False, indent=2))


def run(options: argparse.Namespace, settings: Settings, errors: Console) -> IndexReport:
    """Re-index with a progress bar."""
    with progress_bar(errors, hidden=options.json) as progress:
        return reindex(
            options.paths,
            settings=settings,
            progress=progress,
            rebuild=options.rebuild,
            dry_run=options.dry_run,
            checksum=options.checksum,
            engine=options.engine,
        )


def check_options(options: argparse.Namespace) -> None:
    """Refuse options that say two things at once.

    Raises:
        InvalidInput: if they do.
    """
    alone = [name for name in ("rollback", "status") if getattr(options, name)]
    names = ("rebuild", "dry_run", "checksum", "watch")
    others = [name for name in names if getattr(options, name)]
    given = [f"--{name.replace('_', '-')}" for name in alone + others]
    given += ["--engine ray"] if options.engine == "ray" else []
    if options.watch and len(given) > 1:
        given.remove("--watch")
        raise InvalidInput(
            f"--watch and {' and '.join(given)} cannot be used together; run "
            f"{given[0]} alone first, then --watch"
        )
    if options.watch and any(map(is_address, options.paths)):
        raise InvalidInput(
            "--watch and an address cannot be used together; fetch it with python -m ingest "
            "ADDRESS, and a watch of the corpus folder takes it up at once"
        )
    if alone and (len(given) > 1 or options.paths):
        given += [str(path) for path in options.paths]
        raise InvalidInput(
            f"{' and '.join(given)} cannot be used together; give {given[0]} alone, or with "
            "--index and --json"
        )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m ingest", description="Bring the index in line with your articles."
    )
    parser.add_argument(
        "paths",
        nargs="*",
        type=lambda given: given if is_address(given) else Path(given),
        metavar="PATH",
        help="files, folders or addresses of pages and feeds (default: the corpus folder)",
    )
    parser.add_argument("--index", type=Path, help="folder of the index (default ./.citewell)")
    parser.add_argument("--json", action="store_true", help="print the report as JSON")
    parser.add_argument("--dry-run", action="store_true", help="only say what would be done")
    parser.add_argument(
        "--watch", action="store_true", help="go on, and index whatever changes, until Ctrl-C"
    )
    parser.add_argument("--rebuild", action="store_true", help="embed everything anew")
    parser.add_argument(
        "--checksum",
        action="store_true",
        help="read every file and all of the index, also what seems unchanged",
    )
    parser.add_argument(
        "--field",
        action="append",
        default=[],
        metavar="OURS=THEIRS",
        help="where JSON and CSV records keep what, for example text=copy; may be repeated",
    )
    parser.add_argument(
        "--engine",
        choices=ENGINES,
        default="local",
        help="read, cut and embed in this process, or on a Ray cluster (CITEWELL_RAY_ADDRESS)",
    )
    parser.add_argument("--rollback", action="store_true", help="go back to the snapshot before")
    parser.add_argument("--status", action="store_true", help="show what is in the index")
    return parser


if __name__ == "__main__":
    # Service managers and containers stop a program with SIGTERM: it ends as with Ctrl-C.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    run_command(main)
