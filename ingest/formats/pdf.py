"""PDF with a text layer."""

from __future__ import annotations

import io
import logging
import re
from collections import Counter
from collections.abc import Sequence

from ingest.clean import join_lines, normalize
from ingest.errors import Unreadable
from ingest.formats.draft import Contents, Draft, ReadOptions
from ingest.formats.stated import stated_in_text

MOST_PAGES = 2_000
_END = re.compile(r"[.!?:。！？：…\"”’)）」』]$")
_NUMBER = re.compile(r"\d+")
_PROGRAM = re.compile(r"^(microsoft word|untitled|无标题)|\.(docx?|indd|qxd|pdf|tex|pages)$", re.I)


def read_pdf(content: bytes, options: ReadOptions) -> Contents:
    """Read the text of all pages as one article.

    Raises:
        Unreadable: if it is locked, or is pictures of pages only.
    """
    import pypdf

    logging.getLogger("pypdf").setLevel(logging.ERROR)  # it tells every oddity of every file
    pdf = pypdf.PdfReader(io.BytesIO(content), strict=False)
    if pdf.is_encrypted and not _unlocked(pdf):
        raise Unreadable("is locked with a password; save a copy without it")
    count = len(pdf.pages)
    if count > MOST_PAGES:
        raise Unreadable(f"has {count} pages, more than {MOST_PAGES}; split it")
    pages: list[list[str]] = []
    bad: list[int] = []
    for number in range(count):
        try:
            lines = normalize(pdf.pages[number].extract_text()).split("\n")
            pages.append([line for line in lines if line])
        except Exception:  # one page that the parser stumbles over must not take the others along
            bad.append(number + 1)
    text = paragraphs(without_running_lines(pages))
    if not text and not bad:
        raise Unreadable(
            "there is no text in it, only pictures of pages; run it through text recognition "
            "(OCR), for example with ocrmypdf"
        )
    problem = (
        f"page {', '.join(map(str, bad[:5]))} cannot be read; save the PDF anew" if bad else ""
    )
    return Contents((Draft(text, _fields(pdf, text)),), problem)


def without_running_lines(pages: Sequence[list[str]]) -> list[str]:
    """Drop what stands at the top or foot of most pages, page numbers aside the same."""
    ends = Counter(
        mark for page in pages for mark in {_NUMBER.sub("#", line) for line in page[:1] + page[-1:]}
    )
    running = {mark for mark, times in ends.items() if times >= 3 and times * 2 > len(pages)}
    running.add("#")
    lines: list[str] = []
    for page in pages:
        last = len(page) - 1
        for place, line in enumerate(page):
            if place not in (0, last) or _NUMBER.sub("#", line) not in running:
                lines.append(line)
    return lines


def paragraphs(lines: Sequence[str]) -> str:
    """Join the lines of a column; a paragraph ends where a line ends a sentence and falls short."""
    if not lines:
        return ""
    width = sorted(len(line) for line in lines)[len(lines) * 9 // 10]
    blocks: list[str] = []
    run: list[str] = []
    for line in lines:
        if run and re.search(r"\w-$", run[-1]) and line[:1].islower():
            run[-1] = run[-1][:-1] + line  # a word that was divided
        else:
            run.append(line)
        if len(line) < 0.5 * width or (_END.search(line) and len(line) < 0.9 * width):
            blocks.append(join_lines(run))
            run = []
    if run:
        blocks.append(join_lines(run))
    return "\n\n".join(blocks)


def _unlocked(pdf: object) -> bool:
    """Try the empty password, with which many files are locked against changes only."""
    try:
        return bool(pdf.decrypt(""))  # type: ignore[attr-defined]
    except Exception:  # an unknown cipher, or one that needs another package
        return False


def _fields(pdf: object, text: str) -> dict[str, object]:
    """Take title and author; the date in a PDF tells when the file was made, not the article."""
    stated = stated_in_text(text)
    try:
        found = pdf.metadata  # type: ignore[attr-defined]
        title = str(found.title or "") if found else ""
        author = str(found.author or "") if found else ""
    except Exception:  # damaged metadata is none
        return stated
    known = {"title": "" if _PROGRAM.search(title.strip()) else title, "author": author}
    return {**stated, **{name: value for name, value in known.items() if value.strip()}}
