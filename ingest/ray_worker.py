"""What the workers of a Ray cluster do: some read files, others cut articles and encode the chunks.

Between the two steps it is found out which articles are copies, for these are neither cut nor
encoded. A worker that encodes loads the model once. Token vectors are rounded before they are
sent, as the index does before it stores them: that makes them a quarter of the size.
"""

from __future__ import annotations

import pickle
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import ray
from numpy.typing import NDArray

from ingest.articles import Reading
from ingest.fingerprint import CLEANER, fingerprint
from ingest.formats import ReadOptions
from ingest.local_engine import LocalEngine
from ingest.token_writer import whole
from rag.encoder import Encoded, Encoder
from rag.errors import IndexMismatch
from rag.manifest import ChunkRow, Fingerprint
from rag.precision import Precision
from rag.tokens import quantize
from rag.types import Article

BATCH = 256  # texts at a time: enough to find some of about one length
MOST = 2 * BATCH  # texts that are held with their vectors
MOST_READ = 1_000_000  # characters of articles that are sent at a time
GIVEN, SENT = "given", "sent"  # columns of what comes in and of what goes out, both pickled

Cuts = list[tuple[Article, Sequence[ChunkRow]]]


@dataclass(frozen=True, slots=True)
class Order:
    """What all workers are told."""

    model: str
    precision: Precision
    made_by: tuple[Fingerprint, str]
    options: ReadOptions


def made_by(encoder: Encoder) -> tuple[Fingerprint, str]:
    """On what texts, chunks and vectors depend besides the files."""
    return fingerprint(encoder), CLEANER


class Rounded(NamedTuple):
    """The vectors of a text, those of its n tokens as (n, d) bytes."""

    vector: NDArray[np.float32]
    tokens: NDArray[np.int8]
    pieces: NDArray[np.uint32]
    spans: NDArray[np.uint32]

    @classmethod
    def of(cls, encoded: Encoded) -> Rounded:
        """Round the vectors of a text."""
        return cls(encoded.vector, quantize(encoded.tokens), encoded.pieces, encoded.spans)

    def encoded(self) -> Encoded:
        """Make of them what rounds to the same."""
        return Encoded(self.vector, whole(self.tokens), self.pieces, self.spans)


@dataclass(frozen=True, slots=True)
class Sent:
    """Articles that were cut, in order; the vectors of their texts come shortly before."""

    vectors: dict[str, Rounded]
    cuts: Cuts = field(default_factory=list)


class Worker:
    """An actor: Ray calls it with one thing after another, and again if a call was lost."""

    def __init__(self, order: Order) -> None:
        """Take what all are told; an error here would only tell Ray that the actor died."""
        self.order = order
        self.encoder = Encoder(order.model, order.precision)
        self.engine = LocalEngine(self.encoder, order.options, readers=1)

    def __call__(self, batch: Mapping[str, Iterable[bytes]]) -> Iterator[pa.Table]:
        """Do the work; what comes out is a matter of what is given alone.

        Raises:
            IndexMismatch: if what is installed here would make other texts, chunks or vectors.
        """
        here, wanted = made_by(self.encoder), self.order.made_by
        if here != wanted:
            raise IndexMismatch(
                f"a worker has {here}, but the index is made with {wanted}; install the same "
                "version of Citewell, and the same model, on all machines of the cluster"
            )
        for given in batch[GIVEN]:
            for sent in self.work(pickle.loads(given)):  # noqa: S301  # from our own driver
                yield pa.table({SENT: pa.array([pickle.dumps(sent)], pa.large_binary())})

    def work(self, given: Any) -> Iterator[Any]:
        """Yield what is to be sent."""
        raise NotImplementedError


class ReadingWorker(Worker):
    """Reads files."""

    def work(self, given: Mapping[str, Path]) -> Iterator[list[tuple[str, Reading]]]:
        """Collect what is in the files until it is much."""
        found: list[tuple[str, Reading]] = []
        size = 0
        for key, reading in self.engine.read(given):
            found.append((key, reading))
            size += sum(len(article.text) for article in reading.articles)
            if size >= MOST_READ:
                yield found
                found, size = [], 0
        yield found


class CuttingWorker(Worker):
    """Cuts articles and encodes the chunks."""

    def __init__(self, order: Order, known: Any) -> None:
        """Load the model; `known` refers to the sorted numbers of the texts that are stored."""
        super().__init__(order)
        self.encoder.model  # noqa: B018  # loads it
        self._known: NDArray[np.uint64] = ray.get(known)

    def work(self, given: Sequence[Article]) -> Iterator[Sent]:
        """Collect articles until there are enough texts to encode."""
        cuts: Cuts = []
        texts: dict[str, str] = {}
        for article, rows in self.engine.cut(given):
            cuts.append((article, rows))
            texts |= self._unknown(article, rows)
            if len(texts) >= BATCH:
                yield from self._encoded(texts, cuts)
                cuts, texts = [], {}
        yield from self._encoded(texts, cuts)

    def _encoded(self, texts: Mapping[str, str], cuts: Cuts) -> Iterator[Sent]:
        """Encode texts; those of a very long article go ahead of it."""
        keys = list(texts)
        for start in range(0, len(keys), MOST):
            block = {key: texts[key] for key in keys[start : start + MOST]}
            yield Sent({key: Rounded.of(found) for key, found in self.engine.encode(block)})
        yield Sent({}, cuts)

    def _unknown(self, article: Article, rows: Sequence[ChunkRow]) -> dict[str, str]:
        """The texts of an article that are not stored, by their hashes."""
        texts = {row.key: article.text[row.start : row.end] for row in rows}
        numbers = np.fromiter(map(number, texts), np.uint64, len(texts))
        first, after = (np.searchsorted(self._known, numbers, side) for side in ("left", "right"))
        return {key: texts[key] for key, new in zip(texts, first == after, strict=True) if new}


def number(key: str) -> int:
    """The first eight bytes of a hash; a text that shares them by chance is left to the driver."""
    return int(key[:16], 16)
