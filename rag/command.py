"""What the commands share: how they end, and how they name one another."""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

from rag.settings import Settings


def run_command(main: Callable[[], int]) -> NoReturn:
    """Run a command and exit with its code; quietly, if nobody reads on (`… | head -5`)."""
    try:
        try:
            code = main()
        finally:
            sys.stdout.flush()  # or Python does so later, where the error cannot be caught
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 1
    sys.exit(code)


def build_command(index_dir: Path) -> str:
    """What to type to build the index of a folder."""
    default = Settings.model_fields["index_dir"].default
    option = "" if index_dir == default else f" --index {shlex.quote(str(index_dir))}"
    return f"python -m ingest{option}"
