"""What a careful reader checks before answering, and can tell a person.

Is everything that the question names in the article, are its numbers there, is what it asks said
at all, do the articles say that it is not known? What no single check decides, `rag.answer_score`
weighs.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from rag.answer_type import answer_type, name_tokens, stated_type, whole_word
from rag.evidence import QUESTION_WORDS, Sentence
from rag.keyword import STOPWORDS, keywords, stem, words
from rag.late_interaction import Floats
from rag.lexicon import (
    ASKS_OF_END,
    ASKS_OF_HEARSAY,
    CALLED_OFF,
    REMAKES,
    STATED_FALSE,
    STATED_UNKNOWN,
    related,
)
from rag.question import answers_yes_or_no
from rag.retrieval import Query, Ranking
from rag.snapshot import Snapshot

# Below this mean cosine of its tokens, a name is not the one in the article.
NAME_FLOOR = 0.55
# Mean cosine, in the sentence itself, of the words that are neither names nor stop words.
PREDICATE_FLOOR = 0.27
COUNTED_FLOOR = 0.6  # "how many episodes": of "episodes" in the sentence with the number
UNKNOWN_FLOOR = 0.50  # as PREDICATE_FLOOR, of a sentence that says it is not known
PLAINLY_UNKNOWN = 0.3  # the same, where that is the best sentence
SHORT = 60  # characters of a sentence that only says of the one before that it is not known
UNKNOWN_MARGIN = 0.25  # how far such a sentence may score below the best one
UNKNOWN_AMONG = 3  # of the best sentences; of more, if the first has no value as asked for
VERB_FLOOR = 0.5  # cosine from which a sentence says a verb in words that we do not know for it
WINDOW = 600  # characters before a sentence in which a year may stand

NEW_YEAR = 3  # months in which news of the year before needs no word that says so
_LOOKS_BACK = re.compile(r"\b(?:last|past|previous|earlier|ago|before|after|since|later)\b", re.I)

_COUNTED = re.compile(r"how many (?:[\w'-]+ )*?([\w'-]+s|people|series)\b", re.IGNORECASE)
# What someone did: the first plain word after "did Disney", "was The Bad Kids".
_VERB = re.compile(
    r"\b(?:did|does|do|was|were|has|have|had)(?: (?:the|a|an|of|in|to|[^\Wa-z][\w'’.+-]*))+"
    r" ([a-z]+)\b"
)
_WHY = re.compile(r"\bwhy\b|为什么|为何", re.IGNORECASE)
_YEAR = re.compile(r"(?:19|20)\d\d")
_NUMBER_WORDS = """
    zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen
    sixteen seventeen eighteen nineteen twenty
""".split()
_ORDINALS = "zeroth first second third fourth fifth sixth seventh eighth ninth tenth".split()
_FIGURES = {w: str(n) for some in (_NUMBER_WORDS, _ORDINALS) for n, w in enumerate(some)}
_CONNECTOR = re.compile(r"[\s:'’.&-]*(?:(?:of|the|to|in|on|and|for|a|with)\s+){0,2}")


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether to answer; if not, the words that are missing and a sentence that says so.

    `stated_false`: a sentence that denies what the question takes for granted. `absent_names`:
    those of the missing words that are names.
    """

    answerable: bool
    missing: tuple[str, ...] = ()
    stated_unknown: Sentence | None = None
    stated_false: Sentence | None = None
    absent_names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Parts:
    """A question taken apart: groups of tokens that are one name each, and the predicate."""

    names: list[list[int]]
    predicate: NDArray[np.bool_]
    names_mask: NDArray[np.bool_]


def judge(
    snapshot: Snapshot,
    query: Query,
    ranking: Ranking,
    sentences: Sequence[Sentence],
    parts: Parts | None = None,
    *,
    confident: bool = False,
) -> Verdict:
    """Check the best sentence of a question that wants one fact; `sentences` best first.

    `confident`: leave out the checks that err more often than the score does, where it is sure, or
    has but one article to tell of.
    """
    best = sentences[0]
    parts = parts or parts_of(snapshot, query, sentences)
    said = np.maximum(ranking.articles[best.article_id], ranking.titles[best.article_id])
    names = absent_names(snapshot, query, parts, said, best)
    unknown = _stated_unknown(query, parts, sentences if len(ranking.articles) > 1 else [best])
    false = None if unknown or names else _stated_false(query, parts, sentences)
    if names or unknown or false:
        return Verdict(False, names, unknown, false, names)
    if _is_something_else(query, ranking, best):
        return Verdict(False, _unsaid(query, parts, said))
    if confident:
        return Verdict(True)
    numbers = absent_numbers(snapshot, query, best)
    unsaid = _unsaid_verb(query, nearby(snapshot, best), best)
    if numbers or unsaid:
        return Verdict(False, (*numbers, *unsaid))
    if _says_little(query, parts, best):
        return Verdict(False, _unsaid(query, parts, said))
    return Verdict(True)


def _says_little(query: Query, parts: Parts, best: Sentence) -> bool:
    """Tell whether the sentence comes near to none of what is asked."""
    predicate = np.flatnonzero(parts.predicate).tolist()
    # A reason does not repeat what it is the reason of.
    said_here = best.carried if _WHY.search(query.text) else best.own
    return bool(predicate) and mean_cosine(query, said_here, predicate) < PREDICATE_FLOOR


def _is_something_else(query: Query, ranking: Ranking, best: Sentence) -> bool:
    """Tell whether the sentence gives another kind of thing than is asked for, or counts one.

    Where there is but one article, it may say "when" in its own way; of many, the best one would
    have a date.
    """
    many = len(ranking.articles) > 1
    wrong = stated_type(answer_type(query.text), best.text, query.text) is False
    return many and (wrong or _counts_something_else(query, best))


def parts_of(snapshot: Snapshot, query: Query, sentences: Sequence[Sentence]) -> Parts:
    """Take a question apart in the light of the articles that were found for it."""
    found = dict.fromkeys(sentence.article_id for sentence in sentences)
    texts = [snapshot.article(article_id).text for article_id in found]
    return take_apart(query, name_tokens(query.text, query.spans, texts))


def absent_names(
    snapshot: Snapshot, query: Query, parts: Parts, said: Floats, best: Sentence
) -> tuple[str, ...]:
    """Names of the question that the article has neither to the letter nor in likeness."""
    unlike = [group for group in parts.names if mean_cosine(query, said, group) < NAME_FLOOR]
    names = [_words(query, group) for group in unlike]
    return absent_words(snapshot, [best.article_id], names)


def absent_words(
    snapshot: Snapshot, article_ids: Sequence[str], words: Sequence[str]
) -> tuple[str, ...]:
    """Of some words of a question, those that do not occur in any of the articles.

    Similarity says which words to look at; what is told to a person is checked to the letter.
    """
    if not words:
        return ()
    articles = [snapshot.article(article_id) for article_id in article_ids]
    said = [set(keywords(f"{article.title}\n{article.text}")) for article in articles]
    return tuple(word for word in words if not any(set(keywords(word)) <= terms for terms in said))


def absent_numbers(snapshot: Snapshot, query: Query, best: Sentence) -> list[str]:
    """Numbers of the question that do not stand near the sentence, in figures or in words.

    News leaves out the year that it is, or the one that was, and may not be dated itself.
    """
    around = nearby(snapshot, best)
    said = set(re.findall(r"\d+", around)) | {_FIGURES.get(word, "") for word in words(around)}
    published = snapshot.article(best.article_id).published
    if published:
        said.add(str(published.year))
        if published.month <= NEW_YEAR or _LOOKS_BACK.search(around):
            said.add(str(published.year - 1))
    asked = re.findall(r"\d+", query.text)
    return [n for n in asked if n not in said and (published or not _YEAR.fullmatch(n))]


def nearby(snapshot: Snapshot, best: Sentence) -> str:
    """A sentence with what stands before it, the rest of its line, the title and the date."""
    article = snapshot.article(best.article_id)
    before = article.text[max(0, best.start - WINDOW) : best.end]
    rest = article.text[best.end :].partition("\n")[0][:WINDOW]
    return f"{before} {rest} {article.title} {article.published}"


def take_apart(query: Query, names: NDArray[np.bool_]) -> Parts:
    """Group the tokens of names; what is neither name nor stop word is the predicate."""
    words = [word.lower() for word in query.words]
    stop = np.array([word in STOPWORDS or word in QUESTION_WORDS for word in words], dtype=bool)
    capital = np.array([word[0].isupper() for word in query.words], dtype=bool)
    names = names & (~stop | capital)
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


def _words(query: Query, group: Sequence[int]) -> str:
    """The part of the question that tokens stand in, in whole words."""
    start = whole_word(query.text, query.spans[group[0]][0])[0]
    end = whole_word(query.text, query.spans[group[-1]][0])[1]
    return query.text[start:end]


def _stated_unknown(query: Query, parts: Parts, sentences: Sequence[Sentence]) -> Sentence | None:
    """A sentence near the best one that speaks of what is asked, and says it is not known."""
    best = sentences[0]
    articles = {sentence.article_id for sentence in sentences[:UNKNOWN_AMONG]}
    plain = stated_type(answer_type(query.text), best.text, query.text) is not False
    for sentence in sentences if not plain else ():
        follows = (sentence.article_id, sentence.place) == (best.article_id, best.place + 1)
        if follows and len(sentence.text) <= SHORT and STATED_UNKNOWN.search(sentence.text):
            # "I asked the company what it had paid. It declined to answer."
            return replace(best, end=sentence.end, text=f"{best.text} {sentence.text}")
    among = [s for s in sentences[: UNKNOWN_AMONG if plain else 10] if s.article_id in articles]
    return _that_says(STATED_UNKNOWN, query, parts, among, PLAINLY_UNKNOWN)


def _stated_false(query: Query, parts: Parts, sentences: Sequence[Sentence]) -> Sentence | None:
    """A sentence near the best one that denies what is asked about, unless that is the question."""
    if answers_yes_or_no(query.text) or ASKS_OF_HEARSAY.search(query.text):
        return None
    if _came_to_nothing(query.text, sentences[0].text):
        return sentences[0]
    asked = {stem(word) for word in words(query.text)} - {stem(word) for word in STOPWORDS}

    def denied(sentence: Sentence) -> set[str]:
        match = STATED_FALSE.search(sentence.text)
        return {stem(word) for word in words(sentence.text[match.start() :])} if match else set()

    named = {stem(word) for group in parts.names for word in words(_words(query, group))}
    among = [s for s in sentences[:UNKNOWN_AMONG] if s is sentences[0] or denied(s)]
    best = _that_says(STATED_FALSE, query, parts, among)
    return best if best and denied(best) & (asked - named) else None


def _came_to_nothing(question: str, sentence: str) -> bool:
    """Tell "When did Aarhof buy it?" from "Aarhof made an offer, and withdrew"."""
    verb = _VERB.search(question)
    if not verb or ASKS_OF_END.search(question) or not CALLED_OFF.search(sentence):
        return False
    return not related(verb[1]) & {stem(word) for word in words(sentence)}


def _that_says(
    pattern: re.Pattern[str],
    query: Query,
    parts: Parts,
    sentences: Sequence[Sentence],
    floor: float = UNKNOWN_FLOOR,
) -> Sentence | None:
    """The first of some sentences that says so of what is asked, and scores near the best one.

    `floor`: how near to the predicate the best one must be.
    """
    predicate = np.flatnonzero(parts.predicate).tolist()
    for sentence in sentences:
        least = floor if sentence is sentences[0] else UNKNOWN_FLOOR
        if (
            predicate
            and sentence.score >= sentences[0].score - UNKNOWN_MARGIN
            and pattern.search(sentence.text)
            and mean_cosine(query, sentence.own, predicate) >= least
        ):
            return sentence
    return None


def _counts_something_else(query: Query, best: Sentence) -> bool:
    """For "how many X": the sentence has a number, but it does not speak of X.

    In a table, the head of it says what is counted.
    """
    counted = _COUNTED.search(query.text)
    if not counted or " | " in best.text:
        return False
    tokens = query.tokens_in(*counted.span(1))
    return bool(tokens) and float(best.own[tokens].mean()) < COUNTED_FLOOR


def _unsaid_verb(query: Query, around: str, best: Sentence) -> tuple[str, ...]:
    """The verb of a question about a remake, if nothing near the sentence says it in any word.

    Of other verbs our words are too few: "shoot" is said of a place where series are "made".
    """
    verb = _VERB.search(query.text)
    group = related(verb[1]) if verb else frozenset()
    if verb is None or not group & REMAKES or group & {stem(word) for word in words(around)}:
        return ()
    tokens = query.tokens_in(*verb.span(1))
    near = bool(tokens) and float(best.own[tokens].mean()) >= VERB_FLOOR
    return () if near else (verb[1],)


def _unsaid(query: Query, parts: Parts, said: Floats) -> tuple[str, ...]:
    """Words of the predicate that nothing in the nearest article comes close to."""
    tokens = [i for i in np.flatnonzero(parts.predicate).tolist() if said[i] < NAME_FLOOR]
    return tuple(dict.fromkeys(_words(query, [i]) for i in tokens))
