"""The index on disk: immutable snapshots, of which `CURRENT` names the one to read.

    index_dir/CURRENT                 id of the current snapshot, replaced atomically
    index_dir/write.lock              held by the one process that may publish
    index_dir/snapshots/<id>/
        chroma/                       vectors of the chunks (Chroma, cosine)
        keyword/                      BM25 over the same chunks
        tokens/                       token vectors of chunks and titles, token_df, basis
        articles.jsonl, chunks.jsonl  cleaned texts; the table of chunks
        manifest.json                 written last

A reader opens a snapshot and never writes to it; a writer makes a new one and moves `CURRENT`.
So no reader sees half an update. This matters doubly for Chroma, whose embedded store keeps
answering from its first load when another process writes to it.
"""

from __future__ import annotations

import threading
from functools import cached_property, lru_cache, partial
from pathlib import Path
from typing import Any, cast
from zipfile import BadZipFile

import chromadb
import numpy as np
from chromadb.api.client import Client
from chromadb.config import Settings as ChromaSettings
from langchain_chroma import Chroma
from numpy.typing import NDArray

from rag.encoder import Encoder
from rag.errors import IndexDamaged, IndexMismatch, IndexMissing
from rag.keyword import KeywordIndex
from rag.manifest import REBUILD, Manifest, load_chunks, read_article
from rag.tokens import TokenStore
from rag.types import Article, Filters, IndexStatus

COLLECTION = "articles"


def snapshot_folder(index_dir: Path, snapshot: str) -> Path:
    """Folder of a snapshot."""
    return index_dir / "snapshots" / snapshot


def current_snapshot(index_dir: Path) -> str | None:
    """Id of the current snapshot; `None` if nothing was published yet."""
    try:
        return (index_dir / "CURRENT").read_text(encoding="utf-8").strip() or None
    except FileNotFoundError:
        return None


def open_chroma(folder: Path) -> Client:
    """Open the Chroma store in a snapshot; it reports nothing to anyone."""
    client = chromadb.PersistentClient(
        path=str(folder / "chroma"),
        settings=ChromaSettings(anonymized_telemetry=False, is_persistent=True),
    )
    return cast(Client, client)  # its declared type lacks close()


class Snapshot:
    """One snapshot, open for reading."""

    def __init__(self, folder: Path, encoder: Encoder) -> None:
        """Open all parts and check that they belong together.

        Raises:
            IndexDamaged: if a part is missing or has another size than the manifest says.
            IndexMismatch: if it was built with another embedding model.
        """
        self.folder = folder
        self.manifest = Manifest.load(folder)
        self._check_model(encoder)
        self.chunks = load_chunks(folder, self.manifest.chunk_count)
        self.entries = {entry.id: entry for entry in self.manifest.articles}
        self.row_of = {chunk.id: row for row, chunk in enumerate(self.chunks)}
        self.rows_of: dict[str, list[int]] = {}
        for row, chunk in enumerate(self.chunks):
            self.rows_of.setdefault(chunk.article_id, []).append(row)
        self.keyword = KeywordIndex.load(folder / "keyword", len(self.chunks))
        self.tokens = TokenStore.load(folder / "tokens", self.manifest.segments)
        self._read_article = lru_cache(maxsize=256)(partial(read_article, folder))
        try:
            self._client = open_chroma(folder)
            self.vectors = Chroma(
                COLLECTION,
                embedding_function=encoder,
                client=self._client,
                create_collection_if_not_exists=False,
            )
            self._collection = self._client.get_collection(COLLECTION, embedding_function=None)
        except Exception as error:  # chromadb raises its own, sqlite's and rust's errors here
            raise IndexDamaged(f"the vector store cannot be opened ({error}); {REBUILD}") from error

    def _check_model(self, encoder: Encoder) -> None:
        built_with = self.manifest.fingerprint
        if encoder.digest != built_with.digest:
            raise IndexMismatch(
                f"the index was built with the model {built_with.model}, but {encoder.name} is "
                "configured; set CITEWELL_EMBEDDING_MODEL back or rebuild the index with: "
                "python -m ingest --rebuild"
            )

    @cached_property
    def _frequencies(self) -> tuple[NDArray[np.uint32], NDArray[np.int64]]:
        try:
            file = self.folder / "tokens" / "token_df.npz"
            with file.open("rb") as stream, np.load(stream) as table:
                return table["pieces"], table["counts"]
        except (OSError, ValueError, KeyError, EOFError, BadZipFile) as error:
            raise IndexDamaged(
                f"the word frequencies of the index cannot be read ({error}); {REBUILD}"
            ) from error

    def token_frequency(self, pieces: NDArray[np.uint32]) -> NDArray[np.int64]:
        """In how many chunks each word piece occurs, shape as `pieces`."""
        known, counts = self._frequencies
        if not len(known):
            return np.zeros(len(pieces), dtype=np.int64)
        places = np.minimum(np.searchsorted(known, pieces), len(known) - 1)
        return np.where(known[places] == pieces, counts[places], 0).astype(np.int64)

    def allowed(self, filters: Filters | None) -> NDArray[np.bool_]:
        """Which chunks a filter lets through, shape (n,)."""
        if not filters:
            return np.ones(len(self.chunks), dtype=bool)
        accepted = {
            entry.id
            for entry in self.manifest.articles
            if filters.accept(entry.source, entry.author, entry.published)
        }
        return np.array([chunk.article_id in accepted for chunk in self.chunks], dtype=bool)

    def nearest(
        self, vector: NDArray[np.float32], k: int, where: dict[str, Any] | None
    ) -> list[int]:
        """Rows of the k chunks nearest to a vector, nearest first.

        Asks Chroma for ids alone: the LangChain wrapper fetches texts too, in seven times the time.
        """
        found = self._collection.query(
            query_embeddings=[vector.tolist()],
            n_results=min(k, len(self.chunks)),
            where=where,
            include=[],
        )
        return [self.row_of[chunk_id] for chunk_id in found["ids"][0]]

    def article(self, article_id: str) -> Article:
        """Read an article.

        Raises:
            KeyError: if the snapshot does not hold it.
        """
        return self._read_article(self.entries[article_id].offset)

    def status(self) -> IndexStatus:
        """Summarise what is in the snapshot."""
        entries = self.manifest.articles
        dates = sorted(entry.published for entry in entries if entry.published)
        return IndexStatus(
            snapshot=self.manifest.snapshot,
            updated=self.manifest.created,
            articles=len(entries),
            chunks=len(self.chunks),
            sources=tuple(sorted({entry.source for entry in entries if entry.source})),
            first_published=dates[0] if dates else None,
            last_published=dates[-1] if dates else None,
            model=self.manifest.fingerprint.model,
        )

    def close(self) -> None:
        """Let go of the store's files."""
        self._client.close()

    def __del__(self) -> None:
        """Close when the last question that used this snapshot is done."""
        if hasattr(self, "_client"):
            self.close()


class Index:
    """The current snapshot of an index folder; looks for a newer one before each use."""

    def __init__(self, index_dir: Path, encoder: Encoder) -> None:
        """Name the folder; nothing is opened yet."""
        self.index_dir = index_dir
        self._encoder = encoder
        self._lock = threading.Lock()
        self._snapshot: Snapshot | None = None

    def current(self) -> Snapshot:
        """The current snapshot, reopened if a newer one was published.

        Raises:
            IndexMissing: if nothing was indexed yet.
        """
        with self._lock:
            name = current_snapshot(self.index_dir)
            if name is None:
                raise IndexMissing(
                    f"there is no index in {self.index_dir}; build one with: python -m ingest"
                )
            if self._snapshot is None or self._snapshot.folder.name != name:
                self._snapshot = Snapshot(snapshot_folder(self.index_dir, name), self._encoder)
            return self._snapshot
