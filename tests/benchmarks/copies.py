"""How well copies are told from updates, and what that costs: `python -m tests.benchmarks.copies`.

Made-up news (`tests.benchmarks.news`) and one changed edition of each article, by kind: editions
that say no more than the article are copies, all others have to be indexed on their own. Then 2,000
articles, of which every tenth is a copy of another, are indexed without and with looking for
copies (the first by a patch, for there is no setting). Last, a run that changes one of them.
"""

from __future__ import annotations

import argparse
import datetime
import json
import random
import re
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any
from unittest.mock import patch

from ingest import reindex
from ingest.articles import read_articles
from ingest.copies import find_copies
from ingest.gather import Gathered
from ingest.sketches import Sketches
from ingest.tables import entry_of
from rag import Encoder, load_settings
from rag.types import Article
from tests.benchmarks.common import share
from tests.benchmarks.ingest_speed import SENTENCES, show
from tests.benchmarks.news import News, make_news

TENTH = 10
NAME = re.compile(r"(?<=[a-z,] )[A-Z][a-z]{4,}")
FIGURE = re.compile(r"\d+")
Sentences = list[str]
Edit = Callable[[random.Random, Sentences], Sentences]


def changed(pattern: re.Pattern[str], new: Callable[[str], str]) -> Edit:
    """Change what a pattern matches in one sentence that has it."""

    def edit(chance: random.Random, sentences: Sentences) -> Sentences:
        place = chance.choice([n for n, said in enumerate(sentences) if pattern.search(said)])
        said = pattern.sub(lambda match: new(match[0]), sentences[place], count=1)
        return [*sentences[:place], said, *sentences[place + 1 :]]

    return edit


def dropped(chance: random.Random, sentences: Sentences) -> Sentences:
    """Drop a sentence."""
    place = chance.randrange(len(sentences))
    return sentences[:place] + sentences[place + 1 :]


def added(text: str) -> Edit:
    """Put in a sentence."""

    def edit(chance: random.Random, sentences: Sentences) -> Sentences:
        place = chance.randrange(len(sentences) + 1)
        return [*sentences[:place], text, *sentences[place:]]

    return edit


COPIES: dict[str, Edit] = {
    "another headline, byline and day": lambda chance, said: said,
    "a sentence dropped": dropped,
    "the last third cut": lambda chance, said: said[: 2 * len(said) // 3],
    "other paragraphs, quotation marks": lambda chance, said: [
        " ".join(said).replace('"', "”")
    ],
    "dateline and credits": lambda chance, said: [
        f"OSLO, March 3 (Wire) - {said[0]}", *said[1:], "\n\nReporting by Ann Berg"
    ],
}  # fmt: skip
OTHERS: dict[str, Edit] = {
    "one figure changed": changed(FIGURE, lambda old: str(int(old) + 1)),
    "one name changed": changed(NAME, lambda old: old[::-1].capitalize()),
    "one word changed": changed(re.compile(r" (?:was|had|has) "), lambda old: " is "),
    "a sentence added": added("Nobody was there to see it."),
    "a paragraph added": lambda chance, said: [*said, "\n\nIt rained. Nobody came. They left."],
    "a correction added": added("An earlier version gave a wrong figure, which is corrected."),
}


def main() -> None:
    """Print how many editions of each kind were taken for copies, and the times."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--editions", type=int, default=200, help="of each kind")
    options.add_argument("--articles", type=int, default=2000, help="0: leave out the times")
    options.add_argument("--seed", type=int, default=1)
    arguments = options.parse_args()
    quality(list(islice(make_news(arguments.seed, SENTENCES), arguments.editions)))
    if arguments.articles:
        with tempfile.TemporaryDirectory() as folder:
            times(Path(folder), arguments)


def quality(news: Sequence[News]) -> None:
    """Look for copies among the articles and their editions of one kind, kind by kind."""
    right = {label: taken_for_copies(news, edit) for label, edit in COPIES.items()}
    wrong = {label: taken_for_copies(news, edit) for label, edit in OTHERS.items()}
    for label, found in (right | wrong).items():
        share(f"taken for copies: {label}", found, len(news))
    share("precision", sum(right.values()), sum(right.values()) + sum(wrong.values()))
    share("recall", sum(right.values()), len(COPIES) * len(news))


def taken_for_copies(news: Sequence[News], edit: Edit) -> int:
    """How many editions are found to be copies of their article; another one counts as wrong."""
    chance = random.Random(1)
    articles = [article(f"{one.name}", one.content) for one in news]
    articles += [article(f"{one.name}-2", edition(one, edit, chance)) for one in news]
    sketches = Sketches(None)
    found = [Gathered(one, one.path, "", "added") for one in articles]
    for each in found:
        sketches.add(each.article.id, each.read, same=False)
    entries = [entry_of(one, place) for place, one in enumerate(found)]
    originals, _ = find_copies(entries, sketches, lambda entry: articles[entry.offset])
    strays = [copy for copy, original in originals.items() if copy != original + len(news)]
    if strays:
        print(f"{len(strays)} are taken for copies of something else", flush=True)
    return len(originals) - len(strays)


def edition(news: News, edit: Edit, chance: random.Random) -> str:
    """Write a changed edition of the next day, with another headline and byline."""
    paragraphs = [
        re.split(r"(?<=[.!?]\"|[^A-Z][.!?]) (?=[A-Z\"])", p) for p in news.text.split("\n\n")
    ]
    said = edit(chance, [sentence for paragraph in paragraphs for sentence in paragraph])
    first = json.loads(re.search(r"^published: (.*)$", news.content, re.M)[1])  # type: ignore[index]
    day = datetime.date.fromisoformat(first) + datetime.timedelta(days=1)
    front = f'title: What people say about it\nauthor: B. Lind\nsource: Post\npublished: "{day}"'
    return f"---\n{front}\n---\n\n{' '.join(said)}\n"


def article(path: str, content: str) -> Article:
    """Read a Markdown file."""
    (found,) = read_articles(path, ".md", content.encode()).articles
    return found


def times(folder: Path, arguments: argparse.Namespace) -> None:
    """Index without and with looking for copies, in one run."""
    corpus = folder / "corpus"
    corpus.mkdir()
    news = list(islice(make_news(arguments.seed, SENTENCES), arguments.articles))
    chance = random.Random(arguments.seed)
    for number, one in enumerate(news):
        again = number % TENTH == TENTH - 1
        content = edition(news[number - 1], dropped, chance) if again else one.content
        (corpus / one.name).write_text(content, encoding="utf-8")
    encoder = Encoder()
    encoder.embed_query("Loads the model.")
    run = partial(reindex, encoder=encoder)
    with no_copies():
        report = run(settings=load_settings(corpus_dir=corpus, index_dir=folder / "without"))
    show("without: s, chunks embedded", f"{report.seconds:.1f}, {report.chunks_embedded}")
    settings = load_settings(corpus_dir=corpus, index_dir=folder / "with")
    with timed() as spent:
        report = run(settings=settings)
    show("with: s, chunks embedded", f"{report.seconds:.1f}, {report.chunks_embedded}")
    show("… copies; processor s spent on finding them", f"{report.duplicates}, {sum(spent):.1f}")
    (corpus / news[0].name).write_text(news[0].content + "\nIt rained.", encoding="utf-8")
    with timed() as spent:
        report = run(settings=settings)
    show("one changed article: s; processor s on copies", f"{report.seconds:.2f}, {sum(spent):.2f}")


@contextmanager
def no_copies() -> Iterator[None]:
    """Let ingest look for no copies."""
    with (
        patch.object(Sketches, "add", lambda *given: None),
        patch.object(Sketches, "save", lambda *given: None),
        patch("ingest.tables.find_copies", lambda *given: ({}, {})),
    ):
        yield


@contextmanager
def timed() -> Iterator[list[float]]:
    """Take the processor seconds that are spent on copies: others may use the machine, too."""
    spent: list[float] = []

    def timing(function: Callable[..., Any]) -> Callable[..., Any]:
        def wrapped(*given: Any) -> Any:
            start = time.thread_time()
            try:
                return function(*given)
            finally:
                spent.append(time.thread_time() - start)

        return wrapped

    with (
        patch.object(Sketches, "add", timing(Sketches.add)),
        patch.object(Sketches, "save", timing(Sketches.save)),
        patch("ingest.tables.find_copies", timing(find_copies)),
    ):
        yield spent


if __name__ == "__main__":
    main()
