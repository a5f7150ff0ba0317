"""Opening the index: immutable snapshots, of which `CURRENT` names the one to read.

A reader opens a snapshot and never writes to it; a writer makes a new one and moves `CURRENT`.
So no reader sees half an update. This matters doubly for Chroma, whose embedded store keeps
answering from its first load when another process writes to it.
"""

from __future__ import annotations

import logging
import threading
from contextlib import suppress
from pathlib import Path

from rag.chroma_server import ChromaServer
from rag.command import build_command
from rag.encoder import Encoder
from rag.errors import IndexDamaged, IndexMismatch, IndexMissing, ServerFailed
from rag.integrity import REPAIR
from rag.layout import STORES, current_snapshot, earlier_snapshots, snapshot_folder
from rag.mirror import Mirror
from rag.snapshot import Snapshot
from rag.store import Store

logger = logging.getLogger(__name__)


class Index:
    """The current snapshot of an index folder; looks for a newer one before each use.

    If the current snapshot is damaged, the newest good one before it is used instead, and `notice`
    says so; it is empty when all is well.
    """

    def __init__(
        self, index_dir: Path, encoder: Encoder, server: ChromaServer | None = None
    ) -> None:
        """Name the folder, and the server of the vectors if there is one; nothing is opened yet."""
        self.index_dir = index_dir
        self._notice = ""
        self._server = server
        self._mirror = Mirror(index_dir, server) if server else None
        self._trouble = ""  # with the server
        self._encoder = encoder
        self._lock = threading.Lock()
        self._wanted: str | None = None
        self._snapshot: Snapshot | None = None

    @property
    def notice(self) -> str:
        """What a reader of the answers should know of the index now."""
        problem = self._snapshot.problem if self._snapshot else ""
        return problem or self._trouble or self._notice

    def current(self) -> Snapshot:
        """The current snapshot, reopened if a newer one was published.

        Raises:
            IndexMissing: if nothing was indexed yet.
            IndexDamaged: if no good snapshot is left.
            IndexMismatch: if the current snapshot was built with another embedding model.
            ServerFailed: if nothing was fetched from the server yet, and it fails.
        """
        with self._lock:
            self._follow()
            if self._snapshot is None or current_snapshot(self.index_dir) != self._wanted:
                kept = self._still_wanted()
                self._snapshot = None  # whoever still reads from it holds it
                self._snapshot = self._reopen()
                del kept
            return self._snapshot

    def _still_wanted(self) -> list[Store]:
        """The open vector stores that the current snapshot has, too; to be held until it is open.

        No others: there may be no room for the copies of all.
        """
        name = current_snapshot(self.index_dir)
        if self._snapshot is None or name is None:
            return []
        folder = snapshot_folder(self.index_dir, name) / STORES
        return [store for store in self._snapshot.open_stores if (folder / store.name).is_dir()]

    def _follow(self) -> None:
        """Fetch what is new in the server; while that fails, what is here has to do."""
        if not self._mirror:
            return
        try:
            self._mirror.follow()
            self._trouble = ""
        except ServerFailed as error:
            if current_snapshot(self.index_dir) is None:
                raise
            trouble = f"{error}. Until then, answers come from what was fetched before."
            if not self._trouble:
                logger.warning(trouble)
            self._trouble = trouble

    def _reopen(self) -> Snapshot:
        while True:
            self._wanted, self._notice = current_snapshot(self.index_dir), ""
            try:
                if self._wanted is None:
                    raise IndexDamaged(f"CURRENT is missing from {self.index_dir}; {REPAIR}")
                return self._open(self._wanted)
            except IndexDamaged as error:
                # Whoever is slow may find a snapshot gone that was current when it looked.
                if current_snapshot(self.index_dir) == self._wanted:
                    return self._fall_back(error)

    def _fall_back(self, damage: IndexDamaged) -> Snapshot:
        """Open the newest good snapshot before the wanted one, and tell a person."""
        names = earlier_snapshots(self.index_dir, self._wanted)
        if self._wanted is None and not names:
            raise IndexMissing(
                f"there is no index in {self.index_dir}; "
                f"build one with: {build_command(self.index_dir)}"
            )
        for name in names:
            with suppress(IndexDamaged, IndexMismatch):
                snapshot = self._open(name)
                when = snapshot.manifest.created.strftime("%Y-%m-%d %H:%M UTC")
                self._notice = f"{damage}. Until then, answers come from the index of {when}."
                logger.warning(self._notice)  # shown on standard error unless configured otherwise
                return snapshot
        raise damage

    def _open(self, name: str) -> Snapshot:
        folder = snapshot_folder(self.index_dir, name)
        try:
            return Snapshot(folder, self._encoder, self._server)
        except IndexDamaged:
            if not self._mirror:
                raise
            with suppress(ServerFailed), self._mirror.locked():
                self._mirror.renew(name)
            return Snapshot(folder, self._encoder, self._server)
