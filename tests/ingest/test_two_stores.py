"""A large vector store stays as it is, and what is new goes beside it until that is much."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest import vector_writer
from ingest.records import Records
from rag import Filters, IndexDamaged
from tests.conftest import Library
from tests.index_contents import assert_same, contents

TOWNS = ("Arvik", "Bodin", "Celm", "Dorst", "Eskil", "Forn", "Gant", "Hulm", "Istad", "Jorn")
QUESTION = "Which ferry sank off Celm?"


@pytest.fixture
def large(library: Library, monkeypatch: pytest.MonkeyPatch) -> Library:
    """Ten articles, which count as a large store; two may be beside it or gone from it."""
    monkeypatch.setattr(vector_writer, "SMALL", 5)
    monkeypatch.setattr(vector_writer, "SHARE", 5)
    for number, town in enumerate(TOWNS):
        tell(library, town, f"The ferry of {town} sank in March {2010 + number}.")
    library.reindex()
    return library


def tell(library: Library, town: str, text: str, source: str = "Harbour Post") -> Path:
    return library.write(f"{town}.md", f"---\nsource: {source}\n---\n{text}")


def stores(library: Library) -> list[int]:
    with library.snapshot() as snapshot:
        assert sorted(p.name for p in (snapshot.folder / "chroma").iterdir()) == sorted(
            snapshot.manifest.stores
        )
        return list(snapshot.manifest.stores.values())


def assert_like_a_clean_build(library: Library, tmp_path: Path) -> None:
    fresh = Library(tmp_path / "fresh", library.encoder)
    fresh.corpus = library.corpus
    fresh.settings = library.settings.model_copy(update={"index_dir": tmp_path / "fresh-index"})
    fresh.reindex(rebuild=True)
    with library.snapshot() as one, fresh.snapshot() as other:
        assert_same(contents(one, [QUESTION]), contents(other, [QUESTION]))


def test_what_is_new_goes_beside_a_large_store(large: Library, tmp_path: Path) -> None:
    assert stores(large) == [10]
    with large.snapshot() as snapshot:
        (first,) = snapshot.folder.glob("chroma/*/chroma.sqlite3")
    tell(large, "Celm", "The ferry of Celm was raised in June 2019.")
    assert large.reindex().chunks_embedded == 1
    assert stores(large) == [10, 1]
    with large.snapshot() as snapshot:
        kept = snapshot.folder / "chroma" / first.parent.name / first.name
    assert kept.samefile(first), "it was copied"
    assert "raised in June" in large.assistant.ask("When was the ferry of Celm raised?").text
    assert_like_a_clean_build(large, tmp_path)


def test_an_article_may_go_from_a_large_store_and_come_back(large: Library, tmp_path: Path) -> None:
    file = tell(large, "Celm", "The ferry of Celm sank in March 2012.")
    file.unlink()
    large.reindex()
    assert stores(large) == [10]
    with large.snapshot() as snapshot:
        vector = next(iter(large.encoder.encode([QUESTION]))).vector
        assert len(snapshot.nearest(vector, 10, None)) == 9, "one that is gone was found"
    tell(large, "Celm", "The ferry of Celm sank in March 2012.")
    report = large.reindex()
    assert (report.added, report.chunks_embedded) == (("Celm.md",), 0)
    assert stores(large) == [10, 1]
    assert_like_a_clean_build(large, tmp_path)


def test_what_is_said_of_an_article_is_what_filters_look_at(large: Library) -> None:
    tell(large, "Celm", "The ferry of Celm sank in March 2012.", source="Evening Star")
    assert large.reindex().chunks_embedded == 0
    assert stores(large) == [10, 1]
    for source, count in (("Harbour Post", 9), ("Evening Star", 1)):
        found = large.assistant.retrieve(QUESTION, k=10, filters=Filters(sources=(source,)))
        assert len(found) == count
        assert {passage.source for passage in found} == {source}


def test_when_much_is_beside_it_all_becomes_one_store(large: Library, tmp_path: Path) -> None:
    sizes = []
    for town in ("Kolm", "Celm", "Lund"):
        tell(large, town, f"The quay of {town} was built in 1931.")
        large.reindex()
        sizes.append(stores(large))
    # Kolm; then Celm twice, beside it and gone from it; and that would be four.
    assert sizes == [[10, 1], [11], [11, 1]]
    assert_like_a_clean_build(large, tmp_path)


def test_a_page_opens_only_what_is_new(large: Library) -> None:
    first = large.assistant.index.current().open_stores
    tell(large, "Kolm", "The quay of Kolm was built in 1931.")
    large.reindex()
    second = large.assistant.index.current().open_stores
    assert second[0] is first[0] and len(second) == 2
    del first
    tell(large, "Kolm", "The quay of Kolm was built in 1932.")
    large.reindex()
    third = large.assistant.index.current().open_stores
    assert third[0] is second[0] and third[1] is not second[1]


def test_a_damaged_large_store_is_told_and_made_anew(large: Library) -> None:
    tell(large, "Kolm", "The quay of Kolm was built in 1931.")
    large.reindex()
    with large.snapshot() as snapshot:
        name = next(iter(snapshot.manifest.stores))
        file = snapshot.folder / "chroma" / name / "chroma.sqlite3"
    file.write_bytes(b"garbled" * 1000)
    with pytest.raises(IndexDamaged, match="python -m ingest"):
        large.assistant.ask(QUESTION)  # it is in the snapshot before, too
    large.reindex()
    assert stores(large) == [11]
    assert "2012" in large.assistant.ask(QUESTION).text


@pytest.mark.parametrize("name", ["chroma/*/chroma.sqlite3", "chunks.jsonl"])
def test_damage_that_readers_do_not_look_for_is_not_taken_over(
    large: Library, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr("rag.integrity.DIGESTED", 0)  # as if all files were large
    with large.snapshot() as snapshot:
        (file,) = snapshot.folder.glob(name)
    content = file.read_bytes()
    place = len(content) // 2
    file.write_bytes(content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :])
    tell(large, "Kolm", "The quay of Kolm was built in 1931.")
    assert "Kolm.md" in large.reindex().added
    assert stores(large) == [11], "it was not made anew"
    assert "1931" in large.assistant.ask("When was the quay of Kolm built?").text


def test_records_that_are_missing_beside_a_large_store_are_not_published(
    large: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell(large, "Kolm", "The quay of Kolm was built in 1931.")
    with monkeypatch.context() as patch:
        patch.setattr(Records, "take", lambda *given: iter(()))
        with pytest.raises(IndexDamaged, match=r"lacks \d+ of \d+"):
            large.reindex()
    assert stores(large) == [10]
