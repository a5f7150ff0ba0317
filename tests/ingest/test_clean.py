"""Cleaning: one line for each paragraph, heading, list item and table row."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ingest.clean import join_lines, markdown_text, normalize, plain_text

# Characters that clean-up has to do with, among all others.
TRICKY = st.sampled_from(
    list("e\u0301\u200b\u00ad\ufeff \t\u00a0\u2028\r\n\x0b\x85ｶﾞ\uac00\u11a8がｱ")
)
TEXTS = st.text(st.one_of(st.characters(exclude_categories=["Cs"]), TRICKY))


@example("e\u200b\u0301")
@given(TEXTS)
def test_normalize_is_idempotent(text: str) -> None:
    once = normalize(text)
    assert normalize(once) == once


@example("e\u200b\u0301")
@given(TEXTS)
def test_normalized_text_has_no_surprises(text: str) -> None:
    normalized = normalize(text)
    assert unicodedata.is_normalized("NFC", normalized)
    assert not set(normalized) & set("\r\t\x0b\x00\u200b\ufeff\u00a0\u2028")
    assert "  " not in normalized
    assert all(line == line.strip() for line in normalized.split("\n"))


@given(TEXTS)
def test_normalize_loses_no_letters(text: str) -> None:
    letters = [c for c in unicodedata.normalize("NFD", text) if c.isalnum()]
    kept = [c for c in unicodedata.normalize("NFD", normalize(text)) if c.isalnum()]
    assert kept == letters


@pytest.mark.parametrize(
    ("markdown", "text"),
    [
        ("## Part *two*\n\nText.", "Part two\n\nText."),
        ("Setext\n===\n\nText.", "Text."),  # a level-one heading on the first line is the title
        ("- one\n- two\n  more\n* three", "- one\n- two more\n\n- three"),
        ("- one\n  - inner\n- two", "- one\n- inner\n- two"),
        ("1. first\n2. second", "1. first\n2. second"),
        ("| a | b |\n|---|---|\n| 1 | *2* |", "a | b\n1 | 2"),
        ("| | b |\n|---|---|\n| 1 | |\n| | |", "| b\n1 |"),
        ("| Fares | |\n|---|---|\n| a | b |\n| 1 | 2 |", "Fares\n\na | b\n1 | 2"),
        ("Before.\n\n| a |\n|---|\n| 1 |\n\nAfter.", "Before.\n\na\n\n1\n\nAfter."),
        ("See [the *site*](https://example.org 'title').", "See the site."),
        ("Before ![picture](a.png) after.", "Before after."),
        ("A **bold**, *thin* and `code` word.", "A bold, thin and code word."),
        ("5 \\* 3 &amp; 4 &lt; 6", "5 * 3 & 4 < 6"),
        ("Some <b>inline</b> <span class='x'>HTML</span>.", "Some inline HTML."),
        ("<div class='x'>A <i>block</i>.</div>", "A block ."),
        ("> Quoted.\n\nNot.", "Quoted.\n\nNot."),
        ("A line\nand its rest.", "A line and its rest."),
        ("Broken here  \nby hand.", "Broken here by hand."),
        ("这是第一\n行。", "这是第一行。"),
        ("```\nkept = 1\n```", "kept = 1"),
    ],
)
def test_markdown_marks_are_dropped_and_words_stay(markdown: str, text: str) -> None:
    assert markdown_text(markdown)[0] == text


def test_a_level_one_heading_on_the_first_line_is_the_title() -> None:
    assert markdown_text("# The *title*\n\nText.") == ("Text.", "The title")
    assert markdown_text("Text.\n\n# Late heading") == ("Text.\n\nLate heading", "")
    assert markdown_text("## Part\n\nText.") == ("Part\n\nText.", "")


def test_hard_wrapped_plain_text_is_unwrapped() -> None:
    wrapped = (
        "A heading\nThis paragraph was wrapped by an editor of the old kind, at about\n"
        "seventy characters.\n\n- an item\n- another\n"
    )
    assert plain_text(wrapped).split("\n\n") == [
        "A heading",
        "This paragraph was wrapped by an editor of the old kind, at about seventy characters.",
        "- an item",
        "- another",
    ]


def test_where_lines_are_longer_than_anybody_wraps_each_is_a_paragraph() -> None:
    long, short = (
        "A paragraph of a scraped page " * 6 + "ends.",
        "A teaser that is cut off " * 4 + "as",
    )
    assert plain_text(f"{short}\n{long}\n{short}").split("\n\n") == [short, long, short]
    assert plain_text(f"{short}\n{short}") == f"{short} {short}"


@given(TEXTS)
def test_plain_text_stays_as_it_is(text: str) -> None:
    once = plain_text(text)
    assert plain_text(once) == once


@given(TEXTS)
def test_plain_text_cleaning_loses_no_letters(text: str) -> None:
    letters = [c for c in normalize(text) if c.isalnum()]
    assert [c for c in plain_text(text) if c.isalnum()] == letters


def test_lines_are_joined_with_a_space_but_not_within_chinese() -> None:
    assert join_lines(["one", "two"]) == "one two"
    assert join_lines(["三十", "而已"]) == "三十而已"
    assert join_lines(["三十", "two"]) == "三十 two"
