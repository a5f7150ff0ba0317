"""Records: JSON, JSON Lines and CSV. Each record is an article.

Names of fields that are in use are recognised; options name others. A record keeps its id when
its text changes: it goes by the id or address that it states, else by its title and date.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ingest.clean import plain_text
from ingest.decoding import decode
from ingest.errors import Unreadable
from ingest.formats.draft import Contents, Draft, ReadOptions
from ingest.formats.fields import as_date, as_text, find_fields
from ingest.formats.markup import LOOKS_LIKE_MARKUP, markup_text

_LISTS = (
    "articles",
    "items",
    "records",
    "results",
    "docs",
    "documents",
    "entries",
    "posts",
    "data",
)
_NAME = re.compile(r"[^\s#]{1,80}")
Numbered = Iterable[tuple[str, Any]]  # where in the file, and the record or what is wrong with it


def read_json(content: bytes, options: ReadOptions) -> Contents:
    """Read a list of records, an object that holds such a list, or one record."""
    try:
        value = json.loads(decode(content))
    except ValueError as error:
        raise Unreadable(f"is not valid JSON ({error}); correct it there") from error
    except RecursionError as error:
        raise Unreadable("is nested too deeply for JSON; give a list of records") from error
    records = _records(value)
    return to_drafts(((f"record {n}", each) for n, each in enumerate(records, 1)), options)


def read_lines(content: bytes, options: ReadOptions) -> Contents:
    """Read one record a line."""

    def lines() -> Iterator[tuple[str, Any]]:
        for number, line in enumerate(decode(content).split("\n"), start=1):
            if line.strip():
                try:
                    yield f"line {number}", json.loads(line)
                except (ValueError, RecursionError) as error:
                    yield f"line {number}", Unreadable(f"is not valid JSON ({error})")

    return to_drafts(lines(), options)


def read_csv(content: bytes, options: ReadOptions) -> Contents:
    """Read a table with a line of column names, separated by commas, semicolons or tabs."""
    text = decode(content)
    head = text.partition("\n")[0]
    separator = max(",;\t|", key=head.count)
    csv.field_size_limit(max(csv.field_size_limit(), len(text)))  # the file's size is the limit
    rows = csv.DictReader(io.StringIO(text, newline=""), delimiter=separator, restkey="")

    def numbered() -> Iterator[tuple[str, Any]]:
        try:
            for row in rows:
                yield f"line {rows.line_num}", {k: v for k, v in row.items() if k and v}
        except csv.Error as error:
            yield f"line {rows.line_num}", Unreadable(f"is not CSV ({error})")

    return to_drafts(numbered(), options)


def to_drafts(records: Numbered, options: ReadOptions) -> Contents:
    """Make a draft of each record, and tell which ones cannot be read.

    Raises:
        Unreadable: if none can.
    """
    drafts: list[Draft] = []
    problems: list[str] = []
    names: set[str] = set()
    count = 0
    for place, record in records:
        count += 1
        try:
            if isinstance(record, Unreadable):
                raise record
            draft = _draft(record, options.fields)
        except Unreadable as error:
            problems.append(f"{place} {error}")
            continue
        name, times = draft.name, 1
        while name in names:  # ids that are used twice
            times += 1
            name = f"{draft.name}-{times}"
        names.add(name)
        drafts.append(Draft(draft.text, draft.fields, name))
    if not count:
        raise Unreadable("there are no records in it")
    problem = (
        f"{len(problems)} of {count} records cannot be read: {problems[0]}" if problems else ""
    )
    if not drafts:
        raise Unreadable(problem)
    return Contents(tuple(drafts), problem)


def _draft(record: Any, mapping: Mapping[str, str]) -> Draft:
    if not isinstance(record, dict):
        raise Unreadable("is not an object with fields; give each article as one")
    found = find_fields(record, mapping)
    raw = as_text(found.get("text"))
    text = markup_text(raw)[0] if LOOKS_LIKE_MARKUP.search(raw) else plain_text(raw)
    if not any(character.isalnum() for character in text):
        names = ", ".join(" ".join(str(name).split())[:20] for name in list(record)[:8])
        raise Unreadable(
            f"has no text (its fields are {names}); name the field that holds it with "
            "--field text=NAME"
        )
    fields = {
        name: as_text(found.get(name)) for name in ("title", "author", "source", "url", "language")
    }
    fields_with_lists: dict[str, Any] = {**fields, "tags": _tags(found.get("tags"))}
    fields_with_lists["published"] = as_date(found.get("published"))
    return Draft(text, fields_with_lists, _name(found, fields, text))


def _name(found: dict[str, Any], fields: dict[str, str], text: str) -> str:
    """Name a record by what stays when its text changes."""
    stated = as_text(found.get("id")) or fields["url"]
    if _NAME.fullmatch(stated):
        return stated
    title = fields["title"] and f"{fields['title']}\n{as_text(found.get('published'))}"
    return hashlib.sha256((stated or title or text).encode()).hexdigest()[:16]


def _tags(value: Any) -> list[str]:
    if isinstance(value, str):
        return [tag.strip() for tag in re.split(r"[,;|]", value) if tag.strip()]
    return [tag for item in value if (tag := as_text(item))] if isinstance(value, list) else []


def _records(value: Any) -> list[Any]:
    if isinstance(value, list):
        return value
    if not isinstance(value, dict):
        raise Unreadable("holds no records; give a list of objects, or one object")
    for name in _LISTS:
        inner = value.get(name)
        if isinstance(inner, list) and inner and isinstance(inner[0], dict):
            return inner
    inner = value.get("response")  # of news interfaces: {"response": {"docs": […]}}
    return _records(inner) if isinstance(inner, dict) else [value]
