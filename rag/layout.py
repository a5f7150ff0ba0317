"""Where things are in the folder of an index.

    index_dir/CURRENT                 id of the current snapshot, replaced atomically
    index_dir/write.lock              held by the one process that may publish
    index_dir/last_run.json           when ingest last ran, and which files failed then
    index_dir/seen_files.json         what stat said of the files, to read again only what changed
    index_dir/snapshots/<id>/
        chroma/<store>/               vectors of the chunks (Chroma, cosine), in one store, or in a
                                      large one and a recent one; a server may have them instead
        keyword/                      BM25 over the same chunks
        tokens/                       vectors of chunks and titles and their tokens, token_df, basis
        articles.jsonl, chunks.jsonl  cleaned texts; the table of chunks
        copies.npz                    what copies are told by; only ingest reads it
        manifest.json                 written last, with size and digest of every other file

Ids sort by time. The snapshots older than the current one are those it grew from; newer ones were
left behind by a rollback or a crash, and go when the next one is published.
"""

from __future__ import annotations

import os
import re
import shutil
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from chromadb.api.client import Client

COLLECTION = "articles"
STORES = "chroma"
DROPPED = ".dropped-"
_ID = re.compile(r"[0-9A-Za-z-]+")


def snapshot_folder(index_dir: Path, snapshot: str) -> Path:
    """Folder of a snapshot."""
    return index_dir / "snapshots" / snapshot


def current_snapshot(index_dir: Path) -> str | None:
    """Id of the current snapshot; `None` if nothing was published yet."""
    try:
        content = (index_dir / "CURRENT").read_text(encoding="utf-8", errors="replace").strip()
    except FileNotFoundError:
        return None
    # Whatever else may be in the file must not be taken for a path.
    if not content:
        return None
    return content if _ID.fullmatch(content) else "garbled"


def snapshot_names(index_dir: Path) -> list[str]:
    """Ids of the snapshots there are, newest first."""
    folder = index_dir / "snapshots"
    found = folder.iterdir() if folder.is_dir() else ()
    return sorted((path.name for path in found if path.name[0] != "."), reverse=True)


def earlier_snapshots(index_dir: Path, name: str | None) -> list[str]:
    """Ids of the snapshots that one grew from, newest first; all of them if it is not there."""
    names = snapshot_names(index_dir)
    return [earlier for earlier in names if name not in names or earlier < str(name)]


def make_current(index_dir: Path, name: str) -> None:
    """Let `CURRENT` name a snapshot, at one stroke."""
    pointer = index_dir / f"CURRENT.{name}"
    pointer.write_text(name + "\n", encoding="utf-8")
    flush(pointer)
    pointer.replace(index_dir / "CURRENT")
    flush(index_dir)


def drop_snapshot(index_dir: Path, name: str) -> None:
    """Remove a snapshot; a reader that has it open keeps all it needs of it.

    It loses its name first, so that a half-deleted snapshot is never taken for a whole one.
    """
    folder = snapshot_folder(index_dir, name)
    dropped = folder.with_name(DROPPED + name)
    with suppress(OSError):  # gone already, or (Windows) in use: the next run tries again
        folder.rename(dropped)
        shutil.rmtree(dropped, ignore_errors=True)


def link(source: Path | str, target: Path | str) -> None:
    """Let a file that never changes be in another snapshot, too."""
    try:
        os.link(source, target)
    except OSError:  # a file system without hard links
        shutil.copy2(source, target)


def link_folder(source: Path, target: Path) -> None:
    """Let a folder whose files never change be in another snapshot, too."""
    shutil.copytree(source, target, copy_function=link)


def flush(path: Path) -> None:
    """Have the system write a file or folder to the disk."""
    if os.name == "nt" and path.is_dir():  # Windows cannot open folders
        return
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def open_chroma(folder: Path) -> Client:
    """Open the Chroma store in a folder; it reports nothing to anyone."""
    import chromadb  # takes seconds, and most of who reads this module opens no store
    from chromadb.config import Settings as ChromaSettings

    client = chromadb.PersistentClient(
        path=str(folder),
        settings=ChromaSettings(anonymized_telemetry=False, is_persistent=True),
    )
    return cast("Client", client)  # its declared type lacks close()
