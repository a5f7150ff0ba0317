"""What a careful reader checks before answering, and can tell a person.

Is everything that the question names in the article, are its numbers there, is what it asks said
at all, do the articles say that it is not known? What no single check decides, `rag.answer_score`
weighs.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rag.answer_type import answer_type, stated_type
from rag.denials import stated_false, stated_unknown
from rag.evidence import Sentence
from rag.keyword import fold, keywords, stem, words
from rag.late_interaction import Floats
from rag.lexicon import NUMBER_WORDS, REMAKES, related
from rag.parts import VERB, Parts, mean_cosine, parts_of, words_of
from rag.retrieval import Query, Ranking
from rag.snapshot import Snapshot

# Below this mean cosine of its tokens, a name is not the one in the article.
NAME_FLOOR = 0.55
# Mean cosine, in the sentence itself, of the words that are neither names nor stop words.
PREDICATE_FLOOR = 0.27
COUNTED_FLOOR = 0.6  # "how many episodes": of "episodes" in the sentence with the number
VERB_FLOOR = 0.5  # cosine from which a sentence says a verb in words that we do not know for it
WINDOW = 600  # characters before a sentence in which a year may stand
NEW_YEAR = 3  # months in which news of the year before needs no word that says so
_LOOKS_BACK = re.compile(r"\b(?:last|past|previous|earlier|ago|before|after|since|later)\b", re.I)

_COUNTED = re.compile(r"how many (?:[\w'-]+ )*?([\w'-]+s|people|series)\b", re.IGNORECASE)
_WHY = re.compile(r"\bwhy\b|为什么|为何", re.IGNORECASE)
_YEAR = re.compile(r"(?:19|20)\d\d")
_EMPTY = frozenset(
    "something anything someone anyone somebody anybody thing things kind sort else article"
    " articles report reports reported mention mentions mentioned say says said tell told"
    " know known called personal actual actually really exactly exact currently please table"
    " behind".split()
)
_ORDINALS = "zeroth first second third fourth fifth sixth seventh eighth ninth tenth".split()
_FIGURES = {w: str(n) for some in (NUMBER_WORDS, _ORDINALS) for n, w in enumerate(some)}


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
    unknown = stated_unknown(query, parts, sentences if len(ranking.articles) > 1 else [best])
    false = None if unknown or names else stated_false(query, parts, sentences)
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


def absent_names(
    snapshot: Snapshot, query: Query, parts: Parts, said: Floats, best: Sentence
) -> tuple[str, ...]:
    """Names of the question that the article has neither to the letter nor in likeness."""
    unlike = [group for group in parts.names if mean_cosine(query, said, group) < NAME_FLOOR]
    names = [words_of(query, group) for group in unlike]
    return absent_words(snapshot, [best.article_id], names)


def absent_words(
    snapshot: Snapshot, article_ids: Sequence[str], words: Sequence[str]
) -> tuple[str, ...]:
    """Of some words of a question, those that do not occur in any of the articles.

    Similarity says which words to look at; what is told to a person is checked to the letter, or
    for other words that say the same. That "something" is not mentioned tells nobody anything.
    """
    if not words:
        return ()
    articles = [snapshot.article(article_id) for article_id in article_ids]
    said = [set(keywords(f"{article.title}\n{article.text}")) for article in articles]
    return tuple(
        word
        for word in words
        if fold(word) not in _EMPTY
        and not any(set(keywords(word)) <= terms or related(fold(word)) & terms for terms in said)
    )


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
    verb = VERB.search(query.text)
    group = related(verb[1]) if verb else frozenset()
    if verb is None or not group & REMAKES or group & {stem(word) for word in words(around)}:
        return ()
    tokens = query.tokens_in(*verb.span(1))
    near = bool(tokens) and float(best.own[tokens].mean()) >= VERB_FLOOR
    return () if near else (verb[1],)


def _unsaid(query: Query, parts: Parts, said: Floats) -> tuple[str, ...]:
    """Words of the predicate that nothing in the nearest article comes close to."""
    tokens = [i for i in np.flatnonzero(parts.predicate).tolist() if said[i] < NAME_FLOOR]
    return tuple(dict.fromkeys(words_of(query, [i]) for i in tokens))
