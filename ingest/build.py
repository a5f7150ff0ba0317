"""Fill the folder of a new snapshot: the tables and the stores, the manifest last."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime
from functools import cached_property
from itertools import islice
from pathlib import Path

from ingest.ahead import ahead
from ingest.base_check import BaseCheck
from ingest.embed import BATCH, Embedding
from ingest.fingerprint import COPIES, fingerprint
from ingest.frequencies import count_pieces, save_frequencies
from ingest.gather import Gathered, Kept, Previous, Progress
from ingest.local_engine import LocalEngine
from ingest.memory import give_back
from ingest.records import Records
from ingest.snapshot import flush_all, link_tokens
from ingest.tables import Tables
from ingest.vector_writer import EmbeddedWriter, ServedWriter, VectorWriter
from rag.chroma_server import ChromaServer
from rag.contents import load_frequencies
from rag.encoder import Encoder
from rag.integrity import file_table
from rag.keyword import KeywordIndex
from rag.layout import STORES
from rag.manifest import Manifest
from rag.tokens import TokenStore
from rag.vectors import collection_name


class Build:
    """A snapshot in the making; once closed, `embedded` tells how many chunks were encoded."""

    def __init__(
        self,
        folder: Path,
        name: str,
        encoder: Encoder,
        engine: LocalEngine,
        previous: Previous | None,
        progress: Progress,
        server: ChromaServer | None = None,
    ) -> None:
        """Name the folder to fill, who cuts and encodes, and the snapshot to start from.

        `server`: where the vectors go, if they do not go into the folder.
        """
        self.folder = folder
        self.name = name
        self.embedded = 0
        self._segments: tuple[str, ...] = ()
        self._stores: dict[str, int] = {}
        self._encoder = encoder
        self._engine = engine
        self._progress = progress
        self._base = previous if previous and previous.reuse else None
        self._server = server
        self._check = BaseCheck(self._base)
        self._collection = ""
        if server:
            self._collection = self._base.manifest.vectors if self._base else collection_name(name)
        self.tables = Tables(folder, engine.cut, self._base)

    def write_tables(self, gathered: Iterable[Gathered | Kept]) -> None:
        """Write the articles, then their chunks; meanwhile, texts that are new are encoded.

        Raises:
            IndexDamaged: if the snapshot to start from is not what was written.
        """
        self.tables.write_articles(gathered)
        if self._base:
            link_tokens(self._base.folder, self.folder)
        done = 0
        with closing(ahead(self.tables.write_chunks(), 2 * BATCH)) as chunks:
            while batch := list(islice(chunks, BATCH)):
                self._embedding.add(dict(batch))
                done += len(batch)
                self._progress("embedding", done, self.tables.new)
        self._check.tables()

    def write_stores(self) -> None:
        """Bring the stores in line with the tables."""
        self._check.begin_stores()
        KeywordIndex.from_counts(self.tables.counts).save(self.folder / "keyword")
        del self.tables.counts  # large, and needed no longer
        tokens = self._embedding.finish(self.tables.keys, self.tables.entries)
        self._segments = tuple(segment.name for segment in tokens.segments)
        save_frequencies(self.folder / "tokens", self._frequencies(tokens))
        self._close_embedding()
        give_back()
        self._stores = self._writer.fill(Records(self.folder, self.tables.entries, tokens))

    def verify_vectors(self) -> None:
        """Open what was written of the vectors again; are they those of the chunks?

        That comes before the manifest, for Chroma writes to a store as soon as it opens it.

        Raises:
            IndexDamaged: if they are not.
        """
        self._writer.verify()
        self._check.stores()

    def write_manifest(self, examples: Sequence[str]) -> None:
        """Write the table of contents, which stands for completeness."""
        known = self._base.manifest.files if self._base else {}
        shared = ("tokens/", *(f"{STORES}/{store}/" for store in self._stores))
        linked = [name for name in known if name.startswith(shared) and "token_df" not in name]
        with ThreadPoolExecutor(1) as aside:
            flushing = aside.submit(flush_all, self.folder)  # while digests are made
            files = file_table(self.folder, known, linked)
            flushing.result()
        Manifest(
            snapshot=self.name,
            created=datetime.now(UTC),
            fingerprint=fingerprint(self._encoder),
            segments=self._segments,
            chunk_count=len(self.tables.keys),
            articles=tuple(self.tables.entries),
            files=files,
            examples=tuple(examples),
            vectors=self._collection,
            stores=self._stores,
            copies=COPIES,
        ).save(self.folder)

    def close(self) -> None:
        """Let go of all that is needed only to write; may be called again."""
        self._check.close()
        self._close_embedding()
        self.tables.close()

    def _close_embedding(self) -> None:
        if embedding := vars(self).pop("_embedding", None):
            self.embedded = embedding.embedded
            embedding.close()

    @cached_property
    def _embedding(self) -> Embedding:
        return Embedding(self.folder, self.name, self._engine.encode)

    @cached_property
    def _writer(self) -> VectorWriter:
        if self._server:
            return ServedWriter(self._server, self._collection, self._base)
        return EmbeddedWriter(self.folder, self.name, self._base, self._check.stores)

    def _frequencies(self, tokens: TokenStore) -> Counter[int]:
        """Count word pieces by chunk: those of the snapshot before, and what differs from it."""
        new = Counter(self.tables.keys)
        if not self._base:
            return count_pieces(tokens, new)
        known, times = load_frequencies(self._base.folder / "tokens")
        counts = Counter(dict(zip(known.tolist(), times.tolist(), strict=True)))
        old = Counter(self.tables.old_keys)
        counts.update(count_pieces(tokens, new - old))
        counts.subtract(count_pieces(self._embedding.stored, old - new))
        return counts
