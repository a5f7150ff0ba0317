"""The articles of a new snapshot: read from files, or kept from the snapshot before."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from ingest.articles import Reading
from ingest.errors import Failure
from ingest.plan import Plan, by_file
from rag.article_table import IN_ORDER, ArticleTable, article_line, parse_line
from rag.manifest import ArticleEntry, Manifest
from rag.types import Article

Progress = Callable[[str, int, int], None]
NOT_READ = Reading((), problem="not to be read")
Change = Literal["added", "updated", "unchanged", "kept"]


@dataclass(frozen=True, slots=True)
class Previous:
    """The snapshot to start from; `reuse` is off when everything is to be made anew."""

    folder: Path
    manifest: Manifest
    reuse: bool


@dataclass(frozen=True, slots=True)
class Gathered:
    """An article as it was read, the file that it is from, and the hash of that file's bytes.

    `change`: against the snapshot before.
    """

    article: Article
    file: str
    content: str
    change: Change

    @property
    def path(self) -> str:
        """The name of the article."""
        return self.article.path

    @property
    def line(self) -> bytes:
        """The article as a line of the table."""
        return article_line(self.article)

    def read(self) -> Article:
        """The article."""
        return self.article


@dataclass(frozen=True, slots=True)
class Kept:
    """An article of a file that was not read: what the snapshot before has of it, unread.

    `change`: `kept` if the file was not looked at, or cannot be read now.
    """

    entry: ArticleEntry
    line: bytes
    change: Change

    @property
    def path(self) -> str:
        """The name of the article."""
        return self.entry.path

    def read(self) -> Article:
        """Read the article; raises `IndexDamaged` if it is not what was written."""
        return parse_line(self.line, self.entry)


def gather(
    plan: Plan,
    previous: Previous | None,
    readings: Iterator[tuple[str, Reading]],
    failures: list[Failure],
    progress: Progress,
) -> Iterator[Gathered | Kept]:
    """Yield all articles in order, one file's at a time; `failures` takes up what goes wrong.

    `readings`: what is in each file of `plan.read`, in order.

    Raises:
        IndexDamaged: if an article of the snapshot before is not what was written.
    """
    known = by_file(previous.manifest.articles) if previous else {}
    table = ArticleTable(previous.folder, IN_ORDER) if previous else None
    try:
        keys = sorted({*plan.read, *plan.keep})
        for done, key in enumerate(keys, start=1):
            progress("reading", done, len(keys))
            stored = {entry.id: entry for entry in known.get(key, ())}
            reading = _next(key, readings, failures) if key in plan.read else NOT_READ
            for article in reading.articles:
                old = stored.pop(article.id, None)
                before = table.read(old) if table and old else None
                yield Gathered(article, key, reading.content, _change(article, before))
            if table and reading.problem:
                # Of a file that was read without a problem, what is left over is gone.
                change: Change = "unchanged" if key in plan.same else "kept"
                for entry in stored.values():
                    yield Kept(entry, table.line(entry), change)
    finally:
        if table:
            table.close()


def _next(key: str, readings: Iterator[tuple[str, Reading]], failures: list[Failure]) -> Reading:
    """What is in a file; what went wrong is noted."""
    found, reading = next(readings)
    if found != key:
        raise AssertionError(f"{found} was read in place of {key}")
    if reading.problem:
        failures.append(Failure(key, reading.problem))
    return reading


def _change(article: Article, before: Article | None) -> Change:
    if before is None:
        return "added"
    return "unchanged" if article == before else "updated"
