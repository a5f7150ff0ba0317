"""A disk that is full or may not be written to: it is told, and the index stays as it was."""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from rag import Assistant, Encoder, load_settings
from rag.errors import StorageFailed
from tests.conftest import Library
from tests.faults.rounds import QUESTIONS, WINNERS, articles, write

NOBODY = 65534
# Bytes that a file may have. What fails first differs: the articles, the token vectors, the
# vector store, its index.
LIMITS = (0, 1_000, 20_000, 120_000, 180_000)


@contextmanager
def no_file_over(limit: int) -> Iterator[None]:
    """Let the system refuse to write more than `limit` bytes to a file, as a full disk would."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def may_mount() -> bool:
    """Tell whether this user may mount a file system."""
    with tempfile.TemporaryDirectory() as folder:
        mounted = mount(Path(folder))
        if mounted:
            unmount(Path(folder))
        return mounted


def mount(folder: Path) -> bool:
    command = ["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(folder)]
    if shutil.which("mount") is None:
        return False
    return subprocess.run(command, capture_output=True).returncode == 0


def unmount(folder: Path) -> None:
    subprocess.run(["umount", "-l", str(folder)], check=True, capture_output=True)


def winner_named(library: Library) -> set[str]:
    """Names in the answers of an assistant that opens the index anew."""
    assistant = Assistant(library.settings, encoder=library.encoder)
    text = "".join(assistant.ask(question).text for question in QUESTIONS.values())
    return {name for name in WINNERS if name in text}


def assert_as_before(library: Library) -> None:
    assert winner_named(library) == {WINNERS[0]}
    assert list((library.index_dir / "snapshots").glob(".*")) == []
    assert list(library.index_dir.glob("CURRENT.*")) == []


def assert_next_run_succeeds(library: Library) -> None:
    assert library.reindex().articles == len(articles(1))
    assert winner_named(library) == {WINNERS[1]}


def test_a_file_that_cannot_grow(library: Library) -> None:
    write(library.corpus, 0)
    library.reindex()
    write(library.corpus, 1)
    for limit in LIMITS:
        with no_file_over(limit), pytest.raises(StorageFailed, match="free some space"):
            library.reindex()
        assert_as_before(library)
    assert_next_run_succeeds(library)


def test_a_first_build_on_a_full_disk(library: Library) -> None:
    write(library.corpus, 1)
    with no_file_over(20_000), pytest.raises(StorageFailed, match="free some space"):
        library.reindex()
    assert_next_run_succeeds(library)


# A small disk of our own comes nearest to the truth, but only root may make one.
@pytest.mark.parametrize("room", [0, 60_000, 300_000] if may_mount() else [])
def test_a_full_disk(tmp_path: Path, encoder: Encoder, room: int) -> None:
    library = Library(tmp_path, encoder)
    disk = tmp_path / "index"
    disk.mkdir()
    assert mount(disk)
    try:
        write(library.corpus, 0)
        library.reindex()
        write(library.corpus, 1)
        ballast = disk / "ballast"
        ballast.write_bytes(bytes(max(0, shutil.disk_usage(disk).free - room)))
        with pytest.raises(StorageFailed, match="free some space"):
            library.reindex()
        assert_as_before(library)
        ballast.unlink()
        assert_next_run_succeeds(library)
    finally:
        unmount(disk)


def test_no_room_for_a_readers_copy(library: Library) -> None:
    write(library.corpus, 0)
    library.reindex()
    assistant = Assistant(library.settings, encoder=library.encoder)
    with no_file_over(20_000), pytest.raises(StorageFailed, match="TMPDIR"):
        assistant.ask("Who won the Zorblatt prize?")
    assert WINNERS[0] in assistant.ask("Who won the Zorblatt prize?").text


@contextmanager
def read_only(folder: Path) -> Iterator[None]:
    """Take the right to write away, also from root, whom modes do not stop."""
    entries = [folder, *folder.rglob("*")]
    modes = {path: path.stat().st_mode for path in entries}
    for path in entries:
        path.chmod(0o555 if path.is_dir() else 0o444)
    root = os.geteuid() == 0
    if root:
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        if root:
            os.seteuid(0)
        for path, mode in modes.items():
            path.chmod(mode)


@pytest.mark.parametrize("there", ["an index", "an empty folder"])
def test_an_index_folder_that_may_only_be_read(encoder: Encoder, there: str) -> None:
    with tempfile.TemporaryDirectory() as folder:  # pytest's own may be entered by its owner only
        Path(folder).chmod(0o755)
        library = Library(Path(folder), encoder)
        library.index_dir.mkdir()
        write(library.corpus, 0)
        if there == "an index":
            library.reindex()
        write(library.corpus, 1)
        with read_only(library.index_dir):
            with pytest.raises(StorageFailed, match="let this user write to it"):
                library.reindex()
            if there == "an index":
                assert winner_named(library) == {WINNERS[0]}
        assert_next_run_succeeds(library)


def test_a_folder_where_the_index_cannot_be(tmp_path: Path, encoder: Encoder) -> None:
    library = Library(tmp_path, encoder)
    write(library.corpus, 0)
    (tmp_path / "file").write_text("not a folder")
    settings = load_settings(corpus_dir=library.corpus, index_dir=tmp_path / "file" / "index")
    with pytest.raises(StorageFailed, match="another folder with --index"):
        library.reindex(settings=settings)
