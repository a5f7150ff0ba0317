"""Slips in names of three words and more, which the other words of the name give away.

In "Go Princes Go" and "Scarlett Hart Thailand" every word is one that is known, to the model or to
the index; only next to each other they are no name, but a letter from one. In a name of two words
the one that is right says too little: Gold Bay need not be Gold Boy, nor Zhao Yuan be Zhou Yuan.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from rapidfuzz.distance import OSA

from rag.keyword import STOPWORDS, fold, keywords
from rag.lexicon import is_place
from rag.snapshot import Snapshot

LEAST = 3  # words of such a name
SHORTEST = 4  # letters of a word that may have a slip
CHUNKS = 12  # in which a name is looked up

Slip = tuple[int, str, str]  # where a word begins, how it is typed, how it is written

# Words as names have them; a hyphen makes one of two, for Kim Jong-hyun is not Kim Jung-hyun.
_WORD = re.compile(r"[^\W\d_][\w'’-]*")


def find_slips(snapshot: Snapshot, text: str) -> list[Slip]:
    """Words of a text that the names of the index have otherwise, in order."""
    for typed in _names(text):
        written = _nearest(snapshot, [match[0] for match in typed])
        if written:
            return [
                (match.start(), match[0], word)
                for match, word in zip(typed, written, strict=True)
                if fold(match[0]) != fold(word)
            ]
    return []


def _runs(text: str) -> Iterator[list[re.Match[str]]]:
    """Capitalised words that follow each other with but a space between."""
    run: list[re.Match[str]] = []
    for match in _WORD.finditer(text):
        if run and text[run[-1].end() : match.start()] != " ":
            yield run
            run = []
        if match[0][0].isupper():
            run.append(match)
        elif run:
            yield run
            run = []
    yield run


def _names(text: str) -> Iterator[list[re.Match[str]]]:
    """What may be a long name: each run of capitalised words and its parts, the longest first."""
    for run in _runs(text):
        for size in range(len(run), LEAST - 1, -1):
            for start in range(len(run) - size + 1):
                yield run[start : start + size]


def _nearest(snapshot: Snapshot, typed: Sequence[str]) -> list[str]:
    """The name in the index that is meant; empty if there is none, or if it is written as typed."""
    counts = Counter(
        row
        for term in set(keywords(" ".join(typed)))
        for row in snapshot.keyword.rows_with(term).tolist()
    )
    found: list[str] = []
    for row, _ in counts.most_common(CHUNKS):
        for run in _runs(snapshot.titled_text(row)):
            words = [match[0] for match in run]
            for start in range(len(words) - len(typed) + 1):
                window = words[start : start + len(typed)]
                if all(fold(one) == fold(other) for one, other in zip(typed, window, strict=True)):
                    return []
                found = found or (window if _is_near(typed, window) else [])
    return found


def _is_near(typed: Sequence[str], written: Sequence[str]) -> bool:
    """Tell whether a name differs by a letter in some of its words, and not in all of them."""
    pairs = [(fold(one), fold(other)) for one, other in zip(typed, written, strict=True)]
    slips = [(one, other) for one, other in pairs if one != other]
    return 0 < len(slips) < len(pairs) and all(
        len(one) >= SHORTEST
        and one[0] == other[0]
        and OSA.distance(one, other, score_cutoff=1) == 1
        and one not in STOPWORDS
        and not is_place(one)
        for one, other in slips
    )
