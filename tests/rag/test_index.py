"""Opening an index: missing, damaged or of another model, and what is told then."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from rag import Assistant, Encoder, IndexDamaged, IndexMismatch, IndexMissing, Settings
from rag.index import current_snapshot, snapshot_folder
from tests.conftest import Library

QUESTION = "Who won the Zorblatt prize?"
FILES = {
    "prize.md": "# Prize awarded\n\nThe Zorblatt prize went to Mirela Quonset in Oslo.",
    "ferry.md": "The Kelvane ferry sank near Bergen in March 2021.",
}


def edit(name: str, change: Callable[[bytes], bytes]) -> Callable[[Path], None]:
    """Damages one file of a snapshot."""

    def damage(folder: Path) -> None:
        (file,) = folder.glob(name)
        content = change(file.read_bytes())
        file.unlink()  # it may be linked from the snapshot that it was copied from
        file.write_bytes(content)

    return damage


def drop(name: str) -> Callable[[Path], None]:
    """Removes a file or folder of a snapshot."""

    def damage(folder: Path) -> None:
        (path,) = folder.glob(name)
        shutil.rmtree(path) if path.is_dir() else path.unlink()

    return damage


def half(content: bytes) -> bytes:
    return content[: len(content) // 2]


DAMAGES: dict[str, Callable[[Path], None]] = {
    "no chunk table": drop("chunks.jsonl"),
    "chunk table cut": edit("chunks.jsonl", half),
    "chunk table short": edit("chunks.jsonl", lambda c: b"".join(c.splitlines(True)[:-1])),
    "chunk table of another kind": edit("chunks.jsonl", lambda c: b"1\n2\n"),
    "no token vectors": drop("tokens/*.vectors.npy"),
    "token vectors cut": edit("tokens/*.vectors.npy", half),
    "no token table": drop("tokens/*.texts.json"),
    "no frequencies": drop("tokens/token_df.npz"),
    "frequencies cut": edit("tokens/token_df.npz", half),
    "no manifest": drop("manifest.json"),
    "manifest cut": edit("manifest.json", half),
    "manifest empty": edit("manifest.json", lambda c: b""),
    "manifest of another kind": edit("manifest.json", lambda c: b"[]"),
    "no articles": drop("articles.jsonl"),
    "articles cut": edit("articles.jsonl", half),
    "articles empty": edit("articles.jsonl", lambda c: b""),
    "no keyword index": drop("keyword"),
    "keyword index incomplete": drop("keyword/data.csc.index.npy"),
    "no vector store": drop("chroma"),
    "vector store garbled": edit("chroma/chroma.sqlite3", lambda c: b"garbled" * 1000),
    "no snapshot": shutil.rmtree,
}


@pytest.fixture(scope="module")
def built(make_library: Callable[[dict[str, str]], Library]) -> Library:
    return make_library(FILES)


@pytest.fixture
def copy(built: Library, tmp_path: Path) -> Settings:
    """Settings of a copy of the index, to be damaged."""
    index_dir = tmp_path / "index"
    shutil.copytree(built.index_dir, index_dir)
    return built.settings.model_copy(update={"index_dir": index_dir})


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_index_is_told_and_can_be_rebuilt(
    built: Library, copy: Settings, encoder: Encoder, damage: str
) -> None:
    name = current_snapshot(copy.index_dir)
    assert name is not None
    DAMAGES[damage](snapshot_folder(copy.index_dir, name))
    assistant = Assistant(copy, encoder=encoder)
    with pytest.raises(IndexDamaged, match="--rebuild"):
        assistant.ask(QUESTION)
    built.reindex(settings=copy, rebuild=True)
    assert "Mirela Quonset" in assistant.ask(QUESTION).text


def test_a_missing_index_is_told(tmp_path: Path, encoder: Encoder) -> None:
    assistant = Assistant(Settings(index_dir=tmp_path / "none"), encoder=encoder)
    for use in (
        lambda: assistant.ask(QUESTION),
        lambda: assistant.retrieve(QUESTION),
        assistant.status,
        assistant.examples,
        assistant.warm_up,
    ):
        with pytest.raises(IndexMissing, match="python -m ingest"):
            use()
    assert not (tmp_path / "none").exists()


def test_an_index_of_another_model_is_told(built: Library) -> None:
    class Other(Encoder):
        digest = "0" * 64

    with pytest.raises(IndexMismatch, match="--rebuild"):
        Assistant(built.settings, encoder=Other()).ask(QUESTION)


def test_an_index_of_another_format_is_told(copy: Settings, encoder: Encoder) -> None:
    name = current_snapshot(copy.index_dir)
    assert name is not None
    edit("manifest.json", lambda c: c.replace(b'"format": 1', b'"format": 0'))(
        snapshot_folder(copy.index_dir, name)
    )
    with pytest.raises(IndexMismatch, match="--rebuild"):
        Assistant(copy, encoder=encoder).ask(QUESTION)


def test_the_status_sums_up_the_sample_corpus(assistant: Assistant) -> None:
    status = assistant.status()
    assert status.articles == 28
    assert status.chunks == len(assistant.index.current().chunks)
    assert status.first_published is not None and status.last_published is not None
    assert status.first_published.isoformat() == "2021-01-18"
    assert status.last_published.isoformat() == "2025-11-13"
    assert "Screen Trade Weekly: Asia" in status.sources


def test_the_parts_of_the_sample_index_describe_the_same_chunks(assistant: Assistant) -> None:
    snapshot = assistant.index.current()
    stored = snapshot.vectors.get(include=["documents"])
    texts = dict(zip(stored["ids"], stored["documents"], strict=True))
    assert set(texts) == {chunk.id for chunk in snapshot.chunks}
    assert snapshot.keyword.size == len(snapshot.chunks)
    for chunk in snapshot.chunks:
        article = snapshot.article(chunk.article_id)
        assert texts[chunk.id] == article.text[chunk.start : chunk.end]
        tokens = snapshot.tokens.gather([chunk.key])
        assert tokens.spans.max() <= chunk.end - chunk.start


def test_word_pieces_are_counted_and_unknown_ones_are_0(assistant: Assistant) -> None:
    snapshot = assistant.index.current()
    pieces = snapshot.tokens.gather([snapshot.chunks[0].key]).pieces
    assert snapshot.token_frequency(pieces).min() >= 1
    assert snapshot.token_frequency(np.array([4_000_000_000], dtype=np.uint32)).tolist() == [0]


def test_an_unknown_article_is_a_key_error(assistant: Assistant) -> None:
    with pytest.raises(KeyError):
        assistant.article("nothing")
