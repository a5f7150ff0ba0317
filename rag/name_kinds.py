"""What the words around a name, and the name itself, tell about the kind of thing it stands for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Literal

from rag.keyword import fold
from rag.lexicon import (
    MONTHS,
    ORGANISATION_NOUNS,
    PERSON_NOUNS,
    PERSON_VERBS,
    PLACES,
    WORKS,
    is_place_noun,
)

Kind = Literal["work", "person", "place", "organisation", "prize", ""]

PRIZE = re.compile(r"^[Bb]est \w|\b(?:Award|Prize|Medal|Grand Prix|Oscar|Emmy|Palme d['’]Or)$")
GIVEN_NAME = re.compile(r"^[^\Wa-z]\w+ [^\Wa-z][a-z]+-[a-z]+$")  # "So Ju-yeon"
PREPOSITION = re.compile(r" (?:in|on|at|for|to|by|with|from|of) ")
ALSO_KNOWN = re.compile(
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
_TITLE_BY = re.compile(r"[\"”’'》] by $")  # "Wait, What?" by Olu Adeyemi, a play about …
_PERSON_AFTER = re.compile(
    rf"^,? (?:{'|'.join(sorted(PERSON_VERBS))})\b"
    r"|^,? was (?:named |chosen as |voted )?best (?:\w+ )?"
    r"(?:newcomer|actor|actress|director|writer)\b"
    rf"|^, (?:a|an|the)\b[^,.;]{{0,40}}\b(?:{'|'.join(sorted(PERSON_NOUNS))})\b",
    re.I,
)


def kind_in(before: str, after: str, bracketed: bool) -> Kind:
    """Tell the kind by what stands before and after a name; empty if that does not show it."""
    if _TITLE_BY.search(before):
        return "person"
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
def never_first(first: str, rest: str) -> bool:
    """Tell "Korean" in "Korean Netflix", "2022" and "Director" from the first word of a name."""
    lower = fold(first)
    if lower in PLACES:
        return not is_place_noun(first)
    if lower.partition("-")[0] in PLACES and first.partition("-")[2].islower():
        return True  # "Chinese-language"
    if is_date(lower):
        return len(lower) > 2 or not rest[:1].isupper()  # "2022 Wang", not "3 Body Problem"
    return bool(rest) and lower in PERSON_NOUNS


def heads(words: Sequence[str]) -> Iterator[str]:
    """The first two words, the first three …, as one string each."""
    return (" ".join(words[:end]) for end in range(2, len(words)))


def inner_runs(match: re.Match[str]) -> Iterator[tuple[int, int]]:
    """Spans of one to four words within a match, the longest first."""
    words = [(m.start(), m.end()) for m in re.finditer(r"\S+", match[0])]
    for length in range(min(4, len(words)), 0, -1):
        for first in range(len(words) - length + 1):
            yield match.start() + words[first][0], match.start() + words[first + length - 1][1]


def is_acronym(name: str) -> bool:
    """Tell JTBC, WeTV, iQIYI and tvN: at least two capitals in a row in the last part."""
    return " " not in name and bool(re.search(r"[A-Z]{2}|[a-z][A-Z]", name))


@lru_cache(maxsize=16384)
def is_date(key: str) -> bool:
    """Tell months and numbers, as `name_key` writes them, from other words."""
    return all(word in MONTHS or word.isdigit() for word in key.split())
