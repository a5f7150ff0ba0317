"""What an article plainly says about itself: dates, and lines that name author, date or outlet."""

from __future__ import annotations

import datetime
import re
from typing import Any

from ingest.formats.outlets import is_outlet

_DATE_FORMATS = (
    "%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日", "%d %B %Y", "%B %d, %Y", "%d %b %Y",
    "%b %d, %Y", "%B %d %Y", "%d.%m.%Y", "%Y%m%d", "%a, %d %b %Y", "%A, %d %B %Y", "%A %d %B %Y",
    "%A, %B %d, %Y",
)  # fmt: skip
_DATELINE = re.compile(
    r"^(?:published|date|updated|posted|发布时间|日期)?\s*[:：]?\s*(.{8,30})$", re.I
)
_BYLINE = re.compile(r"^(?:by|author:|作者[:：]|记者[:：])\s*([^.,;|]{2,60})$", re.I)

# What stands between an outlet and a date; in Chinese, a space will do.
_MARK = re.compile(r" ?[,，、|·•] ?| [-–—] |(?<=[\u4e00-\u9fff》]) | (?=[\u4e00-\u9fff《])")
_LONGEST = 60  # characters of a line that names both


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
    """Take author, date and source from lines of their own at the top; never from prose."""
    found: dict[str, Any] = {}
    for _, fields in stated_lines(text):
        found = fields | found  # the first to state something counts
    return found


def stated_lines(text: str) -> list[tuple[str, dict[str, Any]]]:
    """Find the lines among the first five that do nothing but state fields, and these."""
    lines = [line for line in text.split("\n") if line][:5]
    return [(line, fields) for line in lines if (fields := _fields(line))]


def _fields(line: str) -> dict[str, Any]:
    byline = _BYLINE.match(line)
    if byline and not byline[1][0].islower():  # "By the numbers" names nobody
        return {"author": byline[1].strip()}
    if found := _outlet_and_date(line):
        return found
    dateline = _DATELINE.match(line)
    date = parse_date(dateline[1]) if dateline else None
    return {"published": date} if date else {}


def _outlet_and_date(line: str) -> dict[str, Any]:
    """Read a line that is all "Eastmoor Post, 18 October 2024", in either order.

    In "Oslo, 18 October 2024" the date may be that of what happened there, so it is left alone.
    """
    for mark in _MARK.finditer(line) if len(line) <= _LONGEST else ():
        sides = line[: mark.start()], line[mark.end() :]
        for outlet, day in (sides, sides[::-1]):
            if is_outlet(outlet) and (date := parse_date(day)):
                return {"source": outlet.strip("《》"), "published": date}
    return {}
