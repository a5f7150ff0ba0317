"""What a snapshot says about itself: `manifest.json`, `articles.jsonl` and `chunks.jsonl`."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from rag.errors import IndexDamaged, IndexMismatch
from rag.types import Article, to_json

FORMAT = 1
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

    `content`: hash of the file's bytes. `text`: hash of the cleaned text. `offset`: where its line
    begins in `articles.jsonl`, in bytes.
    """

    id: str
    path: str
    content: str
    text: str
    title: str
    title_hash: str
    source: str
    author: str
    published: datetime.date | None
    offset: int
    chunks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Manifest:
    """The table of contents of a snapshot; written last, so that it stands for completeness."""

    snapshot: str
    created: datetime.datetime
    fingerprint: Fingerprint
    segments: tuple[str, ...]
    chunk_count: int
    articles: tuple[ArticleEntry, ...]
    examples: tuple[str, ...] = ()
    format: int = FORMAT

    def save(self, folder: Path) -> None:
        """Write `manifest.json`."""
        (folder / "manifest.json").write_text(
            json.dumps(_plain(asdict(self)), ensure_ascii=False), encoding="utf-8"
        )

    @classmethod
    def load(cls, folder: Path) -> Manifest:
        """Read `manifest.json`.

        Raises:
            IndexDamaged: if it is missing or not what was written.
            IndexMismatch: if another version of Citewell wrote it.
        """
        try:
            raw = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
            if raw["format"] != FORMAT:
                raise IndexMismatch(
                    f"the index has format {raw['format']}, this version reads {FORMAT}; {REBUILD}"
                )
            raw["created"] = datetime.datetime.fromisoformat(raw["created"])
            raw["fingerprint"] = Fingerprint(**raw["fingerprint"])
            raw["segments"] = tuple(raw["segments"])
            raw["examples"] = tuple(raw["examples"])
            raw["articles"] = tuple(_entry(entry) for entry in raw["articles"])
            return cls(**raw)
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise IndexDamaged(
                f"the index snapshot {folder.name} is incomplete ({error}); {REBUILD}"
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

    def to_line(self) -> str:
        """Write as one line of `chunks.jsonl`."""
        return json.dumps(
            [self.id, self.article_id, self.start, self.end, self.key, self.sentences]
        )

    @classmethod
    def from_line(cls, line: str) -> ChunkRow:
        """Read one line of `chunks.jsonl`."""
        chunk_id, article_id, start, end, key, sentences = json.loads(line)
        return cls(chunk_id, article_id, start, end, key, tuple((a, b) for a, b in sentences))


def load_chunks(folder: Path, expected: int) -> list[ChunkRow]:
    """Read `chunks.jsonl`; row i is the i-th text of the keyword index.

    Raises:
        IndexDamaged: if it does not hold as many rows as the manifest says.
    """
    try:
        with (folder / "chunks.jsonl").open(encoding="utf-8") as lines:
            rows = [ChunkRow.from_line(line) for line in lines]
    except (OSError, ValueError, TypeError) as error:
        raise IndexDamaged(
            f"the chunk table of the index is damaged ({error}); {REBUILD}"
        ) from error
    if len(rows) != expected:
        raise IndexDamaged(
            f"the chunk table of the index holds {len(rows)} rows, not {expected}; {REBUILD}"
        )
    return rows


def read_article(folder: Path, offset: int) -> Article:
    """Read the article whose line begins at a byte offset of `articles.jsonl`.

    Raises:
        IndexDamaged: if there is no article.
    """
    try:
        with (folder / "articles.jsonl").open("rb") as stream:
            stream.seek(offset)
            return article_from_json(json.loads(stream.readline()))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise IndexDamaged(
            f"an article of the index cannot be read ({error}); {REBUILD}"
        ) from error


def read_articles(folder: Path) -> Iterator[Article]:
    """Read all articles of a snapshot, one at a time."""
    with (folder / "articles.jsonl").open("rb") as stream:
        for line in stream:
            yield article_from_json(json.loads(line))


def write_articles(folder: Path, articles: Iterable[Article]) -> dict[str, int]:
    """Write `articles.jsonl`; returns the byte offset of each article's line by article id."""
    offsets: dict[str, int] = {}
    with (folder / "articles.jsonl").open("wb") as stream:
        for article in articles:
            offsets[article.id] = stream.tell()
            stream.write(json.dumps(to_json(article), ensure_ascii=False).encode() + b"\n")
    return offsets


def article_from_json(raw: dict[str, Any]) -> Article:
    """Rebuild an article from its JSON."""
    raw["published"] = _date(raw["published"])
    raw["tags"] = tuple(raw["tags"])
    raw["references"] = tuple(raw["references"])
    return Article(**raw)


def _entry(raw: dict[str, Any]) -> ArticleEntry:
    raw["published"] = _date(raw["published"])
    raw["chunks"] = tuple(raw["chunks"])
    return ArticleEntry(**raw)


def _date(value: str | None) -> datetime.date | None:
    return datetime.date.fromisoformat(value) if value else None


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    return value.isoformat() if isinstance(value, datetime.date) else value
