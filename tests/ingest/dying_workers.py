"""Workers that die at their work."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import pyarrow as pa

from ingest.ray_worker import Worker


def dying(worker: type[Worker], deaths: Path, times: int) -> type[Worker]:
    """Make a kind of worker of which the first ones are killed after they sent a part.

    `deaths`: a file that takes down each death.
    """

    class Dying(worker):  # type: ignore[misc,valid-type]
        def __call__(self, batch: Mapping[str, Iterable[bytes]]) -> Iterator[pa.Table]:
            for table in super().__call__(batch):
                yield table
                if not deaths.exists() or deaths.stat().st_size < times:
                    with deaths.open("a") as mark:
                        mark.write("x")
                    os.kill(os.getpid(), signal.SIGKILL)

    return Dying
