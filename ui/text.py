"""Pieces of HTML that the chat and the panel share; all of them escape what they are given."""

from __future__ import annotations

import datetime
from html import escape


def lines(text: str) -> str:
    """Escape a text and keep its line breaks, in one line of HTML."""
    return "<br>".join(escape(line) for line in text.splitlines() if line.strip())


def title(text: str) -> str:
    """Name an article that may have no title."""
    return text.strip() or "Untitled article"


def date(day: datetime.date) -> str:
    """Write a day as people do: `14 March 2024`."""
    return f"{day.day} {day:%B %Y}"


def count(number: int, noun: str) -> str:
    """Write a number with its noun: `1 article`, `28 articles`."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def meta(source: str, published: datetime.date | None, author: str = "") -> str:
    """Say where and when an article appeared, as far as it is known."""
    parts = [escape(part) for part in (source, author) if part]
    if published:
        parts.append(f'<time datetime="{published.isoformat()}">{date(published)}</time>')
    return f'<span class="meta">{" · ".join(parts)}</span>' if parts else ""
