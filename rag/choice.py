"""Sentences ranked: what each says itself, and what it owes to the one before it.

A reply in an interview owes to the question, a row of a list or a table to what announces it.
"""

from __future__ import annotations

import dataclasses
import math
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

import numpy as np

from rag.answer_type import new_names
from rag.evidence import DEPTH, Sentence, score_sentences
from rag.keyword import words
from rag.lexicon import ABSTRACT_NOUNS
from rag.retrieval import Query, Ranking
from rag.rows import announced_list
from rag.sentences import announces, heads_table, is_complete, is_question, is_row
from rag.snapshot import Snapshot

REPLY_COST = 0.02
ROW_COST = 0.05
NAMELESS_COST = 0.2

_DATELINE = re.compile(r"[^\Wa-z][\w .'’-]{0,40}, \d{1,2} [A-Z][a-z]+ \d{4}\W*")

_CAPTION = re.compile(
    r"^\W*(?:the )?(?:picture|photo|photograph|image|caption)s? ?(?:shows?|:)", re.I
)


def choose_sentences(
    snapshot: Snapshot, query: Query, ranking: Ranking, depth: int = DEPTH
) -> list[Sentence]:
    """Score the sentences of the best chunks, best first."""
    scored = [
        sentence
        for sentence in score_sentences(snapshot, query, ranking, depth)
        if not heads_table(snapshot.article(sentence.article_id).text, sentence.start, sentence.end)
    ]
    return sorted(with_replies(scored), key=lambda sentence: -sentence.score)


def quotable(sentences: Sequence[Sentence]) -> list[Sentence]:
    """Those that can stand in an answer: whole, no question, and more than what a picture shows."""
    return [
        s
        for s in sentences
        if is_complete(s.text.rpartition("\n")[2])  # the last row of a list, with what announces it
        and not is_question(s.text)
        and not _CAPTION.match(s.text)
        and not _DATELINE.fullmatch(s.text)
    ]


def with_announced(snapshot: Snapshot, sentences: Iterable[Sentence]) -> list[Sentence]:
    """Let what announces a list be one with its rows: "Three meetings will be held:" is no more."""
    return [_with_its_rows(snapshot, s) if announces(s.text) else s for s in sentences]


def with_replies(sentences: Iterable[Sentence]) -> Iterator[Sentence]:
    """Let what follows a question answer for it: in an interview, the reply repeats no word of it.

    What the question says, the reply takes as said. The sentences of an article stand in its order.
    """
    asked: Sentence | None = None
    for sentence in sentences:
        if asked and asked.article_id == sentence.article_id and asked.place + 1 == sentence.place:
            sentence = dataclasses.replace(
                _at_least(sentence, asked.score - REPLY_COST),
                own=np.maximum(sentence.own, asked.own),
                carried=np.maximum(sentence.carried, asked.carried),
            )
        asked = sentence if is_question(sentence.text) else None
        yield sentence


def with_rows(sentences: Sequence[Sentence]) -> list[Sentence]:
    """Let the rows of a list or a table count as much as what announces them, best first.

    Takes and gives sentences that are ranked.
    """
    ordered = sorted(sentences, key=lambda s: (s.article_id, s.place))
    raised: list[Sentence] = []
    for _, block in groupby(_numbered(ordered), key=lambda pair: pair[0]):
        found = [sentence for _, sentence in block]
        rows = [s for s in found if is_row(s.text)]
        best = max((s.score for s in found), default=0.0) - ROW_COST
        raised += [_at_least(s, best) if len(rows) > 1 and is_row(s.text) else s for s in found]
    return sorted(raised, key=lambda sentence: -sentence.score)


def with_names(
    sentences: Sequence[Sentence], question: str, margin: float = math.inf
) -> list[Sentence]:
    """Let sentences that name nobody and nothing new stand back, where a list of names is wanted.

    Takes and gives sentences that are ranked; those further than `margin` below the first stay
    last. The best stays first: it may say how many there are.
    """
    if ABSTRACT_NOUNS.intersection(words(question)):
        return list(sentences)
    near = [s for s in sentences[1:] if s.score >= sentences[0].score - margin]
    lowered = [
        s if new_names(s.text, question) else dataclasses.replace(s, score=s.score - NAMELESS_COST)
        for s in near
    ]
    ordered = sorted(lowered, key=lambda sentence: -sentence.score)
    return [*sentences[:1], *ordered, *sentences[1 + len(near) :]]


def _numbered(ordered: Iterable[Sentence]) -> Iterator[tuple[int, Sentence]]:
    """Number blocks: rows that follow each other, with the sentence that announces them."""
    block = 0
    last: Sentence | None = None
    for sentence in ordered:
        follows = last is not None and last.article_id == sentence.article_id
        announced = last is not None and (is_row(last.text) or announces(last.text))
        block += not (follows and announced and is_row(sentence.text))
        last = sentence
        yield block, sentence


def _with_its_rows(snapshot: Snapshot, sentence: Sentence) -> Sentence:
    text = snapshot.article(sentence.article_id).text
    start, end = announced_list(text, (sentence.start, sentence.end)) or (0, 0)
    if start != sentence.start or end <= sentence.end:
        return sentence
    return dataclasses.replace(sentence, end=end, text=text[start:end])


def _at_least(sentence: Sentence, score: float) -> Sentence:
    return dataclasses.replace(sentence, score=max(sentence.score, score))
