"""What has to change: the files there are against the articles in the index."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from ingest.articles import check_worth, content_hash, find_files, read_bytes
from ingest.errors import Failure, Unreadable
from ingest.formats import ReadOptions
from ingest.seen_files import SeenFiles
from rag.errors import CorpusMissing
from rag.manifest import ArticleEntry


@dataclass(frozen=True, slots=True)
class Plan:
    """What to do with each file, by its key (path relative to the corpus, or absolute).

    `read`: files to read, new or changed. `keep`: files whose articles stay as they are stored, be
    it that they did not change or that they cannot be read now. `removed`: paths of the articles
    of files that are gone. `same`: the files whose bytes are those that were indexed.
    """

    read: dict[str, Path]
    keep: frozenset[str]
    removed: tuple[str, ...]
    same: frozenset[str]
    failures: tuple[Failure, ...]


def make_plan(
    paths: Sequence[Path] | None,
    corpus: Path,
    stored: Sequence[ArticleEntry],
    *,
    options: ReadOptions,
    reread: bool = False,
    seen: SeenFiles | None = None,
) -> Plan:
    """Compare files with stored articles by the hash of their bytes.

    Only what lies below the given paths (the corpus, if `None`) is looked at: articles indexed from
    elsewhere stay. Files that `seen` knows by their stat are not read.

    Raises:
        CorpusMissing: if a path does not exist or there is no article below it. An index is
            never emptied because a folder is not mounted.
    """
    known = {entry.file: entry.content for entry in stored}
    files, scopes = _wanted([corpus] if paths is None else paths, corpus)
    below = f"{corpus.resolve().as_posix()}/"
    now = {key: key.removeprefix(below) for key in known}  # the corpus may have been elsewhere then
    keep = {key for key in known if not _within(now[key], scopes) and now[key] not in files}
    gone = known.keys() - keep - files.keys()
    read: dict[str, Path] = {}
    failures: list[Failure] = []
    same: set[str] = set()
    for key, file in sorted(files.items()):
        try:
            content = _content(key, file, options, seen)
        except Unreadable as error:
            failures.append(Failure(key, str(error)))
            keep |= {key} & known.keys()
            continue
        if known.get(key) == content:
            same.add(key)
        if key in same and not reread:
            keep.add(key)
        else:
            read[key] = file
    removed = sorted(entry.path for entry in stored if entry.file in gone)
    return Plan(read, frozenset(keep), tuple(removed), frozenset(same), tuple(failures))


def _content(key: str, file: Path, options: ReadOptions, seen: SeenFiles | None) -> str:
    def read() -> str:
        return content_hash(file, read_bytes(file, options.max_bytes), options)

    found = check_worth(file, options.max_bytes)
    return seen.content(key, found, read) if seen else read()


def by_file(entries: Iterable[ArticleEntry]) -> dict[str, list[ArticleEntry]]:
    """Group articles by the file that they are from."""
    files: dict[str, list[ArticleEntry]] = {}
    for entry in entries:
        files.setdefault(entry.file, []).append(entry)
    return files


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
                f"there is no article in {path}; put files there (README.md lists the formats). "
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
