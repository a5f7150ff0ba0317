"""What a snapshot says about itself: `manifest.json`, and what a line of `chunks.jsonl` says.

`manifest.sha256` vouches for the manifest, and the manifest for all other files.
"""

from __future__ import annotations

import datetime
import hashlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson

from rag.errors import IndexDamaged, IndexMismatch
from rag.integrity import REPAIR

FORMAT = 3
REBUILD = "rebuild it with: python -m ingest --rebuild"


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What the content of an index depends on besides the articles."""

    model: str
    digest: str
    chunker: str


@dataclass(frozen=True, slots=True)
class ArticleEntry:
    """What is known of an article without reading it: where it came from and its chunks.

    `path` names the article, and `file` the file that it is from, which may hold many. `content`:
    hash of the file's bytes; empty if they are to be read again. `text`: hash of the cleaned text.
    `offset`: where its line begins in `articles.jsonl`, in bytes. `copy_of`: id of the article that
    stands for this one, a copy, which then has no chunks; empty for all others.
    """

    id: str
    path: str
    file: str
    content: str
    text: str
    title: str
    title_hash: str
    source: str
    author: str
    published: datetime.date | None
    offset: int
    chunks: tuple[str, ...] = ()
    copy_of: str = ""


@dataclass(frozen=True, slots=True)
class Manifest:
    """The table of contents of a snapshot; written last, so that it stands for completeness.

    `files`: size and digest of every other file, by path. `vectors`: name of the collection in a
    Chroma server that holds the vectors; empty if they are in a store of the snapshot's own.
    `stores`: how many records each store of its own held when it was made; the first may hold some
    that are gone. `copies`: the way in which copies were looked for.
    """

    snapshot: str
    created: datetime.datetime
    fingerprint: Fingerprint
    segments: tuple[str, ...]
    chunk_count: int
    articles: tuple[ArticleEntry, ...]
    files: dict[str, tuple[int, str]]
    examples: tuple[str, ...] = ()
    vectors: str = ""
    stores: dict[str, int] = field(default_factory=dict)
    copies: str = ""
    format: int = FORMAT

    @property
    def duplicates(self) -> int:
        """How many articles are copies of others."""
        return sum(1 for entry in self.articles if entry.copy_of)

    def save(self, folder: Path) -> None:
        """Write `manifest.json`, and its digest before it."""
        content = orjson.dumps(self)
        (folder / "manifest.sha256").write_bytes(_digest(content) + b"  manifest.json\n")
        (folder / "manifest.json").write_bytes(content)

    @classmethod
    def load(cls, folder: Path) -> Manifest:
        """Read `manifest.json`.

        Raises:
            IndexDamaged: if it is missing or not what was written.
            IndexMismatch: if another version of Citewell wrote it.
        """
        try:
            content = (folder / "manifest.json").read_bytes()
            stated = folder / "manifest.sha256"
            if stated.exists() and stated.read_bytes()[:64] != _digest(content):
                raise ValueError("the manifest is not what was written")
            raw = orjson.loads(content)
            if raw["format"] != FORMAT:
                raise IndexMismatch(
                    f"the index has format {raw['format']}, this version reads {FORMAT}; {REBUILD}"
                )
            if not stated.exists():  # an older format has none
                raise ValueError("manifest.sha256 is missing")
            raw["created"] = datetime.datetime.fromisoformat(raw["created"])
            raw["fingerprint"] = Fingerprint(**raw["fingerprint"])
            raw["segments"] = tuple(raw["segments"])
            raw["examples"] = tuple(raw["examples"])
            raw["articles"] = tuple(_entry(entry) for entry in raw["articles"])
            raw["files"] = {name: (size, digest) for name, (size, digest) in raw["files"].items()}
            return cls(**raw)
        except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
            raise IndexDamaged(
                f"the index snapshot {folder.name} is incomplete ({error}); {REPAIR}"
            ) from error


@dataclass(frozen=True, slots=True)
class ChunkRow:
    """A chunk: characters `start` to `end` of its article; `sentences` in the article's offsets.

    `key` is the hash of its text, which names its token vectors.
    """

    id: str
    article_id: str
    start: int
    end: int
    key: str
    sentences: tuple[tuple[int, int], ...] = field(repr=False)

    def to_line(self) -> bytes:
        """Write as one line of `chunks.jsonl`."""
        row = [self.id, self.article_id, self.start, self.end, self.key, self.sentences]
        return orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE)

    @classmethod
    def from_line(cls, line: bytes) -> ChunkRow:
        """Read one line of `chunks.jsonl`."""
        chunk_id, article_id, start, end, key, sentences = orjson.loads(line)
        return cls(chunk_id, article_id, start, end, key, tuple([(a, b) for a, b in sentences]))


def _entry(raw: dict[str, Any]) -> ArticleEntry:
    published = raw["published"]
    raw["published"] = datetime.date.fromisoformat(published) if published else None
    raw["chunks"] = tuple(raw["chunks"])
    return ArticleEntry(**raw)


def _digest(content: bytes) -> bytes:
    return hashlib.sha256(content).hexdigest().encode()
