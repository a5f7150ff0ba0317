"""The articles of a new snapshot: read from files, or kept from the snapshot before."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from ingest.articles import Reading, content_hash, read_articles, read_bytes
from ingest.errors import Failure, Unreadable
from ingest.formats import ReadOptions, suffix_of
from ingest.plan import Plan, by_file
from ingest.reader import Reader
from rag.article_table import ArticleTable
from rag.manifest import Manifest
from rag.types import Article

Progress = Callable[[str, int, int], None]
Change = Literal["added", "updated", "unchanged", "kept"]


@dataclass(frozen=True, slots=True)
class Previous:
    """The snapshot to start from; `reuse` is off when everything is to be made anew."""

    folder: Path
    manifest: Manifest
    reuse: bool


@dataclass(frozen=True, slots=True)
class Gathered:
    """An article, the file that it is from, and the hash of that file's bytes.

    `change`: against the snapshot before. `kept` are those that were not looked at, or whose file
    cannot be read now. `line`: the article as the snapshot before has it; empty if it is not there
    or is to be written anew.
    """

    article: Article
    file: str
    content: str
    change: Change
    line: bytes = b""


def gather(
    plan: Plan,
    previous: Previous | None,
    options: ReadOptions,
    failures: list[Failure],
    progress: Progress,
) -> Iterator[Gathered]:
    """Yield all articles in order, one file's at a time; `failures` takes up what goes wrong.

    Raises:
        IndexDamaged: if an article of the snapshot before is not what was written.
    """
    known = by_file(previous.manifest.articles) if previous else {}
    table = ArticleTable(previous.folder) if previous else None
    reader = Reader()
    try:
        keys = sorted({*plan.read, *plan.keep})
        for done, key in enumerate(keys, start=1):
            progress("reading", done, len(keys))
            stored = {entry.id: entry for entry in known.get(key, ())}
            reading = _read(key, plan.read.get(key), options, failures, reader)
            for article in reading.articles:
                old = stored.pop(article.id, None)
                before = table.read(old) if table and old else None
                yield Gathered(article, key, reading.content, _change(article, before))
            if table and reading.problem:
                # Of a file that was read without a problem, what is left over is gone.
                change: Change = "unchanged" if key in plan.same else "kept"
                for entry in stored.values():
                    article, line = table.read_with_line(entry)
                    yield Gathered(article, key, entry.content, change, line)
    finally:
        reader.close()
        if table:
            table.close()


def _read(
    key: str,
    file: Path | None,
    options: ReadOptions,
    failures: list[Failure],
    reader: Reader,
) -> Reading:
    """Read a file, if it is to be read; what goes wrong is noted."""
    if file is None:
        return Reading((), problem="not to be read")
    try:
        content = read_bytes(file, options.max_bytes)
        reading = read_articles(key, suffix_of(file), content, options, reader.read)
    except Unreadable as error:
        reading = Reading((), problem=str(error))
    if reading.problem:
        failures.append(Failure(key, reading.problem))
        return reading  # without a hash, so that the next run tries again
    return replace(reading, content=content_hash(file, content, options))


def _change(article: Article, before: Article | None) -> Change:
    if before is None:
        return "added"
    return "unchanged" if article == before else "updated"
