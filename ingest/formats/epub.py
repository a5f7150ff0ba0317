"""EPUB: each chapter is an article."""

from __future__ import annotations

import posixpath
import zipfile
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

from lxml import etree

from ingest.errors import Unreadable
from ingest.formats.draft import Contents, Draft, ReadOptions
from ingest.formats.html import html_text
from ingest.formats.markup import markup_text
from ingest.formats.packed import open_zip

_CONTAINER = "META-INF/container.xml"


def read_epub(content: bytes, options: ReadOptions) -> Contents:
    """Read the chapters in reading order, with the book's author, date, publisher and language."""
    with open_zip(content, "EPUB", options) as archive:
        if _CONTAINER not in archive.namelist():
            raise Unreadable("is not an EPUB file: it has no list of its parts; save it anew")
        (root, *_) = _tree(archive, _CONTAINER).xpath("//*[local-name()='rootfile']/@full-path")
        package = _tree(archive, root)
        book = _fields(package)
        drafts, bad = [], []
        for name in dict.fromkeys(_chapters(package, posixpath.dirname(root))):
            try:
                text, heading = markup_text(html_text(archive.read(name)))
            except (KeyError, Unreadable, zipfile.BadZipFile, OSError, ValueError):
                bad.append(name)
                continue
            title = ": ".join(filter(None, (book["title"], heading)))
            drafts.append(Draft(text, {**book, "title": title}, name=name))
    problem = f"{', '.join(bad[:3])} cannot be read; save the book anew" if bad else ""
    return Contents(tuple(drafts), problem)


def _tree(archive: zipfile.ZipFile, name: str) -> Any:
    """Parse XML that may come from anyone: no entities, no network."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True)
    root = etree.fromstring(archive.read(name), parser)
    if root is None:
        raise Unreadable(f"is not a whole EPUB file ({name} is damaged); save it anew")
    return root


def _chapters(package: Any, folder: str) -> Iterator[str]:
    """Yield the names of the chapters in the archive, in reading order."""
    items = {item.get("id"): item for item in package.xpath("//*[local-name()='item']")}
    for reference in package.xpath("//*[local-name()='itemref']/@idref"):
        item = items.get(reference)
        if item is not None and "html" in (item.get("media-type") or ""):
            yield posixpath.normpath(posixpath.join(folder, unquote(item.get("href") or "")))


def _fields(package: Any) -> dict[str, Any]:
    def stated(name: str) -> list[str]:
        return [
            " ".join(text.split()) for text in package.xpath(f"//*[local-name()='{name}']/text()")
        ]

    first = {name: (stated(name) or [""])[0] for name in ("title", "date", "publisher", "language")}
    return {
        "title": first["title"],
        "author": stated("creator"),
        "published": first["date"],
        "source": first["publisher"],
        "language": first["language"].split("-")[0],
    }
