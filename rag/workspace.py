"""Private copies of a vector store.

Chroma writes to a store as soon as it opens it, even to read: a lock row, and what it replays into
its nearest-neighbour graph. On the snapshot itself that would change files that several readers
share, that the manifest vouches for, and that may be on a disk we may only read. So each reader
opens a copy of its own.
"""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from filelock import FileLock, Timeout

from rag.errors import StorageFailed

PREFIX = "citewell-reader-"


class Workspace:
    """A copy of a folder; it goes when it is closed, or after a crash with the next reader."""

    def __init__(self, source: Path) -> None:
        """Copy a folder to the system's folder for temporary files.

        Raises:
            StorageFailed: if there is no room for it.
            OSError: if the source cannot be read.
        """
        sweep(Path(tempfile.gettempdir()))
        # Under a name that nobody sweeps until the lock is held: a sweeper that comes between
        # would take it for the copy of a reader that died.
        draft = Path(tempfile.mkdtemp(prefix="." + PREFIX))
        # Any thread may close what another one opened.
        self._lock = FileLock(draft / "lock", thread_local=False)
        self.folder = draft
        try:
            self._lock.acquire(blocking=False)
            self.folder = draft.rename(draft.with_name(draft.name[1:]))
            copy_writable(source, self.folder / source.name)
        except (OSError, Timeout) as error:
            self.close()
            if not source.is_dir():  # the source is at fault, not the place for the copy
                raise
            raise StorageFailed(
                f"there is no room for a working copy of the index in {tempfile.gettempdir()} "
                f"({error}); free some space there or set TMPDIR to a folder on another disk"
            ) from error

    def close(self) -> None:
        """Remove the copy."""
        self._lock.release()
        shutil.rmtree(self.folder, ignore_errors=True)


def copy_writable(source: Path, target: Path) -> None:
    """Copy a folder, but not that it may only be read: Chroma needs to write to the copy."""
    shutil.copytree(source, target, copy_function=shutil.copyfile)
    for folder in [target, *(path for path in target.rglob("*") if path.is_dir())]:
        folder.chmod(0o700)


def sweep(place: Path) -> None:
    """Remove copies whose reader died; the system freed the locks that they held."""
    for folder in place.glob(PREFIX + "*"):
        try:
            with FileLock(folder / "lock", blocking=False):
                shutil.rmtree(folder, ignore_errors=True)
        except (OSError, Timeout):
            continue  # in use, or another user's
