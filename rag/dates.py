"""Dates in a question that say which articles to go by: "as of 2023", "in 2023 articles".

Most dates in questions are those of events ("what opened in March 2022?") and filter nothing: an
article of 2024 may tell it best. Only wordings that speak of the state of knowledge or of the
articles themselves do. They are taken out of the question, which is then asked of those articles
alone, and the answer says so.
"""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass, replace

from rag.answer_type import answer_type
from rag.date_wordings import EVENT, LAST, LATEST, PATTERNS, RANGE, SAY, STATE, UNTIL
from rag.days import Day, read_day
from rag.types import Filters

_THIRDS = {"early": 4, "mid": 8, "late": 12}  # last month of each


@dataclass(frozen=True, slots=True)
class Dated:
    """A question without its date, and the bounds of publication it gave, inclusive.

    `as_of`: the date up to which a state of affairs is asked for. `event` and `relation`: what the
    articles are to be from before or after, if it is no date ("before the Thai version").
    `latest`: what the newest article says is wanted. `sources`: those that it keeps to, under the
    name `source`; see `rag.named_sources`.
    """

    question: str
    after: datetime.date | None = None
    before: datetime.date | None = None
    as_of: Day | None = None
    event: str = ""
    relation: str = ""
    latest: bool = False
    source: str = ""
    sources: tuple[str, ...] = ()

    @property
    def told(self) -> str:
        """The bounds, to follow the word "published"; empty if there are none."""
        return tell_bounds(self.after, self.before)

    def bounded(self, day: datetime.date) -> Dated:
        """Bound by the day of the event."""
        after, before = _bounds(self.relation, day, day)
        return replace(self, after=after, before=before)

    def narrow(self, filters: Filters | None) -> Filters | None:
        """Bound filters further; the narrower date holds, and the source that was named."""
        filters = filters or Filters()
        sources = self.sources or filters.sources
        after = max((day for day in (filters.after, self.after) if day), default=None)
        before = min((day for day in (filters.before, self.before) if day), default=None)
        return replace(filters, sources=sources, after=after, before=before) or None


def read_dates(question: str, today: datetime.date | None = None) -> Dated:
    """Read which dates of publication a question keeps to; most keep to none."""
    dated = _read_latest(question)
    if between := RANGE.search(dated.question):
        first, last = read_day(between["first"]).span(), read_day(between["last"]).span()
        if first and last:
            return _bounded(dated, between, first[0], last[1])
    if recent := LAST.search(dated.question):
        return _bounded(dated, recent, *_recent(recent, today or datetime.date.today()))
    patterns = (*PATTERNS, UNTIL) if answer_type(question) == "number" else PATTERNS
    for pattern in patterns:
        match = pattern.search(dated.question)
        span = _span(match) if match else None
        if match and span:
            relation = _relation(match)
            found = _bounded(dated, match, *_bounds(relation, *span))
            return replace(found, as_of=read_day(match["when"])) if relation in STATE else found
    if event := EVENT.search(dated.question):
        rest = without(dated.question, *event.span("cut"))
        return replace(
            dated, question=rest, event=event["event"], relation=event["relation"].lower()
        )
    return dated


def _read_latest(question: str) -> Dated:
    match = LATEST.search(question)
    if not match:
        return Dated(question)
    if match["told"]:
        return Dated(f"What is known{question[match.end() :]}", latest=True)
    return Dated(without(question, *match.span()), latest=True)


def _span(match: re.Match[str]) -> tuple[datetime.date, datetime.date] | None:
    """First and last day of what was named; "early", "mid" and "late" are thirds of a year."""
    day, part = read_day(match["when"]), (match["part"] or "").lower()
    if not part or day.month or not day.year:
        return day.span()
    last = _THIRDS[part]
    spans = Day(day.year, last - 3).span(), Day(day.year, last).span()
    return (spans[0][0], spans[1][1]) if spans[0] and spans[1] else None


def _relation(match: re.Match[str]) -> str:
    """How the articles stand to a date; those "from 2021" are of that year, unless "onwards"."""
    groups = match.groupdict()
    relation = (groups.get("relation") or "in").lower()
    of_that_time = "told" in groups and not (groups["told"] or groups["onward"])
    return "in" if relation == "from" and of_that_time else relation


def _bounds(
    relation: str, first: datetime.date, last: datetime.date
) -> tuple[datetime.date | None, datetime.date | None]:
    """Bounds of publication, inclusive: "after 2023" begins with 2024, "since 2023" with 2023."""
    one = datetime.timedelta(days=1)
    if relation in ("since", "from", "以来"):
        return first, None
    if relation in ("after", "以后", "之后"):
        return last + one, None
    if relation in ("before", "prior to", "以前", "之前"):
        return None, first - one
    if relation in ("in", "on", "of", "during", "dated"):
        return first, last
    return None, last


def _recent(
    match: re.Match[str], today: datetime.date
) -> tuple[datetime.date | None, datetime.date | None]:
    """The last three months, the past week, this year, last year (which is over)."""
    unit, which = match["unit"].lower(), match["which"].lower()
    days = {"day": 1, "week": 7, "month": 31, "year": 365}[unit] * int(match["count"] or 1)
    if unit == "year" and not match["count"] and which != "past":
        year = today.year - (which == "last")
        return datetime.date(year, 1, 1), datetime.date(year, 12, 31)
    return today - datetime.timedelta(days=min(days, 365 * 200)), today


def _bounded(
    dated: Dated,
    match: re.Match[str],
    after: datetime.date | None,
    before: datetime.date | None,
) -> Dated:
    question = without(dated.question, *match.span("cut"))
    return replace(dated, question=question, after=after, before=before)


def tell_bounds(after: datetime.date | None, before: datetime.date | None) -> str:
    """Write bounds after the word "published": "from 1 January 2023 to 31 March 2023"."""
    if after and after == before:
        return f"on {write(after)}"
    if after and before:
        whole_year = (after.year, 1, 1, 12, 31) == (
            before.year, after.month, after.day, before.month, before.day,
        )  # fmt: skip
        return f"in {after.year}" if whole_year else f"from {write(after)} to {write(before)}"
    if after:
        return f"on {write(after)} or later"
    return f"on {write(before)} or before" if before else ""


def write(day: datetime.date) -> str:
    """Write a day as people do: `14 March 2024`."""
    return f"{day.day} {day:%B %Y}"


def without(question: str, start: int, end: int) -> str:
    """Cut characters out of a question and mend what is around them."""
    ends = "?" if question.rstrip().endswith("?") else ""
    rest = f"{question[:start]} {question[end:]}".strip(" ,，?")
    rest = SAY.sub("What do the articles say", re.sub(r"\s+", " ", rest))
    return f"{rest[:1].upper()}{rest[1:]}{ends}"
