"""What a run of ingest tells."""

from __future__ import annotations

import dataclasses
from typing import Any

from ingest.errors import Failure
from rag.types import to_json


@dataclasses.dataclass(frozen=True, slots=True)
class IndexReport:
    """What a run did. `added`, `updated` and `removed` hold paths, `unchanged` counts articles.

    `duplicates` counts articles that are copies of others, `articles` (these too) and `chunks`
    all that the index holds after the run; `snapshot` names it, and is empty if there is none.
    """

    added: tuple[str, ...] = ()
    updated: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    unchanged: int = 0
    failed: tuple[Failure, ...] = ()
    duplicates: int = 0
    articles: int = 0
    chunks: int = 0
    chunks_embedded: int = 0
    snapshot: str = ""
    seconds: float = 0.0

    def to_json(self) -> dict[str, Any]:
        """Turn into what `python -m ingest --json` prints: counts, and the paths behind them."""
        record: dict[str, Any] = to_json(self)
        paths = {name: record[name] for name in ("added", "updated", "removed")}
        return record | {name: len(found) for name, found in paths.items()} | {"paths": paths}
