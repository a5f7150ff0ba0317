"""Sentences and their offsets."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from rag.sentences import (
    block_spans,
    guess_language,
    heads_table,
    is_complete,
    sentence_spans,
)

TRICKY = st.sampled_from(
    [
        ". ",
        "! ",
        "? ",
        "。",
        "！",
        "”",
        "\n",
        "\n\n",
        " ",
        "Mr. ",
        "vs. ",
        "3.5",
        "三十",
        "A",
        "b",
        "- ",
        "…",
    ]
)
TEXTS = st.one_of(
    st.lists(TRICKY, max_size=60).map("".join), st.text(st.characters(exclude_categories=["Cs"]))
)


@example("Hello.   ")
@example("Hi! 😀 Then 😀 went. Now.")
@given(TEXTS)
def test_sentences_are_ordered_stripped_and_leave_out_no_letter(text: str) -> None:
    position = 0
    for start, end in sentence_spans(text):
        assert position <= start < end <= len(text)
        assert text[start:end] == text[start:end].strip()
        assert "\n" not in text[start:end]
        assert not any(c.isalnum() for c in text[position:start])
        position = end
    assert not any(c.isalnum() for c in text[position:])


@given(TEXTS)
def test_blocks_are_the_lines(text: str) -> None:
    lines = [line for line in text.split("\n") if line]
    assert [text[start:end] for start, end in block_spans(text)] == lines


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("It rained. It snowed!", ["It rained.", "It snowed!"]),
        ("Mr. Queen ended in 2021. It had 3.5 million viewers.", 2),
        ("Go Go Squid! was planned. Nothing came of it.", 2),
        ("Mom vs. Dad is a film.", 1),
        ("他来了。她走了！为什么？", ["他来了。", "她走了！", "为什么？"]),
        ("“好！”他说。", 1),
        ("A heading\nA sentence.", ["A heading", "A sentence."]),
        ("", []),
    ],
)
def test_boundaries(text: str, sentences: list[str] | int) -> None:
    found = [text[start:end] for start, end in sentence_spans(text)]
    assert (len(found) if isinstance(sentences, int) else found) == sentences


def test_language_is_told_by_script() -> None:
    assert guess_language("三十而已在泰国开播。") == "zh"
    assert guess_language("Nothing But Thirty (三十而已) began.") == "en"
    assert guess_language("") == "en"


@pytest.mark.parametrize(
    ("line", "complete"),
    [
        ("It rained.", True),
        ("“Why?”", True),
        ("他来了。", True),
        ("- an item", True),
        ("a | b", True),
        ("a |", True),
        ("| b", True),
        ("Three women, six buyers", False),
    ],
)
def test_headings_cannot_stand_in_an_answer(line: str, complete: bool) -> None:
    assert is_complete(line) is complete


@pytest.mark.parametrize(
    ("table", "heads"),
    [
        ("Stall | 2023 | 2024\nHoney | 31 | 26\nCheese | 14 | 9", "Stall | 2023 | 2024"),
        ("| April 2024\nHoney | 31\nCheese |", "| April 2024"),
        ("Stall | Share\n\nHoney | 31 %\n\nCheese | 14 %", "Stall | Share"),
        ("Height | 30 m\nWeight | 1,200 t", ""),
        ("Single ticket | £1.80\nDay ticket | £4.00", ""),
        ("Honey | 31", ""),
    ],
    ids=["years", "empty corner", "rows apart", "quantities", "prices", "one row"],
)
def test_the_row_that_names_the_columns_is_told_from_one_with_figures(
    table: str, heads: str
) -> None:
    text = f"The fair in figures:\n\n{table}\n\nIt rained."
    spans = sentence_spans(text)
    found = [text[start:end] for start, end in spans if heads_table(text, start, end)]
    assert found == ([heads] if heads else [])
