"""Which files a run reads again: those whose stat changed, those it may be too early to trust."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import ingest.articles
import ingest.plan
import ingest.seen_files
from ingest import IndexReport
from ingest.rollback import rollback
from ingest.seen_files import NAME
from tests.conftest import ROOT, Library

PRIZE = "The Zorblatt prize went to Mirela Quonset in Oslo."
FERRY = "The Kelvane ferry sank near Bergen in March 2021."


@pytest.fixture(autouse=True)
def _fine_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """A clock that ticks often, so that no test has to wait for two seconds."""
    monkeypatch.setattr(ingest.seen_files, "TICK", -1)


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Names of the files that are read to compare them."""
    names: list[str] = []
    read_bytes = ingest.articles.read_bytes

    def note(file: Path, limit: int) -> bytes:
        names.append(file.name)
        return read_bytes(file, limit)

    monkeypatch.setattr(ingest.plan, "read_bytes", note)
    yield names


@pytest.fixture
def two(library: Library, read: list[str]) -> Library:
    """A library of two articles that were indexed."""
    library.write("prize.md", PRIZE)
    library.write("ferry.md", FERRY)
    library.reindex()
    assert read == ["ferry.md", "prize.md"]
    read.clear()
    return library


def unchanged(report: IndexReport) -> int:
    assert (report.added, report.updated, report.removed, report.failed) == ((), (), (), ())
    assert report.chunks_embedded == 0
    return report.unchanged


def test_what_did_not_change_is_not_read(two: Library, read: list[str]) -> None:
    assert unchanged(two.reindex()) == 2
    assert read == []


def test_checksum_reads_everything(two: Library, read: list[str]) -> None:
    assert unchanged(two.reindex(checksum=True)) == 2
    assert read == ["ferry.md", "prize.md"]
    assert unchanged(two.reindex()) == 2
    assert len(read) == 2


def test_a_touched_file_is_read_once_and_publishes_nothing(two: Library, read: list[str]) -> None:
    before = two.assistant.status().snapshot
    (two.corpus / "prize.md").touch()
    for _ in range(2):
        assert unchanged(two.reindex()) == 2
    assert read == ["prize.md"]
    assert two.assistant.status().snapshot == before


def test_another_text_of_the_same_size_and_time_is_seen(two: Library) -> None:
    file = two.corpus / "prize.md"
    before = file.stat()
    file.write_text(PRIZE.replace("Oslo", "Rome"))
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert two.reindex().updated == ("prize.md",)


def test_a_file_that_takes_anothers_place_is_seen(two: Library, tmp_path: Path) -> None:
    file, other = two.corpus / "prize.md", tmp_path / "other.md"
    other.write_text(PRIZE.replace("Oslo", "Rome"))
    os.utime(other, ns=(file.stat().st_atime_ns, file.stat().st_mtime_ns))
    other.replace(file)
    assert two.reindex().updated == ("prize.md",)


def test_what_changed_just_before_it_was_read_is_read_again(
    two: Library, read: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ingest.seen_files, "TICK", 60_000_000_000)
    (two.corpus / "prize.md").touch()
    for _ in range(2):
        two.reindex()
    assert read == ["prize.md"] * 2  # the clock may be as coarse as that
    monkeypatch.setattr(ingest.seen_files, "TICK", -1)
    two.reindex()
    two.reindex()
    assert len(read) == 3


@pytest.mark.parametrize("content", ["", "[]", '{"mark": ""}', '{"mark": "", "files": {"a": 1}}'])
def test_without_what_is_known_all_is_read(two: Library, read: list[str], content: str) -> None:
    (two.index_dir / NAME).write_text(content)
    assert unchanged(two.reindex()) == 2
    assert read == ["ferry.md", "prize.md"]


def test_what_is_known_of_a_file_outlives_going_back(two: Library, read: list[str]) -> None:
    two.write("prize.md", PRIZE.replace("Oslo", "Rome"))
    two.reindex()
    rollback(two.settings)
    read.clear()
    assert two.reindex().updated == ("prize.md",)
    assert read == []  # its stat says what is in it, and that is not what the index holds


def test_records_are_read_again_when_they_are_read_otherwise(library: Library) -> None:
    library.write("news.jsonl", f'{{"id": "1", "text": "{PRIZE}", "copy": "{FERRY}"}}')
    library.reindex()
    fields = library.settings.model_copy(update={"record_fields": (("text", "copy"),)})
    assert library.reindex(settings=fields).updated == ("news.jsonl#1",)


def test_a_run_over_one_folder_keeps_what_is_known_of_the_others(
    two: Library, read: list[str]
) -> None:
    two.write("sea/whale.md", "A whale named Tobbit swam into the harbour of Tromso.")
    two.reindex(two.corpus / "sea")
    read.clear()
    assert unchanged(two.reindex()) == 3
    assert read == []


def test_no_model_and_no_store_is_imported_for_nothing(two: Library) -> None:
    program = (
        "import sys\nfrom pathlib import Path\nimport ingest, rag\n"
        "settings = rag.load_settings(corpus_dir=Path(sys.argv[1]), index_dir=Path(sys.argv[2]))\n"
        "assert ingest.reindex(settings=settings).unchanged == 2\n"
        "heavy = {'torch', 'chromadb', 'sentence_transformers', 'bm25s', 'datasketch'}\n"
        "print(heavy & set(sys.modules))"
    )
    command = [sys.executable, "-c", program, str(two.corpus), str(two.index_dir)]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert run.stdout.strip() == "set()", run.stderr
