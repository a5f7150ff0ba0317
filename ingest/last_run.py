"""What the last run of ingest had to tell, kept beside the snapshots.

It is no part of a snapshot: a run that finds nothing new publishes none, and may yet have failures.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ingest.errors import Failure
from ingest.replace import replace_text
from rag.types import to_json

NAME = "last_run.json"


def save_last_run(index_dir: Path, failures: Sequence[Failure]) -> None:
    """Write when the run ended and what failed, at one stroke."""
    record = {"finished": datetime.now(UTC), "failed": list(failures)}
    content = {name: to_json(value) for name, value in record.items()}
    replace_text(index_dir / NAME, json.dumps(content, ensure_ascii=False))


def load_last_run(index_dir: Path) -> dict[str, Any]:
    """Read it; empty if no run ended yet or the file cannot be read, for nothing depends on it."""
    try:
        record: dict[str, Any] = json.loads((index_dir / NAME).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return record if isinstance(record, dict) else {}
