"""Articles that a visitor adds: kept in the corpus folder, and indexed as ingest does."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from ingest import IndexReport, reindex
from ingest.articles import read_bytes
from ingest.errors import Unreadable
from ingest.formats import suffix_of
from ingest.names import is_meant
from ingest.plan import article_key
from ingest.replace import replace_bytes
from rag import CitewellError, Encoder, Settings
from rag.errors import InvalidInput, StorageFailed

UPLOADS = "uploads"  # folder below the corpus folder
LONGEST_STEM = 150  # bytes; file systems take 255

State = Literal["added", "updated", "unchanged", "failed", "kept"]
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Result:
    """What became of a file. `kept`: it is stored, and a later run of ingest will index it."""

    name: str
    state: State
    told: str = ""


@dataclass(frozen=True, slots=True)
class Stored:
    """A file in the folder of uploads; `before` are the bytes of that name until now, if any."""

    file: Path
    content: bytes
    before: bytes | None

    def undo(self) -> None:
        """Put back what was there."""
        if self.before is None:
            self.file.unlink(missing_ok=True)
        elif self.before != self.content:
            replace_bytes(self.file, self.before)


def add_articles(
    chosen: Sequence[Path], settings: Settings, encoder: Encoder, progress: Progress
) -> list[Result]:
    """Store files in the folder of uploads and index them; each has its result, in order.

    Raises:
        InvalidInput: if they are too many.
        StorageFailed: if they cannot be stored.
    """
    if len(chosen) > settings.upload_files:
        raise InvalidInput(
            f"These are {len(chosen)} files; add at most {settings.upload_files} at once "
            "(CITEWELL_UPLOAD_FILES)."
        )
    folder = settings.corpus_dir / UPLOADS
    results = {path: Result(path.name, "failed") for path in chosen}
    stored: dict[Path, Stored] = {}
    try:
        folder.mkdir(exist_ok=True)
        for path in chosen:
            try:
                stored[path] = store(path, folder, settings.max_file_bytes, stored.values())
            except Unreadable as error:
                results[path] = Result(path.name, "failed", str(error))
    except OSError as error:
        raise StorageFailed(
            f"The files cannot be kept in {folder} ({error.strerror or error}). Set "
            "CITEWELL_CORPUS_DIR to the folder of your articles, and let Citewell write there."
        ) from error
    if stored:
        told = index(list(stored.values()), settings, encoder, progress)
        results |= zip(stored, told, strict=True)
    return list(results.values())


def check_corpus(corpus: Path, files: Iterable[str]) -> None:
    """Refuse to keep uploads where the next run of ingest would not look for them.

    `files`: those of the index, relative to the corpus folder that it was made of.

    Raises:
        InvalidInput: if none of them is in this folder.
    """
    inside = [file for file in files if not Path(file).is_absolute() and "://" not in file]
    if inside and not any((corpus / file).exists() for file in inside):
        raise InvalidInput(
            f"{corpus} is not the folder that this index was made of, so nothing can be added. "
            "Set CITEWELL_CORPUS_DIR to the folder of your articles and start the page again."
        )


def store(chosen: Path, folder: Path, limit: int, others: Iterable[Stored]) -> Stored:
    """Store a file, in the place of an earlier upload of its name; `others` came with it.

    Raises:
        Unreadable: if it is too large, in no known format, or named as another one.
    """
    content = read_bytes(chosen, limit)
    file = folder / safe_name(chosen)
    if file.name.casefold() in (other.file.name.casefold() for other in others):
        raise Unreadable("another file of this name came with it; rename one of them")
    stored = Stored(file, content, file.read_bytes() if file.is_file() else None)
    if stored.content != stored.before:
        replace_bytes(file, content)  # ingest may be watching
    return stored


def index(
    stored: Sequence[Stored], settings: Settings, encoder: Encoder, progress: Progress
) -> list[Result]:
    """Index stored files; one that cannot be read is not kept, lest every run stumble on it."""
    files = [each.file for each in stored]
    try:
        report = reindex(files, settings=settings, encoder=encoder, progress=progress)
    except CitewellError as error:
        told = f"kept in {settings.corpus_dir / UPLOADS}, but not indexed yet: {error}"
        return [Result(each.file.name, "kept", told) for each in stored]
    return [result_of(each, report, article_key(each.file, settings.corpus_dir)) for each in stored]


def result_of(stored: Stored, report: IndexReport, key: str) -> Result:
    """Tell what became of a file, which goes by `key` in the index."""

    def count(paths: Iterable[str]) -> int:
        return sum(path == key or path.startswith(f"{key}#") for path in paths)

    name, added, updated = stored.file.name, count(report.added), count(report.updated)
    reasons = [failure.reason for failure in report.failed if count([failure.path])]
    if reasons and not added and not updated:
        stored.undo()
        return Result(name, "failed", "; ".join(reasons))
    told = "; ".join([f"{added + updated} articles"] * (added + updated > 1) + reasons)
    if stored.before is None or (added and stored.before == stored.content):
        return Result(name, "added", told)
    if stored.before == stored.content:
        return Result(name, "unchanged", told)
    return Result(name, "updated", told or "it took the place of the earlier file of this name")


def safe_name(file: Path) -> str:
    """Make a name that stays in its folder on any system, and is meant as an article's."""
    name = unicodedata.normalize("NFC", file.name.split("\\")[-1])
    name = re.sub(r"[^\w.()+, -]+", "_", name).lstrip(" ._") or "article"
    if not is_meant(Path(name)):
        name = f"article-{name}"
    suffix = name[-len(suffix_of(Path(name))) :]
    stem = name.removesuffix(suffix).encode()[:LONGEST_STEM].decode(errors="ignore")
    return stem + suffix
