"""Damaged files do no harm; the whole run is a program, `python -m tests.faults.fuzz`."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from ingest.articles import read_articles
from ingest.errors import Unreadable
from tests.faults.fuzz import lost_neighbours, run
from tests.samples import SAMPLES


def test_damaged_files_are_read_or_told() -> None:
    ends, problems, _ = run(files=15, seed=1)
    assert problems == []
    assert ends["read"] and ends["told to be unreadable"]


def test_damaged_files_do_not_keep_their_neighbours_out(tmp_path: Path) -> None:
    assert lost_neighbours(tmp_path, files=40, seed=2) == 0


@hypothesis_settings(max_examples=100)
@given(st.sampled_from(sorted(SAMPLES)), st.data())
def test_any_bytes_in_any_place_are_read_or_told(suffix: str, data: st.DataObject) -> None:
    content = SAMPLES[suffix]
    start = data.draw(st.integers(0, len(content)))
    end = data.draw(st.integers(start, len(content)))
    put = data.draw(st.binary(max_size=40))
    try:
        reading = read_articles(f"file{suffix}", suffix, content[:start] + put + content[end:])
    except Unreadable as error:
        assert str(error)
        return
    articles = list(reading.articles)
    assert all(article.text.strip() for article in articles)
    assert len({article.id for article in articles}) == len(articles)
