"""Reads, cuts and encodes on a Ray cluster; what does not come from there is done here.

One Ray Data pipeline: groups of files go to actors (`ingest.ray_worker`), and their articles,
chunks and vectors come back in the order of the files. The caller goes on as with the local engine
and finds the work done; it alone decides what is new, and writes.
"""

from __future__ import annotations

import pickle
import threading
import warnings
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain, groupby
from pathlib import Path
from typing import Any

import numpy as np
import ray
from ray.data import ActorPoolStrategy, DataContext, Dataset
from ray.exceptions import RayError
from ray.util.annotations import RayDeprecationWarning

from ingest.articles import Reading
from ingest.fingerprint import fingerprint
from ingest.formats import ReadOptions
from ingest.local_engine import LocalEngine
from ingest.ray_worker import FILES, SENT, Order, Part, Rounded, Worker, number
from rag.encoder import Encoded, Encoder
from rag.errors import CitewellError, ClusterFailed
from rag.manifest import ChunkRow
from rag.precision import resolve
from rag.types import Article

GROUP = 32  # files that a worker is given at a time
# Vectors that may wait: more than are on their way to the stores at a time. Only those of an
# article of so many chunks would be let go, and made here once more.
ROOM = 2048
BLOCK = 32_000_000  # bytes that a worker collects before it sends them
RETRIES = 4  # for a group of files whose worker dies; then it is likely that they kill it


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
        return self._readings(self._parts(self._dataset(files, known))) if files else iter(())

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

    def _parts(self, dataset: Dataset) -> Iterator[Part]:
        """Take in what the workers send, in order.

        Raises:
            ClusterFailed: if they fail, or what made them fail if it is an error of ours.
        """
        try:
            for row in dataset.iter_rows():
                sent = pickle.loads(row[SENT])  # noqa: S301  # from our own workers
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

    def _dataset(self, files: Mapping[str, Path], known: Iterable[str]) -> Dataset:
        """The pipeline; nothing runs until somebody asks for its rows."""
        keys = sorted(files)
        groups = [
            pickle.dumps({key: files[key].absolute() for key in keys[start : start + GROUP]})
            for start in range(0, len(keys), GROUP)
        ]
        cores = int(ray.cluster_resources().get("CPU", 1))
        with DataContext.current(_context()), warnings.catch_warnings():
            # Its successor for retries is yet to come; without a limit they would go on for ever.
            warnings.simplefilter("ignore", RayDeprecationWarning)
            items = ray.data.from_items(
                [{FILES: group} for group in groups], override_num_blocks=len(groups)
            )
            return items.map_batches(
                Worker,
                batch_size=None,
                fn_constructor_args=[self._order(known)],
                compute=ActorPoolStrategy(size=max(1, min(cores, len(groups)))),
                num_cpus=1,
                max_task_retries=RETRIES,
            )

    def _order(self, known: Iterable[str]) -> Order:
        numbers = np.sort(np.fromiter(map(number, known), np.uint64))
        return Order(
            model=self._encoder.name,
            precision=resolve(self._encoder.precision),
            fingerprint=fingerprint(self._encoder),
            options=self._options,
            known=ray.put(numbers),
        )


def _context() -> Any:
    """How Ray Data is to run: in order, in small blocks, and without a word."""
    context = DataContext.get_current().copy()
    context.execution_options.preserve_order = True
    context.target_max_block_size = BLOCK
    context.enable_progress_bars = False
    context.print_on_execution_start = False
    return context


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
