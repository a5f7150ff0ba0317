"""Sentences that speak of another thing, or of another country's version, than is asked about.

In a report on many series, "The Rise of Phoenixes, a drama of 70 episodes" is the best sentence for
any of them; and what is said of the Vietnamese version answers nothing about the Thai one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import lru_cache

from rag.answer_type import answer_type
from rag.evidence import Sentence
from rag.keyword import STOPWORDS, fold, words
from rag.lexicon import PLACES, country, home_place
from rag.list_context import Context
from rag.name_kinds import Kind
from rag.name_runs import capital_runs
from rag.names import has_name, name_key
from rag.parts import Parts, words_of
from rag.retrieval import Query, Ranking
from rag.snapshot import Snapshot
from rag.things import Book
from rag.types import Article

LOOKED_AT = 20  # of the best sentences, until there are
ENOUGH = 4  # that may be told
TEXTS = 3  # in which the kind of a name is looked up
_OWNER = re.compile(r"['’]s?\b|s['’]$")
KINDS = ("work", "person", "organisation")
_VERSION = re.compile(r"\b([^\W\d_]+) (?:version|remake|adaptation|edition|one)s?\b", re.I)


def on_subject(
    snapshot: Snapshot,
    query: Query,
    parts: Parts,
    ranking: Ranking,
    sentences: Sequence[Sentence],
) -> list[Sentence]:
    """Leave out those of the best sentences that speak of something else than the question."""
    articles = {s.article_id: snapshot.article(s.article_id) for s in sentences[:LOOKED_AT]}
    version = next(iter(_versions(query.text)), "")
    if version:  # which may have a title of its own
        home = home_place(snapshot.article(key).text for key in ranking.articles)
        if version == home:
            return list(sentences)
        return _without(
            sentences, lambda s: _of_elsewhere(articles[s.article_id], s, version, home)
        )
    asked = Asked(query, parts, [article.text for article in articles.values()])
    if not asked.names:
        return list(sentences)
    return _without(sentences, lambda s: asked.is_passed_over(articles[s.article_id].text, s.text))


def _without(sentences: Sequence[Sentence], is_other: Callable[[Sentence], bool]) -> list[Sentence]:
    """Drop others from the top, until enough are left: names are read out of whole articles."""
    kept: list[Sentence] = []
    for place, sentence in enumerate(sentences[:LOOKED_AT]):
        if len(kept) == ENOUGH:
            return [*kept, *sentences[place:]]
        if not is_other(sentence):
            kept.append(sentence)
    return [*kept, *sentences[LOOKED_AT:]]


class Asked:
    """What a question names, and of which kind that is in some texts."""

    def __init__(self, query: Query, parts: Parts, texts: Sequence[str]) -> None:
        """Look the names up where the texts show of which kind they are."""
        said = [words_of(query, group) for group in parts.names]
        self.names = [name for name in said if not _OWNER.search(name)]  # "Ferrant's director"
        self._texts = texts
        self._wants_name = answer_type(query.text) == "name"

    def is_passed_over(self, article: str, sentence: str) -> bool:
        """Tell a sentence whose subject is another thing of the kind of one that is asked about."""
        if any(has_name(sentence, name_key(name)) for name in self.names):
            return False
        if not _opens_with_name(sentence):
            return False
        book = _book(article)
        first = next(iter(book.things(sentence)), None)
        if first is None or first.start > 1 or first.kind not in KINDS:
            return False
        alike = [name for name in self.names if self._may_be(name, first.kind)]
        return bool(alike) and not any(_alike(book, name_key(n), first.key) for n in alike)

    def _may_be(self, name: str, kind: Kind) -> bool:
        """Tell whether a name is of a kind; where nothing shows its own, it may be a work.

        Unless a name is asked for: "Yang Lei, who directed it" is an answer.
        """
        books = [_book(text) for text in self._texts if name in text][:TEXTS]
        if any(name_key(name) in book.votes for book in books):
            return any(book.kind(name) == kind for book in books)
        return kind == "work" and " " in name_key(name) and not self._wants_name


def _opens_with_name(sentence: str) -> bool:
    """Tell "Two Herons, a romance" from "The series", before any article is read for its names."""
    start, end = next(iter(capital_runs(sentence)), (9, 9))
    name = sentence[start:end]
    return start <= 1 and (" " in name or fold(name) not in STOPWORDS)


def _alike(book: Book, asked: str, said: str) -> bool:
    """Tell "Kvist" from "Team Kvist" no more than a name from its other one."""
    known = book.names_of(asked)
    return any(f" {said} " in f" {name} " or f" {name} " in f" {said} " for name in known)


def _of_elsewhere(article: Article, sentence: Sentence, place: str, home: str) -> bool:
    """Tell a sentence on the version of another country, by the last one named up to it."""
    said = {country(word) for word in words(sentence.text) if word in PLACES}
    versions = _versions(sentence.text)
    if place in said or versions:
        return place not in said
    last = Context(article, _book(article.text), home).last_place(sentence.start)
    return bool(last) and last != place


def _versions(text: str) -> list[str]:
    """The countries whose versions a text names: "the Thai version"."""
    return [country(fold(m[1])) for m in _VERSION.finditer(text) if fold(m[1]) in PLACES]


@lru_cache(maxsize=64)
def _book(text: str) -> Book:
    return Book([text])
