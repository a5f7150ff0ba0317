"""All of a snapshot but its vectors, open for reading: texts, chunks, keywords, token vectors."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from rag.article_table import ArticleTable
from rag.chunk_table import ChunkTable, rows_by_article
from rag.encoder import Encoder
from rag.errors import IndexDamaged, IndexMismatch
from rag.integrity import REPAIR, check_files
from rag.keyword import KeywordIndex
from rag.manifest import ArticleEntry, Manifest
from rag.tokens import TokenStore
from rag.types import Article, Filters, IndexStatus


class Contents:
    """What a snapshot says of its articles and chunks, by itself."""

    def __init__(self, folder: Path, encoder: Encoder) -> None:
        """Open the parts and check that all files of the snapshot are what was written.

        Nothing is opened by its path later on, so that a snapshot that is dropped while a reader
        holds it stays whole for that reader.

        Raises:
            IndexDamaged: if a part is missing or differs from what the manifest says.
            IndexMismatch: if it was built with another embedding model.
        """
        self.folder = folder
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

    def having(self, terms: Iterable[str]) -> list[str]:
        """Ids of the articles that have all of some index terms; of copies, their originals."""
        entries = self.manifest.articles
        owners = np.repeat(np.arange(len(entries)), [len(entry.chunks) for entry in entries])
        have = np.ones(len(entries), dtype=bool)
        for term in terms:
            has_term = np.zeros(len(entries), dtype=bool)
            has_term[owners[self.keyword.rows_with(term)]] = True
            have &= has_term
        return [entries[i].id for i in np.flatnonzero(have).tolist()]

    def article(self, article_id: str) -> Article:
        """Read an article.

        Raises:
            KeyError: if the snapshot does not hold it.
            IndexDamaged: if its text is not what was written.
        """
        return self._read(self.entries[article_id])

    def titled_text(self, row: int) -> str:
        """The text of a chunk under the title of its article, as the keyword index has it."""
        chunk = self.chunks[row]
        article = self.article(chunk.article_id)
        return f"{article.title}\n{article.text[chunk.start : chunk.end]}"

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
        """Let go of all files; may be called again."""
        self._articles.close()
        self.chunks.close()


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
