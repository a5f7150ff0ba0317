"""What a worker of a Ray cluster does: read files, cut their articles, encode the chunks.

It loads the model once, and goes through some files at a time. Token vectors are rounded before
they are sent, as the index does before it stores them: that makes them a quarter of the size.
"""

from __future__ import annotations

import pickle
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import ray
from numpy.typing import NDArray

from ingest.fingerprint import fingerprint
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
FILES, SENT = "files", "sent"  # columns of what comes in and of what goes out, both pickled


@dataclass(frozen=True, slots=True)
class Order:
    """What all workers are told."""

    model: str
    precision: Precision
    fingerprint: Fingerprint
    options: ReadOptions


@dataclass(frozen=True, slots=True)
class Part:
    """An article of a file, and its chunks; none if there is none in the file."""

    key: str
    problem: str
    content: str
    article: Article | None = None
    rows: tuple[ChunkRow, ...] = ()


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
    """Parts of files in order; the vectors of their texts come with them, or shortly before."""

    vectors: dict[str, Rounded]
    parts: list[Part] = field(default_factory=list)


class Worker:
    """An actor: Ray calls it with some files after another, and again if a call was lost."""

    def __init__(self, order: Order, known: Any) -> None:
        """Load the model; `known` refers to the sorted numbers of the texts that are stored.

        Raises:
            IndexMismatch: if what is installed here would make other chunks or vectors.
        """
        encoder = Encoder(order.model, order.precision)
        here = fingerprint(encoder)
        if here != order.fingerprint:
            raise IndexMismatch(
                f"a worker has {here}, but the index is made with {order.fingerprint}; install the "
                "same version of Citewell, and the same model, on all machines of the cluster"
            )
        encoder.model  # noqa: B018  # loads it
        self._engine = LocalEngine(encoder, order.options)
        self._known: NDArray[np.uint64] = ray.get(known)

    def __call__(self, batch: Mapping[str, Iterable[bytes]]) -> Iterator[pa.Table]:
        """Work through the files; what comes out is a matter of them alone."""
        for files in batch[FILES]:
            for sent in self.sent(pickle.loads(files)):  # noqa: S301  # from our own driver
                yield pa.table({SENT: pa.array([pickle.dumps(sent)], pa.large_binary())})

    def sent(self, files: Mapping[str, Path]) -> Iterator[Sent]:
        """Collect parts until there are enough texts to encode."""
        parts: list[Part] = []
        texts: dict[str, str] = {}
        for key, reading in self._engine.read(files):
            about = (key, reading.problem, reading.content)
            found = [
                Part(*about, article, tuple(self._engine.cut(article)))
                for article in reading.articles
            ]
            for part in found or [Part(*about)]:
                parts.append(part)
                texts |= self._unknown(part)
                if len(texts) >= BATCH:
                    yield from self._encoded(texts, parts)
                    parts, texts = [], {}
        yield from self._encoded(texts, parts)

    def _encoded(self, texts: Mapping[str, str], parts: list[Part]) -> Iterator[Sent]:
        """Encode texts; those of a very long article go ahead of it."""
        keys = list(texts)
        for start in range(0, len(keys), MOST):
            block = {key: texts[key] for key in keys[start : start + MOST]}
            yield Sent({key: Rounded.of(found) for key, found in self._engine.encode(block)})
        yield Sent({}, parts)

    def _unknown(self, part: Part) -> dict[str, str]:
        """The texts of a part that are not stored, by their hashes."""
        text = part.article.text if part.article else ""
        texts = {row.key: text[row.start : row.end] for row in part.rows}
        numbers = np.fromiter(map(number, texts), np.uint64, len(texts))
        first, after = (np.searchsorted(self._known, numbers, side) for side in ("left", "right"))
        return {key: texts[key] for key, new in zip(texts, first == after, strict=True) if new}


def number(key: str) -> int:
    """The first eight bytes of a hash; a text that shares them by chance is left to the driver."""
    return int(key[:16], 16)
