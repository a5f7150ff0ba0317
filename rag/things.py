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
from typing import Literal

from rag.keyword import STOPWORDS, fold
from rag.lexicon import (
    MONTHS,
    ORGANISATION_NOUNS,
    ORGANISATION_WORDS,
    PERSON_NOUNS,
    PERSON_VERBS,
    PLACES,
    WORKS,
    is_place_noun,
)
from rag.names import name_key

Kind = Literal["work", "person", "place", "organisation", "prize", ""]

_CJK = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af"
_LETTER = rf"[^\W{_CJK}]"
_UPPER = "A-Z" + "".join(c for c in map(chr, range(0xC0, 0x1F00)) if c.isupper())
_CAPITAL = (
    rf"(?:(?:Mr|Mrs|Ms|Dr|St)\.|i?[{_UPPER}](?:{_LETTER}|['’.&-](?={_LETTER}))*"
    rf"(?:[!+]|s['’](?= [{_UPPER}]))?"
    rf"|tv[{_UPPER}]\w*)"
)
_JOIN = "of|the|to|in|on|with|for|by|a|an|at|from|&|behind"
_RUN = re.compile(
    rf"(?:\d+ (?=[{_UPPER}]))?{_CAPITAL}"
    rf"(?:(?: (?:{_JOIN})){{0,2}} {_CAPITAL}"
    rf"| \d{{1,2}}(?![\d%.,]|\w| (?:[{_UPPER}a-z]))|: {_CAPITAL})*"
)
_DATELINE = re.compile(  # "LONDON, 5 May": where a report was written, not what it is about
    rf"^[{_UPPER}]{{2,}}(?: [{_UPPER}]{{2,}})*(?=, \d| \(|, [A-Z][a-z]+ \d)", re.MULTILINE
)
_LOWER_PRIZE = re.compile(
    r"\bbest (?:\w+ )?(?:actor|actress|director|writer|newcomer|series|film|drama"
    r"|script|screenplay|picture|album|player)\b"
)
_SPLIT = re.compile(rf" (?:{_JOIN})(?: (?:{_JOIN}))* ")
_SPLIT_OR_TITLE = re.compile(rf"{_SPLIT.pattern}| (?=The )")  # "in Busan The Bad Kids won"
_LEADING = re.compile(rf"(?:(?:{_JOIN}) )+")
_CJK_TITLE = re.compile(r"《([^》]+)》")
_BRACKET = re.compile(r"^ ?\(([^()]*[^\x00-\x7f][^()]*)\)")
_BRACKETED = re.compile(r" ?\([^)]*\)")
_ENUMERATED = re.compile(r",? and (?:the )?|, (?:the )?|、|和")
_OPENS = re.compile(r"(?:^|[.!?:。！？] |[\n\"“‘]|[-–—|] )$")
_LOWER_RUN = re.compile(r"[a-z][a-z'’+-]*(?: [a-z][a-z'’+-]*)*")
_LOWER = re.compile(r"(?<![\w'’-])[a-z]+(?![\w'’])")


@dataclass(frozen=True, slots=True)
class Thing:
    """A name at `start` to `end` of a text; `key` compares it with others."""

    name: str
    key: str
    start: int
    end: int
    kind: Kind


@lru_cache(maxsize=4096)  # the same articles come up question after question
def _runs(text: str) -> tuple[tuple[int, int], ...]:
    """Spans of capitalised runs and of titles in 《》, in order."""
    spans = [match.span(1) for match in _CJK_TITLE.finditer(text)]
    places = [match.span() for match in _DATELINE.finditer(text)]
    runs = (match.span() for match in _RUN.finditer(text))
    spans += [run for run in runs if not any(a <= run[0] < b for a, b in places)]
    spans += [match.span() for match in _LOWER_PRIZE.finditer(text)]
    return tuple(sorted(spans))


@lru_cache(maxsize=4096)
def _lower_words(text: str) -> frozenset[str]:
    return frozenset(_LOWER.findall(text))


class Book:
    """What is known about names from a set of texts."""

    def __init__(self, texts: Sequence[str]) -> None:
        """Read texts: which names stand alone, what kind each is, which belong together."""
        self.lower = frozenset().union(*(_lower_words(text) for text in texts))
        self.alone: Counter[str] = Counter()
        self.articled: Counter[str] = Counter()
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
        for match in _LOWER_RUN.finditer(text):
            for word in _inner_runs(match):
                key = name_key(text[word[0] : word[1]])
                if self.alone[key] > 1 and not set(key.split()) <= self.lower | STOPWORDS:
                    found.append(Thing(text[word[0] : word[1]], key, *word, self.kind(key)))
        return found

    def kind(self, name: str) -> Kind:
        """Tell what kind of thing a name stands for; empty if the articles do not show it."""
        key = name_key(name)
        if is_place_noun(name):
            return "place"
        if _PRIZE.search(name):
            return "prize"
        votes = self.votes.get(key, Counter())
        kind = votes.most_common(1)[0][0] if votes else ""
        organised = any(w in ORGANISATION_WORDS for w in key.split()) or _is_acronym(name)
        if organised and kind != "person" and (kind != "work" or _is_acronym(name)):
            return "organisation"
        if kind and (kind != "place" or " " not in key):
            return kind
        if _GIVEN_NAME.search(name):
            return "person"
        words = key.split()
        if any(" " in part and part in self.works for part in _heads(words)):
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

        And those among them that have an article: "in The Bad Kids", but "on iQIYI".
        """
        for text in texts:
            for start, end in _runs(text):
                name = text[start:end]
                dated = _SPLIT.search(name)
                if dated and _is_date(name_key(name[dated.end() :])):  # "WOWOW from January 2021"
                    end = start + dated.start()
                    name = text[start:end]
                bracketed = _BRACKET.match(text[end : end + 60])
                opens = _OPENS.search(text[max(0, start - 2) : start])
                first, _, rest = name.partition(" ")
                loose = opens and (not rest or fold(first) in STOPWORDS)
                loose = loose or bool(rest and is_place_noun(first))  # "In Japan WOWOW showed"
                loose = loose or " The " in name
                owned = re.search(r"['’]s? ", name)
                if bracketed or not (
                    loose or owned or _SPLIT.search(name) or _never_first(first, rest)
                ):
                    key = name_key(name.removesuffix("'s").removesuffix("’s"))
                    self.alone[key] += 1
                    self.articled[key] += fold(first) in ("the", "a", "an")

    def _names(self, text: str) -> Iterator[tuple[int, int]]:
        """Spans of names: runs cut where a part is known to stand alone."""
        for start, end in _runs(text):
            start, end = self._trim(text, start, end)
            for a, b in self._cut(text, start, end):
                a, b = self._trim(text, a, b)
                if b > a:
                    yield self._joined(text, a, b), b

    def _joined(self, text: str, start: int, end: int) -> int:
        """Take in "Day and" before "Night (白夜追凶)": plain words before a title in brackets."""
        before = re.search(
            r"(?:^|[.:] |\n)([A-Z][a-z]+) (?:and|or) $", text[max(0, start - 30) : start]
        )
        if before and before[1].lower() in self.lower and _BRACKET.match(text[end : end + 60]):
            return start - len(before[0]) + before.start(1) - before.start()
        return start

    def _cut(self, text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
        """Cut a run at possessives and joining words where both sides are names in themselves."""
        name = text[start:end]
        for cut in re.finditer(r"['’]s? (?=[^a-z])", name):
            if self._stands(name[: cut.start()]):
                yield from self._cut(text, start, start + cut.start())
                yield from self._cut(text, start + cut.end(), end)
                return
        if name_key(name) in self.alone:
            yield start, end
            return
        for cut in _SPLIT_OR_TITLE.finditer(name):
            left, right = name[: cut.start()], name[cut.end() :]
            if self._stands(left) or (self._stands(right) and _PREPOSITION.search(cut[0])):
                yield from self._cut(text, start, start + cut.start())
                yield from self._cut(text, start + cut.end(), end)
                return
        yield start, end

    def _stands(self, name: str) -> bool:
        key = name_key(name.removesuffix("'s").removesuffix("’s"))
        return key in self.alone or is_place_noun(name) or key in PLACES or _is_date(key)

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
            if not _never_first(first, rest) and (
                known or not self._droppable(text, start, first, rest)
            ):
                break
            start += len(first) + len(space)
            join = _LEADING.match(text, start, end)
            start = join.end() if join and not rest.startswith("The ") else start
        last = text[start:end].rpartition(" ")[2]
        if last != text[start:end] and _never_first(last, "") and fold(last) in PLACES:
            return self._trim(text, start, end - len(last) - 1)
        words = name_key(text[start:end]).split()
        if not words or all(w in STOPWORDS or _is_date(w) for w in words):
            return end, end
        return start, end

    def _droppable(self, text: str, start: int, first: str, rest: str) -> bool:
        """Tell whether the first word of a run is no part of the name."""
        lower = fold(first)
        if is_place_noun(first) and rest:
            return self._stands(rest)
        if lower in ("the", "a", "an"):
            return self._stands(rest) or fold(rest.partition(" ")[0]) in PLACES or not rest
        if not _OPENS.search(text[max(0, start - 2) : start]):
            return False
        if not rest:
            return lower in self.lower or lower in STOPWORDS
        # "I Hear You", "My Queen": a pronoun before a capital is a part of a title.
        return lower in STOPWORDS and lower not in ("i", "my", "you", "we")

    def _vote(self, text: str, names: Sequence[tuple[int, int]]) -> None:
        """Let what stands around each name tell its kind, and its other names."""
        for start, end in names:
            key = name_key(text[start:end])
            before, after = text[max(0, start - 60) : start], text[end : end + 90]
            bracket = _BRACKET.match(after)
            kind = _kind_in(before, after, bracket is not None)
            if kind:
                self.votes.setdefault(key, Counter())[kind] += 1
            if bracket and kind == "work":
                other = name_key(re.sub(r", \d{4}$", "", bracket[1]))
                self.votes.setdefault(other, Counter())["work"] += 1
                self.tie(key, other)
        for (a, b), (c, d) in pairwise(names):
            if _ALSO_KNOWN.fullmatch(_BRACKETED.sub("", text[b:c])):
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
            if _ENUMERATED.fullmatch(_BRACKETED.sub("", text[low:high])):
                known, other = self.votes.get(name_key(text[a:b])), name_key(text[c:d])
                if known and other not in self.votes and not is_place_noun(text[c:d]):
                    self.votes[other] = Counter({known.most_common(1)[0][0]: 1})


_PRIZE = re.compile(r"^[Bb]est \w|\b(?:Award|Prize|Medal|Grand Prix|Oscar|Emmy|Palme d['’]Or)$")
_GIVEN_NAME = re.compile(r"^[^\Wa-z]\w+ [^\Wa-z][a-z]+-[a-z]+$")  # "So Ju-yeon"
_PREPOSITION = re.compile(r" (?:in|on|at|for|to|by|with|from|of) ")
_ALSO_KNOWN = re.compile(
    r",? (?:which (?:is|was) |who is |is |was |also |better |earlier |later )*"
    r"(?:known|sold|shown|released|offered|called|titled|named)\b[^.;,]{0,25}"
    r"(?: as|under the title)? (?:the )?|, or (?:the )?"
)
_WORK_BEFORE = re.compile(
    r"\b(?:versions?|remakes?|adaptations?|episodes?|posters?|trailers?|rights to"
    r"|success of|based on|sequel to|(?:for|was|were) best \w+ for|nominated for|"
    + "|".join(sorted(WORKS))
    + r")(?: of)?(?: the| a)?,? $",
    re.IGNORECASE,
)
_WORK_AFTER = re.compile(
    r"^(?: \([^)]*\))?(?:, (?:a|an|the|its|one of)\b[^,.;]{0,40}\b(?:"
    + "|".join(sorted(WORKS))
    + r")\b| (?:has|had|with|in|runs to) (?:\d+|\w+) (?:episodes|seasons)\b"
    r"|,? (?:directed|written|created|starring|produced) by\b|, remade\b)",
    re.IGNORECASE,
)
_PLACE_BEFORE = re.compile(
    r"\b(?:in|near|around|outside|across"
    r"|(?:town|city|village|county|island|province|district) of) $"
)
_ORG_BEFORE = re.compile(rf"\b(?:{'|'.join(sorted(ORGANISATION_NOUNS))}),? $", re.I)
_ORG_AFTER = re.compile(
    rf"^(?:, (?:a|an|the|which|its)\b[^,.;]{{0,30}}\b(?:{'|'.join(sorted(ORGANISATION_NOUNS))})\b"
    r"|(?:['’]s)? (?:bought|sold|acquired|licensed|broadcast|commissioned|renewed|signed|"
    r"launched|pre-ordered|has taken|has bought|announced|said it)\b)",
    re.I,
)
_PERSON_BEFORE = re.compile(
    rf"\b(?:{'|'.join(sorted(PERSON_NOUNS))}|directed by|written by|starring|played by|"
    r"scripts? by|hosted by|sung by),? $",
    re.I,
)
_PERSON_AFTER = re.compile(
    rf"^,? (?:{'|'.join(sorted(PERSON_VERBS))})\b"
    r"|^,? was (?:named |chosen as |voted )?best (?:\w+ )?"
    r"(?:newcomer|actor|actress|director|writer)\b"
    rf"|^, (?:a|an|the)\b[^,.;]{{0,40}}\b(?:{'|'.join(sorted(PERSON_NOUNS))})\b",
    re.I,
)


def _kind_in(before: str, after: str, bracketed: bool) -> Kind:
    if (
        before.endswith("《")
        or bracketed
        or _WORK_BEFORE.search(before)
        or _WORK_AFTER.match(after)
    ):
        return "work"
    if _PERSON_BEFORE.search(before) or _PERSON_AFTER.match(after):
        return "person"
    if _ORG_BEFORE.search(before) or _ORG_AFTER.match(after):
        return "organisation"
    return "place" if _PLACE_BEFORE.search(before) else ""


@lru_cache(maxsize=16384)  # the same words open names again and again
def _never_first(first: str, rest: str) -> bool:
    """Tell "Korean" in "Korean Netflix", "2022" and "Director" from the first word of a name."""
    lower = fold(first)
    if lower in PLACES:
        return not is_place_noun(first)
    if lower.partition("-")[0] in PLACES and first.partition("-")[2].islower():
        return True  # "Chinese-language"
    if _is_date(lower):
        return len(lower) > 2 or not rest[:1].isupper()  # "2022 Wang", not "3 Body Problem"
    return bool(rest) and lower in PERSON_NOUNS


def _heads(words: Sequence[str]) -> Iterator[str]:
    """The first two words, the first three …, as one string each."""
    return (" ".join(words[:end]) for end in range(2, len(words)))


def _inner_runs(match: re.Match[str]) -> Iterator[tuple[int, int]]:
    """Spans of one to four words within a match, the longest first."""
    words = [(m.start(), m.end()) for m in re.finditer(r"\S+", match[0])]
    for length in range(min(4, len(words)), 0, -1):
        for first in range(len(words) - length + 1):
            yield match.start() + words[first][0], match.start() + words[first + length - 1][1]


def _is_acronym(name: str) -> bool:
    """Tell JTBC, WeTV, iQIYI and tvN: at least two capitals in a row in the last part."""
    return " " not in name and bool(re.search(r"[A-Z]{2}|[a-z][A-Z]", name))


@lru_cache(maxsize=16384)
def _is_date(key: str) -> bool:
    return all(word in MONTHS or word.isdigit() for word in key.split())
