"""Whether what was found is about what the question names.

Likeness takes one work for another: "The Long Season" is near to "the series has eight episodes".
A name of two words or more that some article has to the letter must therefore stand in the article
that answers, by this name or by another that the articles give for it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from rag.evidence import Sentence
from rag.keyword import fold
from rag.names import name_key
from rag.parts import Parts, words_of
from rag.retrieval import Query, Ranking, of_articles
from rag.snapshot import Snapshot
from rag.things import book_of

_WORD = re.compile(r"[^\W_]+")
_OWNER = re.compile(r"['’]s?(?= |$)")
_JOINT = re.compile(r" (?:(?:of|the|to|in|on|and|for|a|with) )+")


def about_names(
    snapshot: Snapshot, query: Query, parts: Parts, ranking: Ranking, best: Sentence
) -> Ranking:
    """Leave out the articles without the names of the question, if the best one is among them.

    Gives the ranking itself where the best one has them all, or no article does.
    """
    if not snapshot.article(best.article_id).title:
        return ranking  # a part of something, that may say "the game" of what was named before it
    asked = list(_asked(query, parts))
    first = _folded(snapshot, best.article_id)
    if all(_is_in(key, first) or (more and _has_all(first, more)) for key, more in asked):
        return ranking  # most questions end here: to fold all articles takes a while
    folded = {key: _folded(snapshot, key) for key in ranking.articles}
    wanted = set(_written(asked, list(folded.values())))
    if _has_all(first, wanted):
        return ranking
    likely = [key for key, text in folded.items() if any(_is_in(name, text) for name in wanted)]
    book = book_of(tuple(sorted(snapshot.article(key).text for key in likely)))
    names = [book.names_of(key) for key in wanted]
    right = {
        article_id
        for article_id, text in folded.items()
        if all(any(_is_in(key, text) for key in keys) for keys in names)
    }
    if not right or best.article_id in right:
        return ranking
    return of_articles(snapshot, ranking, right)


def _asked(query: Query, parts: Parts) -> Iterator[tuple[str, list[str]]]:
    """Keys of the names of two words or more, and of such parts: "The Long Tide in Dorst"."""
    for group in parts.names:
        for whole in _OWNER.split(words_of(query, group)):
            parted = [name_key(name) for name in _JOINT.split(whole)]
            if " " in (key := name_key(whole)):
                yield key, [part for part in parted if " " in part and part != key]


def _written(asked: Sequence[tuple[str, Sequence[str]]], texts: Sequence[str]) -> Iterator[str]:
    """Those that stand in some text: the whole, else its parts."""
    for key, more in asked:
        for name in [key] if any(_is_in(key, text) for text in texts) else more:
            if any(_is_in(name, text) for text in texts):
                yield name


def _has_all(text: str, names: Iterable[str]) -> bool:
    return all(_is_in(name, text) for name in names)


def _is_in(key: str, text: str) -> bool:
    return f" {key} " in text


def _folded(snapshot: Snapshot, article_id: str) -> str:
    """Title and text of an article as `name_key` writes names, with a space at each end."""
    article = snapshot.article(article_id)
    return _fold_words(f"{article.title} {article.text}")


@lru_cache(maxsize=1024)  # the same articles come up question after question
def _fold_words(text: str) -> str:
    return f" {' '.join(_WORD.findall(fold(text)))} "
