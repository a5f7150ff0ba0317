"""`articles.jsonl` of a snapshot: the cleaned text and the metadata of each article, one a line."""

from __future__ import annotations

import datetime
import threading
from pathlib import Path
from typing import Any

import orjson

from rag.errors import IndexDamaged
from rag.integrity import REPAIR
from rag.manifest import ArticleEntry
from rag.tokens import text_hash
from rag.types import Article

NAME = "articles.jsonl"
IN_ORDER = 1 << 18  # bytes at a time, for who goes through the table from end to end


class ArticleTable:
    """The open table. It stays readable when its snapshot is dropped while a reader holds it."""

    def __init__(self, folder: Path, buffering: int = -1) -> None:
        """Open the table of a snapshot; `buffering`: how many bytes to read at a time.

        Raises:
            IndexDamaged: if there is none.
        """
        try:
            self._stream = (folder / NAME).open("rb", buffering)
        except OSError as error:
            raise _damaged(error) from error
        self._lock = threading.Lock()  # threads share one place in the file

    def read(self, entry: ArticleEntry) -> Article:
        """Read an article that the manifest speaks of.

        Raises:
            IndexDamaged: if there is none, or not the one that was written.
        """
        return parse_line(self.line(entry), entry)

    def line(self, entry: ArticleEntry) -> bytes:
        """Read the line that an article stands in.

        Raises:
            IndexDamaged: if that cannot be read.
        """
        try:
            with self._lock:
                self._stream.seek(entry.offset)
                return self._stream.readline()
        except (OSError, ValueError) as error:
            raise _damaged(error) from error

    def close(self) -> None:
        """Let go of the file."""
        self._stream.close()


def article_line(article: Article) -> bytes:
    """Write an article as a line of the table."""
    return orjson.dumps(article, option=orjson.OPT_APPEND_NEWLINE)


def parse_line(line: bytes, entry: ArticleEntry) -> Article:
    """Read an article from its line.

    Raises:
        IndexDamaged: if it is not the one that was written.
    """
    try:
        article = article_from_json(orjson.loads(line))
    except (ValueError, KeyError, TypeError) as error:
        raise _damaged(error) from error
    if article.id != entry.id or text_hash(article.text) != entry.text:
        raise IndexDamaged(f"the article {entry.path} in the index is not whole; {REPAIR}")
    return article


def article_from_json(raw: dict[str, Any]) -> Article:
    """Rebuild an article from its JSON."""
    published = raw["published"]
    raw["published"] = datetime.date.fromisoformat(published) if published else None
    raw["tags"] = tuple(raw["tags"])
    raw["references"] = tuple(raw["references"])
    return Article(**raw)


def _damaged(error: Exception) -> IndexDamaged:
    return IndexDamaged(f"an article of the index cannot be read ({error}); {REPAIR}")
