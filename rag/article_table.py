"""`articles.jsonl` of a snapshot: the cleaned text and the metadata of each article, one a line."""

from __future__ import annotations

import datetime
import json
import threading
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from rag.errors import IndexDamaged
from rag.integrity import REPAIR
from rag.manifest import ArticleEntry
from rag.tokens import text_hash
from rag.types import Article, to_json

NAME = "articles.jsonl"


class ArticleTable:
    """The open table. It stays readable when its snapshot is dropped while a reader holds it."""

    def __init__(self, folder: Path) -> None:
        """Open the table of a snapshot.

        Raises:
            IndexDamaged: if there is none.
        """
        try:
            self._stream = (folder / NAME).open("rb")
        except OSError as error:
            raise _damaged(error) from error
        self._lock = threading.Lock()  # threads share one place in the file

    def read(self, entry: ArticleEntry) -> Article:
        """Read an article that the manifest speaks of.

        Raises:
            IndexDamaged: if there is none, or not the one that was written.
        """
        try:
            with self._lock:
                self._stream.seek(entry.offset)
                line = self._stream.readline()
            article = article_from_json(json.loads(line))
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise _damaged(error) from error
        if article.id != entry.id or text_hash(article.text) != entry.text:
            raise IndexDamaged(f"the article {entry.path} in the index is not whole; {REPAIR}")
        return article

    def close(self) -> None:
        """Let go of the file."""
        self._stream.close()


def read_articles(folder: Path) -> Iterator[Article]:
    """Read all articles of a snapshot, one at a time."""
    with (folder / NAME).open("rb") as stream:
        for line in stream:
            yield article_from_json(json.loads(line))


def write_articles(folder: Path, articles: Iterable[Article]) -> dict[str, int]:
    """Write the table; returns the byte offset of each article's line by article id."""
    offsets: dict[str, int] = {}
    with (folder / NAME).open("wb") as stream:
        for article in articles:
            offsets[article.id] = stream.tell()
            stream.write(json.dumps(to_json(article), ensure_ascii=False).encode() + b"\n")
    return offsets


def article_from_json(raw: dict[str, Any]) -> Article:
    """Rebuild an article from its JSON."""
    published = raw["published"]
    raw["published"] = datetime.date.fromisoformat(published) if published else None
    raw["tags"] = tuple(raw["tags"])
    raw["references"] = tuple(raw["references"])
    return Article(**raw)


def _damaged(error: Exception) -> IndexDamaged:
    return IndexDamaged(f"an article of the index cannot be read ({error}); {REPAIR}")
