"""Do two sentences speak of the same thing? Told by what stands around their values.

Seasons, places, years, "each" and "in all" set values apart that would otherwise disagree.
"""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass

from rag.asked import Asked
from rag.clauses import clause_around
from rag.days import MONTH, YEAR, Day, find_days
from rag.keyword import fold
from rag.lexicon import PLACES, WORKS
from rag.stated import Stated

_SET_APART = {
    "order": "first second third fourth fifth sixth seventh last final opening next previous "
    "debut initial",
    "version": "original new remake dubbed",
    "part": "alone each per every half whole entire overall combined total altogether",
    "cut": "director's abridged extended uncut shortened",
    "measure": "average peak minimum maximum daily weekly monthly annual yearly net gross record",
    "who": "men women men's women's boys girls adults children junior senior youth",
    "side": "north northern south southern east eastern west western upper lower left right",
    "day": "monday tuesday wednesday thursday friday saturday sunday",
}
_PER = re.compile(r"^,? (?:an?|per|each|every) [a-z]+")
_NUMBERED = re.compile(
    r"\b(season|phase|series|line|route|chapter|part|stage|volume|room|hall) (\d+)"
)
_STRICT = (
    "order",
    "part",
    "cut",
    "measure",
    "who",
)  # set apart also where only one sentence has one
_LENIENT = ("place", "side", "day", "version")
_IDIOM = re.compile(
    r"\bfor the (?:first|last) time\b"
    r"|\b(?:last|next) (?:night|week|month|year|spring|summer|autumn|winter"
    rf"|(?:mon|tues|wednes|thurs|fri|satur|sun)day|{MONTH})\b",
    re.I,
)
_SOURCE = re.compile(  # "a Tokyo news site puts it at" says nothing of the place of the thing
    r"\b\w+ (?:\w+ )?(?:site|paper|newspaper|media|press|agency|outlet|magazine|broadcaster|report)"
    r"s?\b"
)
_LAST_MONTH = re.compile(rf"\b[Ll]ast {MONTH}")
# "The series of 2020 has a score of 8.8" says nothing of the time of the score.
_NAMED_BY_YEAR = re.compile(
    rf"\b(?:{'|'.join(sorted(WORKS))}|awards?|prizes?|festivals?) of {YEAR}\b"
)


def set_apart(asked: Asked, first: Context, second: Context) -> bool:
    """Tell whether two sentences speak of different things: seasons, places, years, parts."""
    ours, theirs = first.marks(asked), second.marks(asked)
    if any(ours[kind] != theirs[kind] for kind in _STRICT):
        return True
    if any(ours[k] and theirs[k] and not ours[k] & theirs[k] for k in _LENIENT):
        return True
    if asked.kind == "date":
        return _recurs(first, second) or _is_planned(asked, first) != _is_planned(asked, second)
    if asked.kind != "number":
        return False
    return _other_time(first, second) or any(_not_asked(asked, c) for c in (first, second))


@dataclass(frozen=True, slots=True)
class Context:
    """A sentence with what it states and when it was published."""

    sentence: str
    stated: Stated
    published: datetime.date | None

    def marks(self, asked: Asked) -> dict[str, frozenset[str]]:
        """What sets its value apart from others, as far as the question does not say so too."""
        plain = _SOURCE.sub(" ", fold(self._up_to_value()).replace("’", "'"))
        plain = _IDIOM.sub(" ", plain)
        said = set(re.findall(r"[^\W\d_][\w']*", plain))
        known = set(re.findall(r"[^\W\d_][\w']*", fold(asked.question).replace("’", "'")))
        marks = {kind: frozenset(said & set(w.split()) - known) for kind, w in _SET_APART.items()}
        ends = [amount.end for amount in self.stated.amounts]
        per = frozenset(
            "per"
            for end in ends
            if _PER.match(self.sentence[end:]) and not re.search(r"\beach\b", asked.question)
        )
        numbered = frozenset(f"{a} {b}" for a, b in _NUMBERED.findall(fold(self.sentence)))
        marks["part"] |= per | numbered
        marks["place"] = frozenset(w[:4] for w in said & PLACES)
        return marks

    def _up_to_value(self) -> str:
        """The sentence without what is added to the clause of a figure: ", and its first prize"."""
        amounts = self.stated.amounts
        if not amounts:
            return self.sentence
        return self.sentence[: clause_around(self.sentence, amounts[0].start, amounts[-1].end)[1]]

    def days(self) -> list[Day]:
        """The dates of the sentence, but not the year by which a thing is named."""
        days = [d for d, _, _ in find_days(_NAMED_BY_YEAR.sub(" ", self.sentence)) if d.year]
        if self.published and re.search(r"\b[Ll]ast year\b", self.sentence):
            days.append(Day(self.published.year - 1))
        return days

    def past_years(self) -> set[int | None]:
        """The years of "last June", told by when the article was published."""
        if not self.published:
            return set()
        year, month = self.published.year, self.published.month
        months = [find_days(m[0])[0][0].month or 0 for m in _LAST_MONTH.finditer(self.sentence)]
        return {year if one < month else year - 1 for one in months}


def _recurs(first: Context, second: Context) -> bool:
    """Tell the same event of two years: each date is of the year in which it was published."""
    years = [{day.year for day in c.stated.days} for c in (first, second)]
    published = [{c.published.year} if c.published else set() for c in (first, second)]
    return years == published and years[0] != years[1]


def _is_planned(asked: Asked, one: Context) -> bool:
    """Tell what is still to come: that it came on another day is no disagreement."""
    return "will" in one.sentence.split() and "will" not in asked.question.lower().split()


def _not_asked(asked: Asked, one: Context) -> bool:
    """Tell a figure of another year than that of the question: "last June", where 2023 is asked."""
    years = {day.year for day, _, _ in find_days(asked.question) if day.year}
    told = {day.year for day in one.days()} | one.past_years()
    return bool(years and told) and not years & told


def _other_time(first: Context, second: Context) -> bool:
    """Tell whether two figures are of different times; one without a date is of its own year."""
    ours, theirs = first.days(), second.days()
    if not ours and not theirs:
        return False
    ours = ours or ([Day(first.published.year)] if first.published else theirs)
    theirs = theirs or ([Day(second.published.year)] if second.published else ours)
    return not any(a.agrees(b) for a in ours for b in theirs)
