"""Do two sentences speak of the same thing? Told by what stands around their values.

Seasons, places, years, "each" and "in all" set values apart that would otherwise disagree.
"""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass

from rag.days import Day, find_days
from rag.keyword import fold
from rag.lexicon import PLACES
from rag.stated import Asked, Stated

_SET_APART = {
    "order": "first second third fourth fifth sixth seventh last final opening next previous "
    "debut initial",
    "version": "original new remake dubbed",
    "part": "alone each per every half whole entire overall combined total altogether",
    "measure": "average peak minimum maximum daily weekly monthly annual yearly net gross record",
    "who": "men women men's women's boys girls adults children junior senior youth",
    "side": "north northern south southern east eastern west western upper lower left right",
    "day": "monday tuesday wednesday thursday friday saturday sunday",
}
_PER = re.compile(r"^,? (?:an?|per|each|every) [a-z]+")
_NUMBERED = re.compile(
    r"\b(season|phase|series|line|route|chapter|part|stage|volume|room|hall) (\d+)"
)
_STRICT = ("order", "part", "measure", "who")  # set apart also where only one sentence has one
_LENIENT = ("place", "side", "day", "version")
_IDIOM = re.compile(
    r"\bfor the (?:first|last) time\b"
    r"|\b(?:last|next) (?:night|week|month|year|spring|summer|autumn|winter)\b"
)
_SOURCE = re.compile(  # "a Tokyo news site puts it at" says nothing of the place of the thing
    r"\b\w+ (?:\w+ )?(?:site|paper|newspaper|media|press|agency|outlet|magazine|broadcaster|report)"
    r"s?\b"
)


def set_apart(asked: Asked, first: Context, second: Context) -> bool:
    """Tell whether two sentences speak of different things: seasons, places, years, parts."""
    ours, theirs = first.marks(asked), second.marks(asked)
    if any(ours[kind] != theirs[kind] for kind in _STRICT):
        return True
    if any(ours[k] and theirs[k] and not ours[k] & theirs[k] for k in _LENIENT):
        return True
    if asked.kind == "date" and _recurs(first, second):
        return True
    return asked.kind == "number" and _other_time(first, second)


@dataclass(frozen=True, slots=True)
class Context:
    """A sentence with what it states and when it was published."""

    sentence: str
    stated: Stated
    published: datetime.date | None

    def marks(self, asked: Asked) -> dict[str, frozenset[str]]:
        """What sets its value apart from others, as far as the question does not say so too."""
        plain = _SOURCE.sub(" ", fold(self.sentence).replace("’", "'"))
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


def _recurs(first: Context, second: Context) -> bool:
    """Tell the same event of two years: each date is of the year in which it was published."""
    years = [{day.year for day in c.stated.days} for c in (first, second)]
    published = [{c.published.year} if c.published else set() for c in (first, second)]
    return years == published and years[0] != years[1]


def _other_time(first: Context, second: Context) -> bool:
    """Tell whether two figures are of different times; one without a date is of its own year."""
    ours, theirs = ([d for d, _, _ in find_days(c.sentence) if d.year] for c in (first, second))
    if not ours and not theirs:
        return False
    ours = ours or ([Day(first.published.year)] if first.published else theirs)
    theirs = theirs or ([Day(second.published.year)] if second.published else ours)
    return not any(a.agrees(b) for a in ours for b in theirs)
