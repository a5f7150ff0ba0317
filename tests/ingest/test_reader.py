"""A file that takes for ever, or crashes its parser, holds up and harms no other."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import NoReturn

import pytest

from ingest.articles import content_hash
from ingest.errors import Unreadable
from ingest.formats import ReadOptions, read_contents
from ingest.reader import RISKY, Reader, Readers
from tests.conftest import Library
from tests.samples import SAMPLES, pdf

# Half a minute of work; on one page, pypdf would give up at so many words.
MONSTROUS = pdf((("x",) * 100_000,) * 5)


@pytest.fixture
def reader() -> Iterator[Reader]:
    made = Reader()
    yield made
    made.close()


def test_all_formats_are_read_as_in_this_process(reader: Reader) -> None:
    for suffix, content in SAMPLES.items():
        assert reader.read(suffix, content, ReadOptions()) == read_contents(
            suffix, content, ReadOptions()
        )
    with pytest.raises(Unreadable, match="cannot be read as PDF"):
        reader.read(".pdf", b"%PDF-1.4", ReadOptions())


def test_a_pipe_that_is_closed_while_it_is_read_is_no_traceback(
    reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader.read(".pdf", SAMPLES[".pdf"], ReadOptions())

    def closed(process: object) -> NoReturn:
        raise ValueError("read of closed file")

    with monkeypatch.context() as patch:
        patch.setattr("ingest.reader._receive", closed)
        with pytest.raises(Unreadable, match="made its reader crash"):
            reader.read(".pdf", SAMPLES[".pdf"], ReadOptions())
    assert reader.read(".pdf", SAMPLES[".pdf"], ReadOptions()).drafts


def test_text_needs_no_process(reader: Reader) -> None:
    for suffix in SAMPLES.keys() - {".html.gz", *RISKY}:
        reader.read(suffix, SAMPLES[suffix], ReadOptions())
    assert reader._process is None


def test_a_file_that_takes_for_ever_is_told_and_its_neighbours_are_read(library: Library) -> None:
    library.write("b.pdf", SAMPLES[".pdf"])
    library.reindex()
    library.settings = library.settings.model_copy(update={"max_file_seconds": 8})
    library.write("a.html", SAMPLES[".html"])
    library.write("b.pdf", MONSTROUS)
    library.write("c.docx", SAMPLES[".docx"])
    report = library.reindex()
    assert report.added == ("a.html", "c.docx")
    (failure,) = report.failed
    assert failure.path == "b.pdf"
    assert "took longer than 8 s" in failure.reason
    assert "CITEWELL_MAX_FILE_SECONDS" in failure.reason
    assert report.articles == 3  # b.pdf as it was


def test_a_parser_that_crashes_is_told_and_the_next_file_is_read(reader: Reader) -> None:
    def crash() -> None:
        while not reader._process or reader._lock.locked() is False:
            time.sleep(0.1)
        time.sleep(1)
        reader._process.kill()

    reader.read(".pdf", SAMPLES[".pdf"], ReadOptions())
    thread = threading.Thread(target=crash)
    thread.start()
    with pytest.raises(Unreadable, match="made its reader crash"):
        reader.read(".pdf", MONSTROUS, ReadOptions())
    thread.join()
    assert reader.read(".pdf", SAMPLES[".pdf"], ReadOptions()).drafts


def test_a_process_that_ended_between_two_files_is_started_anew(reader: Reader) -> None:
    reader.read(".pdf", SAMPLES[".pdf"], ReadOptions())
    assert reader._process
    reader._process.kill()
    reader._process.wait()
    assert reader.read(".pdf", SAMPLES[".pdf"], ReadOptions()).drafts


def test_another_time_limit_reads_nothing_anew(library: Library) -> None:
    file = library.write("news.jsonl", SAMPLES[".jsonl"])
    content = file.read_bytes()
    assert content_hash(file, content, ReadOptions(max_seconds=1)) == content_hash(
        file, content, ReadOptions()
    )


def test_two_files_are_read_at_a_time_and_one_needs_one_process() -> None:
    readers = Readers(2)
    for _ in range(3):
        readers.read(".pdf", SAMPLES[".pdf"], ReadOptions())
    assert [reader._process is None for reader in readers._all] == [True, False]
    with ThreadPoolExecutor(2) as pool:
        slow = pool.submit(readers.read, ".pdf", MONSTROUS, ReadOptions(max_seconds=600))
        while not readers._all[1]._lock.locked():
            time.sleep(0.01)
        assert readers.read(".pdf", SAMPLES[".pdf"], ReadOptions()).drafts  # beside it
        assert not slow.done()
        readers.close()  # nobody waits for the slow one
        with pytest.raises(Unreadable):
            slow.result(10)
    assert all(reader._process is None for reader in readers._all)
