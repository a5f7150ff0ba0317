"""All that an index says, to compare two of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from rag.keyword import keywords
from rag.snapshot import Snapshot
from rag.vectors import chunk_of, records_of


def contents(snapshot: Snapshot, probes: Sequence[str]) -> dict[str, Any]:
    """All that a snapshot says, whatever the order in which it came to hold it.

    `probes`: texts of which the keyword scores are taken down.
    """
    stored = stored_records(snapshot)
    tokens = snapshot.tokens.gather([chunk.key for chunk in snapshot.chunks])
    vectors = dict(zip(stored["ids"], stored["embeddings"], strict=True))
    return {
        "chunks": list(snapshot.chunks),
        "copies": {entry.id: entry.copy_of for entry in snapshot.manifest.articles},
        "articles": [snapshot.article(key) for key in snapshot.entries],
        "keyword": [snapshot.keyword.scores(keywords(probe)).tolist() for probe in probes],
        "frequency": snapshot.token_frequency(np.unique(tokens.pieces)).tolist(),
        "pieces": tokens.pieces.tolist(),
        "spans": tokens.spans.tolist(),
        "store": {
            key: (text or text_of(snapshot, key), metadata)  # a server is not sent the texts
            for key, text, metadata in zip(
                stored["ids"], stored["documents"], stored["metadatas"], strict=True
            )
        },
        "vectors": vectors,
        "tokens": tokens.vectors,
        "nearest": {
            key: {snapshot.chunks[row].key for row in snapshot.nearest(np.asarray(vector), 4, None)}
            for key, vector in vectors.items()
        },
    }


def stored_records(snapshot: Snapshot) -> dict[str, Any]:
    """What the vector stores say of the chunks of a snapshot, whichever store says it."""
    wanted = list(records_of(snapshot.manifest.articles))
    parts = ["ids", "documents", "metadatas", "embeddings"]
    said: dict[str, Any] = {}  # a record says the same in each store that has it
    for store in snapshot.vector_stores:
        stored = store.get(ids=wanted, include=parts[1:])
        rows = zip(*(stored[part] for part in parts), strict=True)
        said |= {record: (chunk_of(record), *rest) for record, *rest in rows}
    columns = zip(*(said[record] for record in wanted), strict=True)
    return dict(zip(parts, map(list, columns), strict=True))


def text_of(snapshot: Snapshot, chunk_id: str) -> str:
    """The text of a chunk."""
    chunk = snapshot.chunks[snapshot.row_of[chunk_id]]
    return snapshot.article(chunk.article_id).text[chunk.start : chunk.end]


def assert_same(one: dict[str, Any], other: dict[str, Any]) -> None:
    """Compare contents; vectors may differ by what another batch does to the last bits."""
    assert {k: v for k, v in one.items() if k not in ("vectors", "tokens")} == {
        k: v for k, v in other.items() if k not in ("vectors", "tokens")
    }
    for key, vector in one["vectors"].items():
        np.testing.assert_allclose(vector, other["vectors"][key], atol=0.02)
    difference = one["tokens"].astype(int) - other["tokens"].astype(int)
    assert np.abs(difference).max() <= 4  # of 127
