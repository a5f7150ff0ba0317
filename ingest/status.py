"""What is in an index, for `--status`."""

from __future__ import annotations

from collections import Counter
from typing import Any

from rag.errors import IndexMissing
from rag.layout import current_snapshot, snapshot_folder
from rag.manifest import Manifest
from rag.settings import Settings


def read_status(settings: Settings) -> dict[str, Any]:
    """Summarise the current snapshot from its manifest alone; no model is loaded.

    Raises:
        IndexMissing: if nothing was indexed yet.
        IndexDamaged: if the manifest cannot be read.
    """
    name = current_snapshot(settings.index_dir)
    if name is None:
        raise IndexMissing(
            f"there is no index in {settings.index_dir}; build one with: python -m ingest"
        )
    folder = snapshot_folder(settings.index_dir, name)
    manifest = Manifest.load(folder)
    years = Counter(str(e.published.year) if e.published else "no date" for e in manifest.articles)
    sources = Counter(entry.source or "no source" for entry in manifest.articles)
    size = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
    return {
        "snapshot": manifest.snapshot,
        "updated": manifest.created.isoformat(timespec="seconds"),
        "articles": len(manifest.articles),
        "chunks": manifest.chunk_count,
        "articles_by_source": dict(sorted(sources.items())),
        "articles_by_year": dict(sorted(years.items())),
        "megabytes": round(size / 1e6, 1),
        "model": manifest.fingerprint.model,
        "chunker": manifest.fingerprint.chunker,
        "snapshots": sorted(p.name for p in folder.parent.iterdir() if p.name[0] != "."),
    }
