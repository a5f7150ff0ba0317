"""The list reader: evidence for "which …" from every matching article, one line for each thing.

A sentence counts if it says the predicate of the question itself, as a fact and not as a plan or
a denial, and names a thing of the kind that is asked for. Sentences are then taken greedily, best
first, as long as they bring a thing that is not in the list yet.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rag.answer_type import whole_word
from rag.compose import Claim
from rag.evidence import QUESTION_WORDS, Sentence
from rag.index import Snapshot
from rag.keyword import STOPWORDS, stem
from rag.lexicon import ABROAD, RELATED, UNREAL, home_place, is_place, related, tied_to_place
from rag.names import find_names, name_key, work_titles
from rag.retrieval import Query
from rag.sentences import is_complete

SAID = 0.6  # cosine from which a word of the question counts as said
_WORKS = next(group for group in RELATED if "drama" in group) | {"film", "films", "movie", "movies"}
_WORD = re.compile(r"[^\W_]+")
_HEAD = re.compile(
    r"^(?:\w+ )?(?:which|what|how many|list|name)(?: all)?(?: the)? (?:[\w'’-]+ ){0,3}?"
    r"(?P<head>[a-z'-]+s|people|series|media)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class ListQuestion:
    """What is asked for, taken apart.

    `head`: the noun for the things, such as "dramas". `predicate`: per word what counts as saying
    it (stems), with its token numbers. `places`: places named. `abroad`: any other country will do.
    """

    head: str
    predicate: tuple[tuple[frozenset[str], tuple[int, ...]], ...]
    places: tuple[str, ...]
    names: tuple[str, ...]
    abroad: bool
    unreal: bool


def parse_list_question(query: Query) -> ListQuestion:
    """Take a list question apart."""
    head = _HEAD.search(query.text)
    noun = head["head"].lower() if head else ""
    predicate, places, names = [], [], []
    abroad = False
    spans = dict.fromkeys(whole_word(query.text, start) for start, _ in query.spans)
    for position, (start, end) in enumerate(spans):
        word = query.text[start:end]
        lower = word.lower()
        if is_place(lower):
            if head and start < head.start("head"):
                continue  # "which Chinese dramas": what they are, not where it happened
            places.append(lower)
        elif lower in ABROAD:
            abroad = True
        elif word[0].isupper() and position > 0:
            names.append(word)
        elif lower not in STOPWORDS | QUESTION_WORDS | {noun, "list", "name"}:
            tokens = tuple(i for i, (a, _) in enumerate(query.spans) if start <= a < end)
            predicate.append((related(lower), tokens))
    unreal = bool(UNREAL.search(query.text))
    return ListQuestion(noun, tuple(predicate), tuple(places), tuple(names), abroad, unreal)


def read_list(snapshot: Snapshot, query: Query, sentences: Sequence[Sentence]) -> list[Claim]:
    """Choose one line for each thing; empty if the articles do not list at least two."""
    question = parse_list_question(query)
    if not question.predicate:
        return []
    texts = {s.article_id: snapshot.article(s.article_id).text for s in sentences}
    titles = work_titles(list(texts.values())) if question.head in _WORKS else {}
    home = home_place(texts.values())
    matching = [s for s in sentences if _matches(question, s, home)]
    matching.sort(key=lambda s: -_directness(question, s))
    return _cover(question, matching, titles)


def _matches(question: ListQuestion, sentence: Sentence, home: str) -> bool:
    """Tell whether a sentence says the whole predicate, as a fact, of a fitting place."""
    if not is_complete(sentence.text) or sentence.text.endswith("?"):
        return False
    if UNREAL.search(sentence.text) and not question.unreal:
        return False
    stems = {stem(w.lower()): m.start() for m in _WORD.finditer(sentence.text) if (w := m[0])}
    for accepted, tokens in question.predicate:
        literal = accepted & stems.keys()
        if not literal and float(sentence.own[list(tokens)].mean()) < SAID:
            return False
        for place in question.places or ([""] if question.abroad else []):
            if not any(
                tied_to_place(sentence.text, stems[word], home=home, place=place)
                for word in literal
            ):
                return False
    lower = sentence.text.lower()
    return all(name.lower() in lower for name in question.names)


def _directness(question: ListQuestion, sentence: Sentence) -> float:
    """How plainly a sentence says the predicate; a short one says it more plainly."""
    said = [float(sentence.own[list(tokens)].mean()) for _, tokens in question.predicate]
    return float(np.mean(said)) - 0.0005 * len(sentence.text)


def _cover(
    question: ListQuestion, sentences: Sequence[Sentence], titles: dict[str, str]
) -> list[Claim]:
    """Take sentences as long as they bring something new; further ones only add citations."""
    claims: list[tuple[set[str], list[Sentence]]] = []
    for sentence in sentences:
        things = _things(question, sentence, titles)
        if not things:
            continue
        holder = next((claim for claim in claims if things <= claim[0]), None)
        if holder is None:
            claims.append((things, [sentence]))
        elif sentence.article_id not in {s.article_id for s in holder[1]} and len(holder[1]) < 3:
            holder[1].append(sentence)
    if len(set().union(*(things for things, _ in claims))) < 2:
        return []
    return [Claim(tuple((s.article_id, s.start, s.end) for s in found)) for _, found in claims]


def _things(question: ListQuestion, sentence: Sentence, titles: dict[str, str]) -> set[str]:
    """The things of the wanted kind that a sentence names, by the key that stands for each."""
    asked = {name.lower() for name in question.names}
    keys = [name_key(name) for name, _, _ in find_names(sentence.text)]
    if titles:
        return {titles[key] for key in keys if key in titles}
    return {key for key in keys if not set(key.split()) <= asked}
