"""An index in a Chroma server: pages without anything of their own, and what faults leave."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from ingest.rollback import rollback
from ingest.shared import BUILDING, UNDONE
from ingest.status import read_status
from rag import Assistant, Encoder, Filters, IndexMismatch, IndexMissing
from rag.chroma_server import ChromaServer
from rag.errors import ServerFailed
from rag.manifest import Manifest
from rag.shared_index import FILES, SNAPSHOT, SharedIndex
from rag.vectors import KIND
from tests.chroma import Chroma
from tests.conftest import Library
from tests.index_contents import assert_same, contents

PRIZE = "The Zorblatt prize went to {} in Oslo."
FERRY = "The Kelvane ferry sank near Bergen in March 2021."
QUESTION = "Who won the Zorblatt prize?"


@pytest.fixture(autouse=True)
def _quick(quick_lease: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rag.chroma_server.REST", 0)


@pytest.fixture
def shared(tmp_path: Path, encoder: Encoder, chroma: Chroma) -> Library:
    """A library whose index is in a server."""
    return Library(tmp_path / "writer", encoder, chroma.new_database())


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Chroma]:
    """A server of the test's own, to be killed."""
    server = Chroma(tmp_path / "chroma")
    server.start()
    yield server
    server.kill()


def page(library: Library, folder: Path) -> Assistant:
    """A page on another computer."""
    settings = library.settings.model_copy(update={"index_dir": folder})
    return Assistant(settings, encoder=library.encoder)


def server_of(library: Library) -> ChromaServer:
    server = ChromaServer.of(library.settings)
    assert server is not None
    return server


def tell(library: Library, winner: str) -> None:
    library.write("prize.md", PRIZE.format(winner))
    library.reindex()


def test_a_page_needs_nothing_but_the_server(shared: Library, tmp_path: Path) -> None:
    other = page(shared, tmp_path / "page")
    with pytest.raises(IndexMissing, match=r"holds no index yet.*python -m ingest"):
        other.ask(QUESTION)
    shared.write("ferry.md", FERRY)
    tell(shared, "Mirela Quonset")
    assert other.ask(QUESTION).citations[0].quote == PRIZE.format("Mirela Quonset")
    tell(shared, "Olga Tverd")
    assert other.ask(QUESTION).citations[0].quote == PRIZE.format("Olga Tverd")
    here = {path.name for path in (tmp_path / "page" / "snapshots").iterdir()}
    assert here == set(server_of(shared).collections(SNAPSHOT))


def test_writers_on_two_computers_go_on_from_each_other(shared: Library, tmp_path: Path) -> None:
    tell(shared, "Mirela Quonset")
    other = Library(tmp_path / "other", shared.encoder, shared.settings.chroma_url)
    ferry = other.write("ferry.md", FERRY)
    report = other.reindex(ferry)
    assert (report.added, report.articles, report.chunks_embedded) == (("ferry.md",), 2, 1)
    shared.write("ferry.md", FERRY)
    report = shared.reindex()
    assert (report.added, report.unchanged, report.chunks_embedded) == ((), 2, 0)


def test_going_back_shows_everywhere_and_the_next_run_goes_forward(
    shared: Library, tmp_path: Path
) -> None:
    other = page(shared, tmp_path / "page")
    tell(shared, "Mirela Quonset")
    tell(shared, "Olga Tverd")
    assert "Olga Tverd" in other.ask(QUESTION).text
    elsewhere = shared.settings.model_copy(update={"index_dir": tmp_path / "third"})
    assert rollback(elsewhere).updated == ("prize.md",)
    assert "Mirela Quonset" in other.ask(QUESTION).text
    assert "Mirela Quonset" in shared.assistant.ask(QUESTION).text
    assert list(server_of(shared).collections(UNDONE)) != []
    shared.reindex()
    assert "Olga Tverd" in other.ask(QUESTION).text
    assert list(server_of(shared).collections(UNDONE)) == []
    assert len(read_status(elsewhere)["snapshots"]) >= 1


def test_a_reader_sees_no_records_of_other_snapshots(shared: Library) -> None:
    shared.write("prize.md", f"---\nsource: Old Post\n---\n{PRIZE.format('Mirela Quonset')}")
    shared.reindex()
    with shared.snapshot() as old:
        shared.write("prize.md", f"---\nsource: New Post\n---\n{PRIZE.format('Mirela Quonset')}")
        shared.write("ferry.md", FERRY)
        assert shared.reindex().chunks_embedded == 1
        vector = next(iter(shared.encoder.encode([QUESTION]))).vector
        (store,) = old.vector_stores
        assert len(store.get()["ids"]) == 3  # both snapshots', of which two say one text
        assert old.nearest(vector, 5, None) == [0]
        new_post = Filters(sources=("New Post",))
        where: dict[str, Any] = {"source": "New Post"}
        assert old.nearest(vector, 5, where, old.allowed(new_post)) == []
    found = shared.assistant.retrieve(QUESTION, filters=new_post)
    assert [passage.path for passage in found] == ["prize.md"]


def test_what_no_snapshot_holds_is_deleted(shared: Library) -> None:
    shared.settings = shared.settings.model_copy(update={"keep_snapshots": 1})
    shared.write("ferry.md", FERRY)
    for winner in ("Mirela Quonset", "Olga Tverd", "Pia Lund"):
        tell(shared, winner)
    server = server_of(shared)
    (snapshot,) = server.collections(SNAPSHOT)
    (vectors,) = server.collections(KIND).values()
    assert vectors.count() == 2
    named = {piece for names in SharedIndex(server).files(snapshot).values() for piece in names}
    assert set(server.create(FILES).get(include=[])["ids"]) == named
    shared.reindex(rebuild=True)  # begins a collection of its own
    (other,) = server.collections(KIND).values()
    assert other.name != vectors.name


def test_a_copy_that_is_damaged_is_fetched_again(shared: Library) -> None:
    tell(shared, "Mirela Quonset")
    (folder,) = (shared.index_dir / "snapshots").iterdir()
    (folder / "chunks.jsonl").write_bytes(b"")
    fresh = Assistant(shared.settings, encoder=shared.encoder)
    assert "Mirela Quonset" in fresh.ask(QUESTION).text
    (folder / "articles.jsonl").write_bytes(b"")
    shared.write("ferry.md", FERRY)
    assert shared.reindex().chunks_embedded == 1


def test_an_index_with_vectors_of_its_own_is_not_overwritten(
    tmp_path: Path, encoder: Encoder, shared: Library
) -> None:
    local = Library(tmp_path / "local", encoder)
    tell(local, "Mirela Quonset")
    tell(shared, "Olga Tverd")
    url = shared.settings.chroma_url
    local.settings = local.settings.model_copy(update={"chroma_url": url})
    for use in (local.reindex, lambda: Assistant(local.settings, encoder=encoder).ask(QUESTION)):
        with pytest.raises(IndexMismatch, match="holds an index that keeps its vectors itself"):
            use()
    assert "Mirela Quonset" in local.assistant.ask(QUESTION).text


def test_an_index_is_brought_into_a_server(
    tmp_path: Path, encoder: Encoder, chroma: Chroma
) -> None:
    local = Library(tmp_path / "local", encoder)
    tell(local, "Mirela Quonset")
    served = {"chroma_url": chroma.new_database()}
    local.settings = local.settings.model_copy(update=served)
    assert local.reindex(rebuild=True).chunks_embedded == 1
    assert "Mirela Quonset" in page(local, tmp_path / "page").ask(QUESTION).text
    back = local.settings.model_copy(update={"chroma_url": ""})
    with pytest.raises(IndexMismatch, match="set CITEWELL_CHROMA_URL"):
        Assistant(back, encoder=encoder).ask(QUESTION)


def test_a_page_goes_on_while_the_server_is_down_and_says_so(
    tmp_path: Path, encoder: Encoder, own: Chroma, caplog: pytest.LogCaptureFixture
) -> None:
    library = Library(tmp_path / "writer", encoder, own.url)
    tell(library, "Mirela Quonset")
    assert "Mirela Quonset" in library.assistant.ask(QUESTION).text
    assert library.assistant.index.notice == ""
    own.kill()
    # One that is open, and one that is started meanwhile.
    for assistant in (library.assistant, Assistant(library.settings, encoder=encoder)):
        assert "Mirela Quonset" in assistant.ask(QUESTION).text
        assert "cannot be reached" in assistant.index.notice
        assert "answers come from words alone" in assistant.index.notice
    assert "cannot be reached" in caplog.text
    with pytest.raises(ServerFailed, match="chroma run --path"):
        page(library, tmp_path / "page").ask(QUESTION)
    with pytest.raises(ServerFailed, match="chroma run --path"):
        library.reindex()
    own.start()
    assert "Mirela Quonset" in library.assistant.ask(QUESTION).text
    assert library.assistant.index.notice == ""


def test_a_server_that_was_emptied_is_told_and_filled_again(
    tmp_path: Path, encoder: Encoder, own: Chroma, caplog: pytest.LogCaptureFixture
) -> None:
    library = Library(tmp_path / "writer", encoder, own.url)
    outside = tmp_path / "ferry.md"
    outside.write_text(FERRY)
    library.reindex(outside)
    tell(library, "Mirela Quonset")
    outside.unlink()
    own.kill()
    shutil.rmtree(own.folder)
    own.start()
    assert "Mirela Quonset" in library.assistant.ask(QUESTION).text
    assert "was emptied" in library.assistant.index.notice
    library.write("whale.md", "A whale named Tobbit swam into the harbour of Tromso.")
    report = library.reindex()
    assert (report.articles, report.chunks_embedded) == (3, 3)  # also what has no file any more
    assert "They are made anew" in caplog.text
    assert "Mirela Quonset" in page(library, tmp_path / "page").ask(QUESTION).text
    assert "Mirela Quonset" in library.assistant.ask(QUESTION).text
    assert library.assistant.index.notice == ""


def test_an_index_of_another_format_is_rebuilt_from_an_empty_folder(
    shared: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell(shared, "Mirela Quonset")
    monkeypatch.setattr("rag.manifest.FORMAT", 99)
    elsewhere = shared.settings.model_copy(update={"index_dir": tmp_path / "elsewhere"})
    with pytest.raises(IndexMismatch, match="--rebuild"):
        shared.reindex(settings=elsewhere)
    monkeypatch.setattr("ingest.build.Manifest", partial(Manifest, format=99))
    assert shared.reindex(settings=elsewhere, rebuild=True).chunks_embedded == 1
    assert "Mirela Quonset" in page(shared, tmp_path / "page").ask(QUESTION).text


KILLS: dict[str, tuple[str, str]] = {
    "vectors": ("ingest.vector_writer.add", "after"),
    "pieces of files": ("ingest.shared.SharedWriter._send", "before"),
    "publication": ("ingest.shared.SharedWriter.publish", "after"),
    "clearing up": ("ingest.shared.SharedWriter._sweep", "before"),
}


@pytest.mark.parametrize("step", KILLS)
def test_a_server_that_is_killed_during_a_run_holds_the_old_index_or_the_new(
    tmp_path: Path, encoder: Encoder, own: Chroma, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    library = Library(tmp_path / "writer", encoder, own.url)
    library.write("ferry.md", FERRY)
    tell(library, "Mirela Quonset")
    name, when = KILLS[step]
    with monkeypatch.context() as patch:
        dying(patch, name, when, own.kill)
        with pytest.raises(ServerFailed, match="cannot be reached"):
            tell(library, "Olga Tverd")
    own.start()
    winner = "Olga Tverd" if step in ("publication", "clearing up") else "Mirela Quonset"
    assert winner in page(library, tmp_path / "page").ask(QUESTION).text
    assert winner in library.assistant.ask(QUESTION).text
    library.reindex()
    assert "Olga Tverd" in page(library, tmp_path / "page").ask(QUESTION).text
    assert list(server_of(library).collections(BUILDING)) == []
    with library.snapshot() as snapshot:
        found = contents(snapshot, [QUESTION])
    library.settings = library.settings.model_copy(
        update={"chroma_url": "", "index_dir": tmp_path / "fresh"}
    )
    library.reindex()
    with library.snapshot() as snapshot:
        assert_same(found, contents(snapshot, [QUESTION]))


def dying(patch: pytest.MonkeyPatch, name: str, when: str, kill: Callable[[], None]) -> None:
    """Have the server killed before or after the first call of a method."""
    module, owner, method = name.rsplit(".", 2)
    cls = getattr(__import__(module, fromlist=[owner]), owner)
    original = getattr(cls, method)

    def wrapped(*arguments: Any, **options: Any) -> Any:
        if when == "before":
            kill()
        result = original(*arguments, **options)
        if when == "after":
            kill()
        return result

    patch.setattr(cls, method, wrapped)
