"""Which articles mention something, to the letter: they are counted and listed, not read."""

from __future__ import annotations

from rag.keyword import fold, keywords, stem, words
from rag.manifest import ArticleEntry
from rag.sentences import CJK
from rag.snapshot import Snapshot
from rag.types import Filters


def articles_mentioning(
    snapshot: Snapshot, topic: str, filters: Filters | None = None
) -> list[ArticleEntry]:
    """The articles that have a phrase, in any inflection, in the order of the index."""
    terms = keywords(topic)
    originals = snapshot.having(terms) if terms else []
    found = {
        entry.id
        for original in originals
        for entry in snapshot.outlets(original, filters)
        if len(terms) == 1 == len(topic.split()) or _says(snapshot, entry.id, topic)
    }
    return [entry for entry in snapshot.manifest.articles if entry.id in found]


def _says(snapshot: Snapshot, article_id: str, phrase: str) -> bool:
    article = snapshot.article(article_id)
    text = f"{article.title}\n{article.text}"
    if CJK.search(phrase):
        return fold(phrase) in fold(text)
    return f" {_stems(phrase)} " in f" {_stems(text)} "


def _stems(text: str) -> str:
    return " ".join(stem(word) for word in words(text))
