"""What a piece of evidence lists: the things of the wanted kind that the predicate holds for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from rag.evidence import Sentence
from rag.keyword import fold, stem
from rag.lead_in import leans
from rag.lexicon import (
    MONTHS,
    ORGANISATION_NOUNS,
    OTHER_ROLES,
    PERSON_NOUNS,
    country,
    is_of_kind,
)
from rag.list_context import Context
from rag.list_match import asked_keys, names_said, predicate_spots, tied
from rag.list_question import ListQuestion
from rag.sentences import Span, sentence_spans
from rag.things import Thing

LEAD_COST = 0.1  # a sentence that names the thing itself says it more plainly
NAMELESS_COST = 0.3  # one that leaves out a name of the question says it least plainly
LENGTH_COST = 0.0005  # per character: of two sentences, the shorter

_SENTENCE = re.compile(r"[.!?] (?=[^a-z])")
_ITS_VERSION = re.compile(r"(?:Its|The) \w+ (?:version|remake)")
_VERSION_OF = re.compile(
    r"[\w-]+(?: there| here| rights)?(?: of| to| as| from| on|:| into| been| The"
    r"| [^\Wa-z])\b|became"
)
_GOAL = re.compile(
    r"(?: \([^)]*\))?(?: (?:was|were|has been|had been))?(?: \w+)?,? (?:to|on|by|in)"
    r"((?: [^\W\da-z][\w+'’-]*)+)"
)
_STANDS_FOR = re.compile(r"\b(?:it|its|the (?:series|drama|show|film|novel))\b", re.I)
_ASIDE = re.compile(  # "made with Hairun", "shown on Kakao TV and Netflix", "bought at FILMART"
    r"\b(?:at|on|with) (?:the )?(?:[^\Wa-z][\w+'’.-]*(?:,? and |, | ))*$"
)
_FOLLOWING = re.compile(
    r"(?: \([^)]*\))?(?:, [^,.]{0,60},)?(?: (?:was|were|has|had|is|been|have))* (\w+)"
)
_OF_IT = re.compile(
    r"\b(?:versions?|remakes?|adaptations?|seasons?|rights|prize|newcomer|director|writer)"
    r" (?:of|to|for)$"
)

_PEOPLE = "|".join(sorted(PERSON_NOUNS | ORGANISATION_NOUNS | {"producer", "producers"}))
_FROM = re.compile(rf"\b(?:{_PEOPLE}) (?:from|of|in) $")  # of people, not of what they do


@dataclass(frozen=True, slots=True)
class Evidence:
    """A stretch of an article that names things; `weight`: how plainly it says the predicate.

    `named`: where the thing is named, if it is not in the stretch.
    """

    article_id: str
    start: int
    end: int
    things: tuple[Thing, ...]
    weight: float
    named: tuple[int, int] | None = None


def gather(question: ListQuestion, context: Context, sentence: Sentence) -> Iterator[Evidence]:
    """The things of a sentence; of the one before, where it speaks of them by a pronoun."""
    start, things = sentence.start, _wanted(question, context, sentence.start, sentence.end)
    if sentence.text.startswith("- "):
        things = things[:1]
    placed = not question.remaking or bool(tied(question, sentence.text))
    if not things and placed and (question.kind == "work" or leans(sentence.text)):
        start, things = _look_back(question, context, sentence)
    elif things and question.remaking and _ITS_VERSION.match(sentence.text):
        start, things = _tie_back(question, context, sentence, things)
    named = None
    if not things and placed and question.kind == "work" and _STANDS_FOR.search(sentence.text):
        things, named = _last_named(question, context, sentence)
    whole = names_said(question, context, sentence.text) == len(question.names)
    if not things and placed and question.kind == "work" and whole and context.topic:
        topic, named = context.topic
        things = [topic]
    if things:
        said = [float(sentence.own[list(word.tokens)].mean()) for word in question.predicate]
        weight = float(np.mean(said)) if said else 0.0
        elsewhere = named is not None or start != sentence.start
        weight -= LENGTH_COST * (sentence.end - start) + LEAD_COST * elsewhere
        weight -= NAMELESS_COST * (not whole)
        yield Evidence(sentence.article_id, start, sentence.end, tuple(things), weight, named)


def _look_back(
    question: ListQuestion, context: Context, sentence: Sentence
) -> tuple[int, list[Thing]]:
    """The last sentences of the paragraph, back to one that names a thing of the wanted kind."""
    before = context.paragraph(sentence.start)
    starts = [0, *(match.end() for match in _SENTENCE.finditer(before))]
    opening = sentence.start - len(before)
    end = sentence.start
    for start in reversed(starts[-2:]):
        things = _wanted(question, context, opening + start, end)
        if things:
            return opening + start, things[:1]
        end = opening + start
    return sentence.start, []


def _last_named(
    question: ListQuestion, context: Context, sentence: Sentence
) -> tuple[list[Thing], Span | None]:
    """The work that the paragraph before names last, and the sentence there that does."""
    opening = sentence.start - len(context.paragraph(sentence.start))
    end = len(context.text[:opening].rstrip())
    before = context.paragraph(end)
    first = end - len(before)
    for start, end in reversed(sentence_spans(before)):
        if things := _wanted(question, context, first + start, first + end):
            return things[-1:], (first + start, first + end)
    return [], None


def _tie_back(
    question: ListQuestion, context: Context, sentence: Sentence, things: list[Thing]
) -> tuple[int, list[Thing]]:
    """For "Its Thai version is …": the work named last before, which is what "its" stands for."""
    before = context.paragraph(sentence.start)
    opening = sentence.start - len(before)
    named = _wanted(question, context, opening, sentence.start)
    if not named:
        return sentence.start, things
    context.book.tie(named[-1].key, things[0].key)
    opens = [m.end() for m in _SENTENCE.finditer(before[: before.rindex(named[-1].name)])]
    return opening + (opens[-1] if opens else 0), [named[-1], *things]


def _wanted(question: ListQuestion, context: Context, start: int, end: int) -> list[Thing]:
    """The things of the wanted kind in a stretch of the article, other than those asked with."""
    text = context.text[start:end]
    asked = asked_keys(question, context)
    places = {country(fold(place)) for place in question.places}
    ordered = question.remaking and question.kind in ("work", "")
    spots = predicate_spots(question, text) if ordered else []
    of_it = any(_VERSION_OF.match(text[spot:]) for spot in spots)
    found = []
    for thing in context.book.things(text):
        if spots and not of_it and all(spot < thing.start for spot in spots):
            continue  # what comes after "version" is the work only if it is a version *of* it
        if question.kind == "place" and not question.origin and _FROM.search(text[: thing.start]):
            continue
        if question.kind == "place" and not is_of_kind(thing.name, question.head):
            continue
        if thing.key in asked or (thing.kind == "place" and country(fold(thing.name)) in places):
            continue
        if (
            question.kind == "organisation"
            and not question.oblique
            and _ASIDE.search(text[: thing.start])
        ):
            continue
        if question.role and not _plays_role(question.role, context, text, thing):
            continue
        if _is_wanted(question, text, thing) and not _goes_elsewhere(
            question, context, text, thing
        ):
            found.append(replace(thing, start=start + thing.start, end=start + thing.end))
    return found


def _goes_elsewhere(question: ListQuestion, context: Context, text: str, thing: Thing) -> bool:
    """Tell "A went to Netflix, and B to Disney": B is no answer where Netflix is asked for."""
    if not question.names or not question.predicate or question.kind != "work":
        return False
    goal = _GOAL.match(text[thing.end :])
    if not goal or fold(goal[1].strip()) in MONTHS:
        return False
    return not names_said(question, context, goal[1])


def _plays_role(role: frozenset[str], context: Context, text: str, person: Thing) -> bool:
    """Tell a director from an actor: of all that people do, the nearest word must be the role.

    Names between do not count, so that all of "A, B and C star" are as near.
    """
    bare = text
    for other in context.book.things(text):
        if other.kind == "person" and other.start != person.start:
            bare = bare[: other.start] + " " * (other.end - other.start) + bare[other.end :]
    clause_end = re.search(r"[;:]", bare[person.end :])
    after = bare[person.end : person.end + clause_end.start() if clause_end else None]
    before = re.split(r"[;:]", bare[: person.start])[-1]
    distances = {
        True: _nearest(role, before, after),
        False: _nearest(OTHER_ROLES - role, before, after),
    }
    return distances[True] <= distances[False]


def _nearest(role: frozenset[str], before: str, after: str) -> int:
    sides = (re.findall(r"\w+", before)[::-1], re.findall(r"\w+", after))
    places = [n for side in sides for n, word in enumerate(side, 1) if stem(fold(word)) in role]
    return min(places, default=99)


def _is_wanted(question: ListQuestion, text: str, thing: Thing) -> bool:
    if not question.kind:
        return thing.kind != "place"
    if thing.kind == question.kind:
        return True
    if question.kind == "place" or thing.kind in ("place", "prize"):
        return False
    return _is_governed(question, text, thing)


def _is_governed(question: ListQuestion, text: str, thing: Thing) -> bool:
    """Tell a name that the predicate itself makes an item: "took Burning Ice", "OCTB came"."""
    before, after = text[: thing.start].rstrip(" "), text[thing.end :]
    following = _FOLLOWING.match(after)
    if question.kind == "organisation":
        if before.endswith("the") and re.match(r" [a-z]", after):
            return False  # "the Morava bridge"
        says = bool(following and _says(question, following[1]))
        return not thing.kind or (says and thing.kind != "work")
    if question.kind != "work":
        return False
    last = re.search(r"(\w+)(?: the| a)?$", before)
    if last and _says(question, last[1]) and not re.search(r"\b(?:in|on|to|by)$", before):
        return True
    if following and _says(question, following[1]):
        return not thing.kind or following[1] in ("came", "began", "arrived", "went", "sold")
    if _OF_IT.search(before):
        return thing.kind in ("", "work")
    reached = re.match(r" (?:to|on) (\w+)", after)
    return bool(reached and any(fold(reached[1]) in key for g in question.names for key in g))


def _says(question: ListQuestion, word: str) -> bool:
    return any(stem(fold(word)) in said.stems | said.loose for said in question.predicate)
