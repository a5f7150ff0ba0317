"""What tells copies apart, kept with each snapshot so that no article is looked at twice.

`copies.npz` has for each article, in the order of the manifest, its MinHash signature and its
number of words, and the pairs that were compared word for word with what came of it.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from ingest.fingerprint import COPIES
from ingest.gather import Previous
from ingest.signatures import PERMUTATIONS, Signatures, signature
from rag.types import Article
from rag.wording import wording

NAME = "copies.npz"
PARTS = ("signatures", "words", "pairs", "verdicts")

Verdicts = dict[tuple[str, str], bool]  # by the ids of an article and of the one it may copy


class Sketches:
    """Signatures of the articles of a snapshot in the making, in their order."""

    def __init__(self, base: Previous | None) -> None:
        """Take over from a snapshot what it knows, unless it compared in another way."""
        self._base = base if base and base.manifest.copies == COPIES else None
        self._values, self._words, self._same = array("I"), array("I"), set[str]()

    def add(self, key: str, read: Callable[[], Article], same: bool) -> None:
        """Add an article by its id; `same` if it is as it was in the snapshot to start from."""
        if same and self._stored:
            row = self._rows[key]
            self._same.add(key)
            values, count = self._stored["signatures"][row], int(self._stored["words"][row])
        else:
            words = wording(read().text)
            values, count = signature(words), len(words)
        self._values.frombytes(values.tobytes())
        self._words.append(count)

    @property
    def signatures(self) -> Signatures:
        """All signatures, shape (n, 63)."""
        return np.frombuffer(self._values, dtype=np.uint32).reshape(-1, PERMUTATIONS)

    @property
    def words(self) -> Sequence[int]:
        """How many words each article has."""
        return self._words

    def known(self) -> Verdicts:
        """The verdicts on pairs of articles that are both as they were."""
        if not self._stored or not self._base:
            return {}
        ids = [entry.id for entry in self._base.manifest.articles]
        pairs = zip(self._stored["pairs"].tolist(), self._stored["verdicts"].tolist(), strict=True)
        named = {(ids[one], ids[other]): verdict for (one, other), verdict in pairs}
        return {pair: named[pair] for pair in named if self._same.issuperset(pair)}

    def save(self, folder: Path, verdicts: Mapping[tuple[int, int], bool]) -> None:
        """Write all of it into the folder of the new snapshot; pairs go by place."""
        np.savez(
            folder / NAME,
            signatures=self.signatures,
            words=np.asarray(self._words),
            pairs=np.array(list(verdicts), dtype=np.int32).reshape(-1, 2),
            verdicts=np.array(list(verdicts.values()), dtype=bool),
        )

    @cached_property
    def _rows(self) -> dict[str, int]:
        articles = self._base.manifest.articles if self._base else ()
        return {entry.id: row for row, entry in enumerate(articles)}

    @cached_property
    def _stored(self) -> dict[str, NDArray[np.generic]] | None:
        """What the snapshot to start from has; `None` if that cannot be read."""
        if not self._base:
            return None
        try:
            with np.load(self._base.folder / NAME) as table:
                stored = {name: table[name] for name in PARTS}
        except (OSError, ValueError, KeyError, EOFError, BadZipFile):
            return None
        return stored if len(stored["words"]) == len(self._rows) else None
