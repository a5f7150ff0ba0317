"""Chunks: slices of the text, made of whole sentences, never too long for the model."""

from __future__ import annotations

import dataclasses
import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from langchain_core.documents import Document

from ingest.chunking import SentenceSplitter, chunk_article
from ingest.clean import plain_text
from rag import Article, Assistant, Encoder
from rag.sentences import sentence_spans

WORDS = st.sampled_from(
    "The prize went to Oslo. Why? “No!” he said. Dr. Who vs. e.g. 3.5 - item a|b 三十而已。 它的！ "
    "日本の。 Ünïcode 😀 e\u0301 Zorblatt-Preis \n \n\n  ... ，".split(" ")
)
TEXTS = st.lists(WORDS, max_size=80).map(" ".join).map(plain_text)


def count_words(text: str) -> int:
    return len(text.split())


@given(TEXTS, st.integers(1, 30))
def test_chunks_are_ordered_slices_made_of_their_sentences(text: str, size: int) -> None:
    splitter = SentenceSplitter(count_words, chunk_size=size)
    chunks = list(splitter.spans(text))
    position = 0
    for start, end, sentences in chunks:
        assert position <= start < end <= len(text)
        assert (sentences[0][0], sentences[-1][1]) == (start, end)
        for left, right in sentences:
            assert position <= left < right <= end
            assert not any(c.isalnum() for c in text[position:left])  # nothing is left out
            position = right
        assert count_words(text[start:end]) <= size
    assert not any(c.isalnum() for c in text[position:])
    assert splitter.split_text(text) == [text[start:end] for start, end, _ in chunks]


@given(TEXTS)
def test_only_a_sentence_longer_than_a_chunk_is_cut(text: str) -> None:
    chunks = SentenceSplitter(count_words, chunk_size=12).spans(text)
    cut = [span for _, _, sentences in chunks for span in sentences]
    for start, end in sentence_spans(text):
        if count_words(text[start:end]) <= 12:
            assert (start, end) in cut


def test_a_chunk_begins_with_a_paragraph_where_that_leaves_it_half_full() -> None:
    splitter = SentenceSplitter(count_words, chunk_size=8)
    assert splitter.split_text("One two three four.\n\nFive six.\n\nSeven.") == [
        "One two three four.",
        "Five six.\n\nSeven.",
    ]


def test_documents_know_where_they_begin() -> None:
    splitter = SentenceSplitter(count_words, chunk_size=3)
    made = splitter.create_documents(["One two. Three four."], [{"source": "Courier"}])
    assert made == [
        Document(page_content="One two.", metadata={"source": "Courier", "start_index": 0}),
        Document(page_content="Three four.", metadata={"source": "Courier", "start_index": 9}),
    ]


@given(TEXTS)
def test_chunk_ids_depend_on_the_text_and_the_article_only(text: str) -> None:
    splitter = SentenceSplitter(count_words, chunk_size=10)
    article = Article("id", "a.md", text)
    renewed = dataclasses.replace(
        article, title="T", source="S", author="A", published=datetime.date(2024, 2, 3), tags=("t",)
    )
    rows = chunk_article(article, splitter)
    assert chunk_article(renewed, splitter) == rows
    assert len({row.id for row in rows}) == len(rows)  # even where a text repeats itself
    copies = chunk_article(dataclasses.replace(article, id="other"), splitter)
    assert [copy.key for copy in copies] == [row.key for row in rows]
    assert not {copy.id for copy in copies} & {row.id for row in rows}


def test_a_change_leaves_the_ids_of_the_other_paragraphs() -> None:
    splitter = SentenceSplitter(count_words, chunk_size=6)
    before = Article("id", "a.md", "One two three four.\n\nFive six seven.\n\nEight nine ten.")
    after = dataclasses.replace(before, text=before.text.replace("seven", "sieben Sieben"))
    ids = [[row.id for row in chunk_article(a, splitter)] for a in (before, after)]
    assert ids[0][0] == ids[1][0] and ids[0][2] == ids[1][2]
    assert ids[0][1] != ids[1][1]


@pytest.mark.parametrize("unit", ["Donaudampfschifffahrt", "三", "word ", "é😀"])
def test_no_chunk_is_too_long_for_the_model(encoder: Encoder, unit: str) -> None:
    text = unit * 1500
    chunks = SentenceSplitter(encoder.count_tokens).split_text(text)
    assert "".join(chunks).replace(" ", "") == text.replace(" ", "")
    assert max(encoder.count_tokens(chunk) for chunk in chunks) <= encoder.max_tokens


def test_the_sample_corpus_fits_the_model(assistant: Assistant, encoder: Encoder) -> None:
    snapshot = assistant.index.current()
    for chunk in snapshot.chunks:
        text = snapshot.article(chunk.article_id).text[chunk.start : chunk.end]
        assert encoder.count_tokens(text) <= encoder.max_tokens
