"""A saved web page: the article in it, without menus, advertisements and comments."""

from __future__ import annotations

import re
from itertools import groupby
from typing import Any

from ingest.clean import normalize, plain_text, table_text
from ingest.decoding import decode
from ingest.errors import Unreadable
from ingest.formats.draft import Contents, Draft, ReadOptions
from ingest.formats.markup import markup_text, parse
from ingest.formats.stated import stated_in_text

MOST_MARKUP = 2_000_000  # characters; no page of news is longer, and beyond it a page takes minutes
_HEAD = re.compile(r"^(\|.*\|)\n\|(?:-{3}\|)+$", re.M)  # the row above a rule begins a table
_BAR = re.compile(r"(?<!\\)\|")
_CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*([\w-]{3,20})", re.I)


def read_html(content: bytes, options: ReadOptions) -> Contents:
    """Read a page with trafilatura, which also finds title, author, date, site and address."""
    return Contents((page(html_text(content)),))


def page(markup: str) -> Draft:
    """Read a page that is text already.

    Raises:
        Unreadable: if there is no article in it.
    """
    import trafilatura  # takes a second, which a folder of Markdown need not wait for

    found: Any = None
    if len(markup) <= MOST_MARKUP and parse(markup) is not None:
        found = trafilatura.bare_extraction(
            markup,
            include_comments=False,
            with_metadata=True,
            # Dates that the page does not state as its own are not looked for.
            date_extraction_params={"extensive_search": False, "original_date": True},
        )
    fields: dict[str, Any] = {}
    text = ""
    if found is not None:
        text = _blocks(found.text or "")
        fields = {
            "title": found.title,
            "author": (found.author or "").replace("; ", ", "),
            "published": found.date,
            "source": found.sitename,
            "url": found.url,
            "tags": [*(found.tags or ())],
        }
        text = _without_title(text, found.title or "")
    if not text:  # too short to be told from a menu
        text, heading = markup_text(markup)
        fields.setdefault("title", heading)
    if not any(character.isalnum() for character in text):
        raise Unreadable(
            "there is no text in it (pages that a script fills hold none); save the page as it is "
            "shown, or save its text"
        )
    return Draft(text, {**stated_in_text(text), **{k: v for k, v in fields.items() if v}})


def html_text(content: bytes) -> str:
    """Decode a page: as it says itself, if that works, else as it looks."""
    stated = _CHARSET.search(content[:4096])
    if stated and not content.startswith((b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")):
        try:
            return content.decode(stated[1].decode("ascii"))
        except (LookupError, UnicodeDecodeError):
            pass
    return decode(content)


def _blocks(text: str) -> str:
    """Clean what trafilatura writes: a line for each paragraph, and tables as Markdown."""
    apart = _HEAD.sub(r"\n\1", normalize(text))
    blocks = [
        table_text(_cells(row) for row in lines) if in_table else plain_text("\n\n".join(lines))
        for in_table, lines in groupby(apart.split("\n"), key=_is_row)
    ]
    return "\n\n".join(filter(None, blocks))


def _is_row(line: str) -> bool:
    return line.startswith("| ") and line.endswith(" |")


def _cells(row: str) -> list[str]:
    return [cell.strip().replace("\\|", "|") for cell in _BAR.split(row)[1:-1]]


def _without_title(text: str, title: str) -> str:
    """Drop the headline from the text, where it would be a sentence of its own."""
    first, _, rest = text.partition("\n\n")
    return rest if rest and " ".join(first.split()) == " ".join(title.split()) else text
