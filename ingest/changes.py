"""When something may have changed below folders of articles."""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from watchfiles import Change, watch

from ingest.names import is_meant

# A change is told once it has been quiet for so long; a burst that goes on is told in between.
QUIET = 400  # milliseconds
BURST = 3_000  # milliseconds
GLANCE = 1.0  # seconds between looks at whether the folders are still the same ones
POLL_INSTEAD = 5.0  # seconds
FAILED = (OSError, RuntimeError)  # watchfiles' own error is a RuntimeError

logger = logging.getLogger(__name__)
Events = set[tuple[Change, str]]


@dataclass(frozen=True, slots=True)
class Watched:
    """Folders and files to look at, by their full paths; what lies below `ignored` is not.

    `also`: names of files that matter though they are no articles. `poll`: seconds between looks
    at every file, where the system tells of no changes (network drives); 0 lets it tell.
    """

    roots: tuple[Path, ...]
    ignored: Path
    also: Sequence[str]
    poll: float

    def changes(self, stop: threading.Event) -> Iterator[bool]:
        """Yield about every second whether there may be a change; the first time there is.

        What changes while the caller is at work is told by the next item. Folders may be missing
        and come (back) later.
        """
        while not stop.is_set():
            before, first = self._marks(), True
            for events in self._events(stop):
                yield first or bool(events)
                first = False
                if self._lost(events) or self._marks() != before:
                    break  # the system watches a folder, not its name: begin anew

    def _marks(self) -> list[tuple[int, ...] | None]:
        """What tells a root from another one of the same name, and a file from its next version."""
        return [_mark(root) for root in self.roots]

    def _lost(self, events: Events) -> bool:
        """Tell whether a root was deleted, though one of that name may be there again."""
        return any(kind is Change.deleted and Path(path) in self.roots for kind, path in events)

    def _events(self, stop: threading.Event) -> Iterator[Events]:
        """Yield what changed in the folders, and nothing after a second without a change."""
        folders = [root for root in self.roots if root.is_dir()]
        try:
            if folders:
                yield from self._watch(folders, stop)
        except FAILED as error:
            if not isinstance(error, FileNotFoundError):  # a folder that went this very moment
                logger.warning("Watching begins anew (%s).", error)
            stop.wait(POLL_INSTEAD)
            return
        while not stop.wait(GLANCE):
            yield set()

    def _watch(self, folders: Sequence[Path], stop: threading.Event) -> Iterator[Events]:
        """Let the system tell, or look every few seconds where it cannot."""
        try:
            yield from self._watch_by(self.poll, folders, stop)
        except FAILED as error:
            if isinstance(error, FileNotFoundError) or self.poll:
                raise
            logger.warning(
                "The system cannot tell of changes (%s); looking every %g seconds instead. "
                "CITEWELL_WATCH_POLL_SECONDS sets how often.",
                error,
                POLL_INSTEAD,
            )
            yield from self._watch_by(POLL_INSTEAD, folders, stop)

    def _watch_by(
        self, poll: float, folders: Sequence[Path], stop: threading.Event
    ) -> Iterator[Events]:
        return watch(
            *folders,
            watch_filter=self._matters,
            debounce=BURST,
            step=QUIET,
            stop_event=stop,
            rust_timeout=int(GLANCE * 1000),
            yield_on_timeout=True,
            force_polling=poll > 0 or None,  # else its own variables and its own judgement count
            poll_delay_ms=int(poll * 1000),
            ignore_permission_denied=True,
        )

    def _matters(self, change: Change, path: str) -> bool:
        """Tell whether a change may be one of an article: not of a temporary file, or the index."""
        file = Path(path)
        if file in self.roots:
            return change is Change.deleted
        if file.is_relative_to(self.ignored):
            return False
        if change is Change.modified and file.is_dir():  # what is in it is told by itself
            return False
        root = max((root for root in self.roots if file.is_relative_to(root)), default=file.parent)
        return is_meant(file.relative_to(root)) or file.name in self.also


def _mark(path: Path) -> tuple[int, ...] | None:
    try:
        state = os.stat(path)
    except OSError:
        return None
    if path.is_dir():
        return state.st_dev, state.st_ino
    return state.st_dev, state.st_ino, state.st_mtime_ns, state.st_size
