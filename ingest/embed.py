"""Bring the stores of a snapshot in line with its tables; only unknown texts are encoded."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ingest.memory import give_back
from ingest.spool import Records, Spool
from ingest.token_writer import TokenWriter
from ingest.vector_writer import Vectors, VectorWriter
from rag.encoder import Encoded
from rag.manifest import ArticleEntry, ChunkRow
from rag.tokens import TokenStore
from rag.vectors import records_of

BATCH = 256  # chunks at a time: enough to find some of about one length, few enough to hold

Encode = Callable[[Mapping[str, str]], Iterator[tuple[str, Encoded]]]


@dataclass(frozen=True, slots=True)
class NewChunk:
    """A chunk that the stores do not hold as it is now, its text, and the article it is from."""

    row: ChunkRow
    text: str
    entry: ArticleEntry


class Embedding:
    """The vector store and the token store of the snapshot in a folder, open for writing.

    `stored`: the tokens there were before. `embedded`: how many chunks were encoded.
    """

    def __init__(
        self,
        folder: Path,
        name: str,
        encode: Encode,
        vectors: VectorWriter,
        held: Mapping[str, str],
    ) -> None:
        """Open both stores.

        Args:
            folder: of the snapshot in the making.
            name: id of that snapshot.
            encode: makes the vectors of texts, both by the texts' hashes.
            vectors: where they go.
            held: the records that are there now, and the hash of each one's text.
        """
        self.embedded = 0
        self._encode_texts = encode
        self._vectors = vectors
        self._held = held
        # Some record of each text: its name, or its number among those that wait in the spool.
        self._holder: dict[str, str | int] = {key: record for record, key in held.items()}
        self._spool = Spool(folder)
        tokens = folder / "tokens"
        names = {path.name.split(".")[0] for path in tokens.glob("*.texts.json")}
        self.stored = TokenStore.load(tokens, sorted(names))
        self._writer = TokenWriter(tokens, self.stored, name)

    def add(self, batch: Sequence[NewChunk]) -> None:
        """Take in some chunks; what has a text that is stored is not encoded."""
        named = {self._vectors.record(new.row.id, new.entry): new for new in batch}
        # A record stands for a text: where it is held, only what is said of it can have changed.
        if held := {name: new for name, new in named.items() if name in self._held}:
            self._vectors.retell(list(held), [metadata(new) for new in held.values()])
        if others := {name: new for name, new in named.items() if name not in self._held}:
            self._insert(others)

    def _insert(self, batch: Mapping[str, NewChunk]) -> None:
        new_ones = batch.values()
        unknown = {new.row.key: new.text for new in new_ones if new.row.key not in self._holder}
        vectors = self._find(new_ones, unknown)
        records = Records(
            ids=list(batch),
            vectors=[vectors[new.row.key] for new in new_ones],
            texts=[new.text for new in new_ones],
            metadatas=[metadata(new) for new in new_ones],
        )
        numbers = self._spool.add(records)
        self._holder |= dict(zip((new.row.key for new in new_ones), numbers, strict=True))
        self.embedded += len(unknown)

    def finish(self, keys: Sequence[str], entries: Collection[ArticleEntry]) -> TokenStore:
        """Drop the chunks that are gone, add the titles, and close both stores.

        `keys`: the hashes of the texts of all chunks of the new snapshot.
        """
        originals = [entry for entry in entries if not entry.copy_of]
        titles = {entry.title_hash: entry.title for entry in originals if entry.title}
        new = [key for key in self.stored.missing(list(titles)) if key not in self._holder]
        for start in range(0, len(new), BATCH):
            self._encode({key: titles[key] for key in new[start : start + BATCH]})
        tokens = self._writer.finish(list(dict.fromkeys([*keys, *titles])))
        self._fill(entries)
        self.close()
        return tokens

    def _fill(self, entries: Collection[ArticleEntry]) -> None:
        """Bring the vector store in line; that takes memory, so let go of what we have."""
        live = set(records_of(self._vectors.record, entries))
        gone = sorted(self._held.keys() - live)
        for start in range(0, len(gone), BATCH):
            self._vectors.drop(gone[start : start + BATCH])
        del live
        self._holder, self._held = {}, {}
        give_back()
        for records in self._spool.take():
            self._vectors.add(records)

    def close(self) -> None:
        """Let go of all files; may be called again."""
        self._spool.close()
        self._writer.abandon()
        self._vectors.close()

    def _find(self, batch: Collection[NewChunk], unknown: Mapping[str, str]) -> Vectors:
        """Vectors of a batch by text: looked up where the text is stored, else encoded."""
        vectors = self._encode(unknown)
        if known := sorted({new.row.key for new in batch} - unknown.keys()):
            vectors |= self._look_up(known)
        return vectors

    def _look_up(self, keys: Sequence[str]) -> Vectors:
        """Vectors of texts that are stored or wait."""
        holders = {key: self._holder[key] for key in keys}
        stored = {key: name for key, name in holders.items() if isinstance(name, str)}
        found = self._vectors.look_up(list(stored.values())) if stored else {}
        vectors = {key: found[name] for key, name in stored.items()}
        waiting = {key: row for key, row in holders.items() if isinstance(row, int)}
        return vectors | {key: self._spool.vector(row) for key, row in waiting.items()}

    def _encode(self, texts: Mapping[str, str]) -> Vectors:
        """Encode texts, store their tokens, and return their vectors."""
        vectors: Vectors = {}
        for key, encoded in self._encode_texts(texts):
            self._writer.add(key, encoded)
            vectors[key] = encoded.vector
        return vectors


def metadata(new: NewChunk) -> dict[str, Any]:
    """Describe a chunk to Chroma: what its filters need, and where the text is from."""
    row, entry = new.row, new.entry
    published = int(entry.published.strftime("%Y%m%d")) if entry.published else 0
    return {
        "article_id": row.article_id,
        "start_index": row.start,
        "title": entry.title,
        "source": entry.source,
        "author": entry.author,
        "published": published,
        "path": entry.path,
    }
