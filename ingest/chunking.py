"""Articles into chunks: whole sentences, packed up to what the model reads, with exact offsets."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from langchain_core.documents import Document
from langchain_text_splitters import TextSplitter

from rag.manifest import ChunkRow
from rag.sentences import Span, sentence_spans
from rag.tokens import text_hash
from rag.types import Article


class SentenceSplitter(TextSplitter):
    """Packs whole sentences into chunks of at most `chunk_size` tokens, without overlap.

    A chunk begins with a paragraph where that leaves it at least half full. Every chunk is a
    slice: `chunk == text[start:end]`. Only a sentence longer than a chunk is cut, at spaces.
    """

    def __init__(
        self,
        count_tokens: Callable[[str], int],
        chunk_size: int = 200,
        count_each: Callable[[Sequence[str]], list[int]] | None = None,
    ) -> None:
        """Take the model's own token count; `chunk_size` must stay below what it reads.

        `count_each` counts many texts in less time than one by one.
        """
        super().__init__(chunk_size=chunk_size, chunk_overlap=0, length_function=count_tokens)
        self._count_each = count_each or (lambda texts: [count_tokens(text) for text in texts])

    def split_text(self, text: str) -> list[str]:
        """Split into the texts of the chunks."""
        return [text[start:end] for start, end, _ in self.spans(text)]

    def create_documents(
        self, texts: list[str], metadatas: list[dict[str, Any]] | None = None
    ) -> list[Document]:
        """Split into documents whose `start_index` is exact."""
        metadatas = metadatas or [{} for _ in texts]
        return [
            Document(page_content=text[start:end], metadata={**metadata, "start_index": start})
            for text, metadata in zip(texts, metadatas, strict=True)
            for start, end, _ in self.spans(text)
        ]

    def spans(self, text: str, language: str = "") -> Iterator[tuple[int, int, list[Span]]]:
        """Yield start, end and sentences of each chunk, all in characters of the text."""
        packed: list[Span] = []
        size = 0
        for start, end, length in self._sentences(text, language):
            new_paragraph = bool(packed) and "\n" in text[packed[-1][1] : start]
            full = size + length > self._chunk_size
            if packed and (full or (new_paragraph and size * 2 >= self._chunk_size)):
                yield packed[0][0], packed[-1][1], packed
                packed, size = [], 0
            packed.append((start, end))
            size += length
        if packed:
            yield packed[0][0], packed[-1][1], packed

    def _sentences(self, text: str, language: str) -> Iterator[tuple[int, int, int]]:
        """Yield start, end and tokens of sentences that fit into a chunk; longer ones are cut."""
        spans = list(sentence_spans(text, language))
        lengths = self._count_each([text[start:end] for start, end in spans]) if spans else []
        for (start, end), length in zip(spans, lengths, strict=True):
            if length <= self._chunk_size:
                yield start, end, length
            else:
                yield from self._pieces(text, start, end)

    def _pieces(self, text: str, start: int, end: int) -> Iterator[tuple[int, int, int]]:
        """Halve a span at the space nearest to its middle until each part fits."""
        length = self._length_function(text[start:end])
        if length <= self._chunk_size or end - start < 2:
            yield start, end, length
            return
        middle = (start + end) // 2
        space = text.rfind(" ", start + 1, middle)
        if space > start:
            yield from self._pieces(text, start, space)
            yield from self._pieces(text, space + 1, end)
        else:
            yield from self._pieces(text, start, middle)
            yield from self._pieces(text, middle, end)


def chunk_article(article: Article, splitter: SentenceSplitter) -> list[ChunkRow]:
    """Cut an article into chunks whose ids depend on its id and their text only."""
    rows: list[ChunkRow] = []
    seen: Counter[str] = Counter()
    for start, end, sentences in splitter.spans(article.text, article.language):
        key = text_hash(article.text[start:end])
        seen[key] += 1
        name = f"{article.id}\n{key}\n{seen[key]}"
        chunk_id = hashlib.sha256(name.encode()).hexdigest()[:32]
        rows.append(ChunkRow(chunk_id, article.id, start, end, key, tuple(sentences)))
    return rows
