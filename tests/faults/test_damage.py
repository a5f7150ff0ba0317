"""A damaged snapshot: told when it is opened, the one before answers, the next run makes up."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from rag import Assistant, Encoder, IndexDamaged, Settings
from rag.layout import current_snapshot, snapshot_folder
from tests.conftest import Library
from tests.faults.rounds import QUESTIONS, WINNERS, articles, write
from tests.index_contents import assert_same, contents

QUESTION = QUESTIONS["prize.md"]


@pytest.fixture(scope="module")
def built(make_library: Callable[[dict[str, str]], Library]) -> Library:
    """An index with the snapshots of rounds 0 and 1, the latter current."""
    library = make_library(articles(0))
    write(library.corpus, 1)
    library.reindex()
    return library


@pytest.fixture
def copy(built: Library, tmp_path: Path) -> Settings:
    """Settings of a copy of the index, to be damaged."""
    index_dir = tmp_path / "index"
    shutil.copytree(built.index_dir, index_dir)
    return built.settings.model_copy(update={"index_dir": index_dir})


def current(settings: Settings) -> Path:
    name = current_snapshot(settings.index_dir)
    assert name is not None
    return snapshot_folder(settings.index_dir, name)


def truncate(file: Path) -> None:
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


def flip(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 4
    file.write_bytes(content)


def half_deleted(settings: Settings) -> None:
    files = sorted(path for path in current(settings).rglob("*") if path.is_file())
    for file in files[::2]:
        file.unlink()


def pointer(content: str) -> Callable[[Settings], None]:
    def change(settings: Settings) -> None:
        (settings.index_dir / "CURRENT").write_text(content)

    return change


# What befell the index, and which round then answers.
WHOLE: dict[str, tuple[Callable[[Settings], None], int]] = {
    "a half-deleted snapshot": (half_deleted, 0),
    "no snapshot": (lambda settings: shutil.rmtree(current(settings)), 0),
    "no CURRENT": (lambda settings: (settings.index_dir / "CURRENT").unlink(), 1),
    "an empty CURRENT": (pointer(""), 1),
    "a CURRENT that names nothing": (pointer("20260101T000000000000-abcdef\n"), 1),
    "a garbled CURRENT": (pointer("../\x00\xff?"), 1),
}


@pytest.mark.parametrize("damage", [truncate, flip, Path.unlink])
def test_damage_to_any_file_is_told_and_the_snapshot_before_answers(
    copy: Settings, encoder: Encoder, damage: Callable[[Path], None]
) -> None:
    files = [path for path in current(copy).rglob("*") if path.is_file() and path.stat().st_size]
    for file in sorted(files):
        whole = file.read_bytes()
        damage(file)
        assistant = Assistant(copy, encoder=encoder)
        text = assistant.ask(QUESTION).text
        assert WINNERS[0] in text and WINNERS[1] not in text, file.name
        assert "repair it with: python -m ingest" in assistant.index.notice
        file.write_bytes(whole)
    assistant = Assistant(copy, encoder=encoder)
    assert WINNERS[1] in assistant.ask(QUESTION).text
    assert assistant.index.notice == ""


@pytest.mark.parametrize("damage", WHOLE)
def test_the_next_run_makes_up_for_a_damaged_snapshot(
    built: Library, copy: Settings, encoder: Encoder, damage: str
) -> None:
    befall, answers = WHOLE[damage]
    befall(copy)
    assistant = Assistant(copy, encoder=encoder)
    assert WINNERS[answers] in assistant.ask(QUESTION).text
    assert "python -m ingest" in assistant.index.notice
    built.reindex(settings=copy)
    repaired = assistant.index.current()
    assert assistant.index.notice == ""
    probes = list(QUESTIONS.values())
    with built.snapshot() as whole:
        assert_same(contents(repaired, probes), contents(whole, probes))


def test_damage_to_a_file_that_snapshots_share_is_told_and_made_up_for(
    built: Library, tmp_path: Path, encoder: Encoder
) -> None:
    """Hard links save room, so rot in such a file takes all snapshots that have it."""
    settings = built.settings.model_copy(update={"index_dir": tmp_path / "index"})
    shutil.copytree(built.index_dir, settings.index_dir)
    for file in (settings.index_dir / "snapshots").glob("*/tokens/*.vectors.npy"):
        flip(file)
    with pytest.raises(IndexDamaged, match="repair it with: python -m ingest"):
        Assistant(settings, encoder=encoder).ask(QUESTION)
    assert built.reindex(settings=settings).articles == len(articles(1))
    assert WINNERS[1] in Assistant(settings, encoder=encoder).ask(QUESTION).text
