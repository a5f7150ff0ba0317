"""Chunks are read from the disk when they are asked for, and only good ones are given."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.chunk_table import NAME, ChunkTable, line_ends, rows_by_article
from rag.errors import IndexDamaged
from rag.manifest import ArticleEntry, ChunkRow

ROWS = [
    ChunkRow(f"c{n}", f"a{n % 3}", n, n + 9, f"k{n}", ((n, n + 4), (n + 5, n + 9)))
    for n in range(7)
]
LINES = b"".join(row.to_line() for row in ROWS)


def write(folder: Path, content: bytes = LINES) -> Path:
    (folder / NAME).write_bytes(content)
    return folder


def entry(name: str, chunks: tuple[str, ...]) -> ArticleEntry:
    return ArticleEntry(name, name, name, "", "", "", "", "", "", None, 0, chunks)


def test_rows_are_those_that_were_written(tmp_path: Path) -> None:
    table = ChunkTable(write(tmp_path), len(ROWS))
    assert list(table) == ROWS
    assert (table[-1], table[2:4]) == (ROWS[-1], ROWS[2:4])
    assert list(table.keys()) == [row.key for row in ROWS]
    assert table.lines(range(2, 4)) == ROWS[2].to_line() + ROWS[3].to_line()
    with pytest.raises(IndexError):
        table[len(ROWS)]
    table.close()


def test_a_table_stays_readable_when_its_file_is_deleted(tmp_path: Path) -> None:
    table = ChunkTable(write(tmp_path), len(ROWS))
    (tmp_path / NAME).unlink()
    assert table[3] == ROWS[3]
    table.close()


@pytest.mark.parametrize("content", [b"", ROWS[0].to_line() * 6, ROWS[0].to_line() * 7 + b"[]\n"])
def test_a_table_of_another_length_is_damaged(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(IndexDamaged, match="not 7"):
        ChunkTable(write(tmp_path, content), 7)


def test_a_missing_table_is_damaged(tmp_path: Path) -> None:
    with pytest.raises(IndexDamaged, match="python -m ingest"):
        ChunkTable(tmp_path, 7)


@pytest.mark.parametrize("line", [b"\n", b"{}\n", b'["c","a",1]\n', b'["c","a",1,2,"k",5]\n'])
def test_a_line_that_is_no_row_is_damaged(tmp_path: Path, line: bytes) -> None:
    table = ChunkTable(write(tmp_path, ROWS[0].to_line() + line), 2)
    assert table[0] == ROWS[0]
    with pytest.raises(IndexDamaged, match="python -m ingest"):
        table[1]
    table.close()


@given(st.lists(st.binary(max_size=9).map(lambda b: b.replace(b"\n", b" ")), max_size=9))
def test_lines_end_where_they_do_however_they_are_read(lines: list[bytes]) -> None:
    content = b"".join(line + b"\n" for line in lines)
    ends = line_ends(content[start : start + 4] for start in range(0, len(content), 4))
    found = [content[start:end] for start, end in pairwise(ends)]
    assert found == [line + b"\n" for line in lines]


def test_rows_of_an_article_follow_those_of_the_one_before() -> None:
    entries = [entry("a", ("1", "2")), entry("copy", ()), entry("b", ("3",))]
    assert rows_by_article(entries) == {"a": range(2), "copy": range(2, 2), "b": range(2, 3)}
