"""A list question taken apart: what is listed, what is said of it, who and where."""

from __future__ import annotations

import re
from dataclasses import dataclass

from rag.evidence import QUESTION_WORDS
from rag.keyword import STOPWORDS, fold
from rag.lexicon import (
    ABROAD,
    MONTHS,
    ON_PAPER,
    ORGANISATION_NOUNS,
    PERSON_NOUNS,
    PLACE_NOUNS,
    PLANNED,
    WORKS,
    is_place,
    is_place_noun,
    loosely_related,
    related,
)
from rag.retrieval import Query
from rag.things import Kind, thing_key

_HEAD = re.compile(
    r"^(?:[\w'’-]+ ){0,2}?(?:which|what|how many|list|name)(?: all| every)?(?: of)?(?: the)?"
    r" (?:[\w'’+-]+ ){0,3}?(?P<head>(?!is\b|was\b|has\b|does\b|its\b)[a-z'-]+s|people|series|media"
    r"|women|men|children)\b",
    re.IGNORECASE,
)
_COUNT = re.compile(r"\bhow many\b|多少部|几部|几个", re.IGNORECASE)
_ASIDE = re.compile(r",? (?:according to|as (?:said|reported|announced) (?:by|in|at))\b.*$", re.I)
_VERSION_OF = re.compile(r"\b(?:versions?|remakes?|adaptations?|original|seasons?|cast) of$", re.I)
_RUN = re.compile(
    r"《[^》]+》|[\u3400-\u9fff]{2,}|(?:\d+ )?[^\W\d_a-z][\w'’.+&!-]*"
    r"(?: (?:(?:of|the|to|in|on|with|for|by|a|an|&|behind|from) ){0,2}(?:[^\W\d_a-z][\w'’.+&!-]*|\d+))*"
)
_WORD = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*")
_FILLER = frozenset(
    """
    list name named mentioned articles article corpus ever far according itself themselves
    different various many kind kinds type types sort total altogether get got made make makes
    actually exactly currently today still already yet say said tell give
    """.split()
)
REMAKES = related("remake")


@dataclass(frozen=True, slots=True)
class Said:
    """A word of the predicate: stems that say it, or nearly, and its token numbers."""

    stems: frozenset[str]
    loose: frozenset[str]
    tokens: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ListQuestion:
    """What is asked for, taken apart.

    `kind`: of the things to list. `predicate`: the words that must be said. `names`: what else is named, each a set of keys of which one will do.
    `places`: where it must have been. `abroad`: any other country will do. `unreal`: plans are
    asked for. `counted`: the number is asked for. `remaking`: a thing and its remake are one.
    """

    kind: Kind
    head: str
    predicate: tuple[Said, ...]
    names: tuple[frozenset[str], ...]
    places: tuple[str, ...]
    abroad: bool
    unreal: bool
    counted: bool
    remaking: bool


def parse_list_question(query: Query) -> ListQuestion:
    """Take a list question apart."""
    text = _ASIDE.sub("", query.text)
    match = _HEAD.search(text)
    head = match["head"].lower() if match else ""
    head_span = match.span("head") if match else (0, 0)
    names, taken = _names(text, head_span)
    unreal = bool(PLANNED.search(text) or re.search(r"\bannounced\b", text))
    predicate, places, abroad = [], [], False
    negated = re.search(r"\bnot\b", text)
    for word in _WORD.finditer(text):
        lower, start = fold(word[0]), word.start()
        if any(a <= start < b for a, b in taken) or (negated and start > negated.start()):
            continue
        if is_place(lower):
            places += [] if _is_attribute(text, word.end()) else [lower]
        elif lower in ABROAD:
            abroad = abroad or not _is_attribute(text, word.end())
        elif not _is_plain(lower, word.span() == head_span, unreal):
            tokens = tuple(i for i, (a, _) in enumerate(query.spans) if start <= a < word.end())
            if not _VERSION_OF.search(text[: text.find(" ", word.end()) + 3].rstrip()) or not names:
                predicate.append(Said(related(lower), loosely_related(lower), tokens))
    return ListQuestion(
        kind=kind_of_head(head),
        head=head,
        predicate=tuple(predicate),
        names=names,
        places=tuple(places),
        abroad=abroad,
        unreal=unreal,
        counted=bool(_COUNT.search(text)),
        remaking=any(said.stems & REMAKES for said in predicate),
    )


def kind_of_head(head: str) -> Kind:
    """Tell what kind of things a noun asks for; empty if any will do."""
    if head in WORKS:
        return "work"
    if head in PERSON_NOUNS or head == "producers":
        return "person"
    if head in PLACE_NOUNS:
        return "place"
    if head in ("prizes", "awards", "honours", "medals"):
        return "prize"
    return "organisation" if head in ORGANISATION_NOUNS else ""


def _names(
    text: str, head: tuple[int, int]
) -> tuple[tuple[frozenset[str], ...], list[tuple[int, int]]]:
    """Names in the question, where "A or B" makes one choice; with the spans they take up."""
    groups: list[frozenset[str]] = []
    taken: list[tuple[int, int]] = []
    for match in _RUN.finditer(text):
        start, end = match.span()
        while start < end and (first := re.match(r"[\w'’+-]+ ?", text[start:end])):
            word = fold(first[0].strip())
            opening = start == 0 or word in QUESTION_WORDS | STOPWORDS | {"list", "name"}
            adjective = is_place(word) and not is_place_noun(first[0].strip())
            if not (opening and start == 0) and not adjective and word not in MONTHS:
                break
            start += first.end()
        key = thing_key(text[start:end].strip("《》").removesuffix("'s").removesuffix("’s"))
        if not key or key.isdigit() or is_place_noun(text[start:end].strip()) or start < head[1] and end > head[0]:
            continue
        if taken and re.fullmatch(r" or ", text[taken[-1][1] : start]):
            groups[-1] |= {key}
        else:
            groups.append(frozenset({key}))
        taken.append((start, end))
    return tuple(groups), taken


def _is_attribute(text: str, end: int) -> bool:
    """Tell "Chinese" in "Chinese dramas": what things are, not where something happened."""
    following = re.match(r" (?:[\w-]+ )?([\w-]+)", text[end:])
    nouns = WORKS - REMAKE_NOUNS | PERSON_NOUNS | ORGANISATION_NOUNS
    words = following[0].split() if following else []
    return any(word.lower() in nouns for word in words)


REMAKE_NOUNS = frozenset("remake remakes version versions".split())


def _is_plain(lower: str, is_head: bool, unreal: bool) -> bool:
    """Tell a word that says nothing of the predicate."""
    if is_head and not related(lower) & REMAKES:
        return True
    if unreal and (PLANNED.fullmatch(lower) or ON_PAPER.fullmatch(lower)):
        return True
    works = lower in WORKS and lower not in REMAKE_NOUNS and lower not in ("show", "shows")
    return works or lower in STOPWORDS | QUESTION_WORDS | _FILLER | MONTHS or lower.isdigit()
