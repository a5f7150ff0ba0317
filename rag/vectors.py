"""The vectors of a snapshot, open for reading: in a store of its own, or in a Chroma server.

A store of its own holds the snapshot's chunks and no others; a record goes by the chunk's id.

In a server, snapshots that grew from each other share a collection, for to copy it at each change
would take as long as to make it. A record never changes: its id says what it says, so a chunk of
which something else is to be told is another record. Whoever reads skips records of others; what
no snapshot holds any more is deleted.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from rag.chroma_server import PREFIX, ChromaServer
from rag.errors import IndexDamaged, IndexMismatch, ServerFailed
from rag.integrity import REPAIR
from rag.layout import COLLECTION, open_chroma
from rag.manifest import ArticleEntry
from rag.tokens import text_hash
from rag.workspace import Workspace

if TYPE_CHECKING:
    from chromadb.api.client import Client
    from chromadb.api.models.Collection import Collection

KIND = "vectors"  # of our collections in a server

logger = logging.getLogger(__name__)


class EmbeddedVectors:
    """The store in the folder of a snapshot; a copy of it is opened, see `rag.workspace`."""

    problem = ""  # why no vectors can be had at the moment

    def __init__(self, folder: Path, *, in_place: bool = False) -> None:
        """Open it.

        Args:
            folder: of the snapshot.
            in_place: open the store itself, as only its writer may.

        Raises:
            IndexDamaged: if it cannot be opened.
            StorageFailed: if there is no room for a working copy.
        """
        self._workspace: Workspace | None = None
        try:
            if not in_place:
                self._workspace = Workspace(folder / "chroma")
                folder = self._workspace.folder
        except OSError as error:
            raise IndexDamaged(f"the vector store cannot be read ({error}); {REPAIR}") from error
        try:
            self.client = open_chroma(folder)
            self.collection = self.client.get_collection(COLLECTION, embedding_function=None)
        except Exception as error:  # chromadb raises its own, sqlite's and rust's errors here
            self._leave()
            raise IndexDamaged(f"the vector store cannot be opened ({error}); {REPAIR}") from error

    def nearest(
        self, vector: NDArray[np.float32], k: int, where: dict[str, Any] | None
    ) -> list[str]:
        """Ids of the k nearest chunks, nearest first."""
        return query(self.collection, vector, k, where)

    @staticmethod
    def record(chunk_id: str, entry: ArticleEntry) -> str:
        """Name the record of a chunk."""
        return chunk_id

    def count(self) -> int | None:
        """How many records there are; `None` where other snapshots have records there, too."""
        return self.collection.count()

    def count_missing(self, records: Sequence[str]) -> int:
        """How many of some records the store lacks."""
        return count_missing(self.collection, records)

    def close(self) -> None:
        """Let go of all files."""
        self.client.close()
        self._leave()

    def _leave(self) -> None:
        if self._workspace:
            self._workspace.close()


class ServedVectors:
    """The vectors in a collection of a Chroma server.

    While the server fails nothing is near to anything, so that answers come from words alone;
    `problem` tells.
    """

    def __init__(self, server: ChromaServer, name: str) -> None:
        """Name the collection; it is looked for when it is needed."""
        self.problem = ""
        self._server = server
        self._name = name
        self._collection: Collection | None = None

    @property
    def client(self) -> Client:
        """The connection; raises `ServerFailed` if there is none."""
        return self._server.client

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
        return found

    @staticmethod
    def record(chunk_id: str, entry: ArticleEntry) -> str:
        """Name the record of a chunk."""
        return record_id(chunk_id, entry)

    def count(self) -> int | None:
        """Not known: other snapshots have records there, too."""
        return None

    def count_missing(self, records: Sequence[str]) -> int:
        """How many of some records the server lacks."""
        with self._server.told():
            return count_missing(self.collection, records)

    def close(self) -> None:
        """Nothing is held; the connection is the server's."""


Vectors = EmbeddedVectors | ServedVectors


def open_vectors(
    folder: Path, name: str, server: ChromaServer | None, *, in_place: bool = False
) -> Vectors:
    """Open the vectors of a snapshot; `name` is that of its collection in a server, if any.

    `in_place`: open a store of its own where it is, as only its writer may.

    Raises:
        IndexDamaged: if its own store cannot be opened.
        IndexMismatch: if they are in a server and none is set, or the other way round.
    """
    check_place(folder, name, server)
    if server:
        return ServedVectors(server, name)
    return EmbeddedVectors(folder, in_place=in_place)


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
) -> list[str]:
    """Ask for ids alone: LangChain's wrapper fetches texts too, in seven times the time."""
    found = collection.query(
        query_embeddings=[vector.tolist()], n_results=k, where=where, include=[]
    )
    return [chunk_of(record) for record in found["ids"][0]]


def count_missing(collection: Collection, records: Sequence[str]) -> int:
    """How many of some records a collection lacks."""
    return len(records) - len(collection.get(ids=list(records), include=[])["ids"])


def collection_name(snapshot: str) -> str:
    """Name the collection that begins with a snapshot."""
    return f"{PREFIX}{KIND}.{snapshot}"


def record_id(chunk_id: str, entry: ArticleEntry) -> str:
    """Name the record of a chunk in a server, by all that it says of it."""
    told = (entry.text, entry.title, entry.source, entry.author, entry.published, entry.path)
    return f"{chunk_id}-{text_hash(repr(told))[:16]}"


def records_of(
    record: Callable[[str, ArticleEntry], str], entries: Iterable[ArticleEntry]
) -> Iterator[str]:
    """Name the records of all chunks of some articles, by a store's way to name one."""
    return (record(chunk, entry) for entry in entries for chunk in entry.chunks)


def chunk_of(record: str) -> str:
    """The chunk that a record is about, in either kind of store."""
    return record.partition("-")[0]
