"""An article as the list reader sees it: what a sentence owes to the text before it."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cached_property, lru_cache

from rag.keyword import fold, stem, words
from rag.lexicon import PLACES, country
from rag.sentences import Span, sentence_spans
from rag.things import Book, Thing
from rag.types import Article

_WORD = re.compile(r"[^\W_]+")
_HEADING = re.compile(r"^(?!- )[^\n|]{1,80}(?<![.!?:;,。！？：；，\"”])$", re.MULTILINE)


class Context:
    """An article around its sentences."""

    def __init__(self, article: Article, book: Book, home: str) -> None:
        """Take an article apart; `home` is the country that "abroad" is seen from."""
        self.title, self.text, self.tags = article.title, article.text, article.tags
        self.year = str(article.published or "")[:4]
        self.book, self.home = book, home

    def before(self, start: int) -> str:
        """What stands before a sentence in its section, the opening paragraph and the title."""
        section = max((at for at in self._headings if at <= start), default=0)
        return f"{self.title}\n{self.opening}\n{self.text[section:start]}"

    def paragraph(self, start: int) -> str:
        """What stands before a sentence in its paragraph."""
        return self.text[self.text.rfind("\n", 0, start) + 1 : start]

    def last_place(self, start: int) -> str:
        """The last country, other than the usual one, that is spoken of before a sentence."""
        for word in reversed(words(self.before(start))):
            if word in PLACES and country(word) != self.home:
                return country(word)
        return ""

    def stems_before(self, start: int) -> frozenset[str]:
        """Stems of the title, tags and opening, the paragraph so far, the year of the article."""
        return self._frame | stems(self.paragraph(start)) | {self.year}

    @cached_property
    def opening(self) -> str:
        """The first paragraph: what the whole article is about."""
        return self.text.lstrip().partition("\n")[0]

    @cached_property
    def topic(self) -> tuple[Thing, Span] | None:
        """The work that the opening speaks of, and the sentence there; none if it names several."""
        first = self.text.find(self.opening)
        works = [thing for thing in self.book.things(self.opening) if thing.kind == "work"]
        if len({self.book.same(thing.key) for thing in works}) != 1:
            return None
        thing = replace(works[0], start=first + works[0].start, end=first + works[0].end)
        around = (s for s in sentence_spans(self.opening) if s[0] <= works[0].start < s[1])
        start, end = next(around, (0, len(self.opening)))
        return thing, (first + start, first + end)

    @cached_property
    def _frame(self) -> frozenset[str]:
        return stems("\n".join((self.title, self.opening, *self.tags)))

    @cached_property
    def _headings(self) -> list[int]:
        return [match.start() for match in _HEADING.finditer(self.text)]


@lru_cache(maxsize=16384)  # the same sentences are read at each level, question after question
def stems(text: str) -> frozenset[str]:
    """The stems of all words of a text."""
    return frozenset(stem(word) for word in _WORD.findall(fold(text)))
