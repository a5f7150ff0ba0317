"""Whether what was found is about what the question names.

Likeness takes one work for another: "The Long Season" is near to "the series has eight episodes".
A name of two words or more that some article has to the letter must therefore stand in the article
that answers, by this name or by another that the articles give for it.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

import numpy as np

from rag.evidence import Sentence
from rag.keyword import fold
from rag.names import name_key
from rag.parts import Parts, words_of
from rag.retrieval import Query, Ranking
from rag.snapshot import Snapshot
from rag.things import Book

_WORD = re.compile(r"[^\W_]+")
_OWNER = re.compile(r"['’]s?(?= |$)")
_JOINT = re.compile(r" (?:(?:of|the|to|in|on|and|for|a|with) )+")


def about_names(
    snapshot: Snapshot, query: Query, parts: Parts, ranking: Ranking, best: Sentence
) -> Ranking:
    """Leave out the articles without the names of the question, if the best one is among them.

    Gives the ranking itself where the best one has them all, or no article does.
    """
    articles = {key: snapshot.article(key) for key in ranking.articles}
    folded = {key: _folded(f"{article.title} {article.text}") for key, article in articles.items()}
    wanted = set(_asked(query, parts, list(folded.values())))
    if _has_all(folded[best.article_id], [{key} for key in wanted]):
        return ranking
    likely = {key for key, text in folded.items() if any(f" {name} " in text for name in wanted)}
    book = _book(tuple(sorted(articles[key].text for key in likely)))
    names = [book.names_of(key) for key in wanted]
    right = {key for key, text in folded.items() if _has_all(text, names)}
    if not right or best.article_id in right:
        return ranking
    kept = np.array([snapshot.chunks[row].article_id in right for row in ranking.rows.tolist()])
    return dataclasses.replace(ranking, rows=ranking.rows[kept], scores=ranking.scores[kept])


def _asked(query: Query, parts: Parts, texts: Sequence[str]) -> Iterator[str]:
    """Keys of the names in the question that stand in some text: the whole, else its parts."""
    said = (piece for group in parts.names for piece in _OWNER.split(words_of(query, group)))
    for whole in said:
        keys = [name_key(name) for name in (whole, *_JOINT.split(whole))]
        known = [key for key in keys if " " in key and any(f" {key} " in text for text in texts)]
        yield from known[:1] if keys[0] in known else known


def _has_all(text: str, names: Sequence[set[str]]) -> bool:
    """Tell whether a text has each of some things by one of its names."""
    return all(any(f" {key} " in text for key in keys) for keys in names)


@lru_cache(maxsize=1024)  # the same articles come up question after question
def _folded(text: str) -> str:
    """A text as `name_key` writes names, with a space at each end."""
    return f" {' '.join(_WORD.findall(fold(text)))} "


@lru_cache(maxsize=16)
def _book(texts: tuple[str, ...]) -> Book:
    return Book(texts)
