"""Word documents (DOCX)."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

from ingest.clean import normalize, table_text
from ingest.formats.draft import Contents, Draft, ReadOptions
from ingest.formats.packed import open_zip
from ingest.formats.stated import stated_in_text


def read_docx(content: bytes, options: ReadOptions) -> Contents:
    """Read paragraphs, lists and tables in order; the title is that of the text or the document.

    The dates in a document tell when the file was made, not the article, and are left out.
    """
    import docx

    open_zip(content, "Word (.docx)", options).close()
    document = docx.Document(io.BytesIO(content))
    title = ""
    blocks: list[str] = []
    for style, text in _blocks(document):
        if not title and not blocks and style in ("Title", "Heading 1"):
            title = text
        elif text:
            blocks.append(text)
    text = normalize("\n\n".join(blocks))
    stated = {"title": title or document.core_properties.title}
    author = document.core_properties.author
    if author and author != "python-docx":  # the name that this library leaves behind
        stated["author"] = author
    return Contents((Draft(text, {**stated, **stated_in_text(text)}),))


def _blocks(document: object) -> Iterator[tuple[str, str]]:
    """Yield style and text of each paragraph and table."""
    from docx.table import Table

    for item in document.iter_inner_content():  # type: ignore[attr-defined]
        if isinstance(item, Table):
            yield "Table", table_text(_cells(row) for row in item.rows)
            continue
        style = (item.style.name or "") if item.style is not None else ""
        text = " ".join(item.text.split())
        yield style, f"- {text}" if text and style.startswith("List") else text


def _cells(row: Any) -> list[str]:
    """The texts of a row's cells; one that spans columns is given for each, and counts once."""
    seen: set[Any] = set()
    texts: list[str] = []
    for cell in row.cells:
        texts.append("" if cell._tc in seen else " ".join(cell.text.split()))
        seen.add(cell._tc)
    return texts
