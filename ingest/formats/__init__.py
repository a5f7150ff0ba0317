"""One small reader for each format: from the bytes of a file to drafts of articles."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from ingest.errors import Unreadable
from ingest.formats.docx import read_docx
from ingest.formats.draft import Contents, Draft, ReadOptions
from ingest.formats.epub import read_epub
from ingest.formats.feed import read_feed
from ingest.formats.html import read_html
from ingest.formats.mail import read_mail
from ingest.formats.packed import GZIP, unpack_gzip
from ingest.formats.pdf import read_pdf
from ingest.formats.records import read_csv, read_json, read_lines
from ingest.formats.saved import SavedPage
from ingest.formats.text import read_markdown, read_text

__all__ = ["READERS", "Contents", "Draft", "ReadOptions", "read_contents", "suffix_of"]

Reader = Callable[[bytes, ReadOptions], Contents]


def _read_saved(content: bytes, options: ReadOptions) -> Contents:
    """Read a page in a single file with the reader that suits it."""
    page = SavedPage.from_bytes(content)
    return page.described(read_contents(page.suffix, page.readable, options))


# What a person calls the format, and its reader.
READERS: dict[str, tuple[str, Reader]] = {
    ".md": ("Markdown", read_markdown),
    ".markdown": ("Markdown", read_markdown),
    ".txt": ("text", read_text),
    ".html": ("HTML", read_html),
    ".htm": ("HTML", read_html),
    ".xhtml": ("HTML", read_html),
    ".mhtml": ("a saved web page", _read_saved),
    ".mht": ("a saved web page", _read_saved),
    ".rss": ("a feed", read_feed),
    ".atom": ("a feed", read_feed),
    ".xml": ("a feed", read_feed),
    ".pdf": ("PDF", read_pdf),
    ".docx": ("a Word document", read_docx),
    ".epub": ("EPUB", read_epub),
    ".eml": ("e-mail", read_mail),
    ".json": ("JSON", read_json),
    ".jsonl": ("JSON Lines", read_lines),
    ".ndjson": ("JSON Lines", read_lines),
    ".csv": ("CSV", read_csv),
    ".tsv": ("CSV", read_csv),
}


def suffix_of(file: Path) -> str:
    """The suffix that tells the format; `.jsonl.gz` keeps both.

    Raises:
        Unreadable: if no reader knows it.
    """
    suffix = file.suffix.lower()
    inner = Path(file.stem).suffix.lower() if suffix == GZIP else suffix
    if inner not in READERS:
        known = ", ".join(sorted(READERS))
        found = Path(file.stem).suffix + file.suffix if suffix == GZIP else file.suffix
        raise Unreadable(
            f"{found or 'no suffix'} is not a known format; use {known}, or one of these packed "
            f"as {GZIP}"
        )
    return inner + GZIP if suffix == GZIP else inner


def read_contents(suffix: str, content: bytes, options: ReadOptions) -> Contents:
    """Read the bytes of a file.

    Raises:
        Unreadable: if nothing can be had from them; the message says why and what to do.
    """
    if suffix.endswith(GZIP):
        content, suffix = unpack_gzip(content, options), suffix.removesuffix(GZIP)
    called, reader = READERS[suffix]
    try:
        return reader(content, options)
    except Unreadable:
        raise
    except Exception as error:  # parsers raise anything on damaged input; no file may stop a run
        reason = " ".join(str(error).split())[:120] or type(error).__name__
        raise Unreadable(
            f"cannot be read as {called} ({reason}); it may be damaged: open it in the program "
            "that wrote it and save it anew"
        ) from error
