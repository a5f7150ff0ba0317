"""An index of one's own beside one in a Chroma server: `python -m tests.benchmarks.served`.

In one run, each question goes to both in turn. Then: how long one changed article takes to publish,
how long a page that has nothing takes to its first answer, and what the server keeps. `--chunks`
adds made-up news; `--word-vectors` builds with the model's word vectors alone, which serves where
it is about time, not about what is found. The server runs on this computer: a network adds to it.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from ingest import reindex
from ingest.status import megabytes
from rag import Assistant, Encoder, Settings, load_settings
from rag.gold import load_questions
from rag.query import encode_query
from tests.benchmarks.common import ROOT, TESTS, WIDTH
from tests.benchmarks.scale import compare, write_news
from tests.benchmarks.word_vectors import WordVectors
from tests.chroma import Chroma


def main() -> None:
    """Build both, ask both, print times and ratios."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--chunks", type=int, default=0, help="of made-up news, besides")
    options.add_argument("--word-vectors", action="store_true", help="build with these alone")
    arguments = options.parse_args()
    with tempfile.TemporaryDirectory() as name:
        server = Chroma(Path(name) / "chroma")
        server.start()
        try:
            run(Path(name), server, arguments)
        finally:
            server.kill()


def run(folder: Path, server: Chroma, arguments: argparse.Namespace) -> None:
    """Measure with a server that runs."""
    corpus = folder / "corpus"
    shutil.copytree(ROOT / "corpus", corpus)
    encoder = Encoder()
    if arguments.chunks:
        write_news(corpus, encoder, arguments.chunks, seed=1)
    builder = WordVectors() if arguments.word_vectors else encoder
    ways = {"a store of its own": "", "a Chroma server": server.url}
    places = {
        label: load_settings(corpus_dir=corpus, index_dir=folder / f"{number}", chroma_url=url)
        for number, (label, url) in enumerate(ways.items())
    }
    for label, settings in places.items():
        report = reindex(settings=settings, encoder=builder)
        tell(f"{report.chunks} chunks, built with {label}, s", report.seconds)
    assistants = {label: Assistant(each, encoder=encoder) for label, each in places.items()}
    questions = [question.text for question in load_questions(TESTS / "questions.jsonl")]
    for assistant in assistants.values():
        for question in questions[:5]:  # warm up
            assistant.ask(question)
    print("rag.ask")
    compare(questions, {label: each.ask for label, each in assistants.items()})
    print("the 100 nearest chunks alone")
    compare(questions, {label: nearest(each) for label, each in assistants.items()})
    for label, settings in places.items():
        tell(f"one changed article published, {label}, s", publish(settings, builder))
    page = places["a Chroma server"].model_copy(update={"index_dir": folder / "page"})
    started = time.perf_counter()
    Assistant(page, encoder=encoder).ask(questions[0])
    tell("first answer of a page with nothing, s", time.perf_counter() - started)
    tell("its folder, MB", megabytes(page.index_dir))
    tell("kept by the server, MB", megabytes(server.folder))


def nearest(assistant: Assistant) -> Callable[[str], object]:
    """Look for nearest chunks, the question's encoding included."""

    def look(question: str) -> object:
        snapshot = assistant.index.current()
        return snapshot.nearest(
            encode_query(snapshot, assistant.encoder, question).vector, 100, None
        )

    return look


def publish(settings: Settings, builder: Encoder) -> float:
    """Change an article and index it; seconds."""
    article = sorted(settings.corpus_dir.glob("*.md"))[0]
    article.write_text(
        article.read_text(encoding="utf-8") + "\n\nOne more line.\n", encoding="utf-8"
    )
    started = time.perf_counter()
    reindex(settings=settings, encoder=builder)
    return time.perf_counter() - started


def tell(label: str, value: float) -> None:
    """Print a figure."""
    print(f"{label:<{WIDTH}}{value:>13.1f}")


if __name__ == "__main__":
    main()
