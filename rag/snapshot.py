"""One snapshot of an index, open for reading: its contents and its vectors."""

from __future__ import annotations

import weakref
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from langchain_chroma import Chroma
from numpy.typing import NDArray

from rag.article_table import ArticleTable
from rag.chroma_server import ChromaServer
from rag.chunk_table import ChunkTable
from rag.contents import Contents
from rag.encoder import Encoder
from rag.errors import CitewellError
from rag.store import Store
from rag.vectors import Vectors, open_vectors


class Snapshot(Contents):
    """One snapshot, open for reading."""

    def __init__(self, folder: Path, encoder: Encoder, server: ChromaServer | None = None) -> None:
        """Open all parts and check that they are what was written.

        Raises:
            IndexDamaged: if a part is missing or differs from what the manifest says.
            IndexMismatch: if it was built with another embedding model.
            ServerFailed: if its vectors are in a Chroma server, and none is set.
            StorageFailed: if there is no room for a working copy of the vector store.
        """
        super().__init__(folder, encoder)
        self._encoder = encoder
        try:
            self._vectors = open_vectors(folder, self.manifest, server)
        except CitewellError:
            super().close()
            raise
        # Also when the last question that used this snapshot is done, and at the end of a program.
        self._closing = weakref.finalize(self, _close, self._vectors, self._articles, self.chunks)

    def nearest(
        self,
        vector: NDArray[np.float32],
        k: int,
        where: dict[str, Any] | None,
        allowed: NDArray[np.bool_] | None = None,
    ) -> list[int]:
        """Rows of the k chunks nearest to a vector, nearest first.

        `where` and `allowed` say the same, to Chroma and to us: in a collection that snapshots
        share, a record of another one may let a chunk through.
        """
        wanted = k = min(k, len(self.chunks))
        while True:
            found = self._vectors.nearest(vector, wanted, where)
            known = (self.row_of.get(chunk) for chunk in dict.fromkeys(found))
            rows = [row for row in known if row is not None and (allowed is None or allowed[row])]
            if len(rows) >= k or len(found) < wanted:
                return rows[:k]
            wanted *= 2  # records of other snapshots are in between

    @cached_property
    def vector_stores(self) -> list[Chroma]:
        """The vector store as LangChain knows it, or the two; one in a server has no texts."""
        return [
            Chroma(
                collection.name,
                embedding_function=self._encoder,
                client=client,
                create_collection_if_not_exists=False,
            )
            for client, collection in self._vectors.collections
        ]

    @property
    def problem(self) -> str:
        """Why answers come from words alone at the moment; empty if they do not."""
        return self._vectors.problem

    @property
    def open_stores(self) -> Sequence[Store]:
        """The vector stores that the next snapshot may share, for as long as they are held."""
        return self._vectors.stores

    def close(self) -> None:
        """Let go of all files."""
        self._closing()


def _close(*parts: Vectors | ArticleTable | ChunkTable) -> None:
    for part in parts:
        part.close()
