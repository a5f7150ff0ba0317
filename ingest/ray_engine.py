"""Reads, cuts and encodes on a Ray cluster; what does not come from there is done here.

Files go to the workers of `ingest.ray_pipeline`, and their articles, chunks and vectors come back
in the order of the files. The caller goes on as with the local engine
and finds the work done; it alone decides what is new, and writes.
"""

from __future__ import annotations

import pickle
import threading
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain, groupby
from pathlib import Path
from typing import Any

import numpy as np
import ray
from ray.exceptions import RayError

from ingest.articles import Reading
from ingest.fingerprint import fingerprint
from ingest.formats import ReadOptions
from ingest.local_engine import LocalEngine
from ingest.ray_pipeline import Pipeline
from ingest.ray_worker import Order, Part, Rounded, Worker, number
from rag.encoder import Encoded, Encoder
from rag.errors import CitewellError, ClusterFailed
from rag.manifest import ChunkRow
from rag.precision import resolve
from rag.types import Article

GROUP = 32  # files that a worker is given at a time
# Vectors that may wait: more than are on their way to the stores at a time. Only those of an
# article of so many chunks would be let go, and made here once more.
ROOM = 2048
RETRIES = 4


class RayEngine(LocalEngine):
    """The work of a `LocalEngine`, done ahead by the actors of a cluster that is connected."""

    def __init__(self, encoder: Encoder, options: ReadOptions) -> None:
        """Name what the workers need; they start with the first file."""
        super().__init__(encoder, options)
        self._vectors: OrderedDict[str, Rounded] = OrderedDict()
        self._lock = threading.Lock()  # files come in ahead, in a thread
        self._part: Part | None = None

    def read(
        self, files: Mapping[str, Path], known: Iterable[str] = ()
    ) -> Iterator[tuple[str, Reading]]:
        """Yield what is in each file, in the order of the keys; its vectors wait for `encode`."""
        return self._readings(self._parts(self._pipeline(files, known))) if files else iter(())

    def cut(self, article: Article) -> list[ChunkRow]:
        """Look up the chunks of the article that was read last."""
        if self._part and self._part.article is article:
            return list(self._part.rows)
        return super().cut(article)

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

    def _readings(self, parts: Iterator[Part]) -> Iterator[tuple[str, Reading]]:
        """Put the parts of each file together; they come in while its articles are asked for."""
        for key, of_a_file in groupby(parts, key=lambda part: part.key):
            first = next(of_a_file)
            articles = self._articles(first, of_a_file)  # noqa: B031  # `first` is no longer in it
            yield key, Reading(articles, first.problem, first.content)

    def _articles(self, first: Part, others: Iterator[Part]) -> Iterator[Article]:
        for part in chain([first], others):
            self._part = part
            if part.article:
                yield part.article

    def _parts(self, pipeline: Any) -> Iterator[Part]:
        """Take in what the workers send, in order.

        Raises:
            ClusterFailed: if they fail, or what made them fail if it is an error of ours.
        """
        try:
            coming = pipeline.next.remote()
            while (got := ray.get(coming)) is not None:
                coming = pipeline.next.remote()  # on its way while this one is used
                sent = pickle.loads(got)  # noqa: S301  # from our own workers
                self._keep(sent.vectors)
                yield from sent.parts
        except RayError as error:
            raise _told(error) from error

    def _keep(self, vectors: Mapping[str, Rounded]) -> None:
        """Let vectors wait; those that nobody asks for (a text may occur twice) go in the end."""
        with self._lock:
            self._vectors |= vectors
            while len(self._vectors) > ROOM:
                self._vectors.popitem(last=False)

    def _pipeline(self, files: Mapping[str, Path], known: Iterable[str]) -> Any:
        keys = sorted(files)
        groups = [
            pickle.dumps({key: files[key].absolute() for key in keys[start : start + GROUP]})
            for start in range(0, len(keys), GROUP)
        ]
        order = Order(
            model=self._encoder.name,
            precision=resolve(self._encoder.precision),
            fingerprint=fingerprint(self._encoder),
            options=self._options,
        )
        numbers = np.sort(np.fromiter(map(number, known), np.uint64))
        actor = ray.remote(num_cpus=0)(Pipeline)
        return actor.remote(order, numbers, groups, Worker, RETRIES)


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
