"""Bring the stores of a snapshot in line with its tables; only unknown texts are encoded."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from chromadb.api.models.Collection import Collection as ChromaCollection
from chromadb.errors import ChromaError
from numpy.typing import NDArray

from ingest.token_writer import TokenWriter
from rag.encoder import Encoded
from rag.errors import CitewellError, IndexDamaged, StorageFailed
from rag.integrity import REPAIR
from rag.layout import COLLECTION, open_chroma
from rag.manifest import ArticleEntry, ChunkRow
from rag.tokens import TokenStore

BATCH = 256  # chunks at a time: enough to find some of about one length, few enough to hold
ROOM = 1_000_000  # bytes; with less, whatever SQLite says, the disk is full
Vectors = dict[str, NDArray[np.float32]]
Encode = Callable[[Mapping[str, str]], Iterator[tuple[str, Encoded]]]


@dataclass(frozen=True, slots=True)
class NewChunk:
    """A chunk that the stores do not hold as it is now, its text, and what Chroma is told of it."""

    row: ChunkRow
    text: str
    metadata: dict[str, Any]


class Embedding:
    """The vector store and the token store of the snapshot in a folder, open for writing.

    `stored`: the tokens there were before. `embedded`: how many chunks were encoded.
    """

    def __init__(self, folder: Path, name: str, encode: Encode, held: Mapping[str, str]) -> None:
        """Open both stores.

        Args:
            folder: of the snapshot in the making.
            name: id of that snapshot.
            encode: makes the vectors of texts, both by the texts' hashes.
            held: the chunks that the stores hold now, and the hash of each one's text.
        """
        self.embedded = 0
        self._closed = False
        self._folder = folder
        self._encode_texts = encode
        self._held = held
        self._holder = {key: chunk_id for chunk_id, key in held.items()}  # some chunk of each text
        tokens = folder / "tokens"
        names = {path.name.split(".")[0] for path in tokens.glob("*.texts.json")}
        self.stored = TokenStore.load(tokens, sorted(names))
        self._writer = TokenWriter(tokens, self.stored, name)
        with self._errors_told():
            self._client = open_chroma(folder)
            self._collection = self._client.get_or_create_collection(
                COLLECTION, configuration={"hnsw": {"space": "cosine"}}, embedding_function=None
            )

    def add(self, batch: Sequence[NewChunk]) -> None:
        """Write some chunks to both stores; what has a text that is stored is not encoded."""
        with self._errors_told():
            # An id stands for a text: where it is held, only what is said of it can have changed.
            # To look its vector up would load the whole nearest-neighbour graph.
            if held := [new for new in batch if new.row.id in self._held]:
                self._collection.update(
                    ids=[new.row.id for new in held], metadatas=[new.metadata for new in held]
                )
            if others := [new for new in batch if new.row.id not in self._held]:
                self._insert(others)

    def _insert(self, batch: Sequence[NewChunk]) -> None:
        unknown = {new.row.key: new.text for new in batch if new.row.key not in self._holder}
        vectors = self._vectors(batch, unknown)
        self._collection.add(
            ids=[new.row.id for new in batch],
            embeddings=np.stack([vectors[new.row.key] for new in batch]),
            documents=[new.text for new in batch],
            metadatas=[new.metadata for new in batch],
        )
        self._holder |= {new.row.key: new.row.id for new in batch}
        self.embedded += len(unknown)

    def finish(self, rows: Mapping[str, str], entries: Collection[ArticleEntry]) -> TokenStore:
        """Drop the chunks that are gone, add the titles, and close both stores.

        `rows`: all chunks of the new snapshot, and the hash of each one's text.
        """
        titles = {entry.title_hash: entry.title for entry in entries if entry.title}
        new = [key for key in titles if key not in self.stored and key not in self._holder]
        for start in range(0, len(new), BATCH):
            self._encode({key: titles[key] for key in new[start : start + BATCH]})
        gone = sorted(self._held.keys() - rows.keys())
        with self._errors_told():
            for start in range(0, len(gone), BATCH):
                self._collection.delete(ids=gone[start : start + BATCH])
        tokens = self._writer.finish(list(dict.fromkeys([*rows.values(), *titles])))
        self.close()
        return tokens

    def close(self) -> None:
        """Let go of the files of both stores; may be called again."""
        self._writer.abandon()
        if not self._closed:
            self._closed = True
            self._client.close()

    @contextmanager
    def _errors_told(self) -> Iterator[None]:
        try:
            yield
        except ChromaError as error:
            raise self._told(error) from error

    def _told(self, error: ChromaError) -> CitewellError:
        """Tell a store that cannot be written from one that was damaged before we copied it."""
        free = shutil.disk_usage(self._folder).free
        # We copied the store without an error, so a disk that fails now is the one we write to.
        at_fault = ("full", "readonly", "disk I/O error", "unable to open")
        if free < ROOM or any(words in str(error) for words in at_fault):
            return StorageFailed(
                f"the vector store in {self._folder} cannot be written ({error}; {free / 1e6:.0f} "
                "MB are free); free some space there, or name another folder with --index. The "
                "index was left as it is"
            )
        return IndexDamaged(f"the vector store cannot be changed ({error}); {REPAIR}")

    def _vectors(self, batch: Sequence[NewChunk], unknown: Mapping[str, str]) -> Vectors:
        """Vectors of a batch by text: looked up where the text is stored, else encoded."""
        vectors = self._encode(unknown)
        known = sorted({new.row.key for new in batch} - unknown.keys())
        if known:
            vectors |= self._look_up(self._collection, known)
        return vectors

    def _look_up(self, collection: ChromaCollection, keys: Sequence[str]) -> Vectors:
        found = collection.get(ids=[self._holder[key] for key in keys], include=["embeddings"])
        place = dict(zip(found["ids"], found["embeddings"], strict=True))  # type: ignore[arg-type]
        return {key: np.asarray(place[self._holder[key]], np.float32) for key in keys}

    def _encode(self, texts: Mapping[str, str]) -> Vectors:
        """Encode texts, store their tokens, and return their vectors."""
        vectors = Vectors()
        for key, encoded in self._encode_texts(texts):
            self._writer.add(key, encoded)
            vectors[key] = encoded.vector
        return vectors


def metadata(row: ChunkRow, entry: ArticleEntry) -> dict[str, Any]:
    """Describe a chunk to Chroma: what its filters need, and where the text is from."""
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
