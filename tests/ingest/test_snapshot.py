"""Publishing: one writer, all or nothing, and readers that notice."""

from __future__ import annotations

import dataclasses
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator, Set
from pathlib import Path
from typing import Any, NoReturn

import pytest

from ingest.snapshot import BUILDING, verify
from ingest.vector_writer import listed
from rag import IndexBusy, IndexDamaged, IndexMissing
from rag.errors import StorageFailed
from rag.integrity import file_table
from rag.layout import current_snapshot
from rag.vectors import chunk_of
from tests.conftest import ROOT, STORES, Library

PRIZE = "The Zorblatt prize went to {} in Oslo."
QUESTION = "Who won the Zorblatt prize?"

HOLD = """\
import sys
from pathlib import Path
from ingest.snapshot import write_lock
with write_lock(Path(sys.argv[1]), 0):
    print("held", flush=True)
    sys.stdin.read()
"""

# Dies as by kill -9, with all parts of the new snapshot written but its keyword index.
DIE = """\
import os, signal, sys
from pathlib import Path
import ingest.build, rag
ingest.build.KeywordIndex.from_counts = lambda counts: os.kill(os.getpid(), signal.SIGKILL)
settings = rag.load_settings(
    corpus_dir=Path(sys.argv[1]), index_dir=Path(sys.argv[2]), chroma_url=sys.argv[3]
)
ingest.reindex(settings=settings)
"""


def snapshots(library: Library) -> list[str]:
    return sorted(path.name for path in (library.index_dir / "snapshots").iterdir())


def answer_of(library: Library) -> str:
    return library.assistant.ask(QUESTION).citations[0].quote


@pytest.fixture
def holder(library: Library) -> Iterator[subprocess.Popen[str]]:
    """Another process that holds the index for writing."""
    command = [sys.executable, "-c", HOLD, str(library.index_dir)]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        yield process
        process.kill()


def test_a_second_writer_is_told_who_is_at_it(
    library: Library, holder: subprocess.Popen[str]
) -> None:
    library.write("prize.md", PRIZE.format("Mirela Quonset"))
    with pytest.raises(IndexBusy, match=rf"process {holder.pid} is writing"):
        library.reindex()
    holder.kill()  # the system frees the lock of a process that dies
    holder.wait()
    assert library.reindex().added == ("prize.md",)


@STORES
@pytest.mark.usefixtures("quick_lease")
def test_a_killed_build_leaves_the_old_index(library: Library) -> None:
    prize = library.write("prize.md", PRIZE.format("Mirela Quonset"))
    library.write("ferry.md", "The Kelvane ferry sank near Bergen in March 2021.")
    library.reindex()
    prize.unlink()  # a change that needs no model, for it takes long to load
    places = [str(library.corpus), str(library.index_dir), library.settings.chroma_url]
    assert subprocess.run([sys.executable, "-c", DIE, *places], cwd=ROOT).returncode == -9
    assert any(name.startswith(BUILDING) for name in snapshots(library)), "it died too early"
    assert "Mirela Quonset" in answer_of(library)
    assert library.reindex().removed == ("prize.md",)
    assert library.sources_of(QUESTION) == {"ferry.md"}
    assert not any(name.startswith(BUILDING) for name in snapshots(library))


@STORES
def test_a_build_that_fails_leaves_nothing_behind(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    library.write("prize.md", PRIZE.format("Mirela Quonset"))
    library.reindex()
    before = snapshots(library)
    library.write("prize.md", PRIZE.format("Olga Tverd"))

    def fail(texts: Any) -> NoReturn:
        raise OSError("No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("ingest.build.KeywordIndex.from_counts", fail)
        with pytest.raises(StorageFailed, match=r"No space.*free some space"):
            library.reindex()
    assert snapshots(library) == before
    assert "Mirela Quonset" in answer_of(library)
    library.reindex()
    assert "Olga Tverd" in answer_of(library)


@STORES
def test_a_snapshot_that_lacks_vectors_is_not_published(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    library.write("ferry.md", "The Kelvane ferry sank near Bergen in March 2021.")
    before = library.reindex().snapshot
    library.write("prize.md", PRIZE.format("Mirela Quonset"))
    with monkeypatch.context() as patch:
        patch.setattr("ingest.vector_writer.Records.take", lambda *given: iter(()))
        with pytest.raises(IndexDamaged, match=r"for 2 chunks, and lacks 2 of 2"):
            library.reindex()  # from the snapshot before, then from nothing
    assert snapshots(library) == [before]
    assert library.sources_of("Where did the ferry sink?") == {"ferry.md"}
    library.reindex()
    assert "Mirela Quonset" in answer_of(library)


def test_vectors_of_chunks_that_are_gone_have_the_store_made_anew(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    prize = library.write("prize.md", PRIZE.format("Mirela Quonset"))
    library.write("ferry.md", "The Kelvane ferry sank near Bergen in March 2021.")
    library.reindex()
    prize.unlink()
    kept: list[int] = []

    def keep_all(collection: Any, live: Set[str]) -> set[str]:
        there = listed(collection)
        kept.append(len(there - live))
        return there

    monkeypatch.setattr("ingest.vector_writer.drop_others", keep_all)
    report = library.reindex()
    assert kept == [1], "nothing was to be dropped"
    assert report.chunks_embedded == 1, "the store was not made anew"
    with library.snapshot() as snapshot:
        (store,) = snapshot.vector_stores
        held = [chunk_of(record) for record in store.get()["ids"]]
        assert held == [chunk.id for chunk in snapshot.chunks]


def test_a_snapshot_whose_parts_disagree_is_not_published(library: Library, tmp_path: Path) -> None:
    library.write("prize.md", PRIZE.format("Mirela Quonset"))
    library.reindex()
    with library.snapshot() as snapshot:
        folder = shutil.copytree(snapshot.folder, tmp_path / "copy")
        assert verify(folder, library.encoder) == snapshot.manifest
        lines = (folder / "chunks.jsonl").read_text(encoding="utf-8")
        key = next(iter(snapshot.chunks)).key
        (folder / "chunks.jsonl").write_text(lines.replace(key, "0" * len(key)), encoding="utf-8")
        dataclasses.replace(snapshot.manifest, files=file_table(folder, {})).save(folder)
    with pytest.raises(IndexDamaged, match="lacks token vectors of 1 chunks"):
        verify(folder, library.encoder)


@STORES
def test_current_is_never_missing_or_half_written(library: Library) -> None:
    library.write("prize.md", PRIZE.format("Mirela Quonset"))
    published = {library.reindex().snapshot}
    seen: set[str | None] = set()
    done = threading.Event()

    def look() -> None:
        while not done.is_set():
            seen.add(current_snapshot(library.index_dir))

    reader = threading.Thread(target=look)
    reader.start()
    try:
        for name in ("Olga Tverd", "Pia Lund"):
            library.write("prize.md", PRIZE.format(name))
            published.add(library.reindex().snapshot)
    finally:
        done.set()
        reader.join()
    assert seen and seen <= published
    assert list(library.index_dir.glob("CURRENT.*")) == []


@STORES
def test_an_assistant_notices_a_new_snapshot(library: Library) -> None:
    library.write("prize.md", PRIZE.format("Mirela Quonset"))
    library.reindex()
    assert "Mirela Quonset" in answer_of(library)
    library.write("prize.md", PRIZE.format("Olga Tverd"))
    report = library.reindex()
    assert "Olga Tverd" in answer_of(library)
    assert library.assistant.status().snapshot == report.snapshot


@STORES
def test_an_index_that_appears_later_is_used(library: Library) -> None:
    library.write("prize.md", PRIZE.format("Mirela Quonset"))
    with pytest.raises(IndexMissing, match="python -m ingest"):
        library.assistant.ask(QUESTION)
    library.reindex()
    assert "Mirela Quonset" in answer_of(library)


@STORES
def test_only_the_newest_snapshots_are_kept(library: Library) -> None:
    library.settings = library.settings.model_copy(update={"keep_snapshots": 2})
    made = []
    for name in ("Ann", "Bea", "Cleo", "Dora"):
        library.write("prize.md", PRIZE.format(f"{name} Quonset"))
        made.append(library.reindex().snapshot)
        assert snapshots(library) == made[-2:]
    assert current_snapshot(library.index_dir) == made[-1]
    assert "Dora Quonset" in answer_of(library)
