"""Going back to the snapshot before, for `--rollback`."""

from __future__ import annotations

import time

from ingest.report import IndexReport
from ingest.snapshot import write_lock
from rag.chroma_server import ChromaServer
from rag.command import build_command
from rag.errors import CitewellError, IndexMissing, StorageFailed
from rag.integrity import check_files
from rag.layout import current_snapshot, earlier_snapshots, make_current, snapshot_folder
from rag.manifest import ArticleEntry, Manifest
from rag.settings import Settings


def rollback(settings: Settings) -> IndexReport:
    """Make the newest good snapshot before the current one current; no model is loaded.

    Files stay as they are, so that the next ordinary run goes forward again.

    Returns:
        What differs from the snapshot that was left; nothing if that cannot be read.

    Raises:
        IndexMissing: if there is no good snapshot to go back to.
        IndexBusy: if another process is writing to the index.
        ServerFailed: if the Chroma server that is set cannot be used.
        StorageFailed: if the index cannot be written.
    """
    started = time.monotonic()
    index_dir = settings.index_dir
    server = ChromaServer.of(settings)
    if not server and not (index_dir / "snapshots").is_dir():  # else the lock would make a folder
        raise IndexMissing(
            f"there is no index in {index_dir}; build one with: {build_command(index_dir)}"
        )
    try:
        with write_lock(index_dir, settings.lock_timeout, server) as shared:
            left = current_snapshot(index_dir)
            target = _newest_good(settings, left)
            if shared:
                shared.go_back(target.snapshot)
            make_current(index_dir, target.snapshot)
    except OSError as error:
        raise StorageFailed(
            f"the index in {index_dir} cannot be written ({error}); let this user write to it, or "
            "free some space there, and run this again. The index was left as it is"
        ) from error
    return compare(_load(settings, left), target, round(time.monotonic() - started, 3))


def compare(left: Manifest | None, target: Manifest, seconds: float) -> IndexReport:
    """Tell what differs from one snapshot to another."""
    old = {entry.id: entry for entry in left.articles} if left else {}
    new = {entry.id: entry for entry in target.articles}
    if left is None:
        old = new
    both = old.keys() & new.keys()
    updated = {key for key in both if _content(old[key]) != _content(new[key])}
    return IndexReport(
        added=tuple(sorted(new[key].path for key in new.keys() - old.keys())),
        updated=tuple(sorted(new[key].path for key in updated)),
        removed=tuple(sorted(old[key].path for key in old.keys() - new.keys())),
        unchanged=len(both) - len(updated),
        duplicates=target.duplicates,
        articles=len(target.articles),
        chunks=target.chunk_count,
        snapshot=target.snapshot,
        seconds=seconds,
    )


def _newest_good(settings: Settings, left: str | None) -> Manifest:
    for name in earlier_snapshots(settings.index_dir, left):
        try:
            manifest = Manifest.load(snapshot_folder(settings.index_dir, name))
            check_files(snapshot_folder(settings.index_dir, name), manifest.files, full=True)
        except CitewellError:  # damaged, or of another format
            continue
        return manifest
    raise IndexMissing(
        f"there is no good snapshot to go back to in {settings.index_dir}; it stays as it is. "
        "CITEWELL_KEEP_SNAPSHOTS sets how many are kept"
    )


def _load(settings: Settings, name: str | None) -> Manifest | None:
    try:
        return Manifest.load(snapshot_folder(settings.index_dir, name)) if name else None
    except CitewellError:
        return None


def _content(entry: ArticleEntry) -> tuple[object, ...]:
    """What a reader sees of an article, and its text."""
    return entry.text, entry.title, entry.source, entry.author, entry.published
