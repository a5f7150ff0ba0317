"""`python -m ingest --watch`: what makes it run again, and what it lives through."""

from __future__ import annotations

import json
import os
import queue
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import nullcontext, suppress
from pathlib import Path
from typing import Any

import pytest
import watchfiles

from ingest.articles import find_files
from ingest.names import is_meant
from ingest.report import IndexReport
from ingest.snapshot import write_lock
from ingest.watch import Outcome, Watch
from rag.errors import CorpusMissing, IndexBusy
from tests.conftest import ROOT, Library
from tests.samples import pdf

PATIENCE = 120  # seconds; on an idle machine a run comes within three
CALM = 3  # seconds after which no run comes any more
PRIZE = "The Zorblatt prize went to Mirela Quonset in Oslo."
TEMPORARY = ("prize.md~", ".prize.md.swp", "4913", "#prize.md#", "~$prize.docx", "prize.pdf.part")


class Runs:
    """What the runs of a watch told, one after the other."""

    def __init__(self) -> None:
        self.outcomes: queue.Queue[Outcome] = queue.Queue()

    def next(self) -> Outcome:
        return self.outcomes.get(timeout=PATIENCE)

    def report(self) -> IndexReport:
        outcome = self.next()
        assert isinstance(outcome, IndexReport), outcome
        return outcome

    def until(self, *paths: str) -> IndexReport:
        """Wait for the run after which the index holds so many articles, these among the new."""
        wanted = set(paths)
        while wanted:
            report = self.report()
            wanted -= {*report.added, *report.updated, *report.removed}
        return report

    def settle(self) -> list[Outcome]:
        """Give the runs that still come, until none does; for ever would be a fault."""
        found: list[Outcome] = []
        with suppress(queue.Empty):
            while len(found) < 10:
                found.append(self.outcomes.get(timeout=CALM))
        return found


Start = Callable[..., Runs]


@pytest.fixture
def start(library: Library) -> Iterator[Start]:
    """Starts watching the library in a thread; `poll` is how often to look, 0 to be told."""
    stop = threading.Event()
    threads: list[threading.Thread] = []

    def begin(*paths: Path, poll: float = 0) -> Runs:
        runs = Runs()
        settings = library.settings.model_copy(update={"watch_poll_seconds": poll})
        watch = Watch(settings, runs.outcomes.put, paths)
        watch.encoder = library.encoder
        threads.append(threading.Thread(target=watch.run, args=(stop,)))
        threads[-1].start()
        return runs

    yield begin
    stop.set()
    for thread in threads:
        thread.join(timeout=PATIENCE)
        assert not thread.is_alive()


@pytest.mark.parametrize("poll", [0, 0.2])
def test_what_changes_is_indexed(library: Library, start: Start, poll: float) -> None:
    file = library.write("prize.md", PRIZE)
    runs = start(poll=poll)
    assert runs.report().added == ("prize.md",)
    library.write("more/ferry.md", "The Kelvane ferry sank.")
    assert runs.until("more/ferry.md").articles == 2
    file.write_text(PRIZE.replace("Mirela", "Olga"))
    file.write_text(PRIZE.replace("Mirela", "Astrid"))  # in the same second
    runs.until("prize.md")
    file.rename(library.corpus / "won.md")
    assert runs.until("prize.md", "won.md").articles == 2
    assert "Astrid Quonset" in library.assistant.ask("Who won the Zorblatt prize?").text
    shutil.rmtree(library.corpus / "more")
    assert runs.until("more/ferry.md").articles == 1


def test_temporary_files_and_the_index_make_no_run(library: Library, start: Start) -> None:
    library.settings = library.settings.model_copy(
        update={"index_dir": library.corpus / ".citewell"}
    )
    library.write("prize.md", PRIZE)
    runs = start()
    assert runs.report().articles == 1
    for name in (*TEMPORARY, "_draft.md", ".hidden.md"):
        library.write(name, "x")
    assert runs.settle() == []
    (library.corpus / "prize.md~").replace(library.corpus / "prize.md")  # as editors save
    assert runs.report().updated == ("prize.md",)
    assert runs.settle() == []


def test_a_burst_is_few_runs(library: Library, start: Start) -> None:
    library.write("prize.md", PRIZE)
    runs = start()
    runs.report()
    names = [f"{number}.md" for number in range(200)]
    for name in names:
        library.write(name, f"The ferry number {name} sank.")
    assert runs.until(*names).articles == 201
    assert len(runs.settle()) < 3


def test_a_file_that_comes_in_parts_is_read_when_it_is_whole(
    library: Library, start: Start
) -> None:
    library.write("prize.md", PRIZE)
    runs = start()
    runs.report()
    whole = pdf()
    part = library.write("won.pdf", whole[:200])
    assert [failure.path for failure in runs.report().failed] == ["won.pdf"]
    with part.open("ab") as stream:
        stream.write(whole[200:])
    assert runs.until("won.pdf").failed == ()


def test_what_is_written_during_a_run_makes_another(library: Library) -> None:
    """The last bytes of a file come while it is being read, and never another event after."""
    library.write("prize.md", PRIZE)
    stop, seen = threading.Event(), list[Outcome]()

    def tell(outcome: Outcome) -> None:
        seen.append(outcome)
        if len(seen) == 1:
            library.write("ferry.md", "The Kelvane ferry sank.")
        else:
            stop.set()

    watch = Watch(library.settings, tell)
    watch.encoder = library.encoder
    watch.run(stop)
    assert isinstance(seen[1], IndexReport) and seen[1].added == ("ferry.md",)


@pytest.mark.parametrize("poll", [0, 0.2])
def test_the_folder_may_go_and_come_back(library: Library, start: Start, poll: float) -> None:
    file = library.write("prize.md", PRIZE)
    runs = start(poll=poll)
    assert runs.report().articles == 1
    shutil.rmtree(library.corpus)
    assert isinstance(runs.next(), CorpusMissing)
    assert len(runs.settle()) < 3  # it may have been seen half deleted, and then gone
    assert library.sources_of("Who won the Zorblatt prize?") == {"prize.md"}
    library.corpus.mkdir()
    assert isinstance(runs.next(), CorpusMissing)  # there is nothing in it
    file.write_text(PRIZE.replace("Mirela", "Olga"))
    runs.until("prize.md")
    other = library.corpus.with_name("other")
    other.mkdir()
    (other / "ferry.md").write_text("The Kelvane ferry sank.")
    library.corpus.rename(library.corpus.with_name("old"))
    other.rename(library.corpus)
    runs.until("ferry.md", "prize.md")
    library.write("barge.md", "The barge sank, too.")
    assert runs.until("barge.md").articles == 2


def test_the_folder_may_come_later(library: Library, start: Start) -> None:
    library.corpus.rmdir()
    runs = start()
    assert isinstance(runs.next(), CorpusMissing)
    library.write("prize.md", PRIZE)
    runs.until("prize.md")


def test_a_single_file_is_watched_by_its_name(library: Library, start: Start) -> None:
    file = library.write("prize.md", PRIZE)
    library.write("other.md", PRIZE)
    runs = start(file)
    assert runs.report().added == ("prize.md",)
    fresh = library.write("fresh", PRIZE.replace("Mirela", "Olga"))
    fresh.replace(file)  # as editors save
    assert runs.until("prize.md").articles == 1


def test_an_index_that_is_busy_is_tried_again(
    library: Library, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ingest.watch.RETRY", 1.0)
    library.write("prize.md", PRIZE)
    with write_lock(library.index_dir, timeout=0):
        runs = start()
        assert isinstance(runs.next(), IndexBusy)
    while isinstance(outcome := runs.next(), IndexBusy):
        pass
    assert isinstance(outcome, IndexReport) and outcome.added == ("prize.md",)


def test_where_the_system_cannot_tell_it_looks_itself(
    library: Library,
    start: Start,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def exhausted(*folders: Path, force_polling: bool | None, **options: Any) -> Any:
        if not force_polling:
            raise RuntimeError("OS file watch limit reached")
        return watchfiles.watch(*folders, force_polling=True, **options)

    monkeypatch.setattr("ingest.changes.watch", exhausted)
    monkeypatch.setattr("ingest.changes.POLL_INSTEAD", 0.2)
    library.write("prize.md", PRIZE)
    runs = start()
    assert runs.report().articles == 1
    library.write("ferry.md", "The Kelvane ferry sank.")
    runs.until("ferry.md")
    assert "CITEWELL_WATCH_POLL_SECONDS" in caplog.text


def test_temporary_files_are_no_articles(library: Library) -> None:
    for name in (*TEMPORARY, "README.md", "prize.md"):
        library.write(name, PRIZE)
    assert [file.name for file in find_files(library.corpus)] == ["prize.md"]
    for name in ("4913.md", "sedate.md", "a~b.md", "temp.md", "download.html"):
        assert is_meant(Path(name)), name


def test_the_command_prints_a_line_for_each_run_and_ends_cleanly(library: Library) -> None:
    library.write("prize.md", PRIZE)
    command = [sys.executable, "-m", "ingest", "--watch", "--json", "--index"]
    process = subprocess.Popen(
        [*command, str(library.index_dir)],
        cwd=ROOT,
        env=os.environ | {"CITEWELL_CORPUS_DIR": str(library.corpus)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with process, nullcontext(process.stdout) as lines:
        assert lines is not None
        assert json.loads(lines.readline())["added"] == 1
        library.write("empty.md", "")
        assert json.loads(lines.readline())["failed"][0]["path"] == "empty.md"
        shutil.rmtree(library.corpus)
        assert json.loads(lines.readline())["error"] == "CorpusMissing"
        library.write("ferry.md", "The Kelvane ferry sank.")
        assert json.loads(lines.readline())["paths"]["added"] == ["ferry.md"]
        process.send_signal(signal.SIGTERM)
        rest, told = process.communicate(timeout=PATIENCE)
    assert (process.returncode, rest) == (0, "")
    assert "stopped watching" in told
    assert "Traceback" not in told
