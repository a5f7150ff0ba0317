"""Where the vectors of a snapshot in the making go: stores of its own, or a Chroma server.

A large store is not copied for every change. It stays as it is, linked from snapshot to snapshot,
and a second one beside it takes what is new; what is gone is in the first one still, and readers
skip it. When that has become much, all goes into one store again (O'Neil et al. 1996, "The
log-structured merge-tree", with two levels).
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from chromadb.api.models.Collection import Collection
from chromadb.errors import ChromaError

from ingest.gather import Previous
from ingest.records import Batch, Records
from rag.chroma_server import ChromaServer
from rag.errors import CitewellError, IndexDamaged, StorageFailed
from rag.integrity import REPAIR
from rag.layout import COLLECTION, STORES, link_folder, open_chroma
from rag.vectors import count_missing, records_of, sample
from rag.workspace import copy_writable

ROOM = 1_000_000  # bytes; with less, whatever SQLite says, the disk is full
SMALL = 5_000  # records; a store that has no more is copied, in some hundredths of a second
SHARE = 10  # what is beside or gone from a large store is at most one in so many of its records
AT_ONCE = 1000  # records that are dropped at a time


@dataclass(frozen=True, slots=True)
class Expected:
    """The records that a store should hold: how many, and some of their names."""

    count: int
    sample: Sequence[str]

    @classmethod
    def of(cls, names: Sequence[str]) -> Expected:
        """Take down what is needed of all names; to list all in a large store takes seconds."""
        return cls(len(names), sample(names))

    def compare(self, collection: Collection, count: int | None = None) -> None:
        """Compare a collection with it; `count`: how many it holds, if others do not share it.

        Raises:
            IndexDamaged: if something else is there; nothing is published then.
        """
        missing = count_missing(collection, self.sample)
        if missing or count not in (None, self.count):
            raise IndexDamaged(
                f"the new snapshot holds {count} vectors for {self.count} chunks, and lacks "
                f"{missing} of {len(self.sample)} that were looked for; nothing was published, "
                "run the command again"
            )


class EmbeddedWriter:
    """Stores in the folder of the snapshot, one or two."""

    def __init__(
        self, folder: Path, name: str, base: Previous | None, check: Callable[[], None]
    ) -> None:
        """Take the folder, the snapshot's id, and the snapshot to start from.

        `check`: waits until that one's stores are known to be whole, or raises `IndexDamaged`.
        """
        self._check = check
        self._folder = folder / STORES
        self._name = name
        self._base = base
        self._written: tuple[str, Expected] | None = None

    def fill(self, records: Records) -> dict[str, int]:
        """Bring the stores in line with the records; returns the size of each, by its name."""
        self._folder.mkdir(exist_ok=True)
        if self._base and (stores := self._beside(self._base, records)):
            return stores
        return self._one_store(records)

    def verify(self) -> None:
        """Open the store that was written again, and compare it with what it should hold.

        Raises:
            IndexDamaged: if it holds something else.
        """
        if self._written:
            store, expected = self._written
            with self._open(store) as collection:
                expected.compare(collection, collection.count())

    def _one_store(self, records: Records) -> dict[str, int]:
        """Put all records into one store, grown from the larger one there was."""
        live = None  # for an empty store takes all
        if self._base and (old := list(self._base.manifest.stores)):
            self._check()  # Chroma reads a large one that is not whole in ways of its own
            self._copy(self._base, old[0], self._name)
            live = set(records.names())
        with self._open(self._name) as collection:
            new = live if live is None else live - drop_others(collection, live)
            add(collection, records.take(new), texts=True)
        expected = Expected.of(list(records.names()))
        self._written = self._name, expected
        return {self._name: expected.count}

    def _beside(self, base: Previous, records: Records) -> dict[str, int]:
        """Put what is new beside a large store, which stays; nothing if that is too much."""
        (large, size), *rest = base.manifest.stores.items() or [("", 0)]
        if size <= SMALL:
            return {}
        live, name = set(records.names()), f"{self._name}-recent"
        stays = set(records_of(base.manifest.articles)) & live
        if SHARE * (len(live) - len(stays)) > size:
            return {}
        for recent, _ in rest:
            self._copy(base, recent, name)
        with self._open(name) as collection:
            stays -= listed(collection)
            beside = live - stays
            fits = SHARE * (len(beside) + size - len(stays)) <= size
            if fits:
                new = beside - drop_others(collection, beside)
                add(collection, records.take(new), texts=True)
        if not fits or not beside:
            shutil.rmtree(self._folder / name)
        if not fits:
            return {}
        link_folder(base.folder / STORES / large, self._folder / large)
        if not beside:
            return {large: size}
        self._written = name, Expected.of(sorted(beside))
        return {large: size, name: len(beside)}

    def _copy(self, base: Previous, old: str, new: str) -> None:
        copy_writable(base.folder / STORES / old, self._folder / new)

    @contextmanager
    def _open(self, name: str) -> Iterator[Collection]:
        """Open a store, or make an empty one, and tell what goes wrong with it."""
        client = None
        try:
            client = open_chroma(self._folder / name)
            yield client.get_or_create_collection(
                COLLECTION, configuration={"hnsw": {"space": "cosine"}}, embedding_function=None
            )
        except ChromaError as error:
            raise self._problem(error) from error
        finally:
            if client:
                client.close()

    def _problem(self, error: ChromaError) -> CitewellError:
        """Tell a store that cannot be written from one that was damaged before we copied it."""
        free = shutil.disk_usage(self._folder).free
        # We copied the store without an error, so a disk that fails now is the one we write to.
        at_fault = ("full", "readonly", "disk I/O error", "unable to open")
        if free < ROOM or any(words in str(error) for words in at_fault):
            return StorageFailed(
                f"the vector store in {self._folder} cannot be written ({error}; {free / 1e6:.0f} "
                "MB are free); free some space there, or name another folder with --index. The "
                "index was left as it is"
            )
        return IndexDamaged(f"the vector store cannot be changed ({error}); {REPAIR}")


class ServedWriter:
    """A collection in a Chroma server, which other snapshots may share: records are only added.

    What no snapshot holds any more is deleted after publication. The texts are not sent: Chroma
    would make them searchable, at 1 MB a second, and take as long to delete them.
    """

    def __init__(self, server: ChromaServer, name: str, base: Previous | None) -> None:
        """Open the collection, or make an empty one; `base` has its records there."""
        self._server = server
        self._base = base
        self._collection = server.create(name, "cosine")
        self._expected = Expected.of([])

    def fill(self, records: Records) -> dict[str, int]:
        """Add what is not there; no store of the snapshot's own comes of it."""
        names = list(records.names())
        held = records_of(self._base.manifest.articles) if self._base else ()
        with self._server.told():
            add(self._collection, records.take(set(names).difference(held)), texts=False)
        self._expected = Expected.of(names)
        return {}

    def verify(self) -> None:
        """Look whether the records are there.

        Raises:
            IndexDamaged: if they are not.
        """
        with self._server.told():
            self._expected.compare(self._collection)


VectorWriter = EmbeddedWriter | ServedWriter


def listed(collection: Collection) -> set[str]:
    """The names of all records of a collection."""
    return set(collection.get(include=[])["ids"])


def drop_others(collection: Collection, live: Set[str]) -> set[str]:
    """Drop all records but the live ones; returns those that are left."""
    there = listed(collection)
    gone = sorted(there - live)
    for start in range(0, len(gone), AT_ONCE):
        collection.delete(ids=gone[start : start + AT_ONCE])
    return there & live


def add(collection: Collection, batches: Iterable[Batch], *, texts: bool) -> None:
    """Add records, with their texts or without; one that is there already stays as it is."""
    for batch in batches:
        collection.add(
            ids=list(batch.names),
            embeddings=batch.vectors,
            documents=list(batch.texts) if texts else None,
            metadatas=list(batch.metadatas),
        )
