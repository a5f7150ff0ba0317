"""Fill the folder of a new snapshot: the tables first, then the stores, the manifest last."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path

from ingest.articles import read_article, read_bytes
from ingest.chunking import CHUNKER, SentenceSplitter, chunk_article
from ingest.embed import Embedding
from ingest.errors import Failure, Unreadable
from ingest.plan import Plan
from ingest.token_writer import save_frequencies
from rag.encoder import Encoder
from rag.keyword import KeywordIndex
from rag.manifest import (
    ArticleEntry,
    ChunkRow,
    Fingerprint,
    Manifest,
    load_chunks,
    read_articles,
    write_articles,
)
from rag.manifest import read_article as read_stored
from rag.tokens import text_hash
from rag.types import Article

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Previous:
    """The snapshot to start from; `reuse` is off when everything is to be made anew."""

    folder: Path
    manifest: Manifest
    reuse: bool


@dataclass
class Build:
    """A snapshot in the making."""

    folder: Path
    name: str
    encoder: Encoder
    previous: Previous | None
    max_file_bytes: int
    progress: Progress
    failures: list[Failure] = field(default_factory=list)
    entries: list[ArticleEntry] = field(default_factory=list)
    rows: list[ChunkRow] = field(default_factory=list)
    fresh: set[str] = field(default_factory=set)

    def run(self, plan: Plan, examples: Sequence[str]) -> int:
        """Build all parts; returns how many chunks were embedded."""
        offsets = write_articles(self.folder, self._articles(plan))
        if not self.entries:  # nothing will be published
            return 0
        self.entries = [replace(entry, offset=offsets[entry.id]) for entry in self.entries]
        with (self.folder / "chunks.jsonl").open("w", encoding="utf-8") as lines:
            lines.writelines(row.to_line() + "\n" for row in self.rows)
        embedding = Embedding(self.folder, self.name, self.encoder, self.progress)
        tokens, embedded = embedding.run(self.rows, self.entries, self._old_rows, self.fresh)
        save_frequencies(self.folder / "tokens", tokens, (row.key for row in self.rows))
        KeywordIndex.build(self._keyword_texts()).save(self.folder / "keyword")
        Manifest(
            snapshot=self.name,
            created=datetime.now(UTC),
            fingerprint=fingerprint(self.encoder),
            segments=tuple(segment.name for segment in tokens.segments),
            chunk_count=len(self.rows),
            articles=tuple(self.entries),
            examples=tuple(examples),
        ).save(self.folder)
        return embedded

    def _articles(self, plan: Plan) -> Iterator[Article]:
        """Yield the articles of the new snapshot in order, noting the entry and chunks of each."""
        splitter = SentenceSplitter(self.encoder.count_tokens)
        known = {e.path: e for e in self.previous.manifest.articles} if self.previous else {}
        old_rows: dict[str, list[ChunkRow]] = {}
        for row in self._old_rows:
            old_rows.setdefault(row.article_id, []).append(row)
        keys = sorted([*plan.read, *plan.keep])
        for done, key in enumerate(keys, start=1):
            self.progress("reading", done, len(keys))
            read = self._read(key, plan.read[key]) if key in plan.read else None
            if read:
                article, content = read
                self.fresh.add(article.id)
            elif self.previous and key in known:
                article = read_stored(self.previous.folder, known[key].offset)
                content = known[key].content
            else:
                continue
            unread = read is None and article.id in old_rows
            rows = old_rows[article.id] if unread else chunk_article(article, splitter)
            self.rows += rows
            self.entries.append(entry_of(article, content, rows))
            yield article

    def _read(self, key: str, file: Path) -> tuple[Article, str] | None:
        """Read a file and hash what was read; a failure is noted, and its old version stays."""
        try:
            content = read_bytes(file, self.max_file_bytes)
            article = read_article(key, file.suffix, content)
        except Unreadable as error:
            self.failures.append(Failure(key, str(error)))
            return None
        return article, hashlib.sha256(content).hexdigest()

    @cached_property
    def _old_rows(self) -> list[ChunkRow]:
        """The chunks of the snapshot to start from: read once, used for the tables and stores."""
        if not self.previous or not self.previous.reuse:
            return []
        return load_chunks(self.previous.folder, self.previous.manifest.chunk_count)

    def _keyword_texts(self) -> Iterator[str]:
        """Yield what the keyword index knows of each chunk: its title and its text."""
        rows = iter(self.rows)
        for entry, article in zip(self.entries, read_articles(self.folder), strict=True):
            for _ in entry.chunks:
                row = next(rows)
                yield f"{article.title}\n{article.text[row.start : row.end]}"


def entry_of(article: Article, content: str, rows: Sequence[ChunkRow]) -> ArticleEntry:
    """Write what the manifest says of an article; `content` is the hash of its file."""
    return ArticleEntry(
        id=article.id,
        path=article.path,
        content=content,
        text=text_hash(article.text),
        title=article.title,
        title_hash=text_hash(article.title) if article.title else "",
        source=article.source,
        author=article.author,
        published=article.published,
        offset=0,
        chunks=tuple(row.id for row in rows),
    )


def fingerprint(encoder: Encoder) -> Fingerprint:
    """Say what the content of an index depends on besides the articles."""
    return Fingerprint(model=encoder.name, digest=encoder.digest, chunker=CHUNKER)
