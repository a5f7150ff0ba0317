"""Sentences with exact character offsets, and what kind of line each one is."""

from __future__ import annotations

import re
from collections.abc import Iterator

import sentencex

Span = tuple[int, int]

CJK = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af]")
_BLOCK = re.compile(r"[^\n]+")
_CJK_SENTENCE = re.compile(r"[^。！？]*(?:[。！？]+[”’」』）】》]*|$)")
_CELL = re.compile(r"(?:^|\s)\|(?:\s|$)")  # a bar between cells, of which one may be empty
# A figure alone in a cell that is not the first; a year may be the name of a column.
_FIGURE = re.compile(
    r"\|\s?(?!(?:19|20)\d\d\b)[^\w\s|]?\d[\d.,]*(?:\s?%|\s[a-z]{1,3})?(?=\s?(?:\||$))"
)
_ENDS = re.compile(r"[.!?…。！？][\"'”’»)\]）】」』]*$")
_ASKS = re.compile(r"[?？][\"'”’»)\]）」』*_]*$")


def guess_language(text: str) -> str:
    """Tell `zh` from `en` by script; sentence boundaries need no more than that."""
    return "zh" if len(CJK.findall(text[:2000])) * 5 > len(text[:2000]) else "en"


def block_spans(text: str) -> Iterator[Span]:
    """Yield the lines of cleaned text: each is a paragraph, a heading, a list item or a row."""
    for match in _BLOCK.finditer(text):
        yield match.span()


def sentence_spans(text: str, language: str = "") -> list[Span]:
    """Find the sentences: `text[start:end]` is one, without the white space around it.

    No sentence crosses a line break: in cleaned text a line is a whole paragraph.
    """
    language = language or guess_language(text)
    spans: list[Span] = []
    for start, end in block_spans(text):
        block: list[Span] = []
        for left, right in _boundaries(text, start, end, language):
            if block and _continues(text[block[-1][0] : block[-1][1]], text[left:right]):
                block[-1] = (block[-1][0], right)
            else:
                block.append((left, right))
        spans += block
    return spans


def _boundaries(text: str, start: int, end: int, language: str) -> Iterator[Span]:
    """Yield sentence spans of one line as the library finds them, white space stripped."""
    for boundary in sentencex.get_sentence_boundaries(language, text[start:end]):
        left = start + int(boundary["start_index"])
        stop = left + len(str(boundary["text"]))
        # The library takes "。4" for a decimal number; a CJK full stop always ends a sentence.
        for match in _CJK_SENTENCE.finditer(text, left, stop):
            piece = match[0]
            first = match.start() + len(piece) - len(piece.lstrip())
            if piece.strip():
                yield first, first + len(piece.strip())


def _continues(before: str, after: str) -> bool:
    """Tell whether a boundary was none: `Go Go Squid! was planned`, `Mom vs. Dad`, `“好！”他说`."""
    return (
        after[0].islower()
        or after[0] in "(（,，"
        or before.endswith((" vs.", " v.", " feat."))
        or (before[-1] in "”」』" and bool(CJK.match(after)))
    )


def is_complete(sentence: str) -> bool:
    """Tell a sentence, list item or table row, which can stand in an answer, from a heading."""
    return bool(_ENDS.search(sentence)) or is_row(sentence)


def is_question(sentence: str) -> bool:
    """Tell a question, which answers none."""
    return _ASKS.search(sentence) is not None


def announces(sentence: str) -> bool:
    """Tell a sentence that stops where what it speaks of begins: "Three meetings will be held:"."""
    return sentence.endswith((":", "："))


def is_row(sentence: str) -> bool:
    """Tell an item of a list and a row of a table."""
    return sentence.startswith("- ") or has_cells(sentence)


def heads_table(text: str, start: int, end: int) -> bool:
    """Tell the first row of a table, which only names the columns, unless it has figures."""
    if not has_cells(text[start:end]):  # nearly all sentences; the text around need not be copied
        return False
    if _FIGURE.search(text, start, end):
        return False
    before = text[:start].rstrip("\n").rpartition("\n")[2]
    after = text[end:].lstrip("\n").partition("\n")[0]
    return not has_cells(before) and has_cells(after)


def has_cells(line: str) -> bool:
    """Tell a row of a table: its cells stand between bars."""
    return "|" in line and bool(_CELL.search(line))
