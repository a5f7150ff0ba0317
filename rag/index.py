"""Opening the index: immutable snapshots, of which `CURRENT` names the one to read.

A reader opens a snapshot and never writes to it; a writer makes a new one and moves `CURRENT`.
So no reader sees half an update. This matters doubly for Chroma, whose embedded store keeps
answering from its first load when another process writes to it.
"""

from __future__ import annotations

import logging
import threading
import weakref
from collections.abc import Iterator, Sequence
from contextlib import suppress
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
from langchain_chroma import Chroma
from numpy.typing import NDArray

from rag.article_table import ArticleTable
from rag.chroma_server import ChromaServer
from rag.chunk_table import ChunkTable, rows_by_article
from rag.encoder import Encoder
from rag.errors import CitewellError, IndexDamaged, IndexMismatch, IndexMissing, ServerFailed
from rag.integrity import REPAIR, check_files
from rag.keyword import KeywordIndex
from rag.layout import (
    COLLECTION,
    current_snapshot,
    earlier_snapshots,
    open_chroma,
    snapshot_folder,
)
from rag.manifest import ArticleEntry, ChunkRow, Manifest
from rag.mirror import Mirror
from rag.tokens import TokenStore
from rag.types import Article, Filters, IndexStatus
from rag.vectors import Vectors, open_vectors

__all__ = [
    "COLLECTION",
    "Index",
    "Snapshot",
    "current_snapshot",
    "open_chroma",
    "snapshot_folder",
]

logger = logging.getLogger(__name__)


class Snapshot:
    """One snapshot, open for reading."""

    def __init__(self, folder: Path, encoder: Encoder, server: ChromaServer | None = None) -> None:
        """Open all parts and check that they are what was written.

        Nothing is opened by its path later on, so that a snapshot that is dropped while a reader
        holds it stays whole for that reader.

        Raises:
            IndexDamaged: if a part is missing or differs from what the manifest says.
            IndexMismatch: if it was built with another embedding model.
            ServerFailed: if its vectors are in a Chroma server, and none is set.
            StorageFailed: if there is no room for a working copy of the vector store.
        """
        self.folder = folder
        self._encoder = encoder
        self.manifest = Manifest.load(folder)
        self._check_model(encoder)
        check_files(folder, self.manifest.files)
        self.entries = {entry.id: entry for entry in self.manifest.articles}
        self._copies: dict[str, list[ArticleEntry]] = {}
        for entry in self.manifest.articles:
            if entry.copy_of:
                self._copies.setdefault(entry.copy_of, []).append(entry)
        ids = (chunk for entry in self.manifest.articles for chunk in entry.chunks)
        self.row_of = {chunk: row for row, chunk in enumerate(ids)}
        self.rows_of = rows_by_article(self.manifest.articles)
        self.keyword = KeywordIndex.load(folder / "keyword", self.manifest.chunk_count)
        self.tokens = TokenStore.load(folder / "tokens", self.manifest.segments)
        self._frequencies = load_frequencies(folder / "tokens")
        self.chunks = ChunkTable(folder, self.manifest.chunk_count)
        self._articles = ArticleTable(folder)
        self._read = lru_cache(maxsize=256)(self._articles.read)
        try:
            self._vectors = open_vectors(folder, self.manifest.vectors, server)
        except CitewellError:
            self._articles.close()
            self.chunks.close()
            raise
        # Also when the last question that used this snapshot is done, and at the end of a program.
        self._closing = weakref.finalize(self, _close, self._vectors, self._articles, self.chunks)

    def _check_model(self, encoder: Encoder) -> None:
        built_with = self.manifest.fingerprint
        if encoder.digest != built_with.digest:
            raise IndexMismatch(
                f"the index was built with the model {built_with.model}, but {encoder.name} is "
                "configured; set CITEWELL_EMBEDDING_MODEL back or rebuild the index with: "
                "python -m ingest --rebuild"
            )

    def token_frequency(self, pieces: NDArray[np.uint32]) -> NDArray[np.int64]:
        """In how many chunks each word piece occurs, shape as `pieces`."""
        known, counts = self._frequencies
        if not len(known):
            return np.zeros(len(pieces), dtype=np.int64)
        places = np.minimum(np.searchsorted(known, pieces), len(known) - 1)
        return np.where(known[places] == pieces, counts[places], 0).astype(np.int64)

    def accepted(self, filters: Filters | None) -> Iterator[ArticleEntry]:
        """The articles that a filter lets through."""
        for entry in self.manifest.articles:
            if not filters or filters.accept(entry.source, entry.author, entry.published):
                yield entry

    def outlets(self, article_id: str, filters: Filters | None = None) -> list[ArticleEntry]:
        """An article and its copies, as far as a filter lets them through."""
        found = [self.entries[article_id], *self._copies.get(article_id, ())]
        return [
            entry
            for entry in found
            if not filters or filters.accept(entry.source, entry.author, entry.published)
        ]

    def by_copy(self, filters: Filters | None) -> list[str]:
        """Ids of the articles that a filter lets through for the sake of a copy alone."""
        accepted = list(self.accepted(filters)) if filters and self._copies else []
        originals = {entry.copy_of for entry in accepted} - {entry.id for entry in accepted}
        return sorted(originals - {""})

    def allowed(self, filters: Filters | None) -> NDArray[np.bool_]:
        """Which chunks a filter lets through, shape (n,); for a copy, those of its original."""
        if not filters:
            return np.ones(len(self.chunks), dtype=bool)
        accepted = {entry.copy_of or entry.id for entry in self.accepted(filters)}
        entries = self.manifest.articles
        through = np.array([entry.id in accepted for entry in entries], dtype=bool)
        return np.repeat(through, [len(entry.chunks) for entry in entries])

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
    def vectors(self) -> Chroma:
        """The vector store as LangChain knows it; one in a server has no texts."""
        return Chroma(
            self._vectors.collection.name,
            embedding_function=self._encoder,
            client=self._vectors.client,
            create_collection_if_not_exists=False,
        )

    @property
    def problem(self) -> str:
        """Why answers come from words alone at the moment; empty if they do not."""
        return self._vectors.problem

    def count_missing(self, sample: Sequence[ChunkRow]) -> int:
        """How many of some chunks the vector store lacks."""
        return self._vectors.count_missing([self.record(row) for row in sample])

    def record(self, chunk: ChunkRow) -> str:
        """Name the record of a chunk in the vector store."""
        return self._vectors.record(chunk.id, self.entries[chunk.article_id])

    def count_strangers(self) -> int:
        """By how many records the vector store differs from the chunks, if it is theirs alone."""
        if self._vectors.shared:
            return 0
        return self._vectors.collection.count() - len(self.chunks)

    def article(self, article_id: str) -> Article:
        """Read an article.

        Raises:
            KeyError: if the snapshot does not hold it.
            IndexDamaged: if its text is not what was written.
        """
        return self._read(self.entries[article_id])

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
        """Let go of all files."""
        self._closing()


def load_frequencies(folder: Path) -> tuple[NDArray[np.uint32], NDArray[np.int64]]:
    """Read in how many chunks each word piece occurs.

    Raises:
        IndexDamaged: if the table cannot be read.
    """
    try:
        with (folder / "token_df.npz").open("rb") as stream, np.load(stream) as table:
            return table["pieces"], table["counts"]
    except (OSError, ValueError, KeyError, EOFError, BadZipFile) as error:
        raise IndexDamaged(
            f"the word frequencies of the index cannot be read ({error}); {REPAIR}"
        ) from error


def _close(*parts: Vectors | ArticleTable | ChunkTable) -> None:
    for part in parts:
        part.close()


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
                self._snapshot = None  # whoever still reads from it holds it
                self._snapshot = self._reopen()
            return self._snapshot

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
                f"there is no index in {self.index_dir}; build one with: python -m ingest"
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
