"""An article as HTML for the panel beside the chat, and the line that says what the index holds."""

from __future__ import annotations

from html import escape
from urllib.parse import urlsplit

from rag.types import Article, IndexStatus
from ui.links import Place
from ui.render import note_html
from ui.text import count, date, lines, meta, title

MASTHEAD = "<h1>Citewell</h1><p>Answers from your own articles, every sentence with its source.</p>"
# A template of Gradio's: `value` is the article's HTML, put in place as it is.
PANEL = (
    '<aside class="drawer" aria-label="Cited article"><div class="handle"><span>Source</span>'
    '<button type="button" class="close" aria-label="Close the article">Close</button></div>'
    '<div class="scroll" tabindex="0" aria-live="polite">'
    '${value || \'<p class="hint">Choose a citation, such as <span class="sample">[1]</span>, and '
    "its article opens here with the quoted sentence marked.</p>'}</div></aside>"
)


def article_html(article: Article, place: Place) -> str:
    """Render an article for the panel, the quoted sentence marked."""
    span, notice = place.find(article), ""
    if place.quote and span is None:
        notice = _changed("The article has changed since this answer; it then said:", place.quote)
    start, end = span or (0, 0)
    before, quote, after = article.text[:start], article.text[start:end], article.text[end:]
    mark = f'<mark id="quoted" tabindex="-1">{escape(quote)}</mark>' if quote else ""
    return (
        f'<article class="source" lang="{escape(article.language)}"><header>'
        f"{meta(article.source, article.published, article.author)}"
        f'<h2 tabindex="-1">{lines(title(article.title))}</h2>{_address(article.url)}</header>'
        f'{notice}<div class="text">{escape(before)}{mark}{escape(after)}</div></article>'
    )


def missing_html(message: str, place: Place) -> str:
    """Render what the panel shows when the article cannot be opened."""
    notice = _changed("When the answer was given, it said:", place.quote) if place.quote else ""
    return f'<div class="source"><p class="note problem">{lines(message)}</p>{notice}</div>'


def status_html(status: IndexStatus, notice: str = "") -> str:
    """Say in one line what the index holds, and what is wrong with it, if anything is."""
    held = count(status.articles, "article")
    if status.first_published and status.last_published:
        held += f", {date(status.first_published)} to {date(status.last_published)}"
    updated = f"updated {date(status.updated)}, {status.updated:%H:%M} UTC"
    problem = note_html(notice, "problem") if notice else ""
    return f'<p class="status"><span>{held}</span> <span>{updated}</span></p>{problem}'


def _changed(text: str, quote: str) -> str:
    return f'<div class="changed"><p>{text}</p><blockquote>{lines(quote)}</blockquote></div>'


def _address(url: str) -> str:
    """Link to the original, for web addresses only: `javascript:` and the like are left out."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return ""
    attributes = f'href="{escape(url)}" target="_blank" rel="noopener noreferrer nofollow"'
    return (
        f'<p class="address"><a {attributes}>{escape(parts.hostname)}{escape(parts.path)}</a></p>'
    )
