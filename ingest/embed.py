"""Encode the texts of a snapshot that are not stored yet."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from pathlib import Path

from ingest.token_writer import TokenWriter
from rag.encoder import Encoded
from rag.manifest import ArticleEntry
from rag.tokens import TokenStore

BATCH = 256  # texts at a time: enough to find some of about one length, few enough to hold

Encode = Callable[[Mapping[str, str]], Iterator[tuple[str, Encoded]]]


class Embedding:
    """The vectors of texts in the folder of a new snapshot, open for writing.

    `stored`: those there were before. `embedded`: how many texts of chunks were encoded.
    """

    def __init__(self, folder: Path, name: str, encode: Encode) -> None:
        """Open what is there.

        Args:
            folder: of the snapshot in the making.
            name: id of that snapshot.
            encode: makes the vectors of texts, both by the texts' hashes.
        """
        self.embedded = 0
        self._encode_texts = encode
        self._new: set[str] = set()
        tokens = folder / "tokens"
        names = {path.name.split(".")[0] for path in tokens.glob("*.texts.npy")}
        self.stored = TokenStore.load(tokens, sorted(names))
        self._writer = TokenWriter(tokens, self.stored, name)

    def add(self, texts: Mapping[str, str]) -> None:
        """Take in texts of chunks, by their hashes; those that are stored are not encoded."""
        self.embedded += self._encode(texts)

    def finish(self, keys: Sequence[str], entries: Collection[ArticleEntry]) -> TokenStore:
        """Add the titles, and end.

        `keys`: the hashes of the texts of all chunks of the new snapshot.
        """
        originals = [entry for entry in entries if not entry.copy_of]
        titles = {entry.title_hash: entry.title for entry in originals if entry.title}
        names = list(titles)
        for start in range(0, len(names), BATCH):
            self._encode({key: titles[key] for key in names[start : start + BATCH]})
        return self._writer.finish(list(dict.fromkeys([*keys, *titles])))

    def close(self) -> None:
        """Let go of all files; may be called again."""
        self._writer.abandon()

    def _encode(self, texts: Mapping[str, str]) -> int:
        """Encode and store what is not stored; returns how many texts that were."""
        unknown = [key for key in self.stored.missing(list(texts)) if key not in self._new]
        for key, encoded in self._encode_texts({key: texts[key] for key in unknown}):
            self._writer.add(key, encoded)
        self._new.update(unknown)
        return len(unknown)
