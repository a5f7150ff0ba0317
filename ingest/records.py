"""What a vector store is told of the chunks of a new snapshot, read from its tables as needed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from contextlib import closing
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rag.article_table import ArticleTable
from rag.chunk_table import ChunkTable, rows_by_article
from rag.manifest import ArticleEntry, ChunkRow
from rag.tokens import TokenStore
from rag.vectors import chunk_of, records_of

BATCH = 256  # records at a time


@dataclass(frozen=True, slots=True)
class Batch:
    """Some records: their names, the vector and the text of each, what else is said of it."""

    names: Sequence[str]
    vectors: NDArray[np.float32]
    texts: Sequence[str]
    metadatas: Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class _Record:
    name: str
    row: ChunkRow
    text: str
    entry: ArticleEntry


class Records:
    """All records of a snapshot whose tables and tokens are written."""

    def __init__(self, folder: Path, entries: Sequence[ArticleEntry], tokens: TokenStore) -> None:
        """Take the folder, its articles, and the vectors of their texts."""
        self._entries = entries
        self._folder = folder
        self._tokens = tokens

    def names(self) -> Iterator[str]:
        """The names of all records."""
        return records_of(self._entries)

    def take(self, wanted: Set[str] | None = None) -> Iterator[Batch]:
        """Yield the records that are wanted, by name, or all; in the order of the chunks."""
        found = self._read(wanted)
        while batch := list(islice(found, BATCH)):
            yield self._batch(batch)

    def _read(self, wanted: Set[str] | None) -> Iterator[_Record]:
        places = rows_by_article(self._entries)
        count = sum(len(rows) for rows in places.values())
        owned = None if wanted is None else {chunk_of(name) for name in wanted}
        with (
            closing(ArticleTable(self._folder)) as articles,
            closing(ChunkTable(self._folder, count)) as chunks,
        ):
            for entry in self._entries:
                if owned is not None and owned.isdisjoint(entry.chunks):
                    continue
                text = articles.read(entry).text
                for name, number in zip(records_of([entry]), places[entry.id], strict=True):
                    if wanted is None or name in wanted:
                        row = chunks[number]
                        yield _Record(name, row, text[row.start : row.end], entry)

    def _batch(self, records: Sequence[_Record]) -> Batch:
        return Batch(
            names=[record.name for record in records],
            vectors=self._tokens.pooled([record.row.key for record in records]),
            texts=[record.text for record in records],
            metadatas=[metadata(record.row, record.entry) for record in records],
        )


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
