"""The tables of a new snapshot: its articles, their chunks, and the terms of each chunk."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from ingest.embed import NewChunk, metadata
from ingest.gather import Gathered, Previous
from rag.article_table import NAME, article_line
from rag.keyword import keywords
from rag.manifest import ArticleEntry, ChunkRow, load_chunks
from rag.term_counts import StoredCounts, TermCounts
from rag.tokens import text_hash
from rag.types import Article


@dataclass
class Tables:
    """What a snapshot in the making will hold, written as it is gathered.

    `cut`: cuts an article into chunks. `base`: the snapshot whose chunks are taken over; `None` to
    cut all articles anew. `rows`: the chunks, and the hash of each one's text. `new`: how many of
    them the stores do not hold as they are now. `changes`: paths of the articles by what happened
    to them.
    """

    folder: Path
    cut: Callable[[Article], list[ChunkRow]]
    base: Previous | None
    entries: list[ArticleEntry] = field(default_factory=list)
    rows: dict[str, str] = field(default_factory=dict)
    changes: dict[str, list[str]] = field(default_factory=dict)
    new: int = 0

    def write(self, gathered: Iterable[Gathered]) -> Generator[NewChunk, None, None]:
        """Write all articles and their chunks; yield the chunks of those that are new."""
        old = {e.id: e.chunks for e in self.base.manifest.articles} if self.base else {}
        with (
            (self.folder / NAME).open("wb") as articles,
            (self.folder / "chunks.jsonl").open("wb") as lines,
        ):
            for found in gathered:
                article = found.article
                same = article.id in old and found.change in ("unchanged", "kept")
                rows = (
                    [self.old_rows[chunk] for chunk in old[article.id]]
                    if same
                    else self.cut(article)
                )
                entry = entry_of(found, rows, articles.tell())
                articles.write(found.line or article_line(article))
                lines.writelines(row.to_line() for row in rows)
                self.entries.append(entry)
                self.changes.setdefault(found.change, []).append(article.path)
                for row in rows:
                    self.rows[row.id] = row.key
                    text = article.text[row.start : row.end]
                    self._count(row, f"{article.title}\n{text}", same)
                    if not same:
                        self.new += 1
                        yield NewChunk(row, text, metadata(row, entry))

    @cached_property
    def old_rows(self) -> dict[str, ChunkRow]:
        """The chunks of the snapshot to start from, by id."""
        if not self.base:
            return {}
        rows = load_chunks(self.base.folder, self.base.manifest.chunk_count)
        return {row.id: row for row in rows}

    @cached_property
    def counts(self) -> TermCounts:
        """How often each term occurs in the chunks written so far, and in their titles."""
        return TermCounts(self._stored.vocabulary if self._stored else None)

    @cached_property
    def _stored(self) -> StoredCounts | None:
        try:
            base = self.base
            return (
                StoredCounts(base.folder / "keyword", base.manifest.chunk_count) if base else None
            )
        except (OSError, ValueError, EOFError):  # older versions did not keep them
            return None

    @cached_property
    def _old_places(self) -> dict[str, int]:
        return {chunk: place for place, chunk in enumerate(self.old_rows)}

    def _count(self, row: ChunkRow, text: str, same: bool) -> None:
        if same and self._stored:
            self.counts.take(self._stored, self._old_places[row.id])
        else:
            self.counts.add(keywords(text))


def entry_of(found: Gathered, rows: Sequence[ChunkRow], offset: int) -> ArticleEntry:
    """Write what the manifest says of an article."""
    article = found.article
    return ArticleEntry(
        id=article.id,
        path=article.path,
        file=found.file,
        content=found.content,
        text=text_hash(article.text),
        title=article.title,
        title_hash=text_hash(article.title) if article.title else "",
        source=article.source,
        author=article.author,
        published=article.published,
        offset=offset,
        chunks=tuple(row.id for row in rows),
    )
