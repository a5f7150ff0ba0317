"""Fill the folder of a new snapshot: the tables first, then the stores, the manifest last."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path

from ingest.chunking import SentenceSplitter, chunk_article
from ingest.embed import Embedding
from ingest.fingerprint import fingerprint
from ingest.frequencies import count_pieces, save_frequencies
from ingest.gather import Gathered, Previous, Progress
from ingest.snapshot import copy_stores
from rag.article_table import read_articles, write_articles
from rag.encoder import Encoder
from rag.index import load_frequencies
from rag.integrity import file_table
from rag.keyword import KeywordIndex
from rag.manifest import ArticleEntry, ChunkRow, Manifest, load_chunks
from rag.tokens import TokenStore, text_hash
from rag.types import Article


@dataclass
class Build:
    """A snapshot in the making.

    `fresh`: ids of the articles that the stores do not hold as they are now. `changes`: paths of
    the articles by what happened to them.
    """

    folder: Path
    name: str
    encoder: Encoder
    previous: Previous | None
    progress: Progress
    entries: list[ArticleEntry] = field(default_factory=list)
    rows: list[ChunkRow] = field(default_factory=list)
    fresh: set[str] = field(default_factory=set)
    changes: dict[str, list[str]] = field(default_factory=dict)
    embedded: int = 0

    def write_tables(self, gathered: Iterable[Gathered]) -> None:
        """Write the articles and their chunks; nothing is embedded yet."""
        offsets = write_articles(self.folder, self._articles(gathered))
        self.entries = [replace(entry, offset=offsets[entry.id]) for entry in self.entries]
        with (self.folder / "chunks.jsonl").open("w", encoding="utf-8") as lines:
            lines.writelines(row.to_line() + "\n" for row in self.rows)

    def write_stores(self) -> TokenStore:
        """Bring the stores in line with the tables; `embedded` then tells how much was new."""
        if self._base:
            copy_stores(self._base.folder, self.folder)
        embedding = Embedding(self.folder, self.name, self.encoder, self.progress)
        tokens, self.embedded = embedding.run(
            self.rows, self.entries, self._old_rows.values(), self.fresh
        )
        save_frequencies(self.folder / "tokens", self._frequencies(tokens))
        KeywordIndex.build(self._keyword_texts()).save(self.folder / "keyword")
        return tokens

    def _frequencies(self, tokens: TokenStore) -> Counter[int]:
        """Count word pieces by chunk: those of the snapshot before, and what differs from it."""
        new = Counter(row.key for row in self.rows)
        if not self._base:
            return count_pieces(tokens, new)
        folder = self._base.folder / "tokens"
        known, times = load_frequencies(folder)
        counts = Counter(dict(zip(known.tolist(), times.tolist(), strict=True)))
        old = Counter(row.key for row in self._old_rows.values())
        counts.update(count_pieces(tokens, new - old))
        if gone := old - new:
            counts.subtract(
                count_pieces(TokenStore.load(folder, self._base.manifest.segments), gone)
            )
        return counts

    def write_manifest(self, tokens: TokenStore, examples: Sequence[str]) -> None:
        """Write the table of contents, which stands for completeness."""
        known = self._base.manifest.files if self._base else {}
        linked = [name for name in known if name.startswith("tokens/") and "token_df" not in name]
        Manifest(
            snapshot=self.name,
            created=datetime.now(UTC),
            fingerprint=fingerprint(self.encoder),
            segments=tuple(segment.name for segment in tokens.segments),
            chunk_count=len(self.rows),
            articles=tuple(self.entries),
            files=file_table(self.folder, known, linked),
            examples=tuple(examples),
        ).save(self.folder)

    @property
    def _base(self) -> Previous | None:
        return self.previous if self.previous and self.previous.reuse else None

    @cached_property
    def _old_rows(self) -> dict[str, ChunkRow]:
        """The chunks of the snapshot to start from, by id."""
        if not self._base:
            return {}
        rows = load_chunks(self._base.folder, self._base.manifest.chunk_count)
        return {row.id: row for row in rows}

    def _articles(self, gathered: Iterable[Gathered]) -> Iterator[Article]:
        """Note the entry and the chunks of each article on its way to the table."""
        splitter = SentenceSplitter(self.encoder.count_tokens)
        old = {e.id: e.chunks for e in self._base.manifest.articles} if self._base else {}
        for found in gathered:
            article = found.article
            self.changes.setdefault(found.change, []).append(article.path)
            if article.id in old and found.change in ("unchanged", "kept"):
                rows = [self._old_rows[chunk] for chunk in old[article.id]]
            else:
                self.fresh.add(article.id)
                rows = chunk_article(article, splitter)
            self.rows += rows
            self.entries.append(entry_of(found, rows))
            yield article

    def _keyword_texts(self) -> Iterator[str]:
        """Yield what the keyword index knows of each chunk: its title and its text."""
        rows = iter(self.rows)
        for entry, article in zip(self.entries, read_articles(self.folder), strict=True):
            for _ in entry.chunks:
                row = next(rows)
                yield f"{article.title}\n{article.text[row.start : row.end]}"


def entry_of(found: Gathered, rows: Sequence[ChunkRow]) -> ArticleEntry:
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
        offset=0,
        chunks=tuple(row.id for row in rows),
    )
