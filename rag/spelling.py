"""Slips of the pen: a name in a question that no article has, taken for the one that is meant.

Only a word that the index does not know is looked at, so a question that is spelled rightly is
never changed. It is compared with the names in the index by edit distance (Damerau 1964, in the
restricted form), one slip in a word of up to five letters, two in a longer one, as search engines
have it. Many words that an index does not know are no slips, though: another person's name,
another country. So a word that the embedding model knows whole ("Iceland", "Zhou", "Chance") is
left alone, and one of less than five letters too, unless the name next to it says what is meant
("Gold Boi"). Of a name of three words and more, the others say it even where the word is one that
is otherwise known; `rag.name_slips` finds those.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz import process
from rapidfuzz.distance import OSA

from rag.encoder import Encoder
from rag.keyword import STOPWORDS, fold, stem
from rag.lexicon import is_place
from rag.name_slips import find_slips
from rag.snapshot import Snapshot

SHORTEST = 3  # letters of a word that is looked at
SURE = 5  # letters from which a word needs no neighbour to be taken for another
LONG = 6  # letters from which two slips are allowed
CLOSE = 12  # index terms of which the written forms are looked up
CHUNKS = 12  # in which they are looked up

# Letters of a script that writes words apart; CJK names are found by their characters.
_WORD = re.compile(r"[^\W\d_\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af]+")
_OPENING = re.compile(r"(?:^|[.!?:\n\"“”‘(]\s*)$")


@dataclass(frozen=True, slots=True)
class Correction:
    """A word of a question as it was typed, and the name it was taken for."""

    typed: str
    taken: str

    def __str__(self) -> str:
        """Tell a person."""
        return f"Taking “{self.typed}” for “{self.taken}”, the nearest name in the articles."


@dataclass(frozen=True, slots=True)
class _Word:
    """A word of a text, its index term, and the terms of the words before and after."""

    text: str
    start: int
    term: str
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class _Form:
    """How a name is written; `beside` where it stands next to the neighbour of the typed word."""

    text: str
    distance: int
    beside: bool
    count: int


def correct(snapshot: Snapshot, encoder: Encoder, text: str) -> tuple[str, tuple[Correction, ...]]:
    """Put the names that are meant in the place of slips; gives back the text and what changed."""
    corrections: list[Correction] = []
    parts, end = [], 0
    slips = {start: written for start, _, written in find_slips(snapshot, text)}
    for word in _words(text):
        name = slips.get(word.start, "")
        if not name and _is_strange(snapshot, encoder, word):
            name = _meant(snapshot, word)
        if name:
            parts += [text[end : word.start], name]
            end = word.start + len(word.text)
            corrections.append(Correction(word.text, name))
    return "".join([*parts, text[end:]]), tuple(dict.fromkeys(corrections))


def _words(text: str) -> list[_Word]:
    """The words of a text, with the index terms of the words next to each."""
    found = [(match[0], match.start()) for match in _WORD.finditer(text)]
    terms = [stem(fold(word)) for word, _ in found]
    around = ["", *terms, ""]
    return [
        _Word(word, start, terms[i], around[i], around[i + 2])
        for i, (word, start) in enumerate(found)
    ]


def _is_strange(snapshot: Snapshot, encoder: Encoder, word: _Word) -> bool:
    """Tell a word that no article has, in no form, and that is no word otherwise known."""
    folded = fold(word.text)
    return (
        len(folded) >= SHORTEST
        and folded not in STOPWORDS
        and not is_place(folded)
        and not snapshot.keyword.knows(word.term)
        and encoder.count_tokens(word.text) > 1
    )


def _meant(snapshot: Snapshot, word: _Word) -> str:
    """The name that a strange word is taken for; empty if there is none."""
    folded = fold(word.text)
    limit = 1 if len(folded) < LONG else 2
    near = process.extract(
        word.term,
        snapshot.keyword.vocabulary,
        scorer=OSA.distance,
        score_cutoff=limit,
        limit=CLOSE,
    )
    forms = [form for term, _, _ in near for form in _forms(snapshot, word, term, limit)]
    forms = [
        form
        for form in forms
        if form.beside
        or (len(folded) >= SURE and (form.distance == 1 or fold(form.text)[0] == folded[0]))
    ]
    best = min(forms, key=lambda form: (not form.beside, form.distance, -form.count), default=None)
    return best.text if best else ""


def _forms(snapshot: Snapshot, typed: _Word, term: str, limit: int) -> Iterator[_Form]:
    """How a term is written in the articles, where it is a name near enough to the typed word."""
    counts: dict[str, int] = {}
    plain = 0
    beside: set[str] = set()
    for text in _texts(snapshot, typed, term):
        words = _words(text)
        for place, word in enumerate(words):
            if word.term != term:
                continue
            if not word.text[0].isupper():
                plain += 1
            elif not _OPENING.search(text[max(0, word.start - 2) : word.start]):
                counts[word.text] = counts.get(word.text, 0) + 1
                if _adjoins(typed, words, place):
                    beside.add(word.text)
    if plain >= sum(counts.values()):
        return
    folded = fold(typed.text)
    for form, count in counts.items():
        distance = OSA.distance(folded, fold(form), score_cutoff=limit)
        if distance <= limit:
            yield _Form(form, distance, form in beside, count)


def _adjoins(typed: _Word, words: Sequence[_Word], place: int) -> bool:
    """Tell whether a name of a text stands next to the word that the typed one stands next to."""
    word = words[place]
    before = typed.before == word.before and words[place - 1].text[0].isupper()
    after = (
        typed.after == word.after
        and place + 1 < len(words)
        and (words[place + 1].text[0].isupper())
    )
    return (before and _tells(typed.before)) or (after and _tells(typed.after))


def _tells(term: str) -> bool:
    return bool(term) and term not in STOPWORDS


def _texts(snapshot: Snapshot, typed: _Word, term: str) -> Iterator[str]:
    """Title and text of chunks that have a term, first of those that have a neighbour as well."""
    rows = snapshot.keyword.rows_with(term)
    around = [w for w in (typed.before, typed.after) if _tells(w) and snapshot.keyword.knows(w)]
    near = {row for word in around for row in snapshot.keyword.rows_with(word).tolist()}
    for row in sorted(rows.tolist(), key=lambda row: row not in near)[:CHUNKS]:
        yield snapshot.titled_text(row)
