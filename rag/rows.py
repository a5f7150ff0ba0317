"""Rows of a list or a table, and what must be quoted with them to be understood.

"30 January, Town Library" tells a reader nothing, and no more does "Three meetings will be held:";
figures in a row need the names of the columns. They are quoted as one contiguous span.
"""

from __future__ import annotations

from rag.sentences import (
    Span,
    announces,
    block_spans,
    heads_table,
    is_row,
    sentence_spans,
)

MOST = 12  # rows in a quote


def announced_list(text: str, sentence: Span) -> Span | None:
    """What announces a list with its first rows, if a sentence is one of them or announces them."""
    lines, at = _lines_at(text, sentence)
    if not is_row(_text(text, lines[at])):
        at += 1
    first, last = _run_of_rows(text, lines, at)
    if first == 0 or first > last or not announces(_text(text, lines[first - 1])):
        return None
    opening, end = lines[first - 1]
    start = opening + sentence_spans(text[opening:end])[-1][0]
    whole = start, lines[min(last, first + MOST - 1)][1]
    return whole if whole[0] <= sentence[0] and sentence[1] <= whole[1] else None


def with_head(text: str, row: Span, most: int = MOST) -> Span:
    """A row of a table from the one on that names the columns, unless that is too far before."""
    lines, at = _lines_at(text, row)
    first, _ = _run_of_rows(text, lines, at)
    heads = 0 < at - first <= most and heads_table(text, *lines[first])
    return (lines[first][0], row[1]) if heads else row


def _run_of_rows(text: str, lines: list[Span], at: int) -> Span:
    """Numbers of the first and the last of the rows around a line; none if it is no row."""
    first, last = at, at - 1
    while last + 1 < len(lines) and is_row(_text(text, lines[last + 1])):
        last += 1
    while last >= at and first > 0 and is_row(_text(text, lines[first - 1])):
        first -= 1
    return first, last


def _lines_at(text: str, sentence: Span) -> tuple[list[Span], int]:
    """The lines of an article, and the number of the one that a sentence stands in."""
    lines = list(block_spans(text))
    return lines, next(n for n, (_, end) in enumerate(lines) if end > sentence[0])


def _text(text: str, span: Span) -> str:
    return text[span[0] : span[1]]
