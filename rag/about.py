"""Questions that no article answers but the index itself does, and plain courtesies."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial

from rag import about_wordings as asks
from rag.courtesies import reply_to_courtesy
from rag.dates import Dated, read_dates
from rag.index_facts import (
    Selection,
    tell_ability,
    tell_authors,
    tell_by_age,
    tell_count,
    tell_languages,
    tell_sources,
    tell_titles,
)
from rag.mentions import articles_mentioning
from rag.named_sources import keep_to_source
from rag.question import spelled_out
from rag.snapshot import Snapshot
from rag.types import Answer, Coverage, Filters, Kind

_FACTS: tuple[tuple[asks.Patterns, Callable[[Selection], str]], ...] = (
    (asks.ABILITY, tell_ability),
    (asks.SOURCES, tell_sources),
    (asks.AUTHORS, tell_authors),
    (asks.LANGUAGES, tell_languages),
    (asks.DATES, tell_count),
    (asks.OVERVIEW, tell_titles),
    (asks.HOW_MANY, tell_count),
    (asks.WHICH, tell_titles),
    (asks.NEWEST, partial(tell_by_age, oldest=False)),
    (asks.OLDEST, partial(tell_by_age, oldest=True)),
)

_ARTICLE = re.compile(r"^(?:the|an?) (?=[a-z])")  # an article may say "a ferry", or name one


def answer_about(
    snapshot: Snapshot, question: str, filters: Filters | None = None
) -> Answer | None:
    """Answer from the index itself; `None` if the question is one for the articles."""
    text = spelled_out(question.strip())
    courtesy = reply_to_courtesy(text, next(iter(snapshot.manifest.examples), ""))
    if courtesy:
        return _plain(snapshot, text, "small_talk", courtesy)
    dated = keep_to_source(snapshot, filters, read_dates(text))
    if dated.event or dated.latest:  # which speak of what is in the articles
        dated = Dated(text)
    for patterns, tell in _FACTS:
        for match in (pattern.match(dated.question) for pattern in patterns):
            chosen = _chosen(snapshot, match, dated, filters) if match else None
            if chosen:
                return _plain(snapshot, text, "about_the_corpus", tell(chosen))
    return None


def _chosen(
    snapshot: Snapshot, asked: re.Match[str], dated: Dated, filters: Filters | None
) -> Selection | None:
    """The articles that are asked about; `None` if the index does not know which those are.

    A topic that no article mentions to the letter is one to be read for, unless it is a name; and
    so is an author.
    """
    narrowed = dated.narrow(filters)
    chosen = Selection(snapshot, tuple(snapshot.accepted(narrowed)), dated=bool(dated.told))
    if dated.source:
        chosen = chosen.told_as(f"of {dated.source}")
    if dated.told:
        chosen = chosen.told_as(f"published {dated.told}")
    groups = asked.groupdict()
    if groups.get("language"):
        code = asks.LANGUAGE_CODES.get(groups["language"].lower())
        if not code:
            return None
        chosen = chosen.in_language(code)
    if author := groups.get("author") or groups.get("by"):
        chosen = chosen.written_by(author)
        if not chosen.articles and (groups.get("known") or author.islower()):
            return None
    topic = _ARTICLE.sub("", (groups.get("topic") or "").strip(" “”\"'《》?？"))
    mentioning = articles_mentioning(snapshot, topic, narrowed) if topic else []
    if topic and not mentioning and topic.islower():
        return None
    return chosen.kept(mentioning).told_as(f"mentioning “{topic}”") if topic else chosen


def _plain(snapshot: Snapshot, question: str, kind: Kind, text: str) -> Answer:
    coverage = Coverage(searched=len(snapshot.entries))
    return Answer(question, question, kind, "answered", text, coverage=coverage)
