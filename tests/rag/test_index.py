"""Opening an index: missing, damaged or of another model, and what is told then."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from rag import Assistant, Encoder, IndexDamaged, IndexMismatch, IndexMissing, Settings
from rag.layout import current_snapshot, snapshot_folder
from rag.manifest import Manifest
from rag.retrieval import encode_query, rank
from rag.vectors import chunk_of
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


def flip(content: bytes, place: int) -> bytes:
    return content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :]


DAMAGES: dict[str, Callable[[Path], None]] = {
    "a bit of an article flipped": edit("articles.jsonl", lambda c: flip(c, len(c) // 2)),
    "a bit of the manifest flipped": edit("manifest.json", lambda c: flip(c, len(c) // 2)),
    "a bit of the vector store flipped": edit("chroma/*/chroma.sqlite3", lambda c: flip(c, 5000)),
    "a bit of a token vector flipped": edit("tokens/*.vectors.npy", lambda c: flip(c, 500)),
    "no digest of the manifest": drop("manifest.sha256"),
    "no chunk table": drop("chunks.jsonl"),
    "chunk table cut": edit("chunks.jsonl", half),
    "chunk table short": edit("chunks.jsonl", lambda c: b"".join(c.splitlines(True)[:-1])),
    "chunk table of another kind": edit("chunks.jsonl", lambda c: b"1\n2\n"),
    "no token vectors": drop("tokens/*.vectors.npy"),
    "token vectors cut": edit("tokens/*.vectors.npy", half),
    "no token table": drop("tokens/*.texts.npy"),
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
    "vector store garbled": edit("chroma/*/chroma.sqlite3", lambda c: b"garbled" * 1000),
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
    with pytest.raises(IndexDamaged, match="repair it with: python -m ingest"):
        assistant.ask(QUESTION)
    report = built.reindex(settings=copy)
    assert (report.articles, report.removed) == (2, ())
    assert "Mirela Quonset" in assistant.ask(QUESTION).text
    assert [path.name for path in (copy.index_dir / "snapshots").iterdir()] == [report.snapshot]


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
    folder = snapshot_folder(copy.index_dir, name)
    edit("manifest.json", lambda c: c.replace(b'"format":3', b'"format":1'))(folder)
    (folder / "manifest.sha256").unlink()  # the first format had none
    with pytest.raises(IndexMismatch, match="--rebuild"):
        Assistant(copy, encoder=encoder).ask(QUESTION)


def test_a_snapshot_that_a_reader_holds_stays_whole_when_it_is_dropped(library: Library) -> None:
    library.settings = library.settings.model_copy(update={"keep_snapshots": 1})
    for name, content in FILES.items():
        library.write(name, content)
    library.reindex()
    with library.snapshot() as held:
        for day in range(3):
            library.write("whale.md", f"A whale was seen on day {day}.")
            library.reindex()
        assert not held.folder.exists()
        query = encode_query(held, library.encoder, QUESTION)
        ranking = rank(held, query, 10, None)
        assert ranking is not None
        texts = {held.article(held.chunks[row].article_id).text for row in ranking.rows}
        assert any("Mirela Quonset" in text for text in texts)
        assert {held.article(key).path for key in held.entries} == set(FILES)


def test_a_snapshot_that_is_dropped_while_it_is_opened_is_no_error(
    library: Library, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    library.settings = library.settings.model_copy(update={"keep_snapshots": 1})
    prize = library.write("prize.md", FILES["prize.md"])
    library.reindex()
    load = Manifest.load
    opened: list[str] = []

    def publish_meanwhile(folder: Path) -> Manifest:
        opened.append(folder.name)
        if len(opened) == 1:
            prize.write_text(FILES["prize.md"].replace("Oslo", "Rome"))
            monkeypatch.setattr(Manifest, "load", load)
            library.reindex()
        return load(folder)

    monkeypatch.setattr(Manifest, "load", publish_meanwhile)
    assert "Rome" in library.assistant.ask(QUESTION).text
    assert library.assistant.index.notice == ""
    assert "repair" not in caplog.text


def test_reading_an_index_changes_no_file_of_it(library: Library) -> None:
    """Chroma writes to a store that it opens, so that readers must not open the snapshot's own."""
    library.write("prize.md", FILES["prize.md"])
    library.reindex()
    before = contents_of(library.index_dir)
    assert "Mirela Quonset" in library.assistant.ask(QUESTION).text
    assert contents_of(library.index_dir) == before


def contents_of(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


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
    (store,) = snapshot.vector_stores
    stored = store.get(include=["documents"])
    texts = dict(zip(map(chunk_of, stored["ids"]), stored["documents"], strict=True))
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
