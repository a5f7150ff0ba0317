"""What the fields of a record mean, by the names in use."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from typing import Any

from ingest.formats.stated import parse_date

# In each line the surest name first. Compared without case, `_`, `-`, `:` and spaces.
NAMES: dict[str, tuple[str, ...]] = {
    "text": tuple(
        "text fulltext articlebody maintext bodytext body content contenttext contenthtml bodyhtml "
        "article story plaintext 正文 内容 selftext description summary".split()
    ),
    "title": tuple("title headline heading subject name 标题 题目".split()),
    "author": tuple("author authors byline creator dccreator writer 作者 记者".split()),
    "published": tuple(
        "published publishedat publicationdate publisheddate datepublished datepublish pubdate "
        "publishdate webpublicationdate date dcdate posted postedat created createdat createdutc "
        "timestamp 发布时间 日期".split()
    ),
    "source": tuple(
        "source sourcename publisher publication outlet newspaper site sitename sourcedomain "
        "domain 来源".split()
    ),
    "url": tuple("url link weburl canonicalurl sourceurl href permalink uri 链接".split()),
    "language": tuple("language lang dclanguage".split()),
    "tags": tuple("tags keywords categories topics tag keyword category".split()),
    "id": tuple("id articleid guid uuid docid documentid".split()),
}
_PAST, _FUTURE = datetime.date(1971, 1, 1), datetime.date(2100, 1, 1)


def find_fields(record: Mapping[str, Any], mapping: Mapping[str, str]) -> dict[str, Any]:
    """Find what a record says of each of our fields; what the mapping names comes first."""
    plain = {re.sub(r"[\s_:.-]", "", str(name)).casefold(): value for name, value in record.items()}
    found: dict[str, Any] = {}
    for field, names in NAMES.items():
        if field in mapping:
            found[field] = _at(record, mapping[field])
            continue
        values = (plain[name] for name in names if name in plain)
        found[field] = next((value for value in values if as_text(value)), None)
    return found


def as_text(value: Any) -> str:
    """Turn a value into text: of a list all, of an object what names it."""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, bool) or value is None:
        return ""
    if isinstance(value, (int, float)):
        return str(value)
    if isinstance(value, list):
        texts = [text for item in value if (text := as_text(item))]
        return ("\n\n" if any(len(text) > 80 for text in texts) else ", ").join(texts)
    if isinstance(value, dict):
        names = ("name", "title", "text", "rendered", "value", "$oid", "$date", "_text", "#text")
        return next((text for name in names if (text := as_text(value.get(name)))), "")
    return ""


def as_date(value: Any) -> datetime.date | None:
    """Read a date, also one in seconds or milliseconds since 1970."""
    text = as_text(value)
    if re.fullmatch(r"\d{9,13}(\.\d+)?", text):
        seconds = float(text) / (1000 if float(text) > 1e11 else 1)
        date = datetime.datetime.fromtimestamp(seconds, datetime.UTC).date()
        return date if _PAST <= date <= _FUTURE else None
    return parse_date(text)


def _at(record: Mapping[str, Any], path: str) -> Any:
    """Value of a field; a dot leads into an object (`author.name`)."""
    if path in record:
        return record[path]
    value: Any = record
    for name in path.split("."):
        value = value.get(name) if isinstance(value, dict) else None
    return value
