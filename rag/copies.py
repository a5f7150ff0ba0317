"""Copies of one report: who else carried what is quoted, and whom to cite if only a copy will do.

Of a report and its copies one article is indexed; each sentence of a copy stands in it, but a copy
may have been cut. So what is said of an outlet is looked up in its own text.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import TypeVar

from rag.disagreement_text import tell_disagreement
from rag.snapshot import Snapshot
from rag.types import Answer, Article, Citation, Filters, NearestArticle, Outlet, Passage
from rag.wording import says

NAMED = 3

Found = TypeVar("Found", Citation, Passage, NearestArticle)


def carriers(
    snapshot: Snapshot, article_id: str, quote: str, filters: Filters | None = None
) -> Iterator[Article]:
    """The article and its copies, as far as filters accept them and the quote stands there."""
    for entry in snapshot.outlets(article_id, filters):
        article = snapshot.article(entry.id)
        if entry.id == article_id or says(article.text, quote):
            yield article


def is_carried(snapshot: Snapshot, article_id: str, quote: str, filters: Filters | None) -> bool:
    """Tell whether an article that filters accept has the quote."""
    return not filters or any(carriers(snapshot, article_id, quote, filters))


def name_outlets(snapshot: Snapshot, answer: Answer, filters: Filters | None) -> Answer:
    """Say in each citation who else carried what it quotes; name only whom filters accept."""
    citations = tuple(_with_outlets(snapshot, one, filters) for one in answer.citations)
    text = answer.text
    for found in answer.disagreements:  # which names the sources
        told = tell_disagreement(found, answer.citations)
        text = text.replace(told, tell_disagreement(found, citations))
    near = (as_accepted(snapshot, one, one.quote, filters) for one in answer.nearest.articles)
    nearest = dataclasses.replace(answer.nearest, articles=tuple(near))
    return dataclasses.replace(answer, text=text, citations=citations, nearest=nearest)


def _with_outlets(snapshot: Snapshot, citation: Citation, filters: Filters | None) -> Citation:
    shown = as_accepted(snapshot, citation, citation.quote, filters)
    articles = carriers(snapshot, citation.article_id, citation.quote)
    also = tuple(
        Outlet(**article.named()) for article in articles if article.id != shown.article_id
    )
    return dataclasses.replace(shown, also=also)


def as_accepted(snapshot: Snapshot, found: Found, quote: str, filters: Filters | None) -> Found:
    """Let a place be one of a copy, if filters accept that but not the article itself."""
    for article in carriers(snapshot, found.article_id, quote, filters) if filters else ():
        start = found.start if article.id == found.article_id else article.text.find(quote)
        if start >= 0:
            about = {name: said for name, said in article.named().items() if hasattr(found, name)}
            return dataclasses.replace(found, **about, start=start, end=start + len(quote))
    return found


def tell_outlets(citation: Citation) -> str:
    """Say it in a few words: "also in Star, Post"; empty if there is nobody to name."""
    sources = [outlet.source or outlet.title or outlet.path for outlet in citation.also]
    names = [name for name in dict.fromkeys(sources) if name != citation.source]
    more = [f"{len(names) - NAMED} more"] if len(names) > NAMED else []
    return f"also in {', '.join([*names[:NAMED], *more])}" if names else ""
