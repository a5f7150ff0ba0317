"""Copy, change, verify and publish a snapshot; `rag.layout` draws its layout.

Nothing here touches the current snapshot. The new one is built beside it and becomes current by
one atomic rename, so a crash at any instant leaves the old index as it was.
"""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

from rag.chroma_server import ChromaServer
from rag.encoder import Encoder
from rag.errors import IndexBusy, IndexDamaged
from rag.layout import (
    DROPPED,
    current_snapshot,
    drop_snapshot,
    flush,
    link,
    make_current,
    snapshot_folder,
    snapshot_names,
)
from rag.manifest import Manifest
from rag.mirror import PULLING, Mirror

if TYPE_CHECKING:
    from ingest.shared import SharedWriter

BUILDING = ".building-"


@contextmanager
def write_lock(
    index_dir: Path, timeout: float, server: ChromaServer | None = None
) -> Iterator[SharedWriter | None]:
    """Hold the index for writing; the system frees the lock if the process dies.

    With a server, the index there is held, too, and the folder is brought in line with it.

    Raises:
        IndexBusy: if another process holds it for longer than `timeout` seconds.
        ServerFailed: if the server cannot be used.
    """
    if server is None:
        with _local_lock(index_dir, timeout):
            yield None
        return
    from ingest.lease import lease  # these bring Chroma, which takes long to import
    from ingest.shared import SharedWriter

    server.prepare()
    with lease(server, timeout) as held, _local_lock(index_dir, timeout):
        writer = SharedWriter(server, held)
        Mirror(index_dir, server).fetch(writer.index.names(), everything=True)
        yield writer


@contextmanager
def _local_lock(index_dir: Path, timeout: float) -> Iterator[None]:
    index_dir.mkdir(parents=True, exist_ok=True)
    holder = index_dir / "write.holder"
    try:
        with FileLock(index_dir / "write.lock", timeout=timeout):
            holder.write_text(str(os.getpid()), encoding="utf-8")
            _remove_unfinished(index_dir)
            yield
            holder.unlink(missing_ok=True)
    except Timeout as error:
        who = holder.read_text(encoding="utf-8") if holder.exists() else "unknown"
        raise IndexBusy(
            f"process {who} is writing to the index in {index_dir}; wait until it is done and "
            "run this again"
        ) from error


def new_snapshot_id() -> str:
    """Name a snapshot so that names sort by time."""
    return f"{datetime.now(UTC):%Y%m%dT%H%M%S%f}-{secrets.token_hex(3)}"


def begin(index_dir: Path, name: str) -> Path:
    """Make the folder of a new snapshot."""
    folder = index_dir / "snapshots" / (BUILDING + name)
    (folder / "tokens").mkdir(parents=True)
    return folder


def link_tokens(base: Path, folder: Path) -> None:
    """Let the vectors of the texts of a snapshot be in a new one, too: they never change."""
    for file in (base / "tokens").iterdir():
        if file.name != "token_df.npz":
            link(file, folder / "tokens" / file.name)


def verify(folder: Path, encoder: Encoder) -> Manifest:
    """Open all of a finished snapshot but its vectors as a reader would; do its parts agree?

    Raises:
        IndexDamaged: if they do not; nothing is published then.
    """
    from rag.contents import Contents  # it brings bm25s, which takes long to import

    with closing(Contents(folder, encoder)) as contents:
        if lost := contents.tokens.missing(list(contents.chunks.keys())):
            raise IndexDamaged(
                f"the new snapshot lacks token vectors of {len(lost)} chunks; nothing was "
                "published, run: python -m ingest --rebuild"
            )
        return contents.manifest


def flush_all(folder: Path) -> None:
    """Have the system write a folder and all that is in it to the disk."""
    for file in [*folder.rglob("*"), folder]:
        flush(file)


def publish(
    index_dir: Path, folder: Path, name: str, announce: Callable[[], None] = lambda: None
) -> None:
    """Flush a verified snapshot to disk and make it the current one.

    `announce` makes it known elsewhere, before it is current here.
    """
    flush_all(folder)
    current = current_snapshot(index_dir)
    for abandoned in snapshot_names(index_dir):  # by a rollback, or by a crash before this point
        if current is not None and abandoned > current:
            drop_snapshot(index_dir, abandoned)
    announce()
    target = snapshot_folder(index_dir, name)
    folder.rename(target)
    flush(target.parent)
    make_current(index_dir, name)


def prune(index_dir: Path, keep: int, damaged: Iterable[str] = ()) -> None:
    """Drop all but the newest snapshots, and the damaged ones."""
    current = current_snapshot(index_dir)
    for name in damaged:
        drop_snapshot(index_dir, name)
    for name in snapshot_names(index_dir)[keep:]:
        if name != current:
            drop_snapshot(index_dir, name)


def _remove_unfinished(index_dir: Path) -> None:
    """Clear away what a writer that died left behind; we hold the lock, so nobody is at it."""
    for pattern in (BUILDING, DROPPED, PULLING):
        for folder in (index_dir / "snapshots").glob(pattern + "*"):
            shutil.rmtree(folder, ignore_errors=True)
    for pointer in index_dir.glob("CURRENT.*"):
        pointer.unlink(missing_ok=True)
