"""From what is in a file to the text that is stored, shown and quoted.

The cleaned text has one line for each paragraph, heading, list item (`- …`) and table row
(`a | b`), with blank lines between paragraphs. Offsets everywhere refer to it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from itertools import takewhile

from markdown_it import MarkdownIt
from markdown_it.token import Token

from rag.sentences import CJK

# Marks of width, direction and objects. Joiners (U+200C, U+200D) stay: words and emoji need them.
_INVISIBLE = re.compile(
    r"[\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufffc\u180e\u00ad"
    r"\x00-\x08\x0b-\x1f\x7f]"
)
_SPACE = re.compile(r"[^\S\n]+")
_TAG = re.compile(r"<[^>]*>")
_SENTENCE_END = re.compile(r"[.!?:;。！？：；…\"'”’)）」』]$")
_WRAPPED = 60  # a line shorter than this that does not end a sentence is a heading, not a wrap
_WIDEST = 160  # nobody wraps lines at more: where one is longer, each is a paragraph


def normalize(text: str) -> str:
    """Normalise Unicode (NFC), line ends and spaces; drop characters nobody sees."""
    text = _INVISIBLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    text = _SPACE.sub(" ", unicodedata.normalize("NFC", text))
    return "\n".join(line.strip() for line in text.split("\n"))


def join_lines(lines: list[str]) -> str:
    """Join wrapped lines: with a space, but not between two CJK characters."""
    joined = lines[0]
    for line in lines[1:]:
        glued = joined and line and CJK.match(joined[-1]) and CJK.match(line[0])
        joined += line if glued else f" {line}"
    return joined


def plain_text(text: str) -> str:
    """Clean plain text: undo hard wrapping, keep paragraphs, headings and short lines apart."""
    paragraphs: list[str] = []
    for block in re.split(r"\n\s*\n", normalize(text).strip("\n")):
        lines = [line for line in block.split("\n") if line]
        wrapped = all(len(line) <= _WIDEST for line in lines)
        run: list[str] = []
        for line in lines:
            run.append(line)
            ends = _SENTENCE_END.search(line) or len(line) < _WRAPPED or line.startswith("- ")
            if ends or not wrapped:
                paragraphs.append(join_lines(run))
                run = []
        if run:
            paragraphs.append(join_lines(run))
    return "\n\n".join(paragraphs)


def markdown_text(text: str) -> tuple[str, str]:
    """Clean Markdown; returns the text and the title, a level-one heading on the first line."""
    tokens = MarkdownIt("commonmark").enable("table").parse(normalize(text))
    title = ""
    if len(tokens) > 1 and tokens[0].type == "heading_open" and tokens[0].tag == "h1":
        title = _inline(tokens[1])
        tokens = tokens[3:]
    return "".join(_blocks(tokens)).strip(), title


def table_text(table: Iterable[Sequence[str]]) -> str:
    """Write a table of any format: a line for each row, its cells apart, and no rule.

    What fills only the first cell of rows at the top is the title of the table: as a line of its
    own, it is not taken for the row that names the columns.
    """
    rows = [row for row in table if any(row)]
    titles = [row[0] for row in takewhile(lambda row: not any(row[1:]), rows)]
    lines = [_SPACE.sub(" ", " | ".join(row)).strip() for row in rows[len(titles) :]]
    return "\n\n".join([*titles, *(["\n".join(lines)] if lines else [])])


def _blocks(tokens: list[Token]) -> Iterator[str]:
    """Yield the text of each block, led by what separates it from the one before."""
    lead, rows, in_table = "\n\n", list[list[str]](), False
    for token in tokens:
        if token.type == "table_open":
            rows, in_table = [], True
        elif token.type == "table_close":
            in_table = False
            yield "\n\n" + table_text(rows)
        elif token.type in ("bullet_list_open", "ordered_list_open"):
            yield "\n"
        elif token.type == "list_item_open":
            lead = f"\n{token.info}. " if token.info else "\n- "
        elif token.type == "tr_open":
            rows.append([])
        elif token.type == "inline" and in_table:
            rows[-1].append(_inline(token))
        elif token.type == "inline":
            yield lead + _inline(token)
            lead = "\n\n"
        elif token.type in ("fence", "code_block"):
            yield "\n\n" + token.content.strip()
        elif token.type == "html_block":
            yield "\n\n" + _SPACE.sub(" ", _TAG.sub(" ", token.content)).strip()


def _inline(token: Token) -> str:
    """The text of inline tokens, without their marks."""
    parts: list[str] = []
    for child in token.children or []:
        if child.type in ("text", "code_inline"):
            parts.append(child.content)
        elif child.type in ("softbreak", "hardbreak"):
            parts.append("\n")
    return join_lines([_SPACE.sub(" ", line).strip() for line in "".join(parts).split("\n")])
