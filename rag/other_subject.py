"""Sentences that speak of another thing, or of another country's version, than is asked about.

In a report on many series, "The Rise of Phoenixes, a drama of 70 episodes" is the best sentence for
any of them; and what is said of the Vietnamese version answers nothing about the Thai one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from rag.answer_type import answer_type
from rag.evidence import Sentence
from rag.keyword import fold, words
from rag.lexicon import PLACES, country, home_place
from rag.list_context import Context
from rag.name_kinds import Kind
from rag.names import name_key
from rag.parts import Parts, words_of
from rag.retrieval import Query, Ranking
from rag.snapshot import Snapshot
from rag.things import Book
from rag.types import Article

LOOKED_AT = 20  # of the best sentences; what comes after them is left as it is
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
    near = sentences[:LOOKED_AT]
    articles = {s.article_id: snapshot.article(s.article_id) for s in near}
    version = next(iter(_versions(query.text)), "")
    if version:  # which may have a title of its own
        home = home_place(snapshot.article(key).text for key in ranking.articles)
        kept = [
            s
            for s in near
            if version == home or not _of_elsewhere(articles[s.article_id], s, version, home)
        ]
    else:
        asked = Asked(query, parts, [article.text for article in articles.values()])
        kept = [s for s in near if not asked.is_passed_over(articles[s.article_id].text, s.text)]
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
        plain = f" {name_key(f'a {sentence}')} "
        if any(f" {name_key(name)} " in plain for name in self.names):
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
        votes = [book.votes.get(name_key(name)) for book in map(_book, self._texts)]
        if any(votes):
            return any(_book(text).kind(name) == kind for text in self._texts)
        return kind == "work" and " " in name_key(name) and not self._wants_name


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
