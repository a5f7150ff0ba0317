"""Two pages and two writers share a Chroma server and nothing else.

The whole trial is a program: `python -m tests.faults.shared`.
"""

from __future__ import annotations

from pathlib import Path

from tests.faults.shared import run


def test_pages_and_writers_that_share_a_server_are_of_one_mind(tmp_path: Path) -> None:
    readers, said = run(tmp_path, pages=2, writers=2, rounds=2)
    for one, other in said:
        assert one[0] == other[0] != "error"  # the second found what the first had published
        assert sorted((one[1], other[1]))[0] == 0
    for reader in readers:
        assert (reader.errors, reader.mixed) == ([], [])
        assert reader.sightings
