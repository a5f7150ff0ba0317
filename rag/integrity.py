"""Whether the files of a snapshot are still what was written: their sizes and digests.

Disks fill, copies stop half-way, bits rot. A snapshot's manifest lists its files, so that a reader
tells a damaged snapshot when it opens it, and falls back on the one before.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path

from rag.errors import IndexDamaged

REPAIR = "repair it with: python -m ingest"
# Larger files are compared by size at each opening, which has to stay quick (hashing reads about
# 1 GB/s), and by digest only when asked for: `python -m ingest --checksum`. Of what may be that
# large, the articles are compared one by one when they are read; a bit that flips in a vector
# can change which sentences are found, but never what is quoted.
DIGESTED = 32_000_000

OWN = ("manifest.json", "manifest.sha256")  # these vouch for the others

FileTable = Mapping[str, tuple[int, str]]


def file_digest(file: Path) -> str:
    """SHA-256 of a file."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def file_table(
    folder: Path, known: FileTable, immutable: Iterable[str] = ()
) -> dict[str, tuple[int, str]]:
    """List size and digest of all files of a snapshot but its manifest, by relative path.

    `known`: the table of the snapshot before. Its digests are taken over for `immutable` files,
    which are linked from there: to hash them again costs time and would hide damage to them.
    """
    linked = set(immutable) & set(known)
    table: dict[str, tuple[int, str]] = {}
    for file in sorted(path for path in folder.rglob("*") if path.is_file()):
        name = file.relative_to(folder).as_posix()
        if name in OWN:
            continue
        table[name] = known[name] if name in linked else (file.stat().st_size, file_digest(file))
    return table


def check_files(folder: Path, table: FileTable, *, full: bool = False) -> None:
    """Compare a snapshot's files with its table: all sizes, and the digests that are cheap.

    Raises:
        IndexDamaged: at the first file that is missing or differs.
    """
    for name, (size, digest) in table.items():
        file = folder / name
        try:
            if file.stat().st_size != size:
                raise IndexDamaged(_told(folder, name, "has another size than was written"))
            if (full or size <= DIGESTED) and file_digest(file) != digest:
                raise IndexDamaged(_told(folder, name, "is not what was written"))
        except OSError as error:
            reason = f"cannot be read ({error.strerror or error})"
            raise IndexDamaged(_told(folder, name, reason)) from error


def _told(folder: Path, name: str, what: str) -> str:
    return f"the index is damaged: {name} of snapshot {folder.name} {what}; {REPAIR}"
