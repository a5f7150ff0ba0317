"""Fill the folder of a new snapshot: the tables and the stores, the manifest last."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime
from functools import cached_property
from itertools import islice
from pathlib import Path

from ingest.ahead import ahead
from ingest.embed import BATCH, Embedding
from ingest.fingerprint import COPIES, fingerprint
from ingest.frequencies import count_pieces, save_frequencies
from ingest.gather import Gathered, Previous, Progress
from ingest.local_engine import LocalEngine
from ingest.snapshot import copy_stores, flush_all, verify_vectors
from ingest.tables import Tables
from ingest.vector_writer import VectorWriter, open_writer
from rag.chroma_server import ChromaServer
from rag.contents import load_frequencies
from rag.encoder import Encoder
from rag.integrity import file_table
from rag.keyword import KeywordIndex
from rag.manifest import Manifest
from rag.tokens import TokenStore
from rag.vectors import collection_name, open_vectors, records_of


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
        self._aside = ThreadPoolExecutor(1)  # for what waits for the disk
        self._opening: Future[VectorWriter] | None = None
        self._segments: tuple[str, ...] = ()
        self._encoder = encoder
        self._engine = engine
        self._progress = progress
        self._base = previous if previous and previous.reuse else None
        self._server = server
        self._collection = ""
        if server:
            self._collection = self._base.manifest.vectors if self._base else collection_name(name)
        self.tables = Tables(folder, engine.cut, self._base)

    def write_tables(self, gathered: Iterable[Gathered]) -> None:
        """Write the articles, then their chunks; meanwhile, what is new goes to the stores."""
        self.tables.write_articles(gathered)
        if self._base and self.tables.differs:  # the copy is made while the first chunks are cut
            self._opening = self._aside.submit(self._open_stores)
        done = 0
        with closing(ahead(self.tables.write_chunks(), 2 * BATCH)) as chunks:
            while batch := list(islice(chunks, BATCH)):
                self._embedding.add(batch)
                done += len(batch)
                self._progress("embedding", done, self.tables.new)

    def write_stores(self) -> None:
        """Bring the stores in line with the tables."""
        KeywordIndex.from_counts(self.tables.counts).save(self.folder / "keyword")
        del self.tables.counts  # large, and needed no longer
        tokens = self._embedding.finish(self.tables.keys, self.tables.entries)
        self._segments = tuple(segment.name for segment in tokens.segments)
        save_frequencies(self.folder / "tokens", self._frequencies(tokens))

    def verify_vectors(self) -> None:
        """Open the vectors as they were left, and look whether they are those of the chunks.

        That comes before the manifest, for Chroma writes to a store as soon as it opens it.

        Raises:
            IndexDamaged: if they are not.
        """
        with closing(
            open_vectors(self.folder, self._collection, self._server, in_place=True)
        ) as vectors:
            verify_vectors(vectors, list(records_of(vectors.record, self.tables.entries)))

    def write_manifest(self, examples: Sequence[str]) -> None:
        """Write the table of contents, which stands for completeness."""
        flushing = self._aside.submit(flush_all, self.folder)  # while digests are made
        known = self._base.manifest.files if self._base else {}
        linked = [name for name in known if name.startswith("tokens/") and "token_df" not in name]
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
            copies=COPIES,
        ).save(self.folder)

    def close(self) -> None:
        """Let go of the stores, and of all that is needed only to write; may be called again."""
        self._aside.shutdown()
        if self._opening and not self._opening.exception():
            self._opening.result().close()
        if embedding := vars(self).pop("_embedding", None):
            self.embedded = embedding.embedded
            embedding.close()
        self.tables.close()

    @cached_property
    def _embedding(self) -> Embedding:
        """The stores of the snapshot to start from, copied here, or empty ones."""
        vectors = self._opening.result() if self._opening else self._open_stores()
        records = records_of(vectors.record, self.tables.old_entries.values())
        held = dict(zip(records, self.tables.old_keys, strict=True))
        return Embedding(self.folder, self.name, self._engine.encode, vectors, held)

    def _open_stores(self) -> VectorWriter:
        """Copy the stores to start from, and open that of the vectors."""
        if self._base:
            copy_stores(self._base.folder, self.folder)
        return open_writer(self.folder, self._collection, self._server)

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
