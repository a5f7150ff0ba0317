"""Reads, cuts and encodes on a Ray cluster; what does not come from there is done here.

Files go to one kind of workers, and articles that are no copies to another one, see
`ingest.ray_worker`. What they make of them comes back in order. The caller goes on as with the
local engine and finds the work done; it alone decides what is new, and writes.
"""

from __future__ import annotations

import pickle
import threading
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import ray
from ray.exceptions import RayError

from ingest.articles import Reading
from ingest.formats import ReadOptions
from ingest.local_engine import LocalEngine
from ingest.ray_pipeline import Pipeline
from ingest.ray_worker import (
    GIVEN,
    CuttingWorker,
    Order,
    ReadingWorker,
    Rounded,
    Worker,
    made_by,
    number,
)
from rag.encoder import Encoded, Encoder
from rag.errors import CitewellError, ClusterFailed
from rag.manifest import ChunkRow
from rag.precision import resolve
from rag.types import Article

GROUP = 32  # files or articles that a worker is given at a time
# Vectors that may wait: more than are on their way to the stores at a time. Only those of an
# article of so many chunks would be let go, and made here once more.
ROOM = 2048
RETRIES = 4


class RayEngine(LocalEngine):
    """The work of a `LocalEngine`, done ahead by the actors of a cluster that is connected."""

    def __init__(self, encoder: Encoder, options: ReadOptions) -> None:
        """Name what the workers need; they start when there is something to do."""
        super().__init__(encoder, options)
        self._vectors: OrderedDict[str, Rounded] = OrderedDict()
        self._lock = threading.Lock()  # articles come in ahead, in a thread

    def read(self, files: Mapping[str, Path]) -> Iterator[tuple[str, Reading]]:
        """Yield what is in each file, in the order of the keys."""
        absolute = ((key, files[key].absolute()) for key in sorted(files))
        groups = (dict(group) for group in groups_of(absolute))
        for found in self._done(ReadingWorker, groups):
            yield from found

    def cut(
        self, articles: Iterable[Article], known: Iterable[str] = ()
    ) -> Iterator[tuple[Article, Sequence[ChunkRow]]]:
        """Yield articles in order, and the chunks of each, whose vectors wait for `encode`."""
        numbers = ray.put(np.sort(np.fromiter(map(number, known), np.uint64)))
        for sent in self._done(CuttingWorker, groups_of(articles), numbers):
            self._keep(sent.vectors)
            yield from sent.cuts

    def encode(self, texts: Mapping[str, str]) -> Iterator[tuple[str, Encoded]]:
        """Yield vectors that wait, and encode other texts (titles are); all in the usual order."""
        with self._lock:
            waiting = [(key, self._vectors.pop(key)) for key in texts if key in self._vectors]
        found = {key: rounded.encoded() for key, rounded in waiting}
        found |= super().encode({key: texts[key] for key in texts if key not in found})
        keys = list(texts)
        for places in self._encoder.batches([len(found[key].pieces) for key in keys]):
            for place in places:
                yield keys[place], found[keys[place]]

    def _done(self, worker: type[Worker], groups: Iterable[Any], *told: Any) -> Iterator[Any]:
        """Yield what workers make of some groups, in order.

        Raises:
            ClusterFailed: if they fail, or what made them fail if it is an error of ours.
        """
        try:
            if not (given := [ray.put(packed(group)) for group in groups]):
                return
            order = Order(
                model=self._encoder.name,
                precision=resolve(self._encoder.precision),
                made_by=made_by(self._encoder),
                options=self._options,
            )
            actor = ray.remote(num_cpus=0)(Pipeline)
            pipeline: Any = actor.remote(worker, [order, *told], given, RETRIES)
            coming = pipeline.next.remote()
            while (got := ray.get(coming)) is not None:
                coming = pipeline.next.remote()  # on its way while this one is used
                yield pickle.loads(got)  # noqa: S301  # from our own workers
        except RayError as error:
            raise _told(error) from error

    def _keep(self, vectors: Mapping[str, Rounded]) -> None:
        """Let vectors wait; those that nobody asks for (a text may occur twice) go in the end."""
        with self._lock:
            self._vectors |= vectors
            while len(self._vectors) > ROOM:
                self._vectors.popitem(last=False)


def groups_of(items: Iterable[Any]) -> Iterator[list[Any]]:
    """Take some items at a time."""
    rest = iter(items)
    while group := list(islice(rest, GROUP)):
        yield group


def packed(group: Any) -> pa.Table:
    """Write a group as a table; the cluster keeps it, on its disks if there are many."""
    return pa.table({GIVEN: pa.array([pickle.dumps(group)], pa.large_binary())})


def _told(error: RayError) -> CitewellError:
    """Find what a worker told of, else tell that it failed."""
    cause: Any = error
    while cause is not None:
        if isinstance(cause, CitewellError):
            return cause
        cause = getattr(cause, "cause", None) or cause.__cause__
    lines = [line for line in str(error).splitlines() if line.strip()]
    return ClusterFailed(
        f"the Ray workers failed ({type(error).__name__}: {' '.join(lines[-1:])[:300]}); the index "
        "was left as it is. See the logs of Ray, or run with --engine local"
    )
