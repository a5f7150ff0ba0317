"""The text of HTML, block by block, without judging which part of it is the article."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree, html

from ingest.clean import normalize

LOOKS_LIKE_MARKUP = re.compile(r"</?(p|div|br|span|a|b|i|em|strong|ul|li|h[1-6])\b[^>]*>", re.I)
_BLOCKS = frozenset(
    "address article aside blockquote body br dd div dl dt fieldset figcaption figure footer form "
    "h1 h2 h3 h4 h5 h6 header hr li main nav ol p pre section table td th tr ul".split()
)
_UNSEEN = frozenset("head iframe noscript script style template title".split())


def markup_text(markup: str) -> tuple[str, str]:
    """Return the text of HTML, paragraphs apart, and its first heading if one is at the start."""
    root = parse(markup)
    if root is None:
        return "", ""
    parts: list[str] = []
    for text, starts in _pieces(root):
        if starts:
            parts.append("\n\n")
        parts.append(re.sub(r"\s+", " ", text))
    blocks = [normalize(block).strip() for block in "".join(parts).split("\n\n")]
    headings = [e for e in root.iter("h1", "h2", "h3") if isinstance(e.tag, str)]
    heading = normalize(" ".join("".join(headings[0].itertext()).split())) if headings else ""
    blocks = [block for block in blocks if block and block != "-"]
    if heading and blocks and blocks[0] == heading:
        return "\n\n".join(blocks[1:]), heading
    return "\n\n".join(blocks), ""


def parse(markup: str) -> html.HtmlElement | None:
    """Parse HTML, however broken; `None` if there is none. Fetches nothing."""
    parser = html.HTMLParser(encoding="utf-8", no_network=True, huge_tree=False, recover=True)
    try:
        root = html.document_fromstring(markup.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError):
        return None
    return root


def _pieces(root: html.HtmlElement) -> Iterator[tuple[str, bool]]:
    """Yield pieces of text in order, and whether a block starts or ends before each.

    Without recursion: pages nest tags by the thousand.
    """
    skipped: html.HtmlElement | None = None
    for event, element in etree.iterwalk(root, events=("start", "end", "comment", "pi")):
        tag = element.tag if isinstance(element.tag, str) else ""
        if event == "start" and skipped is None:
            if tag in _UNSEEN:
                skipped = element
            else:
                lead = "- " if tag == "li" else ""
                yield lead + (element.text or ""), tag in _BLOCKS
        elif event != "start":
            if element is skipped:
                skipped = None
            elif skipped is not None:
                continue
            yield element.tail or "", tag in _BLOCKS
