"""Clauses: what a value in a sentence belongs to, and whether a verb has another subject.

"It has been on the air since 5 May" and "It is the first since the competition began in 2018" both
have a verb that says when; only the first is about the thing.
"""

from __future__ import annotations

import re

from rag.asked import Asked
from rag.keyword import fold, keywords, stem, words
from rag.lexicon import WORKS

Spot = tuple[int, int]

_BREAK = re.compile(
    r"[;—–]|\. |, (?=(?:and|but|while|where|which|whose?|making|becoming)\b)|[。；]"
)
_AUXILIARY = r"(?:(?:was|were|had|has|have|is|are|been|first|finally) ){0,2}"
# The noun that a verb after it belongs to …
_SUBORDINATE = re.compile(
    r"\b(?:since|when|after|before|until|while|where|whose|as|because)"
    rf" (?:the|an?|its|his|her|their) ((?:[\w'’-]+ ){{1,3}}?){_AUXILIARY}$"
)
_ANOTHER = re.compile(
    r"\b(?:since|when|after|before|until|while|where|whose|because) (?:the|an?|its|his|her|their)"
    r" ((?:[\w'’-]+ ){1,3}?)(?:\w+ed|was|were|is|are|has|had|began|won|came|went|left|took)\b"
)
_RELATIVE = re.compile(rf"((?:[\w'’-]+ ){{0,5}}[\w'’-]+), (?:which|who|that) {_AUXILIARY}$")
_ACTIVITY = re.compile(
    r"\b((?:filming|shooting|production|construction|work|rehearsals?|preparations?|talks"
    rf"|negotiations|writing|recording|(?:ticket )?sales) ){_AUXILIARY}$",
    re.I,
)


def clause_around(text: str, start: int, end: int) -> Spot:
    """The clause that characters `start` to `end` stand in."""
    first = max((m.end() for m in _BREAK.finditer(text, 0, start)), default=0)
    after = _BREAK.search(text, end)
    return first, after.start() if after else len(text)


def predicates(asked: Asked, sentence: str) -> list[Spot]:
    """Where a sentence says what is asked, of something that may be what is asked about."""
    spots = [m.span() for m in re.finditer(r"[^\W_]+", sentence)]
    return [
        (start, end)
        for start, end in spots
        if stem(fold(sentence[start:end])) in asked.predicate
        and not _has_other_subject(asked, sentence[:start])
    ]


def _has_other_subject(asked: Asked, before: str) -> bool:
    """Tell a verb after a noun that is neither in the question nor a work, which any may be."""
    found = (pattern.search(before) for pattern in (_SUBORDINATE, _RELATIVE, _ACTIVITY))
    return any(match and _is_other(asked, match[1]) for match in found)


def passes_another(asked: Asked, between: str) -> bool:
    """Tell whether a clause about something else begins between a verb and a value."""
    return any(_is_other(asked, match[1]) for match in _ANOTHER.finditer(between))


def _is_other(asked: Asked, noun: str) -> bool:
    known = set(keywords(noun)) & set(keywords(asked.question))
    return not known and not WORKS & set(words(noun))
