"""Dates as texts write them: `12 March 2024`, `March 12, 2024`, `March 2024`, `2024`, `3月12日`."""

from __future__ import annotations

import calendar
import datetime
import re
from dataclasses import dataclass

_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
MONTH = (
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December|"
    r"(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\b\.?)"
)
YEAR = r"(?:1[89]|20)\d\d"
DAY = (
    rf"\d{{4}}-\d\d-\d\d|\d{{4}}-\d\d(?![\d-])"
    rf"|\d{{1,2}}(?:st|nd|rd|th)? (?:of )?{MONTH}(?:,? {YEAR}\b)?"
    rf"|{MONTH} \d{{1,2}}(?:st|nd|rd|th)?\b(?:,? {YEAR}\b)?"
    rf"|{MONTH},? {YEAR}\b|\b{YEAR}\b(?!年)"
    rf"|{YEAR}年(?:\d{{1,2}}月)?(?:\d{{1,2}}[日号])?|\d{{1,2}}月\d{{1,2}}[日号]"
)
_DAY = re.compile(rf"(?<![\w.,])(?:{DAY})(?![\d%])|(?<=[^\W\d])(?:{YEAR}年|\d{{1,2}}月)[\d月日号]*")
_CJK = re.compile(rf"(?:({YEAR})年)?(?:(\d{{1,2}})月)?(?:(\d{{1,2}})[日号])?")
_MONTH_NAME = re.compile(MONTH, re.IGNORECASE)  # within what was found to be a date
# "may" and "march" are words too; as months they are written with a capital.
_MONTH_ALONE = re.compile(rf"\b(?:in|since|of|by|until|last|next|early|late|mid) ({MONTH})")


@dataclass(frozen=True, slots=True)
class Day:
    """A day, a month or a year, as far as it was written out."""

    year: int | None = None
    month: int | None = None
    day: int | None = None

    def agrees(self, other: Day) -> bool:
        """Tell whether two may be the same: what both say is equal (`2022`, `March 2022`)."""
        pairs = ((self.year, other.year), (self.month, other.month), (self.day, other.day))
        said = [(ours, theirs) for ours, theirs in pairs if ours and theirs]
        return bool(said) and all(ours == theirs for ours, theirs in said)

    def equals(self, other: Day) -> bool:
        """Tell whether two say the same to the same precision, but for a year left out."""
        units = [(day.month is not None, day.day is not None) for day in (self, other)]
        return self.agrees(other) and units[0] == units[1]

    def span(self) -> tuple[datetime.date, datetime.date] | None:
        """First and last day that it covers; `None` without a year, or if there is none such."""
        if self.year is None:
            return None
        first_month, last_month = (self.month, self.month) if self.month else (1, 12)
        try:
            last_day = self.day or calendar.monthrange(self.year, last_month)[1]
            first = datetime.date(self.year, first_month, self.day or 1)
            return first, datetime.date(self.year, last_month, last_day)
        except (ValueError, calendar.IllegalMonthError):
            return None


def find_days(text: str) -> list[tuple[Day, int, int]]:
    """Find dates with their offsets; a month alone only after a word such as "in"."""
    found = [(read_day(m[0]), m.start(), m.end()) for m in _DAY.finditer(text)]
    taken = [(start, end) for _, start, end in found]
    for match in _MONTH_ALONE.finditer(text):
        start, end = match.span(1)
        if not any(a < end and start < b for a, b in taken):
            found.append((Day(month=_month(match[1])), start, end))
    return sorted(found, key=lambda one: one[1])


def read_day(text: str) -> Day:
    """Read one date, as `DAY` finds them."""
    if re.fullmatch(r"\d{4}(?:-\d\d){1,2}", text):
        return Day(*(int(part) for part in text.split("-")))
    if re.search("[年月]", text):
        parts = _CJK.match(text)
        return Day(*(int(part) if part else None for part in (parts.groups() if parts else ())))
    name = _MONTH_NAME.search(text)
    numbers = re.findall(r"\d+", text)
    year = next((int(number) for number in numbers if len(number) == 4), None)
    day = next((int(number) for number in numbers if len(number) < 4), None)
    return Day(year, _month(name[0]) if name else None, day)


def _month(name: str) -> int:
    return _MONTHS.index(name[:3].lower()) + 1
