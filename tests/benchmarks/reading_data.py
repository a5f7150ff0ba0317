"""The news of `tests/reading` with its questions, and these as the reading model takes them.

Each line of a file is a set of articles about one thing, with questions. A question has its marks:
every place that answers it, as article, sentence, the words there that are the answer, and for
lists of several articles the one name that these words stand for. No mark: nothing answers.
"""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from rag import Assistant
from rag.evidence import DEPTH, Sentence, score_sentences
from rag.late_interaction import Floats
from rag.query import Query, encode_query
from rag.retrieval import Ranking, rank
from rag.sentences import Span
from rag.snapshot import Snapshot
from tests.benchmarks.common import TESTS, article_text, indexed

FOLDER = TESTS / "reading"
HELD_OUT = ("science", "society", "learning", "courts")  # subjects that are not trained on
WIDE = 30  # chunks whose sentences are looked at for questions to several articles
FOREIGN = 3  # sentences kept of other sets
EITHER = "."  # between the name of a set and the number of its article

News = dict[str, Any]  # articles and questions
Marks = Sequence[Sequence[Any]]  # article, sentence, words, and of lists the item


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with m sentences that were looked at, those of the right articles first.

    `answers`: of each, the characters that answer, and what they stand for. `own`: how many are of
    the right articles.
    """

    subject: str
    snapshot: Snapshot
    query: Query
    ranking: Ranking
    sentences: list[Sentence]
    answers: list[dict[Span, str]]
    own: int

    @property
    def right(self) -> Floats:
        """Which sentences answer, (m,)."""
        return np.array([bool(answer) for answer in self.answers], np.float32)

    @property
    def score(self) -> Floats:
        """What late interaction makes of the sentences, (m,)."""
        return np.array([sentence.score for sentence in self.sentences], np.float32)


@contextmanager
def indexed_news(sets: Mapping[str, News]) -> Iterator[Assistant]:
    """An assistant over the articles of some sets."""
    with tempfile.TemporaryDirectory() as folder:
        for name, news in sets.items():
            write(Path(folder), name, news)
        with indexed(Path(folder), f"{len(sets)} sets of articles") as assistant:
            yield assistant


def read_news(folder: Path = FOLDER) -> Iterator[tuple[str, News]]:
    """All sets of a folder with their names, which begin with their subject, that of their file."""
    for file in sorted(folder.glob("*.jsonl")):
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines()):
            yield f"{file.stem}-{number:03}", json.loads(line)


def write(folder: Path, name: str, news: News) -> None:
    """Write the articles of a set, three sentences to a paragraph, rows on lines of their own."""
    for number, article in enumerate(news["articles"]):
        said: list[str] = article["sentences"]
        text = "".join(
            (_joint(place, said[place - 1], sentence) if place else "") + sentence
            for place, sentence in enumerate(said)
        )
        source = f"{name}{EITHER}{number}"
        content = article_text(
            text, title=article["title"], published=article["date"], source=source
        )
        (folder / f"{source}.txt").write_text(content, encoding="utf-8")


def _joint(place: int, before: str, sentence: str) -> str:
    """What stands between two sentences of an article."""
    if sentence.startswith("- "):
        return "\n"
    return "\n\n" if place % 3 == 0 or before.startswith("- ") else " "


def looked_at(
    assistant: Assistant, sets: Mapping[str, News], only: Sequence[str]
) -> Iterator[Asked]:
    """The questions of some subjects, or of all, each put to the articles of all.

    Without those of which no sentence is right that the reader would look at.
    """
    for name, news in sets.items():
        if not only or name.startswith(tuple(only)):
            for asked in news["questions"]:
                yield from _look(assistant, name, news, asked["q"], asked["s"])


def _look(assistant: Assistant, name: str, news: News, text: str, marks: Marks) -> Iterator[Asked]:
    """A question with the sentences that the reader would look at; nothing if none is right."""
    snapshot = assistant.index.current()
    query = encode_query(snapshot, assistant.encoder, text)
    ranking = rank(snapshot, query, assistant.settings.candidates)
    if ranking is None or query.literal.any():
        return
    depth = WIDE if len(news["articles"]) > 1 else DEPTH
    ranked = sorted(score_sentences(snapshot, query, ranking, depth), key=lambda s: -s.score)
    own = [s for s in ranked if article_of(snapshot, s)[0] == name]
    answers = [marked(news, article_of(snapshot, s)[1], s.text, marks) for s in own]
    if not own or (marks and not any(answers)):
        return
    other = [s for s in ranked if article_of(snapshot, s)[0] != name][:FOREIGN]
    subject, answers = name.partition("-")[0], [*answers, *({} for _ in other)]
    yield Asked(subject, snapshot, query, ranking, [*own, *other], answers, len(own))


def article_of(snapshot: Snapshot, sentence: Sentence) -> tuple[str, int]:
    """The set that a sentence is from, and the number of its article there."""
    return place_of(snapshot.entries[sentence.article_id].source)


def place_of(source: str) -> tuple[str, int]:
    """The set that an article of this source is from, and its number there."""
    name, _, number = source.rpartition(EITHER)
    return name, int(number)


def items_of(news: News, article: int, text: str, marks: Marks) -> set[str]:
    """What a sentence of an article gives as an answer; of one that was cut, the part that does."""
    return set(marked(news, article, text, marks).values())


def marked(news: News, article: int, text: str, marks: Marks) -> dict[Span, str]:
    """The characters of a sentence of an article that answer, and what they stand for."""
    found = {}
    for number, place, words, *item in marks:
        whole = news["articles"][number]["sentences"][place]
        same = number == article and (text in whole or whole in text)
        if same and (match := re.search(rf"(?<!\w){re.escape(words)}(?!\w)", text)):
            found[match.span()] = item[0] if item else words
    return found
