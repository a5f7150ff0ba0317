"""Files in pieces: whole again when put together, and alike where the files are alike."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from ingest.pieces import LARGEST, cut, piece_name
from rag.shared_index import pack, unpack

SIZES = [0, 1, LARGEST - 1, LARGEST, 3 * LARGEST + 5]


def lines(count: int) -> list[bytes]:
    return [b"%d %s\n" % (n, random.Random(n).randbytes(200).hex().encode()) for n in range(count)]


@pytest.mark.parametrize("name", ["vectors.npy", "table.jsonl"])
@pytest.mark.parametrize("size", SIZES)
def test_pieces_make_the_file(tmp_path: Path, name: str, size: int) -> None:
    file = tmp_path / name
    file.write_bytes(random.Random(0).randbytes(size))
    pieces = list(cut(file))
    assert b"".join(unpack(pack(piece)) for piece in pieces) == file.read_bytes()
    assert all(pieces)


def test_a_line_more_makes_few_other_pieces(tmp_path: Path) -> None:
    old, new = tmp_path / "old.jsonl", tmp_path / "new.jsonl"
    content = lines(5000)
    old.write_bytes(b"".join(content))
    new.write_bytes(b"".join([*content[:100], b"one more\n", *content[100:]]))
    before, after = ({piece_name(piece) for piece in cut(file)} for file in (old, new))
    assert len(before) > 20
    assert len(after - before) <= 2
    assert max(len(piece) for piece in cut(old)) <= 2 * LARGEST
