"""Which reader suits what a server sends: by what it says it is, its address, and a look at it."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from ingest.errors import Unreadable

FEED = ".rss"
# The suffix by which our readers know a format, and its type; the first one of a suffix is written.
TYPES = {
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "text/plain": ".txt",
    "text/markdown": ".md",
    "application/pdf": ".pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/epub+zip": ".epub",
    "application/json": ".json",
    "application/feed+json": ".json",
    "application/x-ndjson": ".jsonl",
    "application/jsonl": ".jsonl",
    "text/csv": ".csv",
    "text/tab-separated-values": ".tsv",
    "application/rss+xml": FEED,
    "application/atom+xml": FEED,
    "application/rdf+xml": FEED,
}
TYPE_OF = {suffix: kind for kind, suffix in reversed(TYPES.items())}
_LOOK = 2_000  # bytes
_FEED = re.compile(rb"<(rss|feed|rdf:RDF)[\s>]", re.I)
_PAGE = re.compile(rb"<(!doctype html|html|head|body)[\s>]", re.I)
_BY_NAME = ("", "text/plain", "application/octet-stream", "binary/octet-stream")


def suffix_for(kind: str, address: str, body: bytes) -> str:
    """Choose the format of what came from an address; `kind` is its type without parameters.

    Raises:
        Unreadable: if it is nothing that we read.
    """
    start = body[:_LOOK]
    if start.startswith(b"%PDF-"):
        return ".pdf"
    is_page = bool(_PAGE.search(start))
    if _FEED.search(start) and not is_page:  # feeds come under many names
        return FEED
    if kind in _BY_NAME:
        named = PurePosixPath(urlsplit(address).path).suffix.lower()
        if named in TYPE_OF and named != FEED:
            return named
        if is_page:
            return ".html"
    if kind in TYPES:
        return TYPES[kind]
    if kind.endswith("xml"):
        raise Unreadable("is XML, but neither a page nor a feed; give the address of the article")
    raise Unreadable(
        f"is {kind or 'of no stated type'}, which holds no text that can be read; give the address "
        "of a page, a PDF or a feed"
    )
