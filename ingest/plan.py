"""What has to change: the files there are against the articles in the index."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ingest.articles import find_files, read_bytes
from ingest.errors import Failure, Unreadable
from rag.errors import CorpusMissing
from rag.manifest import ArticleEntry


@dataclass(frozen=True, slots=True)
class Plan:
    """What to do with each article, by its key (path relative to the corpus, or absolute).

    `read`: files to read, new or changed. `keep`: articles that stay as they are stored, be it
    that their file did not change or that it cannot be read now. `unchanged`: keys of the files
    whose bytes are those that were indexed.
    """

    read: dict[str, Path]
    keep: dict[str, ArticleEntry]
    removed: tuple[str, ...]
    unchanged: tuple[str, ...]
    failures: tuple[Failure, ...]


def make_plan(
    paths: Sequence[Path] | None,
    corpus: Path,
    stored: Sequence[ArticleEntry],
    *,
    limit: int,
    reread: bool = False,
) -> Plan:
    """Compare files with stored articles by the hash of their bytes.

    Only what lies below the given paths is looked at: articles indexed from elsewhere stay.

    Raises:
        CorpusMissing: if a path does not exist or there is no article below it. An index is
            never emptied because a folder is not mounted.
    """
    known = {entry.path: entry for entry in stored}
    files, scopes = _wanted(paths if paths else [corpus], corpus)
    keep = {key: entry for key, entry in known.items() if not _within(key, scopes)}
    gone = sorted(key for key in known if key not in keep and key not in files)
    read: dict[str, Path] = {}
    failures: list[Failure] = []
    unchanged: list[str] = []
    for key, file in sorted(files.items()):
        entry = known.get(key)
        try:
            content = hashlib.sha256(read_bytes(file, limit)).hexdigest()
        except Unreadable as error:
            failures.append(Failure(key, str(error)))
            if entry:
                keep[key] = entry
            continue
        if entry and entry.content == content:
            unchanged.append(key)
        if entry and entry.content == content and not reread:
            keep[key] = entry
        else:
            read[key] = file
    return Plan(read, keep, tuple(gone), tuple(unchanged), tuple(failures))


def _wanted(paths: Sequence[Path], corpus: Path) -> tuple[dict[str, Path], list[str]]:
    """Find the files below the paths, by key, and the keys of the folders among the paths."""
    files: dict[str, Path] = {}
    scopes: list[str] = []
    for path in paths:
        if path.is_dir():
            found = list(find_files(path))
            scopes.append(article_key(path, corpus))
        elif path.exists():
            found = [path]
        else:
            raise CorpusMissing(
                f"{path} does not exist; name a folder of articles, or set CITEWELL_CORPUS_DIR. "
                "The index was left as it is"
            )
        if not found:
            raise CorpusMissing(
                f"there is no article in {path}; put .md or .txt files there. "
                "The index was left as it is"
            )
        files |= {article_key(file, corpus): file for file in found}
    return files, scopes


def article_key(file: Path, corpus: Path) -> str:
    """Name a file: relative to the corpus folder, so that this can be moved; else in full."""
    file, corpus = file.resolve(), corpus.resolve()
    return file.relative_to(corpus).as_posix() if file.is_relative_to(corpus) else file.as_posix()


def _within(key: str, scopes: Sequence[str]) -> bool:
    """Tell whether a key lies below one of the folders; `.` is the corpus itself."""
    for scope in scopes:
        if scope == ".":
            if not Path(key).is_absolute():
                return True
        elif key.startswith(scope.rstrip("/") + "/"):
            return True
    return False
