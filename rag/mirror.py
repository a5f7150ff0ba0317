"""The folder of an index as a copy of one in a Chroma server, kept up to date.

Pages and writers read the copy as they read any index, but for the vectors. It may be deleted at
any time.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from rag.chroma_server import ChromaServer
from rag.errors import CitewellError, IndexMismatch, IndexMissing, ServerFailed, StorageFailed
from rag.layout import (
    current_snapshot,
    drop_snapshot,
    link,
    make_current,
    snapshot_folder,
    snapshot_names,
)
from rag.manifest import Manifest
from rag.shared_index import SharedIndex

PULLING = ".pulling-"
OWN = ("manifest.json", "manifest.sha256")


class Mirror:
    """Brings the folder of an index in line with a server."""

    def __init__(self, index_dir: Path, server: ChromaServer) -> None:
        """Name both; nothing is done yet."""
        self.index_dir = index_dir
        self.shared = SharedIndex(server)

    def follow(self) -> None:
        """Fetch the current snapshot of the server, unless it is here, and make it current here.

        Raises:
            IndexMissing: if there is none here either.
            IndexMismatch: if the folder holds an index with vectors of its own.
            ServerFailed: if the server cannot be used, or was emptied.
            StorageFailed: if the folder cannot be written.
        """
        names = self.shared.names()
        here = current_snapshot(self.index_dir)
        if not names:
            raise self._nothing_there(here)
        if here == names[0]:
            return
        self._check_place(here)
        with suppress(Timeout), self.locked(0 if here else -1):
            self._fetch_newest()

    def _fetch_newest(self) -> None:
        names = self.shared.names()
        try:
            self.fetch(names, everything=False)
        except ServerFailed:
            if self.shared.names() == names:
                raise
            self._fetch_newest()  # it was dropped while we fetched it, for there are newer ones

    @contextmanager
    def locked(self, timeout: float = -1) -> Iterator[None]:
        """Hold the folder. Who writes here holds it, and publishes here, too.

        Raises:
            StorageFailed: if the folder cannot be written.
            Timeout: if another process holds it for longer than `timeout` seconds.
        """
        try:
            self.index_dir.mkdir(parents=True, exist_ok=True)
            with FileLock(self.index_dir / "write.lock", timeout=timeout):
                yield
        except Timeout:
            raise
        except OSError as error:
            raise StorageFailed(
                f"the copy of the index in {self.index_dir} cannot be written ({error}); free some "
                "space there, let this user write to it, or name another folder with --index"
            ) from error

    def fetch(self, names: list[str], *, everything: bool) -> None:
        """Fetch the newest of some snapshots, or all; the lock is held."""
        if not names:
            return
        self._check_place(current_snapshot(self.index_dir))
        for name in names if everything else names[:1]:
            self._pull(name)
        make_current(self.index_dir, names[0])
        for name in snapshot_names(self.index_dir):
            if name not in names:
                drop_snapshot(self.index_dir, name)

    def renew(self, name: str) -> None:
        """Fetch a snapshot again that is damaged here; the lock is held."""
        if name in self.shared.names():
            drop_snapshot(self.index_dir, name)
            self._pull(name)

    def _pull(self, name: str) -> None:
        target = snapshot_folder(self.index_dir, name)
        if target.is_dir():
            return
        draft = target.with_name(PULLING + name)
        shutil.rmtree(draft, ignore_errors=True)
        files = self.shared.files(name)
        for file in OWN:
            self._write(draft / file, files[file])
        try:
            manifest, here = Manifest.load(draft), self._files_here()
        except IndexMismatch:  # another version wrote it, as whoever opens it will be told
            draft.rename(target)
            return
        for file, pieces in files.items():
            if file in OWN:
                continue
            (draft / file).parent.mkdir(exist_ok=True)
            if known := here.get((file, *manifest.files[file])):
                link(known, draft / file)
            else:
                self._write(draft / file, pieces)
        draft.rename(target)

    def _write(self, file: Path, pieces: list[str]) -> None:
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("wb") as stream:
            for piece in self.shared.read(pieces):
                stream.write(piece)

    def _files_here(self) -> dict[tuple[str, int, str], Path]:
        """Files of the newest snapshot that is here, by name, size and digest."""
        for name in snapshot_names(self.index_dir):
            folder = snapshot_folder(self.index_dir, name)
            try:
                files = Manifest.load(folder).files
            except CitewellError:
                continue
            return {(file, *mark): folder / file for file, mark in files.items()}
        return {}

    def _check_place(self, here: str | None) -> None:
        """Refuse to put a copy in the place of an index that has no other."""
        if here and (snapshot_folder(self.index_dir, here) / "chroma").is_dir():
            raise IndexMismatch(
                f"{self.index_dir} holds an index that keeps its vectors itself, and the Chroma "
                f"server at {self.shared.server.url} another one; name another folder with --index"
            )

    def _nothing_there(self, here: str | None) -> CitewellError:
        url = self.shared.server.url
        if here is None:
            return IndexMissing(
                f"the Chroma server at {url} holds no index yet; build one with: python -m ingest"
            )
        return ServerFailed(
            f"the Chroma server at {url} holds no index: it was emptied, or CITEWELL_CHROMA_URL "
            "names another one. Correct that, or fill it with: python -m ingest"
        )
