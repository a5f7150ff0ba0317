"""Bring the stores of a snapshot in line with its tables; only unknown texts are encoded."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from chromadb.api.models.Collection import Collection as ChromaCollection
from chromadb.errors import ChromaError
from numpy.typing import NDArray

from ingest.token_writer import TokenWriter
from rag.article_table import ArticleTable
from rag.encoder import Encoder
from rag.errors import CitewellError, IndexDamaged, StorageFailed
from rag.integrity import REPAIR
from rag.layout import COLLECTION, open_chroma
from rag.manifest import ArticleEntry, ChunkRow
from rag.tokens import TokenStore

BATCH = 128
ROOM = 1_000_000  # bytes; with less, whatever SQLite says, the disk is full
Vectors = dict[str, NDArray[np.float32]]


@dataclass(frozen=True)
class Embedding:
    """The vector store and the token store of the snapshot in `folder`."""

    folder: Path
    name: str
    encoder: Encoder
    progress: Callable[[str, int, int], None]

    def run(
        self,
        rows: Sequence[ChunkRow],
        entries: Sequence[ArticleEntry],
        old_rows: Collection[ChunkRow],
        fresh: Collection[str],
    ) -> tuple[TokenStore, int]:
        """Update both stores.

        Args:
            rows: all chunks of the new snapshot.
            entries: all its articles.
            old_rows: the chunks that the stores hold now.
            fresh: ids of the articles that were read anew.

        Returns:
            The token store, and how many chunks had to be encoded.
        """
        names = {path.name.split(".")[0] for path in (self.folder / "tokens").glob("*.texts.json")}
        stored = TokenStore.load(self.folder / "tokens", sorted(names))
        writer = TokenWriter(self.folder / "tokens", stored, self.name)
        titles = {e.title_hash: e.title for e in entries if e.title and e.title_hash not in stored}
        for key, encoded in zip(titles, self.encoder.encode(list(titles.values())), strict=True):
            writer.add(key, encoded)
        try:
            embedded = self._update_vectors(rows, entries, old_rows, fresh, writer)
        except ChromaError as error:
            raise self._told(error) from error
        live = dict.fromkeys(row.key for row in rows)
        live |= dict.fromkeys(entry.title_hash for entry in entries if entry.title)
        return writer.finish(list(live)), embedded

    def _update_vectors(
        self,
        rows: Sequence[ChunkRow],
        entries: Sequence[ArticleEntry],
        old_rows: Collection[ChunkRow],
        fresh: Collection[str],
        writer: TokenWriter,
    ) -> int:
        """Add, change and delete in Chroma; returns how many chunks were encoded."""
        by_id = {entry.id: entry for entry in entries}
        holder = {row.key: row.id for row in old_rows}  # some chunk that has this very text
        old_ids = {row.id for row in old_rows}
        todo = [row for row in rows if row.article_id in fresh or row.id not in old_ids]
        embedded = 0
        client = open_chroma(self.folder)
        try:
            collection = client.get_or_create_collection(
                COLLECTION, configuration={"hnsw": {"space": "cosine"}}, embedding_function=None
            )
            for done, batch in self._batches(todo):
                texts = self._texts(batch, by_id)
                unknown = {row.key: texts[row.id] for row in batch if row.key not in holder}
                vectors = self._vectors(collection, batch, holder, unknown, writer)
                embedded += len(unknown)
                collection.upsert(
                    ids=[row.id for row in batch],
                    embeddings=[vectors[row.key].tolist() for row in batch],
                    documents=[texts[row.id] for row in batch],
                    metadatas=[metadata(row, by_id[row.article_id]) for row in batch],
                )
                holder |= {row.key: row.id for row in batch}
                self.progress("embedding", done, len(todo))
            gone = sorted(old_ids - {row.id for row in rows})
            for start in range(0, len(gone), BATCH):
                collection.delete(ids=gone[start : start + BATCH])
        finally:
            client.close()
        return embedded

    def _told(self, error: ChromaError) -> CitewellError:
        """Tell a store that cannot be written from one that was damaged before we copied it."""
        free = shutil.disk_usage(self.folder).free
        # We copied the store without an error, so a disk that fails now is the one we write to.
        at_fault = ("full", "readonly", "disk I/O error", "unable to open")
        if free < ROOM or any(words in str(error) for words in at_fault):
            return StorageFailed(
                f"the vector store in {self.folder} cannot be written ({error}; {free / 1e6:.0f} "
                "MB are free); free some space there, or name another folder with --index. The "
                "index was left as it is"
            )
        return IndexDamaged(f"the vector store cannot be changed ({error}); {REPAIR}")

    def _vectors(
        self,
        collection: ChromaCollection,
        batch: Sequence[ChunkRow],
        holder: dict[str, str],
        unknown: dict[str, str],
        writer: TokenWriter,
    ) -> Vectors:
        """Vectors of a batch by text: looked up where the text is stored, else encoded."""
        vectors: Vectors = {}
        known = sorted({row.key for row in batch} - set(unknown))
        if known:
            found = collection.get(ids=[holder[key] for key in known], include=["embeddings"])
            place = dict(zip(found["ids"], found["embeddings"], strict=True))  # type: ignore[arg-type]
            vectors = {key: np.asarray(place[holder[key]], np.float32) for key in known}
        for key, encoded in zip(unknown, self.encoder.encode(list(unknown.values())), strict=True):
            writer.add(key, encoded)
            vectors[key] = encoded.vector
        return vectors

    def _texts(self, batch: Sequence[ChunkRow], by_id: dict[str, ArticleEntry]) -> dict[str, str]:
        """Texts of a batch of chunks by chunk id."""
        texts: dict[str, str] = {}
        table = ArticleTable(self.folder)
        articles = {
            article_id: table.read(by_id[article_id]).text
            for article_id in {row.article_id for row in batch}
        }
        table.close()
        for row in batch:
            texts[row.id] = articles[row.article_id][row.start : row.end]
        return texts

    @staticmethod
    def _batches(rows: Sequence[ChunkRow]) -> Iterator[tuple[int, Sequence[ChunkRow]]]:
        for start in range(0, len(rows), BATCH):
            yield min(start + BATCH, len(rows)), rows[start : start + BATCH]


def metadata(row: ChunkRow, entry: ArticleEntry) -> dict[str, Any]:
    """Describe a chunk to Chroma: what its filters need, and where the text is from."""
    published = int(entry.published.strftime("%Y%m%d")) if entry.published else 0
    return {
        "article_id": row.article_id,
        "start_index": row.start,
        "title": entry.title,
        "source": entry.source,
        "author": entry.author,
        "published": published,
        "path": entry.path,
    }
