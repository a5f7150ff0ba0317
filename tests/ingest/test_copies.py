"""Copies of a report: one is indexed, and whatever happens to it another one steps in."""

from __future__ import annotations

import datetime
import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.articles import read_articles
from ingest.chunking import SentenceSplitter, chunk_article
from ingest.fingerprint import COPIES
from ingest.gather import Change, Gathered, Previous
from ingest.same_text import Reading
from ingest.signatures import signature
from ingest.status import read_status
from ingest.tables import Tables
from rag.keyword import words
from rag.manifest import ChunkRow, Fingerprint, Manifest
from rag.types import Article
from tests.conftest import STORES, Library
from tests.index_contents import assert_same, contents
from tests.reports import SENTENCES, report

QUESTION = "Who won the Zorblatt prize?"
FIGURE = tuple(sentence.replace("17th", "19th") for sentence in SENTENCES)
VERSIONS = {
    "whole": report(published="2024-03-12", source="Wire"),
    "whole, later": report(published="2024-03-13", source="Star", title="A prize for the sea"),
    "whole, a year later": report(published="2025-03-13", source="Annual"),
    "cut": report(SENTENCES[:6], published="2024-03-12", source="Post"),
    "cut, later": report(SENTENCES[:5], published="2024-03-14", source="Echo"),
    "cut otherwise": report(SENTENCES[2:], published="2024-03-13", source="Sun"),
    "no date": report(source="Blog"),
    "more": report((*SENTENCES, "Quonset will not come to Oslo."), published="2024-03-13"),
    "another figure": report(FIGURE, published="2024-03-13", source="Wire"),
    "something else": report(("A whale swam into the harbour of Tromso.",), title="Whale"),
}
NAMES = ("a.md", "b.md", "deep/c.md", "d.md")
State = Mapping[str, str]  # the version of each file


def cut(
    articles: Iterable[Article], known: Iterable[str]
) -> Iterator[tuple[Article, Sequence[ChunkRow]]]:
    splitter = SentenceSplitter(lambda text: len(words(text)), 40)
    for article in articles:
        yield article, chunk_article(article, splitter)


class Shelf:
    """Tables of one snapshot after the other, without the stores."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.state = folder, dict[str, str]()
        self.base: Previous | None = None
        self.numbers = itertools.count()

    def go_to(self, state: State) -> dict[str, Any]:
        """Make the snapshot of a state; returns what it says of copies and chunks."""
        folder = self.folder / str(next(self.numbers))
        folder.mkdir()
        tables = Tables(folder, cut, self.base)
        tables.write_articles(self._gathered(state))
        for _ in tables.write_chunks():
            pass
        manifest = Manifest(
            snapshot=folder.name,
            created=datetime.datetime.now(UTC),
            fingerprint=Fingerprint("", "", ""),
            segments=(),
            chunk_count=len(tables.keys),
            articles=tuple(tables.entries),
            files={},
            copies=COPIES,
        )
        tables.close()
        self.base, self.state = Previous(folder, manifest, reuse=True), dict(state)
        return {"entries": tables.entries, "chunks": (folder / "chunks.jsonl").read_bytes()}

    def _gathered(self, state: State) -> list[Gathered]:
        found = []
        for name, version in sorted(state.items()):
            (article,) = read_articles(name, ".md", VERSIONS[version].encode()).articles
            before = self.state.get(name)
            change: Change = "added" if before is None else "updated"
            found.append(Gathered(article, name, version, "kept" if before == version else change))
        return found

    def originals(self) -> dict[str, str]:
        """The version that each copy is a copy of, by its own version."""
        assert self.base
        version = {e.id: self.state[e.path] for e in self.base.manifest.articles}
        copies = [entry for entry in self.base.manifest.articles if entry.copy_of]
        return {version[entry.id]: version[entry.copy_of] for entry in copies}


def fresh(folder: Path, state: State) -> dict[str, Any]:
    folder.mkdir()
    return Shelf(folder).go_to(state)


@given(
    st.lists(st.dictionaries(st.sampled_from(NAMES), st.sampled_from(list(VERSIONS)), min_size=1))
)
@settings(max_examples=60)
def test_whatever_happened_before_the_tables_are_those_of_a_new_index(
    tmp_path_factory: pytest.TempPathFactory, states: list[State]
) -> None:
    folder = tmp_path_factory.mktemp("tables")
    shelf = Shelf(folder)
    for number, state in enumerate(states):
        assert shelf.go_to(state) == fresh(folder / f"fresh-{number}", state)


@pytest.mark.parametrize(
    ("versions", "originals"),
    [
        (("whole", "whole, later", "cut", "cut, later"), dict.fromkeys(
            ("whole, later", "cut", "cut, later"), "whole")),
        (("cut", "whole, later", "cut, later"), {"cut, later": "cut"}),
        (("cut", "cut, later"), {"cut, later": "cut"}),
        (("whole", "no date", "cut otherwise"), {"no date": "whole", "cut otherwise": "whole"}),
        (("whole", "more", "another figure", "whole, a year later"), {}),
        (("more", "whole, later", "cut otherwise"), {
            "whole, later": "more", "cut otherwise": "more"}),
        (("cut", "cut otherwise", "something else"), {}),
    ],
)  # fmt: skip
def test_the_original_is_the_first_published_then_the_longest_whatever_the_names(
    tmp_path: Path, versions: tuple[str, ...], originals: dict[str, str]
) -> None:
    shelf = Shelf(tmp_path)
    for names in itertools.permutations(NAMES[: len(versions)]):
        shelf.go_to(dict(zip(names, versions, strict=True)))
        assert shelf.originals() == originals


def all_of(library: Library) -> dict[str, Any]:
    with library.snapshot() as snapshot:
        return contents(snapshot, [QUESTION, *SENTENCES])


@STORES
def test_a_report_is_indexed_once_and_all_its_outlets_are_kept(library: Library) -> None:
    for name, version in zip(NAMES, ("cut", "whole, later", "cut, later", "whole"), strict=True):
        library.write(name, VERSIONS[version])
    found = library.reindex()
    assert (found.articles, found.duplicates) == (4, 3)
    assert found.chunks == found.chunks_embedded == 2
    status = read_status(library.settings)
    assert (status["articles"], status["duplicates"], status["files"]) == (4, 3, 4)
    assert status["articles_by_source"] == dict.fromkeys(("Post", "Star", "Echo", "Wire"), 1)
    assert library.sources_of(QUESTION) == {"d.md"}
    citation = library.assistant.ask(QUESTION).citations[0]
    assert (citation.source, citation.path) == ("Wire", "d.md")
    assert [outlet.source for outlet in citation.also] == ["Post", "Star", "Echo"]
    again = library.assistant.article(citation.also[1].article_id)
    assert (again.source, again.title) == ("Star", "A prize for the sea")


@STORES
def test_another_outlet_steps_in_and_every_step_ends_where_a_new_index_does(
    library: Library, tmp_path: Path
) -> None:
    steps: list[tuple[dict[str, str | None], int, set[str]]] = [
        ({"b.md": "whole, later", "d.md": "something else"}, 0, {"b.md"}),
        ({"c.md": "cut, later"}, 1, {"b.md"}),
        ({"a.md": "whole"}, 2, {"a.md"}),  # an earlier one: the original so far becomes a copy
        ({"a.md": None}, 1, {"b.md"}),
        ({"c.md": "another figure"}, 0, {"b.md", "c.md"}),  # a copy that is none any more
        ({"b.md": None}, 0, {"c.md"}),
        ({"a.md": "no date", "c.md": None}, 0, {"a.md"}),
    ]
    for number, (changes, duplicates, answering) in enumerate(steps):
        for name, version in changes.items():
            if version:
                library.write(name, VERSIONS[version])
            else:
                (library.corpus / name).unlink()
        found = library.reindex()
        assert found.duplicates == duplicates, number
        assert library.sources_of(QUESTION) - {"d.md"} == answering
        assert library.assistant.ask(QUESTION).citations[0].path in answering
        changed = all_of(library)
        elsewhere = {"index_dir": tmp_path / f"anew-{number}", "chroma_url": ""}
        anew = library.settings.model_copy(update=elsewhere)
        library.reindex(settings=anew)
        kept, library.settings = library.settings, anew
        assert_same(changed, all_of(library))
        library.settings = kept


@STORES
def test_a_copy_that_steps_in_is_not_embedded_again(library: Library) -> None:
    library.write("a.md", VERSIONS["whole"])
    library.write("b.md", VERSIONS["whole, later"])
    library.reindex()
    (library.corpus / "a.md").unlink()
    found = library.reindex()
    assert (found.removed, found.duplicates, found.chunks, found.chunks_embedded) == (
        ("a.md",), 0, 2, 0,
    )  # fmt: skip
    citation = library.assistant.ask(QUESTION).citations[0]
    assert (citation.path, citation.also) == ("b.md", ())


def noting(function: Any, notes: list[Any], note: Callable[[Any], Any]) -> Any:
    """Wrap a function of one argument; `notes` takes up what there is to note of each."""

    def wrapped(given: Any) -> Any:
        notes.append(note(given))
        return function(given)

    return wrapped


def test_articles_that_stay_are_neither_sketched_nor_compared_again(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, version in zip(NAMES, ("whole", "cut", "more", "another figure"), strict=True):
        library.write(name, VERSIONS[version])
    library.reindex()
    sketched: list[int] = []
    compared: list[str] = []
    monkeypatch.setattr("ingest.sketches.signature", noting(signature, sketched, len))
    read = noting(Reading.of, compared, lambda article: article.path)
    monkeypatch.setattr("ingest.copies.Reading.of", read)
    library.write("new.md", VERSIONS["something else"])
    library.reindex()
    assert (len(sketched), compared) == (1, [])
    library.write("new.md", VERSIONS["cut, later"])
    assert library.reindex().duplicates == 2
    assert (len(sketched), sorted(set(compared))) == (2, ["a.md", "new.md"])


@STORES
def test_an_index_of_an_older_version_is_looked_through_once(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    library.write("a.md", VERSIONS["whole"])
    library.write("b.md", VERSIONS["whole, later"])
    with monkeypatch.context() as patch:
        patch.setattr("ingest.tables.find_copies", lambda *given: ({}, {}))
        patch.setattr("ingest.build.COPIES", "")
        assert library.reindex().duplicates == 0
    found = library.reindex()
    assert (found.unchanged, found.duplicates, found.chunks_embedded) == (2, 1, 0)
    assert library.reindex().snapshot == found.snapshot
