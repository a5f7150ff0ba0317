"""From a file to articles, or to the reason why not."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ingest.clean import normalize
from ingest.errors import Unreadable
from ingest.formats import Contents, Draft, ReadOptions, read_contents, suffix_of
from ingest.formats.packed import GZIP
from ingest.formats.stated import parse_date
from ingest.names import is_meant
from rag.sentences import guess_language
from rag.types import Article

Read = Callable[[str, bytes, ReadOptions], Contents]
RECORDS = (".json", ".jsonl", ".ndjson", ".csv", ".tsv")  # where options tell the fields


@dataclass(frozen=True, slots=True)
class Reading:
    """The articles of a file. `problem` tells which part of it cannot be read; empty if none.

    `articles` may be had only once, and only before the next file is asked for.
    `content`: hash of the bytes that were read in full; empty if they are to be read again.
    """

    articles: Iterable[Article]
    problem: str = ""
    content: str = ""


def find_files(path: Path) -> Iterator[Path]:
    """Yield the files that are meant as articles below a folder, in a stable order."""
    for file in sorted(path.rglob("*")):
        if is_meant(file.relative_to(path)) and file.is_file():
            yield file


def check_worth(file: Path, limit: int) -> os.stat_result:
    """Look at a file without reading it.

    Raises:
        Unreadable: if it is in no known format, too large, or not there.
    """
    suffix_of(file)
    with _told():
        found = file.stat()
    if found.st_size > limit:
        raise Unreadable(
            f"{found.st_size / 1e6:.1f} MB is over the limit of {limit / 1e6:.1f} MB for one file; "
            "split the file or raise CITEWELL_MAX_FILE_BYTES"
        )
    return found


def read_bytes(file: Path, limit: int) -> bytes:
    """Read a file that is worth reading.

    Raises:
        Unreadable: if it is in no known format, too large, or cannot be opened.
    """
    check_worth(file, limit)
    with _told():
        return file.read_bytes()


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise Unreadable(f"cannot be opened: {error.strerror or error}") from error


def read_articles(
    key: str,
    suffix: str,
    content: bytes,
    options: ReadOptions | None = None,
    read: Read = read_contents,
) -> Reading:
    """Turn a file's bytes into articles; `key` names the file in the index (its path).

    `read`: reads the bytes of a format; that of `ingest.reader` keeps to a time limit.

    Raises:
        Unreadable: if there is no article in it.
    """
    found = read(suffix.lower(), content, options or ReadOptions())
    written = [draft for draft in found.drafts if any(c.isalnum() for c in draft.text)]
    if not written:
        raise Unreadable(found.problem or "there is no text in it")
    return Reading(
        tuple(
            article_from(f"{key}#{draft.name}" if draft.name else key, draft) for draft in written
        ),
        problem=found.problem,
    )


def content_hash(file: Path, content: bytes, options: ReadOptions) -> str:
    """Hash of what an article depends on: the bytes of its file, and how these are read."""
    name = file.name.lower().removesuffix(GZIP)
    mark = options.mark if name.endswith(RECORDS) else b""
    return hashlib.sha256(mark + content).hexdigest()


def article_from(path: str, draft: Draft) -> Article:
    """Make an article of what a reader found."""
    fields = draft.fields
    return Article(
        id=article_id(path),
        path=path,
        text=draft.text,
        title=_line(fields.get("title")),
        source=_line(fields.get("source")),
        author=_line(fields.get("author")),
        published=parse_date(fields.get("published") or fields.get("date")),
        url=_line(fields.get("url")),
        language=_line(fields.get("language")) or guess_language(draft.text),
        tags=_lines(fields.get("tags")),
        references=_lines(fields.get("references")),
    )


def article_id(key: str) -> str:
    """Id of an article: it stays the same when the article changes."""
    return hashlib.sha256(key.encode()).hexdigest()[:16]


def _line(value: Any) -> str:
    """Turn a field into one line of text; several authors are joined."""
    if isinstance(value, (list, tuple)):
        return ", ".join(_line(item) for item in value)
    return "" if value is None else " ".join(normalize(str(value)).split())


def _lines(value: Any) -> tuple[str, ...]:
    if isinstance(value, str):
        value = [item for item in value.split(",") if item.strip()]
    return tuple(_line(item) for item in value) if isinstance(value, list) else ()
