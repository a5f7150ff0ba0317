"""What is in an index, for `--status`."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

from ingest.last_run import load_last_run
from rag.chroma_server import ChromaServer
from rag.command import build_command
from rag.errors import CitewellError, IndexMissing
from rag.layout import current_snapshot, snapshot_folder, snapshot_names
from rag.manifest import Manifest
from rag.mirror import Mirror
from rag.settings import Settings


def read_status(settings: Settings) -> dict[str, Any]:
    """Summarise the index from its manifests alone; no model is loaded.

    Raises:
        IndexMissing: if nothing was indexed yet.
        IndexDamaged: if the manifest of the current snapshot cannot be read.
        ServerFailed: if the Chroma server that is set cannot be used.
    """
    index_dir = settings.index_dir
    if server := ChromaServer.of(settings):
        Mirror(index_dir, server).follow()
    name = current_snapshot(index_dir)
    if name is None:
        raise IndexMissing(
            f"there is no index in {index_dir}; build one with: {build_command(index_dir)}"
        )
    folder = snapshot_folder(index_dir, name)
    manifest = Manifest.load(folder)
    years = Counter(str(e.published.year) if e.published else "no date" for e in manifest.articles)
    sources = Counter(entry.source or "no source" for entry in manifest.articles)
    last = load_last_run(index_dir)
    return {
        "snapshot": manifest.snapshot,
        "updated": manifest.created.isoformat(timespec="seconds"),
        "last_run": last.get("finished", ""),
        "articles": len(manifest.articles),
        "files": len({entry.file for entry in manifest.articles}),
        "duplicates": manifest.duplicates,
        "chunks": manifest.chunk_count,
        "articles_by_source": dict(sources.most_common()),
        "articles_by_year": dict(sorted(years.items(), reverse=True)),
        "megabytes": megabytes(folder),
        "megabytes_on_disk": megabytes(index_dir),
        "model": manifest.fingerprint.model,
        "chunker": manifest.fingerprint.chunker,
        "snapshots": [describe(index_dir, each, name) for each in snapshot_names(index_dir)],
        "failed": last.get("failed", []),
    }


def describe(index_dir: Path, name: str, current: str) -> dict[str, Any]:
    """Describe a snapshot; `state` is current, earlier, left behind (newer) or damaged."""
    folder = snapshot_folder(index_dir, name)
    state = "current" if name == current else "earlier" if name < current else "left behind"
    known: dict[str, Any] = {"id": name, "state": state, "megabytes": megabytes(folder)}
    try:
        manifest = Manifest.load(folder)
    except CitewellError:
        return known | {"state": "damaged", "created": "", "articles": 0, "chunks": 0}
    return known | {
        "created": manifest.created.isoformat(timespec="seconds"),
        "articles": len(manifest.articles),
        "chunks": manifest.chunk_count,
    }


def megabytes(folder: Path) -> float:
    """Size of a folder; what snapshots share by hard links counts once."""
    sizes: dict[tuple[int, int], int] = {}
    for file in folder.rglob("*"):
        try:
            state = file.lstat()
        except OSError:  # a run that goes on meanwhile has removed it
            continue
        if not file.is_dir():
            sizes[state.st_dev, state.st_ino] = state.st_size
    return round(sum(sizes.values()) / 1e6, 1)
