"""Where the vectors of a snapshot in the making go: a store of its own, or a Chroma server."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from chromadb.api.models.Collection import Collection
from chromadb.errors import ChromaError
from numpy.typing import NDArray

from ingest.spool import Records
from rag.chroma_server import ChromaServer
from rag.errors import CitewellError, IndexDamaged, StorageFailed
from rag.integrity import REPAIR
from rag.layout import COLLECTION, open_chroma
from rag.vectors import EmbeddedVectors, ServedVectors

ROOM = 1_000_000  # bytes; with less, whatever SQLite says, the disk is full
Vectors = dict[str, NDArray[np.float32]]


class EmbeddedWriter:
    """A store in the folder of the snapshot, which holds its chunks and no others."""

    record = staticmethod(EmbeddedVectors.record)

    def __init__(self, folder: Path) -> None:
        """Open the store that was copied there, or make an empty one."""
        self._folder = folder
        self._closed = False
        with self.told():
            self._client = open_chroma(folder)
            self._collection = self._client.get_or_create_collection(
                COLLECTION, configuration={"hnsw": {"space": "cosine"}}, embedding_function=None
            )

    def retell(self, ids: Sequence[str], metadatas: Sequence[Mapping[str, Any]]) -> None:
        """Take in what is said now of records that are there."""
        # To look their vectors up would load the whole nearest-neighbour graph.
        with self.told():
            self._collection.update(ids=list(ids), metadatas=list(metadatas))

    def add(self, records: Records) -> None:
        """Add records."""
        with self.told():
            add(self._collection, records, records.texts)

    def look_up(self, ids: Sequence[str]) -> Vectors:
        """Vectors of records that are there."""
        with self.told():
            return look_up(self._collection, ids)

    def drop(self, ids: Sequence[str]) -> None:
        """Remove records that the new snapshot does not hold."""
        with self.told():
            self._collection.delete(ids=list(ids))

    def close(self) -> None:
        """Let go of the files; may be called again."""
        if not self._closed:
            self._closed = True
            self._client.close()

    @contextmanager
    def told(self) -> Iterator[None]:
        """Tell what goes wrong with the store."""
        try:
            yield
        except ChromaError as error:
            raise self._problem(error) from error

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

    record = staticmethod(ServedVectors.record)

    def __init__(self, server: ChromaServer, name: str) -> None:
        """Open the collection, or make an empty one."""
        self._server = server
        self._collection = server.create(name, "cosine")

    def retell(self, ids: Sequence[str], metadatas: Sequence[Mapping[str, Any]]) -> None:
        """Nothing is new: the name of a record changes with what it says."""

    def add(self, records: Records) -> None:
        """Add records; one that is there already stays as it is."""
        with self._server.told():
            add(self._collection, records, None)

    def look_up(self, ids: Sequence[str]) -> Vectors:
        """Vectors of records that are there."""
        with self._server.told():
            return look_up(self._collection, ids)

    def drop(self, ids: Sequence[str]) -> None:
        """Nothing: the snapshot before holds them still."""

    def close(self) -> None:
        """Nothing is held; the connection is the server's."""


VectorWriter = EmbeddedWriter | ServedWriter


def open_writer(folder: Path, name: str, server: ChromaServer | None) -> VectorWriter:
    """Open the place where the vectors of the snapshot in a folder go.

    `name`: of the collection in the server, if there is one.
    """
    return ServedWriter(server, name) if server else EmbeddedWriter(folder)


def add(collection: Collection, records: Records, texts: Sequence[str] | None) -> None:
    """Add records to a collection, with their texts or without."""
    collection.add(
        ids=list(records.ids),
        embeddings=np.stack(records.vectors),
        documents=None if texts is None else list(texts),
        metadatas=list(records.metadatas),
    )


def look_up(collection: Collection, ids: Sequence[str]) -> Vectors:
    """Read vectors from a collection.

    Raises:
        IndexDamaged: if one is not there.
    """
    found = collection.get(ids=list(ids), include=["embeddings"])
    if len(found["ids"]) < len(ids):
        raise IndexDamaged(f"the vector store lacks vectors that it should hold; {REPAIR}")
    vectors: Any = found["embeddings"]
    return {key: np.asarray(v, np.float32) for key, v in zip(found["ids"], vectors, strict=True)}
