"""Reads, cuts and encodes on this computer."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Self

from ingest.ahead import in_order
from ingest.articles import Reading, content_hash, read_articles, read_bytes
from ingest.chunking import SentenceSplitter, chunk_article
from ingest.errors import Unreadable
from ingest.formats import ReadOptions, suffix_of
from ingest.reader import Readers
from rag.encoder import Encoded, Encoder
from rag.manifest import ChunkRow
from rag.types import Article

MOST_READERS = 4  # processes of 100 MB each
WAITING = 4  # files a reader that are read ahead


class LocalEngine:
    """The three steps that take the time of a run; who calls them decides what needs them."""

    def __init__(self, encoder: Encoder, options: ReadOptions, readers: int = 0) -> None:
        """Take the model, which loads when a text is cut or encoded, and how files are read.

        `readers`: how many files of formats that take long are read at a time; 0 for one a core.
        """
        self._encoder = encoder
        self._options = options
        self._splitter = SentenceSplitter(encoder.count_tokens, count_each=encoder.count_each)
        self._readers = Readers(readers or min(MOST_READERS, os.cpu_count() or 1))

    def __enter__(self) -> Self:
        """Start nothing yet."""
        return self

    def __exit__(self, *error: object) -> None:
        """End the processes that read risky files."""
        self._readers.close()

    def read(self, files: Mapping[str, Path]) -> Iterator[tuple[str, Reading]]:
        """Yield what is in each file, in the order of the keys."""
        keys = sorted(files)
        count = self._readers.count
        readings = in_order(lambda key: self._read(key, files[key]), keys, count, WAITING * count)
        return zip(keys, readings, strict=True)

    def cut(
        self, articles: Iterable[Article], known: Iterable[str] = ()
    ) -> Iterator[tuple[Article, Sequence[ChunkRow]]]:
        """Yield articles in order, and the chunks of each.

        `known`: hashes of texts that are stored, so that nobody need encode them.
        """
        for article in articles:
            yield article, chunk_article(article, self._splitter)

    def encode(self, texts: Mapping[str, str]) -> Iterator[tuple[str, Encoded]]:
        """Yield the hash of each text and its vectors, in an order that depends on lengths only."""
        keys = list(texts)
        for place, encoded in self._encoder.encode_any_order(list(texts.values())):
            yield keys[place], encoded

    def _read(self, key: str, file: Path) -> Reading:
        try:
            content = read_bytes(file, self._options.max_bytes)
            suffix = suffix_of(file)
            reading = read_articles(key, suffix, content, self._options, self._readers.read)
        except Unreadable as error:
            return Reading((), problem=str(error))
        if reading.problem:
            return reading  # without a hash, so that the next run tries again
        return replace(reading, content=content_hash(file, content, self._options))
