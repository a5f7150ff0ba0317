"""How fast articles are indexed: `python -m tests.benchmarks.ingest_speed --articles 2000`.

In one run, over the same made-up news of about 800 words (`tests.benchmarks.news`):

- plain: sentence-transformers' own float32 `encode` (batches of 32) over the same chunks, and
  their insertion into Chroma. No token vectors, no keyword index, no reading, no cutting. One half
  is done before ingest and the other after it, so that whatever else the machine does meets both;
- ingest, from files to a published snapshot, with the model loaded as it is for the other;
- `python -m ingest` as a whole process when nothing changed;
- one changed article with the model loaded.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from itertools import islice
from pathlib import Path

import chromadb
from sentence_transformers import SentenceTransformer

from ingest import reindex
from ingest.chunking import SentenceSplitter
from ingest.seen_files import TICK
from rag import Encoder, Settings, load_settings
from rag.encoder import packaged_folder
from rag.precision import resolve
from tests.benchmarks.common import ROOT, WIDTH
from tests.benchmarks.news import News, make_news

SENTENCES = 57  # make about 800 words
INSERTED = 256  # vectors at a time


def main() -> None:
    """Measure, and print one line for each figure."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--articles", type=int, default=2000)
    options.add_argument("--seed", type=int, default=1)
    arguments = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        measure(Path(folder), write_news(Path(folder) / "corpus", arguments))


def write_news(corpus: Path, arguments: argparse.Namespace) -> list[News]:
    """Write the articles as files."""
    corpus.mkdir()
    articles = list(islice(make_news(arguments.seed, SENTENCES), arguments.articles))
    for news in articles:
        (corpus / news.name).write_text(news.content, encoding="utf-8")
    return articles


def measure(folder: Path, articles: Sequence[News]) -> None:
    """Take all the times."""
    settings = load_settings(corpus_dir=folder / "corpus", index_dir=folder / "index")
    encoder, plain = Encoder(), SentenceTransformer(str(packaged_folder()), device="cpu")
    encoder.embed_query("Loads the model.")
    chunks = cut(articles, encoder)
    half = len(chunks) // 2
    seconds = insert_plainly(folder / "one", plain, chunks[:half])
    report = reindex(settings=settings, encoder=encoder)
    seconds += insert_plainly(folder / "two", plain, chunks[half:])
    words = sum(len(news.text.split()) for news in articles) / len(articles)
    show("articles, of so many words", f"{len(articles)}, {words:.0f}")
    show("chunks", len(chunks))
    show("precision of ingest", resolve(settings.precision))
    show("plain encode and Chroma inserts, chunks a second", f"{len(chunks) / seconds:.1f}")
    show("ingest, chunks a second", f"{len(chunks) / report.seconds:.1f}")
    show("ratio", f"{seconds / report.seconds:.2f}")
    time.sleep(2 * TICK / 1e9)  # what was written just now is read once more
    for label in ("nothing changed, first time", "nothing changed, again"):
        run_again(label, settings)
    news = articles[len(articles) // 2]
    (folder / "corpus" / news.name).write_text(news.content + "\nIt rained.", encoding="utf-8")
    report = reindex(settings=settings, encoder=encoder)
    show("one changed article, s (chunks embedded)", f"{report.seconds} ({report.chunks_embedded})")


def cut(articles: Sequence[News], encoder: Encoder) -> list[str]:
    """The chunks that ingest makes of the articles."""
    splitter = SentenceSplitter(encoder.count_tokens, count_each=encoder.count_each)
    return [chunk for news in articles for chunk in splitter.split_text(news.text)]


def insert_plainly(folder: Path, model: SentenceTransformer, texts: Sequence[str]) -> float:
    """Encode texts and insert them into a new Chroma store; returns the seconds it took."""
    client = chromadb.PersistentClient(str(folder))
    collection = client.create_collection("plain", embedding_function=None)
    start = time.perf_counter()
    vectors = model.encode(list(texts), batch_size=32, show_progress_bar=False)
    for first in range(0, len(texts), INSERTED):
        rows = range(first, min(first + INSERTED, len(texts)))
        collection.add(
            ids=[str(row) for row in rows],
            embeddings=vectors[rows.start : rows.stop],
            documents=[texts[row] for row in rows],
        )
    return time.perf_counter() - start


def run_again(label: str, settings: Settings) -> None:
    """Run `python -m ingest` with nothing to do, as a person would."""
    command = [sys.executable, "-m", "ingest", "--json", "--index", str(settings.index_dir)]
    environment = {"CITEWELL_CORPUS_DIR": str(settings.corpus_dir), "PATH": ""}
    start = time.perf_counter()
    run = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, check=True)
    whole = time.perf_counter() - start
    report = json.loads(run.stdout)
    show(f"{label}: run, whole process, s", f"{report['seconds']:.2f}, {whole:.2f}")
    show("… chunks embedded", report["chunks_embedded"])


def show(label: str, value: object) -> None:
    """Print a figure."""
    print(f"{label:<{WIDTH}} {value}", flush=True)


if __name__ == "__main__":
    main()
