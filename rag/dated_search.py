"""Asking the index with the dates of a question: which articles are kept to, and what is told.

`rag.dates` reads the wording; here it meets the articles.
"""

from __future__ import annotations

import dataclasses
import datetime

from rag.answer_type import answer_type, has_answer_type
from rag.answerability import judge
from rag.choice import choose_sentences
from rag.compose import with_statements
from rag.dates import Dated, read_dates, tell_bounds, write
from rag.days import find_days
from rag.encoder import Encoder
from rag.named_sources import keep_to_source
from rag.names import find_names
from rag.reader import read
from rag.retrieval import Query, Ranking, encode_query, of_articles, rank
from rag.sentences import is_complete
from rag.snapshot import Snapshot
from rag.types import Answer, Filters

NEAR_BEST = 0.2  # how far a newer article's sentence may score below the best one


def has_dates(snapshot: Snapshot, filters: Filters | None) -> bool:
    """Tell whether any article that may be searched says when it was published."""
    return any(entry.published for entry in snapshot.accepted(filters))


@dataclasses.dataclass(frozen=True, slots=True)
class Search:
    """What is needed to ask an index something."""

    snapshot: Snapshot
    encoder: Encoder
    candidates: int
    filters: Filters | None

    def ask(self, question: str) -> Answer | None:
        """Read the answer; `None` if the filters leave nothing to search."""
        query = encode_query(self.snapshot, self.encoder, question)
        ranking = rank(self.snapshot, query, self.candidates, self.filters)
        if ranking is None:
            return None
        return read(self.snapshot, query, ranking, count_searched(self.snapshot, self.filters))


def count_searched(snapshot: Snapshot, filters: Filters | None) -> int:
    """How many articles filters let through."""
    return sum(1 for _ in snapshot.accepted(filters))


def keep_to(search: Search, question: str) -> Dated:
    """Read the dates and the source that a question keeps to."""
    dated = Dated(question)
    if has_dates(search.snapshot, search.filters):  # else a date can keep to nothing
        dated = _keep_to_dates(search, question)
    return keep_to_source(search.snapshot, search.filters, dated)


def _keep_to_dates(search: Search, question: str) -> Dated:
    """Read the dates; an event without a known day keeps to none."""
    dated = read_dates(question)
    if not dated.event:
        return dated
    day = day_of(search, dated)
    return dated.bounded(day) if day else Dated(question, latest=dated.latest)


def day_of(search: Search, dated: Dated) -> datetime.date | None:
    """The day on which an event happened, if one sentence plainly gives it."""
    event = dated.event
    topics = [name for name, _, _ in find_names(dated.question)]
    if topics and not find_names(event):
        event = f"{event} of {max(topics, key=len)}"
    answer = search.ask(f"When did {event} start?")
    if answer is None or answer.status == "refused":
        return None
    days = [day for day, _, _ in find_days(answer.statements[0].text)]
    span = days[0].span() if len(days) == 1 and days[0].day else None
    return span[0] if span else None


def newest_day(snapshot: Snapshot, query: Query, ranking: Ranking) -> datetime.date | None:
    """Day of the newest article that answers about as well as the best one.

    `None` if none does, also when only it and what is newer are read.
    """
    sentences = [s for s in choose_sentences(snapshot, query, ranking) if is_complete(s.text)]
    kind = answer_type(query.text)
    near = [
        (published, s)
        for s in sentences
        if s.score >= sentences[0].score - NEAR_BEST
        and (published := snapshot.entries[s.article_id].published)
        and has_answer_type(kind, s.text, query.text)
    ]
    for day, sentence in sorted(near, key=lambda one: one[0], reverse=True):
        if judge(snapshot, query, ranking, [sentence]).answerable:
            since = _since(snapshot, ranking, day)
            answered = read(snapshot, query, since, 0).status == "answered"
            return day if answered else None
    return None


def _since(snapshot: Snapshot, ranking: Ranking, day: datetime.date) -> Ranking:
    """What was found in articles of a day or later."""
    published = ((article, snapshot.entries[article].published) for article in ranking.articles)
    return of_articles(
        snapshot, ranking, {article for article, on in published if on and on >= day}
    )


def state_as_of(search: Search, dated: Dated, question: str) -> Answer | None:
    """What a later article says of the date asked about; `None` if none does."""
    answer = search.ask(question)
    if answer is None or answer.status == "refused" or dated.as_of is None:
        return None
    wanted = [
        statement
        for statement in answer.statements
        if any(dated.as_of.agrees(day) for day, _, _ in find_days(statement.text))
    ]
    if not wanted:
        return None
    told = f"No article published {dated.told} answers this; a later one says of that time:"
    answer = with_statements(answer, wanted)
    return dataclasses.replace(answer, text=f"{told} {answer.text}")


def tell_dates(answer: Answer, dated: Dated, snapshot: Snapshot) -> Answer:
    """Say which dates an answer kept to, or that no article is that old or new."""
    if not dated.told:
        return answer
    note = f"Only articles published {dated.told} were searched."
    if dated.event:
        note = (
            f"Only articles published {dated.told} ({dated.relation} {dated.event}) were searched."
        )
    if answer.status == "refused" and not answer.coverage.searched:
        status = snapshot.status()
        note = f"No article was published {dated.told}"
        if status.first_published and status.last_published:
            first, last = write(status.first_published), write(status.last_published)
            note += f": those of the index are from {first} to {last}"
        note += "."
    return dataclasses.replace(answer, text=f"{answer.text}\n{note}")


def tell_newest(answer: Answer, day: datetime.date) -> Answer:
    """Say that an answer kept to the newest article that answers, or to those from a day on.

    What it opens with may be newer than the day: a sentence that answers less well alone.
    """
    if answer.status == "refused":
        return answer
    first, *others = [citation.published or day for citation in answer.citations]
    note = f"Only articles published {tell_bounds(day, None)} were searched for what is newest."
    if all(other <= first for other in others):
        note = f"This is from the newest article that says so, published on {write(first)}."
    return dataclasses.replace(answer, text=f"{answer.text}\n{note}")
