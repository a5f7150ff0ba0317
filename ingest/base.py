"""Which snapshot a run starts from: the current one, or the newest good one if that is damaged."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.fingerprint import fingerprint
from ingest.gather import Previous
from rag.chroma_server import ChromaServer
from rag.encoder import Encoder
from rag.errors import IndexDamaged, IndexMismatch
from rag.integrity import check_files
from rag.layout import current_snapshot, earlier_snapshots, snapshot_folder
from rag.manifest import Manifest
from rag.mirror import Mirror
from rag.vectors import check_place

if TYPE_CHECKING:
    from ingest.shared import SharedWriter

logger = logging.getLogger(__name__)


@dataclass
class Bases:
    """The snapshots that a run may start from, best first.

    Whoever finds one damaged, here or later on, tells `reject`, and takes the next.
    `damaged`: those that were rejected. `outside`: files that only these know, for they are not
    below the corpus folder.
    """

    index_dir: Path
    encoder: Encoder
    rebuild: bool
    checksum: bool
    server: ChromaServer | None = None
    shared: SharedWriter | None = None
    damaged: list[str] = field(default_factory=list)
    outside: set[Path] = field(default_factory=set)

    def __iter__(self) -> Iterator[Previous | None]:
        """Yield the snapshots that can be used; at the end `None`, to start from nothing."""
        current = current_snapshot(self.index_dir)
        names = earlier_snapshots(self.index_dir, current)
        for name in [current, *names] if current else names:
            try:
                yield self._open_or_renew(name)
            except IndexMismatch:
                if name == current and not self.rebuild:
                    raise
            except IndexDamaged as error:
                self.reject(name, error)
        yield None

    def repairing(self, previous: Previous | None) -> bool:
        """Tell whether a run that starts from this snapshot makes up for the loss of another."""
        current = current_snapshot(self.index_dir)
        return bool(self.damaged) or (previous.folder.name if previous else None) != current

    def reject(self, name: str, damage: IndexDamaged) -> None:
        """Note that a snapshot is damaged, and tell a person."""
        logger.warning("%s. This run makes up for it.", str(damage).split("; ")[0])
        self.damaged.append(name)

    def _open_or_renew(self, name: str) -> Previous:
        """Open a snapshot; one that is damaged here may be whole in the server."""
        try:
            return self._open(name)
        except IndexDamaged:
            if not self.shared:
                raise
            Mirror(self.index_dir, self.shared.server).renew(name)
            return self._open(name)

    def _open(self, name: str) -> Previous:
        """Open the table of contents of a snapshot and check its files.

        Raises:
            IndexDamaged: if a file is missing or not what was written.
            IndexMismatch: if it was built with another model or chunker.
        """
        folder = snapshot_folder(self.index_dir, name)
        manifest = Manifest.load(folder)
        built, configured = manifest.fingerprint, fingerprint(self.encoder)
        # The digest decides, as it does for readers: a model may go by several names.
        same = (built.digest, built.chunker) == (configured.digest, configured.chunker)
        if not self.rebuild and not same:
            raise IndexMismatch(
                f"the index was built with {built.model} (chunker {built.chunker}), but "
                f"{self.encoder.name} is configured; set CITEWELL_EMBEDDING_MODEL back, or embed "
                "everything anew with: python -m ingest --rebuild"
            )
        if not self.rebuild:
            check_place(folder, manifest.vectors, self.server)
        files = {entry.file for entry in manifest.articles if os.path.isabs(entry.file)}
        self.outside |= {Path(file) for file in files if os.path.exists(file)}
        check_files(folder, manifest.files, full=self.checksum)
        reuse = not self.rebuild
        if self.shared and reuse and not self.shared.holds(manifest):
            logger.warning(
                "The Chroma server at %s lacks vectors of this index. They are made anew.",
                self.shared.server.url,
            )
            reuse = False
        return Previous(folder, manifest, reuse)
