"""RSS and Atom: an article for each item, of the text that the feed itself carries."""

from __future__ import annotations

import hashlib
import io
from typing import Any

from ingest.clean import plain_text
from ingest.errors import Unreadable
from ingest.formats.draft import Contents, Draft, ReadOptions
from ingest.formats.markup import LOOKS_LIKE_MARKUP, markup_text

FULL = 1_000  # characters; a summary this long that does not break off is the article itself


def read_feed(content: bytes, options: ReadOptions) -> Contents:
    """Read a feed; nothing that it links to is fetched.

    Raises:
        Unreadable: if it is none, or lists nothing.
    """
    import feedparser

    # As a stream: a string could be taken for an address or a file's name, and be opened.
    found = feedparser.parse(io.BytesIO(content), resolve_relative_uris=False)
    if not found.get("version"):
        raise Unreadable("is no feed; give RSS or Atom, or the article as HTML")
    drafts: dict[str, Draft] = {}
    for entry in found.entries:
        draft = _draft(entry, found.feed)
        drafts.setdefault(draft.name, draft)
    if not drafts:
        raise Unreadable("is a feed that lists no articles; look again later")
    return Contents(tuple(drafts.values()))


def _draft(entry: Any, feed: Any) -> Draft:
    """Make an article of an item. `markup`: its text as it came, if that is all of the article."""
    whole = "".join(part.get("value", "") for part in entry.get("content", ()))
    summary = entry.get("summary", "")
    markup = whole or summary
    text = markup_text(markup)[0] if LOOKS_LIKE_MARKUP.search(markup) else plain_text(markup)
    is_whole = bool(whole) or (len(text) >= FULL and not text.endswith(("…", "...", "]")))
    date = entry.get("published_parsed") or entry.get("updated_parsed")
    title, link = entry.get("title", ""), entry.get("link", "")
    fields = {
        "title": markup_text(title)[0] if LOOKS_LIKE_MARKUP.search(title) else title,
        "author": entry.get("author_detail", {}).get("name") or entry.get("author", ""),
        "published": "{:04}-{:02}-{:02}".format(*date[:3]) if date else "",
        "source": feed.get("title", ""),
        "url": link,
        "language": feed.get("language", "")[:2],
        "markup": markup if is_whole else "",
    }
    stated = entry.get("id") or link or f"{title}\n{fields['published']}"
    return Draft(text, fields, hashlib.sha256(stated.encode()).hexdigest()[:16])
