"""The tables of a new snapshot: its articles, their chunks, and the terms of each chunk."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import BinaryIO

from ingest.copies import find_copies
from ingest.gather import Gathered, Kept, Previous
from ingest.sketches import Sketches
from rag.article_table import IN_ORDER, NAME, ArticleTable
from rag.chunk_table import NAME as CHUNKS
from rag.chunk_table import ChunkTable, rows_by_article
from rag.keyword import keywords
from rag.manifest import ArticleEntry, ChunkRow
from rag.term_counts import StoredCounts, TermCounts
from rag.tokens import text_hash
from rag.types import Article

Cut = Callable[[Iterable[Article], Iterable[str]], Iterator[tuple[Article, Sequence[ChunkRow]]]]


@dataclass
class Tables:
    """What a snapshot in the making will hold, written as it is gathered.

    `cut`: cuts articles into chunks, one after the other; it is told which texts are stored, by
    their hashes. `base`: the snapshot whose chunks are taken over; `None` to cut all articles anew.
    `keys`: the hash of each chunk's text, in order. `new`: how many chunks the stores do not hold
    as they are now. `changes`: paths of the articles by what happened to them.
    """

    folder: Path
    cut: Cut
    base: Previous | None
    entries: list[ArticleEntry] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    changes: dict[str, list[str]] = field(default_factory=dict)
    new: int = 0
    _same: set[str] = field(default_factory=set)  # ids of articles that are as they were in `base`
    _taken: range = range(0)  # rows of `base` that are taken over, but not written yet

    def __post_init__(self) -> None:
        """Take over what the snapshot to start from knows of copies."""
        self._sketches = Sketches(self.base)

    def write_articles(self, gathered: Iterable[Gathered | Kept]) -> None:
        """Write all articles, and take down what copies are told by."""
        with (self.folder / NAME).open("wb", IN_ORDER) as lines:
            offset = 0
            for found in gathered:
                entry = entry_of(found, offset)
                offset += lines.write(found.line)
                same = entry.id in self.old_entries and found.change in ("unchanged", "kept")
                self._sketches.add(entry.id, found.read, same)
                if same:
                    self._same.add(entry.id)
                self.entries.append(entry)
                self.changes.setdefault(found.change, []).append(found.path)

    def write_chunks(self) -> Generator[tuple[str, str], None, None]:
        """Write the chunks of all articles but copies; yield hash and text of new ones."""
        with (
            closing(ArticleTable(self.folder)) as table,
            (self.folder / CHUNKS).open("wb") as lines,
        ):
            originals, verdicts = find_copies(self.entries, self._sketches, table.read)
            self._sketches.save(self.folder, verdicts)
            others = [e for place, e in enumerate(self.entries) if place not in originals]
            anew = (table.read(entry) for entry in others if not self._chunks_before(entry))
            cut = self.cut(anew, self.old_keys)
            for place, entry in enumerate(self.entries):
                if place in originals:
                    copied = self.entries[originals[place]].id
                    self.entries[place] = replace(entry, chunks=(), copy_of=copied)
                elif before := self._chunks_before(entry):
                    if entry.chunks is not before or entry.copy_of:
                        self.entries[place] = replace(entry, chunks=before, copy_of="")
                    self._take_over(self._old_places[entry.id], lines)
                else:
                    self._write_taken(lines)
                    article, rows = next(cut)
                    chunks = tuple(row.id for row in rows)
                    self.entries[place] = replace(entry, chunks=chunks, copy_of="")
                    yield from self._new_chunks(article, rows, lines)
            self._write_taken(lines)

    def _chunks_before(self, entry: ArticleEntry) -> tuple[str, ...]:
        """The chunks that an article has in the snapshot to start from, if it is as it was.

        It may be as it was and yet have had no chunks so far, for it was a copy.
        """
        return self.old_entries[entry.id].chunks if entry.id in self._same and self._stored else ()

    def _take_over(self, rows: range, lines: BinaryIO) -> None:
        """Take the chunks of an article that is as it was; those that follow go at one stroke."""
        if rows.start != self._taken.stop:
            self._write_taken(lines)
            self._taken = range(rows.start, rows.start)
        self._taken = range(self._taken.start, rows.stop)

    def _write_taken(self, lines: BinaryIO) -> None:
        """Write the chunks that were taken over and wait."""
        rows, self._taken = self._taken, range(0)
        if rows and self._old_chunks and self._stored:
            lines.write(self._old_chunks.lines(rows))
            self.counts.take(self._stored, rows)
            self.keys += self.old_keys[rows.start : rows.stop]

    def _new_chunks(
        self, article: Article, rows: Sequence[ChunkRow], lines: BinaryIO
    ) -> Iterator[tuple[str, str]]:
        """Write the chunks of an article that was cut, count their terms, and yield their texts."""
        for row in rows:
            text = article.text[row.start : row.end]
            lines.write(row.to_line())
            self.keys.append(row.key)
            self.counts.add(keywords(f"{article.title}\n{text}"))
            self.new += 1
            yield row.key, text

    def close(self) -> None:
        """Let go of all that is needed only to write; may be called again."""
        self.entries, self.keys = [], []
        for name in ("counts", "old_keys", "_old_places", "_stored"):
            vars(self).pop(name, None)
        chunks = vars(self).pop("_old_chunks", None)
        if chunks is not None:  # it may be there and hold none
            chunks.close()

    @cached_property
    def old_entries(self) -> dict[str, ArticleEntry]:
        """The articles of the snapshot to start from, by id."""
        return {entry.id: entry for entry in self.base.manifest.articles} if self.base else {}

    @cached_property
    def old_keys(self) -> list[str]:
        """The hash of the text of each chunk of the snapshot to start from, in order."""
        return list(self._old_chunks.keys()) if self._old_chunks else []

    @cached_property
    def _old_chunks(self) -> ChunkTable | None:
        """The chunks of the snapshot to start from."""
        base = self.base
        return ChunkTable(base.folder, base.manifest.chunk_count) if base else None

    @cached_property
    def _old_places(self) -> dict[str, range]:
        return rows_by_article(self.old_entries.values())

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


def entry_of(found: Gathered | Kept, offset: int) -> ArticleEntry:
    """Write what the manifest says of an article; of its chunks, what it said before, if at all."""
    if isinstance(found, Kept):
        entry = found.entry
        return entry if entry.offset == offset else replace(entry, offset=offset)
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
    )
