"""Sentences that say of what is asked that it is not known, or not so."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from rag.answer_type import answer_type, stated_type
from rag.evidence import Sentence
from rag.hedges import (
    ASKS_OF_END,
    ASKS_OF_HEARSAY,
    CALLED_OFF,
    NONE,
    STATED_FALSE,
    STATED_UNKNOWN,
)
from rag.keyword import STOPWORDS, fold, stem, words
from rag.lexicon import related
from rag.measures import has_measure
from rag.names import has_name, name_key
from rag.parts import VERB, Parts, mean_cosine, words_of
from rag.query import Query
from rag.question import answers_yes_or_no

UNKNOWN_FLOOR = 0.50  # as PREDICATE_FLOOR, of a sentence that says it is not known
PLAINLY_UNKNOWN = 0.3  # the same, where that is the best sentence
SHORT = 60  # characters of a sentence that only says of the one before that it is not known
UNKNOWN_MARGIN = 0.25  # how far such a sentence may score below the best one
NONE_AMONG = 10  # of the best sentences
BESIDE = 4  # sentences from the best one to one that says there is none
UNKNOWN_AMONG = 5  # of the best sentences; of more, if the first has no value as asked for


def stated_unknown(query: Query, parts: Parts, sentences: Sequence[Sentence]) -> Sentence | None:
    """A sentence near the best one that speaks of what is asked, and says it is not known."""
    best = sentences[0]
    articles = {sentence.article_id for sentence in sentences[:UNKNOWN_AMONG]}
    typed = stated_type(answer_type(query.text), best.text, query.text) is not False
    plain = typed and has_measure(best.text, query.text)
    for sentence in sentences if not plain else ():
        follows = (sentence.article_id, sentence.place) == (best.article_id, best.place + 1)
        if follows and len(sentence.text) <= SHORT and STATED_UNKNOWN.search(sentence.text):
            # "I asked the company what it had paid. It declined to answer."
            return replace(best, end=sentence.end, text=f"{best.text} {sentence.text}")
    among = [s for s in sentences[: UNKNOWN_AMONG if plain else 10] if s.article_id in articles]
    return _that_says(STATED_UNKNOWN, query, parts, among, best, PLAINLY_UNKNOWN)


def stated_false(query: Query, parts: Parts, sentences: Sequence[Sentence]) -> Sentence | None:
    """A sentence near the best one that denies what is asked about, unless that is the question.

    If it is not the best one, it must say more of the question than that does.
    """
    best = sentences[0]
    if answers_yes_or_no(query.text) or ASKS_OF_HEARSAY.search(query.text):
        return None
    if _came_to_nothing(query.text, best.text):
        return best
    if none := _has_none(query, parts, sentences):
        return none
    named = {stem(word) for group in parts.names for word in words(words_of(query, group))}
    asked = {stem(word) for word in words(query.text) if word not in STOPWORDS} - named
    unsaid = asked - {stem(word) for word in words(best.text)}
    among = [
        sentence
        for sentence in sentences[:UNKNOWN_AMONG]
        if _denied(sentence.text) & (asked if sentence is best else unsaid)
    ]
    return _that_says(STATED_FALSE, query, parts, among, best, UNKNOWN_FLOOR)


def _has_none(query: Query, parts: Parts, sentences: Sequence[Sentence]) -> Sentence | None:
    """A sentence beside the best one by which what is asked for does not exist.

    "Which prize did it win?", where others are named, and then: "It ended without an award for it."
    """
    best = sentences[0]
    names = {name_key(words_of(query, group)) for group in parts.names}
    if not names or any(has_name(best.text, name) for name in names):
        return None
    asked = frozenset().union(
        *(related(word) for word in words(query.text) if word not in STOPWORDS)
    )
    for sentence in sentences[:NONE_AMONG]:
        beside = (
            sentence.article_id == best.article_id and abs(sentence.place - best.place) <= BESIDE
        )
        if beside and any(related(noun) & asked for noun in NONE.findall(fold(sentence.text))):
            return sentence
    return None


def _denied(sentence: str) -> set[str]:
    """Stems of what a sentence denies."""
    match = STATED_FALSE.search(sentence)
    return {stem(word) for word in words(sentence[match.start() :])} if match else set()


def _came_to_nothing(question: str, sentence: str) -> bool:
    """Tell "When did Aarhof buy it?" from "Aarhof made an offer, and withdrew"."""
    verb = VERB.search(question)
    if not verb or ASKS_OF_END.search(question) or not CALLED_OFF.search(sentence):
        return False
    return not related(verb[1]) & {stem(word) for word in words(sentence)}


def _that_says(
    pattern: re.Pattern[str],
    query: Query,
    parts: Parts,
    sentences: Sequence[Sentence],
    best: Sentence,
    floor: float,
) -> Sentence | None:
    """The first of some sentences that says so of what is asked, and scores near the best one.

    `floor`: how near to the predicate the best one must be; any other: `UNKNOWN_FLOOR`.
    """
    predicate = np.flatnonzero(parts.predicate).tolist()
    for sentence in sentences if predicate else ():
        least = floor if sentence is best else UNKNOWN_FLOOR
        if (
            sentence.score >= best.score - UNKNOWN_MARGIN
            and pattern.search(sentence.text)
            and mean_cosine(query, sentence.own, predicate) >= least
        ):
            return sentence
    return None
