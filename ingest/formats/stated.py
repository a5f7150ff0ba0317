"""What an article plainly says about itself: dates, and lines that name author or date."""

from __future__ import annotations

import datetime
import re
from typing import Any

_DATE_FORMATS = (
    "%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日", "%d %B %Y", "%B %d, %Y", "%d %b %Y",
    "%b %d, %Y", "%B %d %Y", "%d.%m.%Y", "%Y%m%d", "%a, %d %b %Y",
)  # fmt: skip
_DATELINE = re.compile(
    r"^(?:published|date|updated|posted|发布时间|日期)?\s*[:：]?\s*(.{8,30})$", re.I
)
_BYLINE = re.compile(r"^(?:by|author:|作者[:：]|记者[:：])\s*([^.,;|]{2,60})$", re.I)


def parse_date(value: Any) -> datetime.date | None:
    """Read a date that is one beyond doubt; anything else is no date."""
    if isinstance(value, datetime.datetime):
        return value.date()
    if isinstance(value, datetime.date):
        return value
    text = str(value or "").strip()
    for candidate in (text, text[:10], " ".join(text.split()[:4])):  # before the time of day
        for form in _DATE_FORMATS:
            try:
                return datetime.datetime.strptime(candidate, form).date()
            except ValueError:
                continue
    return None


def stated_in_text(text: str) -> dict[str, Any]:
    """Take author and date from lines of their own among the first five; never from prose."""
    found: dict[str, Any] = {}
    for line in [line for line in text.split("\n") if line][:5]:
        byline = _BYLINE.match(line)
        if byline and not byline[1][0].islower():  # "By the numbers" names nobody
            found.setdefault("author", byline[1].strip())
        elif (dateline := _DATELINE.match(line)) and (date := parse_date(dateline[1])):
            found.setdefault("published", date)
    return found
