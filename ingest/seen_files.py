"""What each file held when it was last read, so that a file with the same stat is not read again.

A cache beside the snapshots and part of none: it maps a file's stat to the hash of its content,
which stays true whichever snapshot is current. If it is lost or damaged, files are read again.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Container
from pathlib import Path

import orjson

from ingest.replace import replace_text

NAME = "seen_files.json"
# A file that changed this shortly before it was read may change once more within the same tick of
# its disk's clock (FAT counts in steps of two seconds) and show no sign of it. So it is not taken
# as known yet: the next run reads it once more. Git treats its index so ("racy git").
TICK = 2_000_000_000  # nanoseconds

Stat = tuple[int, int, int, int]  # size, when written, when changed in any way, number on the disk


class SeenFiles:
    """Hashes of file contents by the files' stats."""

    def __init__(self, index_dir: Path, mark: str, *, trusted: bool = True) -> None:
        """Load what earlier runs left in an index folder.

        Args:
            index_dir: folder of the index.
            mark: names the way in which files are read; hashes made in another one do not count.
            trusted: off to read every file all the same, and to learn its stat anew.
        """
        self._file = index_dir / NAME
        self._mark = mark
        self._trusted = trusted
        self._stored = _load(self._file, mark)
        self._known = dict(self._stored)

    def content(self, key: str, found: os.stat_result, read: Callable[[], str]) -> str:
        """Hash of a file's content; `read` makes it if the file may have changed.

        `found` was taken before the file is read: who writes to it meanwhile changes that, too.
        """
        # Nobody can set back the time of any change, as `cp -p` does with that of writing; and a
        # file that takes another's place has another number.
        stat = (found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino)
        known = self._known.get(key)
        if self._trusted and known and known[0] == stat:
            return known[1]
        self._known.pop(key, None)
        now = time.time_ns()
        content = read()
        if max(stat[1], stat[2]) + TICK < now:
            self._known[key] = (stat, content)
        return content

    def save(self, there: Container[str]) -> None:
        """Keep what is known of the files that are there, if that is not what is stored."""
        known = {key: self._known[key] for key in sorted(self._known) if key in there}
        if known != self._stored:
            replace_text(self._file, orjson.dumps({"mark": self._mark, "files": known}).decode())


def _load(file: Path, mark: str) -> dict[str, tuple[Stat, str]]:
    try:
        raw = orjson.loads(file.read_bytes())
        if raw["mark"] != mark:
            return {}
        return {key: ((a, b, c, d), text) for key, ((a, b, c, d), text) in raw["files"].items()}
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return {}
