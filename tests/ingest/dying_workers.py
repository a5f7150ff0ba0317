"""Workers that die at their work; Ray imports them from here."""

from __future__ import annotations

import os
import pickle
import signal
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import pyarrow as pa

from ingest.ray_worker import FILES, Worker

DIED = "_died"  # beside the articles: who has died already


class DyingOnce(Worker):
    """Is killed once, after it has sent a part of what it was asked for."""

    def __call__(self, batch: Mapping[str, Iterable[bytes]]) -> Iterator[pa.Table]:
        mark = folder(batch) / DIED
        for table in super().__call__(batch):
            yield table
            if not mark.exists():
                mark.touch()
                os.kill(os.getpid(), signal.SIGKILL)


class Dying(Worker):
    """Is killed by whatever it is asked."""

    def __call__(self, batch: Mapping[str, Iterable[bytes]]) -> Iterator[pa.Table]:
        with (folder(batch) / DIED).open("a") as mark:
            mark.write("x")
        os.kill(os.getpid(), signal.SIGKILL)
        return super().__call__(batch)


def folder(batch: Mapping[str, Iterable[bytes]]) -> Path:
    """The folder of the first file."""
    files: dict[str, Path] = pickle.loads(next(iter(batch[FILES])))
    return next(iter(files.values())).parent
