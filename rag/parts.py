"""A question taken apart: the names in it, and what is asked of them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from rag.answer_type import is_english, name_tokens, whole_word
from rag.evidence import QUESTION_WORDS, Sentence
from rag.keyword import CJK_STOPWORDS, STOPWORDS
from rag.late_interaction import Floats
from rag.query import Query
from rag.sentences import CJK, Span, guess_language
from rag.snapshot import Snapshot

_CONNECTOR = re.compile(r"[\s:'’.&的-]*(?:(?:of|the|to|in|on|and|for|a|with)\s+){0,2}")
# What someone did: the first plain word after "did Disney", "was The Bad Kids".
VERB = re.compile(
    r"\b(?:did|does|do|was|were|has|have|had)(?: (?:the|a|an|of|in|to|[^\Wa-z][\w'’.+-]*))+"
    r" ([a-z]+)\b"
)


@dataclass(frozen=True, slots=True)
class Parts:
    """A question taken apart: groups of tokens that are one name each, and the predicate."""

    names: list[list[int]]
    predicate: NDArray[np.bool_]
    names_mask: NDArray[np.bool_]


def parts_of(snapshot: Snapshot, query: Query, sentences: Sequence[Sentence]) -> Parts:
    """Take a question apart in the light of the articles that were found for it."""
    found = dict.fromkeys(sentence.article_id for sentence in sentences)
    texts = [snapshot.article(article_id).text for article_id in found]
    parts = take_apart(query, name_tokens(query.text, query.spans, texts))
    if parts.names and not is_english(query.text) and guess_language(sentences[0].text) != "zh":
        # An article in English can have the names of a Chinese question, and none of its words.
        return replace(parts, predicate=parts.predicate & ~query.literal)
    return parts


def take_apart(query: Query, names: NDArray[np.bool_]) -> Parts:
    """Group the tokens of names; what is neither name nor stop word is the predicate.

    A Chinese title that the index knows is a name in a Chinese question, too.
    """
    words = [word.lower() for word in query.words]
    stop = np.array([word in STOPWORDS or word in QUESTION_WORDS for word in words], dtype=bool)
    capital = np.array([word[0].isupper() for word in query.words], dtype=bool)
    names = names & (~stop | capital)
    for title in query.titles:
        names[query.tokens_in(*title)] = True
    groups: list[list[int]] = []
    for i in np.flatnonzero(names).tolist():
        gap = query.text[query.spans[groups[-1][-1]][1] : query.spans[i][0]] if groups else ""
        if groups and _CONNECTOR.fullmatch(gap):
            groups[-1].append(i)
        else:
            groups.append([i])
    return Parts(groups, ~names & ~stop, names)


def mean_cosine(
    query: Query, similarities: Floats, group: Sequence[int] | NDArray[np.bool_]
) -> float:
    """Weighted mean cosine of some tokens; negative ones count as 0."""
    weights = query.weights[group]
    return float(np.maximum(similarities[group], 0) @ weights / max(float(weights.sum()), 1e-9))


def words_of(query: Query, group: Sequence[int]) -> str:
    """The part of the question that tokens stand in, in whole words."""
    start = _word(query, query.spans[group[0]][0])[0]
    end = _word(query, query.spans[group[-1]][0])[1]
    return query.text[start:end]


def _word(query: Query, place: int) -> Span:
    """The word at a place; Chinese is cut at titles and at words that tell nothing."""
    start, end = whole_word(query.text, place)
    if not CJK.match(query.text[place]):
        return start, end
    empty = (match.span() for match in CJK_STOPWORDS.finditer(query.text, start, end))
    for first, last in (*query.titles, *empty):
        if first <= place < last:
            return first, last
        if last <= place:
            start = max(start, last)
        else:
            end = min(end, first)
    return start, end
