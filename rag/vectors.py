"""The vectors of a snapshot, open for reading: in stores of its own, or in a Chroma server.

Snapshots that grew from each other share a collection in a server, and a large store of their own
(`ingest.vector_writer`), for to copy it at each change would take as long as to make it. So a
record never changes: its id says what it says, and a chunk of which something else is to be told is
another record. Whoever reads skips records of other snapshots.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from rag.chroma_server import PREFIX, ChromaServer
from rag.errors import IndexMismatch, ServerFailed
from rag.layout import STORES
from rag.manifest import ArticleEntry, Manifest
from rag.store import Store, open_store
from rag.tokens import text_hash

if TYPE_CHECKING:
    from chromadb.api.client import Client
    from chromadb.api.models.Collection import Collection

KIND = "vectors"  # of our collections in a server
SAMPLE = 1000  # records that are looked for where to look for all would take seconds

logger = logging.getLogger(__name__)


class EmbeddedVectors:
    """The stores in the folder of a snapshot, one or two."""

    problem = ""  # why no vectors can be had at the moment

    def __init__(self, folder: Path, names: Iterable[str]) -> None:
        """Open them.

        Raises:
            IndexDamaged: if one cannot be opened.
            StorageFailed: if there is no room for a working copy.
        """
        self.stores: Sequence[Store] = [open_store(folder / STORES / name) for name in names]

    @property
    def collections(self) -> list[tuple[Client, Collection]]:
        """The collections, and how each is reached."""
        return [(store.client, store.collection) for store in self.stores]

    def nearest(
        self, vector: NDArray[np.float32], k: int, where: dict[str, Any] | None
    ) -> list[str]:
        """Ids of the k nearest chunks, nearest first."""
        found = [query(store.collection, vector, k, where) for store in self.stores]
        nearest = sorted((pair for pairs in found for pair in pairs), key=lambda pair: pair[1])
        return [chunk for chunk, _ in nearest[:k]]

    def close(self) -> None:
        """Let go of the stores; those that no other snapshot shares close."""
        self.stores = []


class ServedVectors:
    """The vectors in a collection of a Chroma server.

    While the server fails nothing is near to anything, so that answers come from words alone;
    `problem` tells.
    """

    stores: Sequence[Store] = ()

    def __init__(self, server: ChromaServer, name: str) -> None:
        """Name the collection; it is looked for when it is needed."""
        self.problem = ""
        self._server = server
        self._name = name
        self._collection: Collection | None = None

    @property
    def collections(self) -> list[tuple[Client, Collection]]:
        """The collection, and the connection; raises `ServerFailed` if they cannot be had."""
        return [(self._server.client, self.collection)]

    @property
    def collection(self) -> Collection:
        """The collection; raises `ServerFailed` if it cannot be had."""
        found = self._collection  # another thread may forget it meanwhile
        if found is None:
            with self._server.told():
                found = self._server.client.get_collection(self._name, embedding_function=None)
            self._collection = found
        return found

    def nearest(
        self, vector: NDArray[np.float32], k: int, where: dict[str, Any] | None
    ) -> list[str]:
        """Ids of the chunks of the k nearest records; none while the server fails."""
        try:
            with self._server.told():
                found = query(self.collection, vector, k, where)
        except ServerFailed as error:
            self._collection = None  # a server that was filled anew has another one
            if not self.problem:
                logger.warning("%s. Until then, answers come from words alone.", error)
            self.problem = f"{error}. Until then, answers come from words alone."
            return []
        self.problem = ""
        return [chunk for chunk, _ in found]

    def close(self) -> None:
        """Nothing is held; the connection is the server's."""


Vectors = EmbeddedVectors | ServedVectors


def open_vectors(folder: Path, manifest: Manifest, server: ChromaServer | None) -> Vectors:
    """Open the vectors of a snapshot.

    Raises:
        IndexDamaged: if a store of its own cannot be opened.
        IndexMismatch: if they are in a server and none is set, or the other way round.
        StorageFailed: if there is no room for a working copy of a store of its own.
    """
    check_place(folder, manifest.vectors, server)
    if server:
        return ServedVectors(server, manifest.vectors)
    return EmbeddedVectors(folder, manifest.stores)


def check_place(folder: Path, name: str, server: ChromaServer | None) -> None:
    """Compare where the vectors of a snapshot are with where they should be.

    Raises:
        IndexMismatch: if they are in a server and none is set, or the other way round.
    """
    index_dir = folder.parent.parent
    if name and not server:
        raise IndexMismatch(
            f"the vectors of the index in {index_dir} are in a Chroma server; set "
            "CITEWELL_CHROMA_URL to it, or name another folder with --index"
        )
    if server and not name:
        raise IndexMismatch(
            f"the index in {index_dir} keeps its vectors itself, but CITEWELL_CHROMA_URL is set; "
            "name another folder with --index, or bring this index into the server with: "
            "python -m ingest --rebuild"
        )


def query(
    collection: Collection, vector: NDArray[np.float32], k: int, where: dict[str, Any] | None
) -> list[tuple[str, float]]:
    """Ask for the chunks of the k nearest records, and their distances, nearest first.

    LangChain's wrapper fetches texts too, in seven times the time.
    """
    found = collection.query(
        query_embeddings=[vector.tolist()], n_results=k, where=where, include=["distances"]
    )
    distances: Any = found["distances"]
    return [(chunk_of(record), d) for record, d in zip(found["ids"][0], distances[0], strict=True)]


def count_missing(collection: Collection, records: Sequence[str]) -> int:
    """How many of some records a collection lacks."""
    return len(records) - len(collection.get(ids=list(records), include=[])["ids"])


def sample(records: Sequence[str]) -> Sequence[str]:
    """Some of the records, evenly spread."""
    return records[:: 1 + len(records) // SAMPLE]


def collection_name(snapshot: str) -> str:
    """Name the collection that begins with a snapshot."""
    return f"{PREFIX}{KIND}.{snapshot}"


def records_of(entries: Iterable[ArticleEntry]) -> Iterator[str]:
    """Name the records of all chunks of some articles, by the chunk and all that is said of it."""
    for entry in entries:
        told = (entry.text, entry.title, entry.source, entry.author, entry.published, entry.path)
        mark = text_hash(repr(told))[:16]
        yield from (f"{chunk}-{mark}" for chunk in entry.chunks)


def chunk_of(record: str) -> str:
    """The chunk that a record is about."""
    return record.partition("-")[0]
