"""What a run of ingest does to an index: the difference, no more, and what readers then see."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import pytest

from ingest import Failure
from rag import CorpusMissing, Filters, IndexMismatch
from rag.keyword import keywords
from tests.conftest import STORES, Library
from tests.index_contents import assert_same
from tests.index_contents import contents as index_contents

pytestmark = STORES

PRIZE = "The Zorblatt prize went to Mirela Quonset in Oslo."
FERRY = "The Kelvane ferry sank near Bergen in March 2021."
WHALE = "A whale named Tobbit swam into the harbour of Tromso."
# Six paragraphs of which each fills a chunk of its own.
LONG = "\n\n".join(
    f"Part {number} tells of the town called {name}. "
    + f"People in {name} make boats and nets, and sell them all summer to their neighbours. " * 8
    for number, name in enumerate(["Arvik", "Bodal", "Corvo", "Dunmo", "Elvar", "Fjorda"])
)


def contents(library: Library) -> dict[str, Any]:
    """All that the index of a library says."""
    with library.snapshot() as snapshot:
        return index_contents(snapshot, [PRIZE, FERRY, LONG, "boats"])


def tree(folder: Path) -> dict[str, bytes]:
    """All files below a folder."""
    return {
        file.relative_to(folder).as_posix(): file.read_bytes()
        for file in folder.rglob("*")
        if file.is_file()
    }


def test_a_first_run_adds_all(library: Library) -> None:
    library.write("prize.md", PRIZE)
    library.write("deep/ferry.txt", FERRY)
    report = library.reindex()
    assert report.added == ("deep/ferry.txt", "prize.md")
    assert (report.updated, report.removed, report.failed) == ((), (), ())
    assert (report.articles, report.chunks, report.chunks_embedded) == (2, 2, 2)
    assert report.snapshot == library.assistant.status().snapshot
    assert library.assistant.retrieve("Who won the Zorblatt prize?")[0].path == "prize.md"


def test_a_second_run_changes_nothing(library: Library) -> None:
    library.write("prize.md", PRIZE)
    first = library.reindex()
    second = library.reindex()
    assert (second.added, second.updated, second.removed, second.unchanged) == ((), (), (), 1)
    assert (second.chunks, second.chunks_embedded) == (1, 0)
    assert second.snapshot == first.snapshot


def test_only_the_chunk_with_a_changed_sentence_is_embedded_again(library: Library) -> None:
    library.write("long.md", LONG)
    assert library.reindex().chunks_embedded == 6
    library.write("long.md", LONG.replace("the town called Corvo", "the city called Corvo"))
    report = library.reindex()
    assert report.updated == ("long.md",)
    assert (report.chunks, report.chunks_embedded) == (6, 1)
    texts = [passage.text for passage in library.assistant.retrieve("Corvo")]
    assert sum("the city called Corvo" in text for text in texts) == 1
    assert not any("the town called Corvo" in text for text in texts)


def test_a_change_of_metadata_embeds_nothing_and_shows_at_once(library: Library) -> None:
    head = "---\ntitle: {}\nauthor: {}\nsource: {}\npublished: {}\ntags: [{}]\n---\n"
    library.write("prize.md", head.format("Old", "Ann", "Courier", "2020-01-01", "a") + PRIZE)
    library.reindex()
    library.assistant.ask("Who won the Zorblatt prize?")
    library.write("prize.md", head.format("New", "Bea", "Herald", "2024-02-03", "b, c") + PRIZE)
    report = library.reindex()
    assert (report.updated, report.chunks_embedded) == (("prize.md",), 0)
    answer = library.assistant.ask("Who won the Zorblatt prize?")
    (citation,) = answer.citations
    assert (citation.title, citation.author, citation.source) == ("New", "Bea", "Herald")
    assert citation.published == datetime.date(2024, 2, 3)
    assert library.assistant.article(citation.article_id).tags == ("b", "c")
    found = [
        library.assistant.retrieve("prize", filters=filters)
        for filters in (
            Filters(sources=("Herald",)),
            Filters(after=datetime.date(2024, 1, 1)),
            Filters(sources=("Courier",)),
            Filters(before=datetime.date(2023, 1, 1)),
        )
    ]
    assert [len(passages) for passages in found] == [1, 1, 0, 0]


def test_a_renamed_file_embeds_nothing(library: Library) -> None:
    library.write("long.md", LONG)
    library.reindex()
    (library.corpus / "long.md").rename(library.corpus / "renamed.md")
    report = library.reindex()
    assert (report.added, report.removed) == (("renamed.md",), ("long.md",))
    assert (report.chunks, report.chunks_embedded) == (6, 0)
    assert library.sources_of("boats of Corvo") == {"renamed.md"}


def test_a_text_in_two_files_is_embedded_once(library: Library) -> None:
    # The headline of so short a text may say what it is about: these are no copies.
    library.write("one.md", PRIZE)
    library.write("two.md", f"---\ntitle: In summer\n---\n{PRIZE}")
    report = library.reindex()
    assert (report.articles, report.chunks, report.chunks_embedded) == (2, 2, 1)
    library.write("three.md", f"---\ntitle: In winter\n---\n{PRIZE}")
    again = library.reindex()
    assert (again.chunks, again.chunks_embedded, again.duplicates) == (3, 0, 0)
    assert library.sources_of("Zorblatt prize") == {"one.md", "two.md", "three.md"}
    (library.corpus / "one.md").unlink()
    library.reindex()
    assert library.sources_of("Zorblatt prize") == {"two.md", "three.md"}


def test_a_removed_article_is_gone_from_everywhere(library: Library) -> None:
    library.write("prize.md", PRIZE)
    library.write("ferry.md", FERRY)
    library.reindex()
    assert library.assistant.ask("Who won the Zorblatt prize?").status == "answered"
    (library.corpus / "prize.md").unlink()
    assert library.reindex().removed == ("prize.md",)
    assert library.assistant.ask("Who won the Zorblatt prize?").status == "refused"
    assert library.sources_of("Who won the Zorblatt prize?") == {"ferry.md"}
    with library.snapshot() as snapshot:
        assert not snapshot.keyword.scores(keywords("Zorblatt prize")).any()
        assert [text for text, _ in index_contents(snapshot, [])["store"].values()] == [FERRY]
        assert [article.text for article in map(snapshot.article, snapshot.entries)] == [FERRY]


def test_many_changes_end_where_a_fresh_build_does(library: Library, tmp_path: Path) -> None:
    library.write("prize.md", PRIZE)
    library.write("long.md", LONG)
    library.write("twin.md", LONG)
    library.reindex()
    library.write("ferry.md", f"# Ferry lost\n\n{FERRY}")
    library.write("long.md", f"{WHALE}\n\n{LONG.replace('Bodal', 'Bodalen')}")
    library.reindex()
    (library.corpus / "prize.md").unlink()
    library.write("ferry.md", f"# Ferry found\n\n{FERRY}\n\n{PRIZE}")
    (library.corpus / "twin.md").rename(library.corpus / "a-twin.md")
    library.reindex()
    changed = contents(library)
    fresh = {"index_dir": tmp_path / "fresh", "chroma_url": ""}
    fresh_settings = library.settings.model_copy(update=fresh)
    library.reindex(settings=fresh_settings)
    rebuilt = library.reindex(rebuild=True)
    assert rebuilt.chunks_embedded == len({row.key for row in changed["chunks"]})
    assert_same(changed, contents(library))
    library.settings = fresh_settings
    assert_same(changed, contents(library))


def test_a_dry_run_only_tells(library: Library) -> None:
    library.write("prize.md", PRIZE)
    preview = library.reindex(dry_run=True)
    assert (preview.added, preview.chunks_embedded, preview.snapshot) == (("prize.md",), 0, "")
    assert not library.index_dir.exists()
    library.write("ferry.md", FERRY)
    library.reindex()
    before = tree(library.index_dir)
    library.write("prize.md", PRIZE.replace("Oslo", "Rome"))
    library.write("whale.md", WHALE)
    (library.corpus / "ferry.md").unlink()
    preview = library.reindex(dry_run=True)
    assert (preview.added, preview.updated, preview.removed) == (
        ("whale.md",),
        ("prize.md",),
        ("ferry.md",),
    )
    assert tree(library.index_dir) == before


def test_a_dry_run_tells_what_will_fail(library: Library) -> None:
    library.write("prize.md", PRIZE)
    library.write("binary.md", bytes(range(256)))
    library.write("broken.md", f"---\ntitle: [\n---\n{WHALE}")
    preview = library.reindex(dry_run=True)
    assert preview.added == ("prize.md",)
    assert [failure.path for failure in preview.failed] == ["binary.md", "broken.md"]
    done = library.reindex()
    assert (preview.added, preview.failed) == (done.added, done.failed)


class TestPaths:
    """Explicit PATH arguments: other articles stay."""

    def test_a_file_and_a_folder(self, library: Library) -> None:
        for name, text in (("prize.md", PRIZE), ("sea/ferry.md", FERRY), ("sea/whale.md", WHALE)):
            library.write(name, text)
        report = library.reindex(library.corpus / "prize.md")
        assert (report.added, report.articles) == (("prize.md",), 1)
        report = library.reindex(library.corpus / "sea")
        assert (report.added, report.articles) == (("sea/ferry.md", "sea/whale.md"), 3)
        (library.corpus / "sea" / "whale.md").unlink()
        (library.corpus / "prize.md").unlink()  # not below the path, so it is not looked at
        report = library.reindex(library.corpus / "sea")
        assert (report.removed, report.articles) == (("sea/whale.md",), 2)
        assert library.sources_of("prize, ferry or whale") == {"prize.md", "sea/ferry.md"}

    def test_articles_from_elsewhere_stay(self, library: Library, tmp_path: Path) -> None:
        library.write("prize.md", PRIZE)
        library.reindex()
        outside = tmp_path / "outside" / "ferry.md"
        outside.parent.mkdir()
        outside.write_text(FERRY)
        report = library.reindex(outside.parent)
        assert (report.added, report.articles) == ((outside.as_posix(),), 2)
        library.write("prize.md", PRIZE.replace("Oslo", "Rome"))
        report = library.reindex()
        assert (report.updated, report.removed, report.articles) == (("prize.md",), (), 2)
        assert library.sources_of("prize or ferry") == {"prize.md", outside.as_posix()}

    def test_a_readme_that_is_asked_for_is_indexed(self, library: Library) -> None:
        file = library.write("README.md", PRIZE)
        assert library.reindex(file).added == ("README.md",)


class TestNothingToIndex:
    """A missing or empty folder is an error and never empties an index."""

    @pytest.fixture(autouse=True)
    def _index(self, library: Library) -> None:
        library.write("prize.md", PRIZE)
        library.reindex()

    def refused(self, library: Library, *paths: Path) -> str:
        before = tree(library.index_dir / "snapshots")
        with pytest.raises(CorpusMissing) as raised:
            library.reindex(*paths)
        assert tree(library.index_dir / "snapshots") == before
        assert library.sources_of("Zorblatt prize") == {"prize.md"}
        return str(raised.value)

    def test_a_missing_corpus(self, library: Library) -> None:
        library.corpus.rename(library.corpus.with_name("unmounted"))
        assert "does not exist" in self.refused(library)

    def test_an_empty_corpus(self, library: Library) -> None:
        (library.corpus / "prize.md").unlink()
        assert "there is no article" in self.refused(library)

    def test_a_missing_path_beside_a_good_one(self, library: Library) -> None:
        good = library.write("ferry.md", FERRY)
        assert "gone.md does not exist" in self.refused(library, good, library.corpus / "gone.md")

    def test_nothing_readable_is_left(self, library: Library) -> None:
        (library.corpus / "prize.md").unlink()
        library.write("empty.md", "")
        assert "empty.md: there is no text in it" in self.refused(library)


def test_files_that_fail_are_told_and_the_rest_is_indexed(library: Library) -> None:
    library.settings = library.settings.model_copy(update={"max_file_bytes": 1000})
    library.write("prize.md", PRIZE)
    library.write(
        "german.md", "Die Gäste müssen früh nach Tromsö, für größere Fähren.".encode("cp1252")
    )
    library.write(
        "chinese.txt",
        "三十而已在曼谷开播，主演是三位泰国女演员。全剧在曼谷拍摄。".encode("gb18030"),
    )
    library.write("wide.md", FERRY.encode("utf-16"))
    library.write("binary.md", bytes(range(256)))
    library.write("broken.md", f"---\ntitle: [\n---\n{WHALE}")
    library.write("empty.md", "")
    library.write("large.md", WHALE * 100)
    library.write("photo.jpg", b"\xff\xd8\xff")
    report = library.reindex()
    reasons = {failure.path: failure.reason for failure in report.failed}
    assert report.added == ("chinese.txt", "german.md", "prize.md", "wide.md")
    assert sorted(reasons) == ["binary.md", "broken.md", "empty.md", "large.md", "photo.jpg"]
    assert "binary" in reasons["binary.md"]
    assert "YAML" in reasons["broken.md"]
    assert "no text" in reasons["empty.md"]
    assert "over the limit" in reasons["large.md"]
    assert "not a known format" in reasons["photo.jpg"]
    texts = {passage.text for passage in library.assistant.retrieve("曼谷 ferry Gäste")}
    assert FERRY in texts
    assert "三十而已在曼谷开播，主演是三位泰国女演员。全剧在曼谷拍摄。" in texts
    assert "Die Gäste müssen früh nach Tromsö, für größere Fähren." in texts


def test_a_file_that_stays_unusable_publishes_nothing(library: Library) -> None:
    library.write("prize.md", PRIZE)
    first = library.reindex()
    library.write("binary.md", bytes(range(256)))
    library.write("broken.md", f"---\ntitle: [\n---\n{WHALE}")
    for _ in range(2):
        report = library.reindex()
        assert [failure.path for failure in report.failed] == ["binary.md", "broken.md"]
        assert (report.snapshot, report.unchanged) == (first.snapshot, 1)
    assert [path.name for path in (library.index_dir / "snapshots").iterdir()] == [first.snapshot]


@pytest.mark.parametrize("cause", ["no longer text", "no permission"])
def test_a_file_that_becomes_unreadable_keeps_its_old_version(library: Library, cause: str) -> None:
    file = library.write("prize.md", PRIZE)
    library.write("ferry.md", FERRY)
    library.reindex()
    library.write("ferry.md", f"{FERRY} {WHALE}")
    with pytest.MonkeyPatch.context() as patch:
        if cause == "no longer text":
            file.write_bytes(bytes(range(256)))
        else:  # root may read all files, so that the mode of the file would not do
            patch.setattr(Path, "read_bytes", _forbid(file, Path.read_bytes))
        for run in range(2):  # it is told every time, not only once
            report = library.reindex()
            assert [failure.path for failure in report.failed] == ["prize.md"]
            assert report.updated == (("ferry.md",) if run == 0 else ())
            assert report.removed == ()
    assert library.assistant.ask("Who won the Zorblatt prize?").citations[0].quote == PRIZE
    file.write_text(PRIZE.replace("Oslo", "Rome"))
    assert library.reindex().updated == ("prize.md",)
    assert "Rome" in library.assistant.ask("Who won the Zorblatt prize?").text


def _forbid(file: Path, read: Any) -> Any:
    def read_unless_forbidden(path: Path) -> bytes:
        if path == file:
            raise PermissionError(13, "Permission denied")
        return bytes(read(path))

    return read_unless_forbidden


def test_a_first_run_without_a_readable_file_makes_no_index(library: Library) -> None:
    library.write("empty.md", "")
    report = library.reindex()
    assert report.failed == (Failure("empty.md", "there is no text in it"),)
    assert (report.articles, report.snapshot) == (0, "")
    assert not (library.index_dir / "CURRENT").exists()
    assert list((library.index_dir / "snapshots").iterdir()) == []


def test_another_model_needs_a_rebuild(library: Library) -> None:
    library.write("prize.md", PRIZE)
    library.reindex()
    before = tree(library.index_dir / "snapshots")

    class Other(type(library.encoder)):  # type: ignore[misc]
        digest = "0" * 64

    with pytest.raises(IndexMismatch, match="--rebuild"):
        library.reindex(encoder=Other())
    assert tree(library.index_dir / "snapshots") == before


def test_a_model_may_go_by_another_name(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    library.write("prize.md", PRIZE)
    library.reindex()
    with monkeypatch.context() as patch:
        patch.setattr(library.encoder, "name", "/a/copy/of/the/model")
        library.write("ferry.md", FERRY)
        report = library.reindex()  # readers ask for the digest only, and so does ingest
    assert (report.added, report.chunks_embedded) == (("ferry.md",), 1)
    assert library.sources_of("prize or ferry") == {"prize.md", "ferry.md"}


def test_example_questions_of_a_corpus_are_kept(library: Library) -> None:
    library.write("prize.md", f"# Prize awarded\n\n{PRIZE}")
    library.reindex()
    assert library.assistant.examples() == ("Tell me about: Prize awarded",)
    library.write("_examples.txt", "# a remark\nWho won?\n\nWhere?\n")
    library.reindex()
    assert library.assistant.examples() == ("Who won?", "Where?")


def test_progress_is_told_up_to_the_end(library: Library) -> None:
    library.write("prize.md", PRIZE)
    library.write("ferry.md", FERRY)
    steps: list[tuple[str, int, int]] = []
    library.reindex(progress=lambda stage, done, total: steps.append((stage, done, total)))
    assert steps == [("reading", 1, 2), ("reading", 2, 2), ("embedding", 2, 2)]
