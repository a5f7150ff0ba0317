"""What tests share: the packaged model, an index of the sample corpus, and tiny libraries."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import hypothesis
import pytest

from ingest import IndexReport, reindex
from rag import Answer, Assistant, Encoder, Settings, load_settings
from rag.chroma_server import ChromaServer
from rag.gold import Question, load_questions
from rag.layout import current_snapshot, snapshot_folder
from rag.snapshot import Snapshot
from tests.chroma import Chroma

STORES = pytest.mark.parametrize("library", ["embedded", "served"], indirect=True)
TESTS = Path(__file__).parent
ROOT = TESTS.parent

# A slow machine is no failure, and what passed here passes elsewhere: the examples are fixed.
hypothesis.settings.register_profile("citewell", deadline=None, derandomize=True)
hypothesis.settings.load_profile("citewell")


class Library:
    """A corpus folder of one test, its index, and an assistant over it."""

    def __init__(self, folder: Path, encoder: Encoder, chroma_url: str = "") -> None:
        self.corpus = folder / "corpus"
        self.corpus.mkdir(parents=True)
        self.encoder = encoder
        self.settings = load_settings(
            corpus_dir=self.corpus,
            index_dir=folder / "index",
            lock_timeout=0,
            chroma_url=chroma_url,
        )
        self.assistant = Assistant(self.settings, encoder=encoder)

    @property
    def index_dir(self) -> Path:
        return self.settings.index_dir

    def write(self, name: str, content: str | bytes) -> Path:
        """Write an article file."""
        file = self.corpus / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
        return file

    def reindex(self, *paths: Path, **options: Any) -> IndexReport:
        """Run ingest with the model that is loaded already."""
        given: dict[str, Any] = {"settings": self.settings, "encoder": self.encoder} | options
        return reindex(list(paths) or None, **given)

    def sources_of(self, question: str) -> set[str]:
        """Paths of the articles from which passages are retrieved."""
        return {passage.path for passage in self.assistant.retrieve(question)}

    @contextmanager
    def snapshot(self) -> Iterator[Snapshot]:
        """Open the current snapshot anew."""
        name = current_snapshot(self.index_dir)
        assert name is not None
        server = ChromaServer.of(self.settings)
        snapshot = Snapshot(snapshot_folder(self.index_dir, name), self.encoder, server)
        try:
            yield snapshot
        finally:
            snapshot.close()


@pytest.fixture(scope="session", autouse=True)
def _no_settings_from_outside() -> Iterator[None]:
    """Whoever runs the tests may have set Citewell up for an index of their own."""
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("CITEWELL_")]:
            patch.delenv(name)
        yield


@pytest.fixture(scope="session")
def encoder() -> Encoder:
    """The packaged model, loaded once for all tests."""
    return Encoder()


@pytest.fixture(scope="session")
def corpus_settings(tmp_path_factory: pytest.TempPathFactory, encoder: Encoder) -> Settings:
    """Settings of an index over the sample corpus; tests only read it."""
    folder = tmp_path_factory.mktemp("sample")
    settings = load_settings(corpus_dir=ROOT / "corpus", index_dir=folder / "index")
    reindex(settings=settings, encoder=encoder)
    return settings


@pytest.fixture(scope="session")
def assistant(corpus_settings: Settings, encoder: Encoder) -> Assistant:
    """An assistant over the sample corpus."""
    return Assistant(corpus_settings, encoder=encoder)


@pytest.fixture(scope="session")
def questions() -> list[Question]:
    """The questions about the sample corpus, with their gold sentences."""
    return load_questions(TESTS / "questions.jsonl")


@pytest.fixture(scope="session")
def answers(assistant: Assistant, questions: list[Question]) -> dict[str, Answer]:
    """Every question about the sample corpus, answered once; by question id."""
    return {question.id: assistant.ask(question.text) for question in questions}


@pytest.fixture(scope="session")
def chroma(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chroma]:
    """A Chroma server that tests share; each has a database of its own."""
    server = Chroma(tmp_path_factory.mktemp("chroma"))
    server.start()
    yield server
    server.kill()


@pytest.fixture
def quick_lease(monkeypatch: pytest.MonkeyPatch) -> None:
    """A writer that died is known to be dead after a second."""
    monkeypatch.setattr("ingest.lease.BEAT", 0.1)
    monkeypatch.setattr("ingest.lease.SILENCE", 1.0)


@pytest.fixture
def library(tmp_path: Path, encoder: Encoder, request: pytest.FixtureRequest) -> Library:
    """An empty library of the test's own.

    Tests that are to hold over both stores ask for `STORES`: its vectors are then in a folder, or
    in a Chroma server.
    """
    return Library(tmp_path, encoder, url_of_store(request))


def url_of_store(request: pytest.FixtureRequest) -> str:
    """Address of a new database in a Chroma server, if that is the store that is asked for."""
    served = getattr(request, "param", "embedded") == "served"
    return request.getfixturevalue("chroma").new_database() if served else ""


@pytest.fixture(scope="module")
def make_library(
    tmp_path_factory: pytest.TempPathFactory, encoder: Encoder
) -> Callable[..., Library]:
    """Makes a library that a module's tests share; they must not change it."""

    def make(files: dict[str, str], chroma_url: str = "") -> Library:
        made = Library(tmp_path_factory.mktemp("library"), encoder, chroma_url)
        for name, content in files.items():
            made.write(name, content)
        made.reindex()
        return made

    return make
