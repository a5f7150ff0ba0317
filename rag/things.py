"""The things that articles speak of: names, what kind of thing each one is, and its other names.

Capitals alone do not tell where a name ends ("Netflix in Korea", "Something in the Rain"), nor
what it names. Both are read from how the articles at hand use it: what stands alone elsewhere,
what is written in lower case elsewhere, and the words around it.
"""

from __future__ import annotations

import copy
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from rag.keyword import STOPWORDS, fold
from rag.lexicon import ORGANISATION_WORDS, PLACES, is_place_noun
from rag.name_kinds import (
    ALSO_KNOWN,
    GIVEN_NAME,
    PREPOSITION,
    PRIZE,
    Kind,
    heads,
    inner_runs,
    is_acronym,
    is_date,
    kind_in,
    never_first,
)
from rag.name_runs import (
    BRACKET,
    BRACKETED,
    ENUMERATED,
    LEADING,
    LOWER_RUN,
    OPENS,
    SPLIT,
    SPLIT_OR_TITLE,
    capital_runs,
    lower_words,
    quoted_titles,
)
from rag.names import name_key

_NO_NAMES = STOPWORDS | frozenset("yes no oh well hello thanks".split())  # that open a sentence


@dataclass(frozen=True, slots=True)
class Thing:
    """A name at `start` to `end` of a text; `key` compares it with others."""

    name: str
    key: str
    start: int
    end: int
    kind: Kind


@lru_cache(maxsize=16)  # in a small index it is the same articles, question after question
def book_of(texts: tuple[str, ...]) -> Book:
    """What is known from some texts; in one order, so that they are read once."""
    return Book(texts)


class Book:
    """What is known about names from a set of texts."""

    def __init__(self, texts: Sequence[str]) -> None:
        """Read texts: which names stand alone, what kind each is, which belong together."""
        self.lower = frozenset().union(*(lower_words(text) for text in texts))
        quoted = {text[a:b] for text in texts for a, b in quoted_titles(text)}
        parted = sorted(title for title in quoted if re.search(r"[,?!] ", title))
        self._parted = re.compile("|".join(map(re.escape, parted))) if parted else None
        self.alone: Counter[str] = Counter()
        self.articled: Counter[str] = Counter()
        self.owned: Counter[str] = Counter()
        self._count(texts)
        self.votes: dict[str, Counter[Kind]] = {}
        self.aliases: dict[str, str] = {}
        self._groups: dict[str, set[str]] | None = None  # by what stands for all, the others
        self.works: set[str] = set()
        found = [(text, list(self._names(text))) for text in texts]
        for text, names in found:
            self._vote(text, names)
        for text, names in found:
            self._spread(text, names)
        self.works = {key for key in self.votes if self.kind(key) == "work"}

    def things(self, text: str) -> list[Thing]:
        """Find the things a text names, in order, places among them."""
        return [
            Thing(text[a:b], name_key(text[a:b]), a, b, self.kind(text[a:b]))
            for a, b in self._names(text)
        ]

    def mentioned(self, text: str) -> list[Thing]:
        """Find known names that a text has in lower case: questions are often typed so."""
        found = []
        for match in LOWER_RUN.finditer(text):
            for word in inner_runs(match):
                key = name_key(text[word[0] : word[1]])
                if self.alone[key] > 1 and not set(key.split()) <= self.lower | STOPWORDS:
                    found.append(Thing(text[word[0] : word[1]], key, *word, self.kind(key)))
        return found

    def kind(self, name: str) -> Kind:
        """Tell what kind of thing a name stands for; empty if the articles do not show it."""
        key = name_key(name)
        if is_place_noun(name):
            return "place"
        if PRIZE.search(name):
            return "prize"
        votes = self.votes.get(key, Counter())
        kind = votes.most_common(1)[0][0] if votes else ""
        organised = any(w in ORGANISATION_WORDS for w in key.split()) or is_acronym(name)
        if organised and kind != "person" and (kind != "work" or is_acronym(name)):
            return "organisation"
        if kind and (kind != "place" or " " not in key):
            return kind
        if GIVEN_NAME.search(name):
            return "person"
        words = key.split()
        if any(" " in part and part in self.works for part in heads(words)):
            return "work"
        plain = [word in self.lower or word in STOPWORDS for word in words]
        if len(words) > 1 and all(plain):
            return "work"
        if 2 <= len(words) <= 4 and not any(plain) and name[0].isupper():
            return "person"
        return ""

    def same(self, key: str) -> str:
        """The key that stands for all names of a thing."""
        while self.aliases.get(key, key) != key:
            key = self.aliases[key]
        return key

    def fork(self) -> Book:
        """A copy in which names can be tied together for one question alone."""
        twin = copy.copy(self)
        twin.aliases, twin._groups = dict(self.aliases), None
        return twin

    def names_of(self, key: str) -> set[str]:
        """All keys under which a thing is known."""
        root = self.same(key)
        if self._groups is None:
            self._groups = {}
            for other in self.aliases:
                self._groups.setdefault(self.same(other), set()).add(other)
        return {key, root} | self._groups.get(root, set())

    def tie(self, first: str, second: str) -> None:
        """Take two keys for names of one thing; the first stands for both."""
        a, b = self.same(first), self.same(second)
        if a != b:
            self.aliases[b] = a
            self._groups = None

    def _count(self, texts: Sequence[str]) -> None:
        """Count the names that stand on their own: nothing joined on, no start of a sentence.

        And those among them that have an article: "in The Bad Kids", but "on iQIYI"; and apart,
        those with an owner: "Smugglers' Hour", but also "Netflix's Go".
        """
        for text in texts:
            for start, end in capital_runs(text):
                name = text[start:end]
                dated = SPLIT.search(name)
                if dated and is_date(name_key(name[dated.end() :])):  # "WOWOW from January 2021"
                    end = start + dated.start()
                    name = text[start:end]
                bracketed = BRACKET.match(text[end : end + 60])
                opens = OPENS.search(text[max(0, start - 2) : start])
                first, _, rest = name.partition(" ")
                loose = opens and (not rest or fold(first) in STOPWORDS)
                loose = loose or bool(rest and is_place_noun(first))  # "In Japan WOWOW showed"
                loose = loose or " The " in name
                owned = re.search(r"['’]s? ", name)
                self.owned[name] += owned is not None
                if bracketed or not (
                    loose or owned or SPLIT.search(name) or never_first(first, rest)
                ):
                    key = name_key(name.removesuffix("'s").removesuffix("’s"))
                    self.alone[key] += 1
                    self.articled[key] += fold(first) in ("the", "a", "an")

    def _names(self, text: str) -> Iterator[tuple[int, int]]:
        """Spans of names: titles as quoted, runs cut where a part is known to stand alone."""
        titles = {*quoted_titles(text), *self._titles(text)}
        for start, end in sorted({*titles, *capital_runs(text)}):
            if (start, end) in titles:
                yield start, end
                continue
            if any(a <= start < b for a, b in titles):
                continue
            start, end = self._trim(text, start, end)
            for a, b in self._cut(text, start, end):
                a, b = self._trim(text, a, b)
                if b > a:
                    yield self._joined(text, a, b), b

    def _titles(self, text: str) -> list[tuple[int, int]]:
        """Where titles that commas part ("Hi, Mom") stand without quotation marks."""
        return [match.span() for match in self._parted.finditer(text)] if self._parted else []

    def _joined(self, text: str, start: int, end: int) -> int:
        """Take in "Day and" before "Night (白夜追凶)": plain words before a title in brackets."""
        before = re.search(
            r"(?:^|[.:] |\n)([A-Z][a-z]+) (?:and|or) $", text[max(0, start - 30) : start]
        )
        if before and before[1].lower() in self.lower and BRACKET.match(text[end : end + 60]):
            return start - len(before[0]) + before.start(1) - before.start()
        return start

    def _cut(self, text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
        """Cut a run at possessives and joining words where both sides are names in themselves."""
        name = text[start:end]
        for cut in re.finditer(r"['’]s? (?=[^a-z])", name):
            left = name[: cut.start()]
            titled = self.owned[name] > max(1, self.alone[name_key(left)])  # "Smugglers' Hour"
            if self._stands(left) and not titled:
                yield from self._cut(text, start, start + cut.start())
                yield from self._cut(text, start + cut.end(), end)
                return
        if name_key(name) in self.alone:
            yield start, end
            return
        for cut in SPLIT_OR_TITLE.finditer(name):
            left, right = name[: cut.start()], name[cut.end() :]
            if self._stands(left) or (self._stands(right) and PREPOSITION.search(cut[0])):
                yield from self._cut(text, start, start + cut.start())
                yield from self._cut(text, start + cut.end(), end)
                return
        yield start, end

    def _stands(self, name: str) -> bool:
        key = name_key(name.removesuffix("'s").removesuffix("’s"))
        return key in self.alone or is_place_noun(name) or key in PLACES or is_date(key)

    def _trim(self, text: str, start: int, end: int) -> tuple[int, int]:
        """Drop a word that only opens the sentence, adjectives of place, dates, possessives."""
        for suffix in ("'s", "’s", "'", "’", "."):
            if text[start:end].endswith(suffix) and not text[start:end].endswith("Mr."):
                end -= len(suffix)
        while start < end:
            name = text[start:end]
            first, space, rest = name.partition(" ")
            key = name_key(name)
            known = key in self.alone or is_place_noun(name)
            if fold(first) in ("the", "a", "an") and known:
                known = self.articled[key] > 0
            if not never_first(first, rest) and (
                known or not self._droppable(text, start, first, rest)
            ):
                break
            start += len(first) + len(space)
            join = LEADING.match(text, start, end)
            start = join.end() if join and not rest.startswith("The ") else start
        last = text[start:end].rpartition(" ")[2]
        if last != text[start:end] and never_first(last, "") and fold(last) in PLACES:
            return self._trim(text, start, end - len(last) - 1)
        words = name_key(text[start:end]).split()
        if not words or all(w in STOPWORDS or is_date(w) for w in words):
            return end, end
        return start, end

    def _droppable(self, text: str, start: int, first: str, rest: str) -> bool:
        """Tell whether the first word of a run is no part of the name."""
        lower = fold(first)
        if is_place_noun(first) and rest:
            return self._stands(rest)
        if lower in ("the", "a", "an"):
            return self._stands(rest) or fold(rest.partition(" ")[0]) in PLACES or not rest
        if not OPENS.search(text[max(0, start - 2) : start]):
            return False
        if not rest:
            return lower in self.lower or lower in _NO_NAMES
        # "I Hear You", "My Queen": a pronoun before a capital is a part of a title.
        return lower in STOPWORDS and lower not in ("i", "my", "you", "we")

    def _vote(self, text: str, names: Sequence[tuple[int, int]]) -> None:
        """Let what stands around each name tell its kind, and its other names."""
        titles = quoted_titles(text)
        for start, end in names:
            key = name_key(text[start:end])
            before, after = text[max(0, start - 60) : start], text[end : end + 90]
            bracket = BRACKET.match(after)
            kind = kind_in(before, after, bracket is not None)
            kind = "work" if not kind and (start, end) in titles else kind
            if kind:
                self.votes.setdefault(key, Counter())[kind] += 1
            if bracket and kind == "work":
                other = name_key(re.sub(r", \d{4}$", "", bracket[1]))
                self.votes.setdefault(other, Counter())["work"] += 1
                self.tie(key, other)
        for (a, b), (c, d) in pairwise(names):
            if ALSO_KNOWN.fullmatch(BRACKETED.sub("", text[b:c])):
                self.tie(name_key(text[a:b]), name_key(text[c:d]))
        for start, end in names:
            first, colon, second = text[start:end].partition(": ")
            for part in (first, second) if colon else ():
                if name_key(part) in self.alone:
                    self.tie(name_key(text[start:end]), name_key(part))

    def _spread(self, text: str, names: Sequence[tuple[int, int]]) -> None:
        """In an enumeration (A, B and C) what holds for one holds for the next."""
        for (a, b), (c, d) in (*pairwise(names), *((y, x) for x, y in pairwise(names))):
            low, high = min(b, d), max(a, c)
            if ENUMERATED.fullmatch(BRACKETED.sub("", text[low:high])):
                known, other = self.votes.get(name_key(text[a:b])), name_key(text[c:d])
                if known and other not in self.votes and not is_place_noun(text[c:d]):
                    self.votes[other] = Counter({known.most_common(1)[0][0]: 1})
