"""The right to write: one writer at a time, and a dead one's is taken over."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator

import pytest

from ingest.lease import NAME, _create, acquire, lease, remove
from rag import IndexBusy
from rag.chroma_server import ChromaServer
from tests.chroma import Chroma
from tests.conftest import ROOT

HOLD = """\
import sys
from ingest.lease import _create, lease
from rag.chroma_server import ChromaServer
with lease(ChromaServer(sys.argv[1]), 0):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def url(chroma: Chroma) -> str:
    return chroma.new_database()


@pytest.fixture
def holder(url: str) -> Iterator[subprocess.Popen[str]]:
    """A writer in another process."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, url],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        yield process
        process.kill()


def test_a_second_writer_is_told_who_is_at_it(url: str, holder: subprocess.Popen[str]) -> None:
    server = ChromaServer(url)
    with pytest.raises(IndexBusy, match=rf"process {holder.pid} on \S+ is writing"):
        acquire(server, 0)
    assert holder.stdin is not None
    holder.stdin.close()  # it gives the lease back
    with lease(server, 30):
        assert server.find(NAME) is not None
    assert server.find(NAME) is None
    assert server.collections("dead") == {}


@pytest.mark.usefixtures("quick_lease")
def test_a_writer_that_was_killed_is_taken_for_dead(
    url: str, holder: subprocess.Popen[str]
) -> None:
    holder.kill()
    holder.wait()
    with lease(ChromaServer(url), 0) as held:
        held.check()


@pytest.mark.usefixtures("quick_lease")
def test_a_writer_that_was_only_asleep_notices_that_it_was_taken_over(url: str) -> None:
    server = ChromaServer(url)
    asleep = acquire(server, 0)
    asleep._done.set()  # it beats no more
    with lease(server, 0) as other:
        with pytest.raises(IndexBusy, match="another writer took over"):
            asleep.check()
        asleep.release()  # takes away nobody else's
        other.check()


def test_to_break_a_lease_twice_breaks_no_other(url: str) -> None:
    server = ChromaServer(url)
    first = acquire(server, 0)
    broken = server.find(NAME)
    assert broken is not None
    remove(server, broken)
    second = acquire(server, 0)
    remove(server, broken)  # by one who also saw that the first was silent, only later
    second.check()
    for each in (first, second):
        each.release()


def test_a_lease_that_was_made_and_released_meanwhile_is_no_error(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = acquire(ChromaServer(url), 0)
    second = ChromaServer(url)
    monkeypatch.setattr(second, "find", lambda name: None)  # as if released between the two looks
    assert _create(second, "another process") is None
    first.release()


def test_many_writers_take_turns(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ingest.lease.BEAT", 0.1)
    inside: list[int] = []
    most: list[int] = []

    def write(number: int) -> None:
        with lease(ChromaServer(url), 60) as held:
            inside.append(number)
            most.append(len(inside))
            held.check()
            inside.remove(number)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == [1] * 5
