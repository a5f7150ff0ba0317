"""Writing an index to a Chroma server; `rag.shared_index` draws what is there."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path

import numpy as np
from chromadb.api.models.Collection import Collection

from ingest.lease import Lease
from ingest.pieces import cut, piece_name
from rag.chroma_server import PREFIX, ChromaServer
from rag.errors import CitewellError, IndexBusy
from rag.layout import snapshot_folder
from rag.manifest import Manifest
from rag.shared_index import FILES, KEY, SNAPSHOT, SharedIndex, pack
from rag.vectors import KIND, count_missing, records_of, sample

BUILDING, UNDONE = "building", "undone"
AT_ONCE = 16  # pieces that are sent at a time
PAGE = 5000  # records that are listed at a time
BATCH = 1000  # records that are deleted at a time


class SharedWriter:
    """Publishes to a server; whoever makes one holds the lease."""

    def __init__(self, server: ChromaServer, lease: Lease) -> None:
        """Take the server; clear away what a writer that died was building.

        It cannot publish that any more, should it only have been asleep.
        """
        self.server = server
        self.index = SharedIndex(server)
        self._lease = lease
        for kind in (BUILDING, "dead"):
            self._delete(server.collections(kind).values())

    def holds(self, manifest: Manifest) -> bool:
        """Tell whether the vectors of a snapshot are there, as far as a sample shows."""
        collection = self.server.find(manifest.vectors)
        if collection is None:
            return False
        with self.server.told():
            return not count_missing(collection, sample(list(records_of(manifest.articles))))

    def begin(self, name: str) -> None:
        """Announce a snapshot in the making."""
        self.server.create(f"{PREFIX}{BUILDING}.{name}")

    def publish(self, folder: Path, manifest: Manifest, base: Manifest | None) -> None:
        """Send the files of a snapshot and make it the current one.

        `base`: the snapshot before. Of files that are the same there, no piece is looked at.

        Raises:
            IndexBusy: if another writer took over; nothing is published.
            ServerFailed: if the server fails; nothing is published.
        """
        building = self._announced(manifest.snapshot)
        before = base.files if base and base.snapshot in self.index.names() else {}
        known = self.index.files(base.snapshot) if base and before else {}
        same = {name for name, mark in before.items() if manifest.files.get(name) == mark}
        names = {name: known[name] for name in same}
        names |= self._send_files(folder, same)
        with self.server.told():
            building.add(
                ids=list(names),
                embeddings=np.zeros((len(names), 1), np.float32),
                metadatas=[{KEY: " ".join(pieces)} for pieces in names.values()],
            )
        self._delete(self.server.collections(UNDONE).values())
        with self.server.told():
            building.modify(name=f"{PREFIX}{SNAPSHOT}.{manifest.snapshot}")

    def go_back(self, name: str) -> None:
        """Take back what is newer than a snapshot."""
        newer = [each for each in self.index.names() if each > name]
        there = self.server.collections(SNAPSHOT)
        for each in newer:
            with self.server.told():
                there[each].modify(name=f"{PREFIX}{UNDONE}.{each}")

    def abandon(self, name: str) -> None:
        """Clear away what was announced, if it was not published."""
        with suppress(CitewellError):  # else the next writer does
            self._delete([self._announced(name)])

    def prune(self, index_dir: Path, keep: int) -> None:
        """Drop all but the newest snapshots, and what none of the others holds."""
        there = self.server.collections(SNAPSHOT)
        names = list(there)[::-1]
        self._delete(there[name] for name in names[keep:])
        try:
            kept = [Manifest.load(snapshot_folder(index_dir, name)) for name in names[:keep]]
        except CitewellError:  # a copy that is damaged here; the next run will do it
            return
        records: dict[str, set[str]] = {}
        for manifest in kept:
            records.setdefault(manifest.vectors, set()).update(records_of(manifest.articles))
        for collection in self.server.collections(KIND).values():
            if live := records.get(collection.name):
                self._sweep(collection, live)
            else:
                self._delete([collection])
        files = [self.index.files(name) for name in names[:keep]]
        pieces = {piece for each in files for names in each.values() for piece in names}
        self._sweep(self.server.create(FILES), pieces)

    def _announced(self, name: str) -> Collection:
        building = self.server.find(f"{PREFIX}{BUILDING}.{name}")
        if building is None:
            self._lease.check()
            raise IndexBusy("another writer cleared this run away; run this again")
        return building

    def _send_files(self, folder: Path, known: Container[str]) -> dict[str, list[str]]:
        """Send the files of a snapshot but for some; returns the pieces of each."""
        names: dict[str, list[str]] = {}
        batch: dict[str, bytes] = {}
        for file in sorted(path for path in folder.rglob("*") if path.is_file()):
            name = file.relative_to(folder).as_posix()
            if name in known:
                continue
            names[name] = []
            for piece in cut(file):
                names[name].append(piece_name(piece))
                batch[names[name][-1]] = piece
                if len(batch) == AT_ONCE:
                    self._send(batch)
                    batch.clear()
        self._send(batch)
        return names

    def _send(self, batch: Mapping[str, bytes]) -> None:
        """Send the pieces that the server lacks."""
        pieces = self.server.create(FILES)
        with self.server.told():
            there = pieces.get(ids=list(batch), include=[])["ids"] if batch else []
            if new := sorted(batch.keys() - set(there)):
                pieces.add(
                    ids=new,
                    # Nobody looks for what is near to a piece; but all alike, the graph of
                    # neighbours that Chroma makes of them would be slow to grow.
                    embeddings=np.array([[int(name[:6], 16)] for name in new], np.float32),
                    metadatas=[{KEY: pack(batch[name])} for name in new],
                )

    def _sweep(self, collection: Collection, live: set[str]) -> None:
        """Delete the records that no snapshot holds."""
        gone = [record for record in self._records(collection) if record not in live]
        for start in range(0, len(gone), BATCH):
            self._lease.check()  # else these may be those of another writer
            with self.server.told():
                collection.delete(ids=gone[start : start + BATCH])

    def _records(self, collection: Collection) -> Iterator[str]:
        offset = 0
        while True:
            with self.server.told():
                page = collection.get(include=[], limit=PAGE, offset=offset)["ids"]
            yield from page
            offset += len(page)
            if len(page) < PAGE:
                return

    def _delete(self, collections: Iterable[Collection]) -> None:
        for collection in collections:
            with self.server.told():
                self.server.client.delete_collection(collection.name)
