"""Re-index whenever an article changes, until it is stopped."""

from __future__ import annotations

import logging
import math
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path

from ingest.changes import Watched
from ingest.gather import Progress
from ingest.reindex import EXAMPLES, reindex
from ingest.report import IndexReport
from rag.encoder import Encoder
from rag.errors import CitewellError, CorpusMissing
from rag.settings import Settings

RETRY = 30.0  # seconds after an error that may pass by itself, such as a full disk
# Polling tells times by the second; what is written later in the same second is looked for again.
POLL_AGAIN = 2.0  # seconds

Outcome = IndexReport | CitewellError
Tell = Callable[[Outcome], None]
logger = logging.getLogger(__name__)


@dataclass(slots=True)
class Watch:
    """Runs of ingest, one after the other. The model loads once.

    `tell` hears how each run ended; `shown` opens what shows how it comes along.
    """

    settings: Settings
    tell: Tell
    paths: Sequence[Path] = ()
    shown: Callable[[], AbstractContextManager[Progress | None]] = nullcontext
    encoder: Encoder = field(init=False)

    def __post_init__(self) -> None:
        """Name the model; it is loaded by the first run that embeds something."""
        self.encoder = Encoder(self.settings.embedding_model)

    def run(self, stop: threading.Event) -> None:
        """Re-index now and after every change, until `stop` is set."""
        again = math.inf
        for changed in self._watched().changes(stop):
            if changed or time.monotonic() >= again:
                outcome = self._reindex()
                self.tell(outcome)
                again = time.monotonic() + self._pause(outcome, changed)

    def _watched(self) -> Watched:
        roots = self.paths or [self.settings.corpus_dir]
        return Watched(
            tuple(root.absolute() for root in roots),
            ignored=self.settings.index_dir.absolute(),
            also=(EXAMPLES,),
            poll=self.settings.watch_poll_seconds,
        )

    def _pause(self, outcome: Outcome, changed: bool) -> float:
        """Seconds until the next run, should nothing change before."""
        if isinstance(outcome, IndexReport):
            return POLL_AGAIN if changed and self.settings.watch_poll_seconds else math.inf
        return math.inf if isinstance(outcome, CorpusMissing) else RETRY

    def _reindex(self) -> Outcome:
        try:
            with self.shown() as progress:
                return reindex(
                    self.paths or None,
                    settings=self.settings,
                    encoder=self.encoder,
                    progress=progress,
                )
        except CitewellError as error:
            return error
        except Exception as error:  # a watch that nobody watches must outlive our mistakes
            logger.debug("a run failed", exc_info=True)
            return CitewellError(
                f"the run failed inside Citewell ({type(error).__name__}: {error}); the index was "
                "left as it is. Run python -m ingest to see whether it does so again"
            )
