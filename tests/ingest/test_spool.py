"""Records that wait on the disk come out as they went in, and their vectors can be looked up."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from ingest.spool import Records, Spool


def records(names: list[str]) -> Records:
    vectors = [np.full(3, ord(name[0]), np.float32) for name in names]
    texts = [f"text of {name}" for name in names]
    return Records(names, vectors, texts, [{"title": name} for name in names])


def told(found: Records) -> tuple[object, ...]:
    vectors = [vector.tolist() for vector in found.vectors]
    return list(found.ids), vectors, list(found.texts), list(found.metadatas)


def test_records_come_out_as_they_went_in(tmp_path: Path) -> None:
    spool = Spool(tmp_path)
    batches = [records(["a", "b"]), records(["c"]), records(["d", "e", "f"])]
    assert [spool.add(batch) for batch in batches] == [range(2), range(2, 3), range(3, 6)]
    assert [told(batch) for batch in spool.take()] == [told(batch) for batch in batches]
    spool.close()


def test_a_vector_can_be_looked_up_between_two_batches(tmp_path: Path) -> None:
    spool = Spool(tmp_path)
    spool.add(records(["a", "b"]))
    assert spool.vector(0).tolist() == [ord("a")] * 3
    spool.add(records(["c"]))
    assert [spool.vector(n)[0] for n in range(3)] == [ord(name) for name in "abc"]
    assert [name for batch in spool.take() for name in batch.ids] == ["a", "b", "c"]
    spool.close()


def test_nothing_is_left_behind_and_nothing_comes_of_nothing(tmp_path: Path) -> None:
    spool = Spool(tmp_path)
    assert list(spool.take()) == []
    spool.add(records(["a"]))
    spool.close()
    with pytest.raises(ValueError, match="closed"):
        spool.vector(0)
    assert list(tmp_path.iterdir()) == []
