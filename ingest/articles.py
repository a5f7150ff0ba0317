"""From a file to an article, or to the reason why not. One small reader for each format."""

from __future__ import annotations

import datetime
import hashlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import frontmatter
import yaml

from ingest.clean import markdown_text, normalize, plain_text
from ingest.decoding import decode
from ingest.errors import Unreadable
from rag.sentences import guess_language
from rag.types import Article


@dataclass(frozen=True, slots=True)
class Draft:
    """What a reader gets out of a file: cleaned text, and the fields the file states."""

    text: str
    fields: dict[str, Any]


def read_markdown(content: str) -> Draft:
    """Read Markdown, with YAML front matter or without."""
    fields, body = split_front_matter(content)
    text, heading = markdown_text(body)
    return Draft(text, {"title": heading, **stated_in_text(text), **fields})


def read_text(content: str) -> Draft:
    """Read plain text, with YAML front matter or without."""
    fields, body = split_front_matter(content)
    text = plain_text(body)
    first, _, rest = text.partition("\n\n")
    title = first if rest and len(first) <= 120 and not first.endswith((".", "。")) else ""
    text = rest if title else text
    return Draft(text, {"title": title, **stated_in_text(text), **fields})


@dataclass(frozen=True, slots=True)
class Reading:
    """The articles of a file. `problem` tells which part of it cannot be read; empty if none.

    `content`: hash of the bytes that were read in full; empty if they are to be read again.
    """

    articles: tuple[Article, ...]
    problem: str = ""
    content: str = ""


READERS: dict[str, Callable[[str], Draft]] = {
    ".md": read_markdown,
    ".markdown": read_markdown,
    ".txt": read_text,
}


def find_files(path: Path) -> Iterator[Path]:
    """Yield the files that are meant as articles below a folder, in a stable order.

    Hidden files, files whose name begins with an underscore, and a folder's README and LICENSE
    are not.
    """
    for file in sorted(path.rglob("*")):
        parts = file.relative_to(path).parts
        hidden = any(part.startswith((".", "_")) for part in parts)
        if file.is_file() and not hidden and file.stem.upper() not in ("README", "LICENSE"):
            yield file


def read_bytes(file: Path, limit: int) -> bytes:
    """Read a file that is worth reading.

    Raises:
        Unreadable: if it is in no known format, too large, or cannot be opened.
    """
    if file.suffix.lower() not in READERS:
        known = ", ".join(sorted(READERS))
        raise Unreadable(f"{file.suffix or 'no suffix'} is not a known format; use {known}")
    try:
        size = file.stat().st_size
        if size > limit:
            raise Unreadable(
                f"{size / 1e6:.1f} MB is over the limit of {limit / 1e6:.1f} MB for one article; "
                "split the file or raise CITEWELL_MAX_FILE_BYTES"
            )
        return file.read_bytes()
    except OSError as error:
        raise Unreadable(f"cannot be opened: {error.strerror or error}") from error


def read_articles(key: str, suffix: str, content: bytes) -> Reading:
    """Turn a file's bytes into articles; `key` names the file in the index (its path).

    Raises:
        Unreadable: if there is no text in it or its front matter is broken.
    """
    draft = READERS[suffix.lower()](decode(content))
    if not any(character.isalnum() for character in draft.text):
        raise Unreadable("there is no text in it")
    return Reading((article_from(key, draft),))


def article_from(key: str, draft: Draft) -> Article:
    """Make an article of what a reader found."""
    fields = draft.fields
    return Article(
        id=article_id(key),
        path=key,
        text=draft.text,
        title=_line(fields.get("title")),
        source=_line(fields.get("source")),
        author=_line(fields.get("author")),
        published=parse_date(fields.get("published") or fields.get("date")),
        url=_line(fields.get("url")),
        language=_line(fields.get("language")) or guess_language(draft.text),
        tags=_lines(fields.get("tags")),
        references=_lines(fields.get("references")),
    )


def article_id(key: str) -> str:
    """Id of an article: it stays the same when the article changes."""
    return hashlib.sha256(key.encode()).hexdigest()[:16]


def split_front_matter(content: str) -> tuple[dict[str, Any], str]:
    """Split off YAML front matter.

    Raises:
        Unreadable: if the block is not a YAML mapping.
    """
    text = normalize_ends(content).strip()
    try:
        fields, body = frontmatter.parse(text)
    except (yaml.YAMLError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        place = f" (line {mark.line + 1})" if mark else ""
        raise Unreadable(
            f"the front matter is not valid YAML{place}: {getattr(error, 'problem', '') or error}; "
            "correct or remove the block between the --- lines"
        ) from error
    if not fields and any(c.isalnum() for c in text.removesuffix(body)):
        raise Unreadable(  # what the library drops then may be part of the article
            "the front matter is not a list of `key: value` lines; correct or remove the block "
            "between the --- lines"
        )
    return {key: value for key, value in fields.items() if value not in (None, "")}, body


def normalize_ends(content: str) -> str:
    """Use one kind of line end, for the front matter's marks."""
    return content.replace("\r\n", "\n").replace("\r", "\n")


_DATE_FORMATS = (
    "%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日", "%d %B %Y", "%B %d, %Y", "%d %b %Y",
    "%b %d, %Y", "%B %d %Y", "%d.%m.%Y",
)  # fmt: skip
_DATELINE = re.compile(
    r"^(?:published|date|updated|posted|发布时间|日期)?\s*[:：]?\s*(.{8,30})$", re.I
)
_BYLINE = re.compile(r"^(?:by|author:|作者[:：]|记者[:：])\s*([^.,;|]{2,60})$", re.I)


def parse_date(value: Any) -> datetime.date | None:
    """Read a date that is one beyond doubt; anything else is no date."""
    if isinstance(value, datetime.datetime):
        return value.date()
    if isinstance(value, datetime.date):
        return value
    text = str(value or "").strip()
    for candidate in (text, text[:10]):
        for form in _DATE_FORMATS:
            try:
                return datetime.datetime.strptime(candidate, form).date()
            except ValueError:
                continue
    return None


def stated_in_text(text: str) -> dict[str, Any]:
    """Take author and date from lines of their own among the first five; never from prose."""
    found: dict[str, Any] = {}
    for line in [line for line in text.split("\n") if line][:5]:
        byline = _BYLINE.match(line)
        if byline and not byline[1][0].islower():  # "By the numbers" names nobody
            found.setdefault("author", byline[1].strip())
        elif (dateline := _DATELINE.match(line)) and (date := parse_date(dateline[1])):
            found.setdefault("published", date)
    return found


def _line(value: Any) -> str:
    """Turn a field into one line of text; several authors are joined."""
    if isinstance(value, (list, tuple)):
        return ", ".join(_line(item) for item in value)
    return "" if value is None else " ".join(normalize(str(value)).split())


def _lines(value: Any) -> tuple[str, ...]:
    if isinstance(value, str):
        value = [item for item in value.split(",") if item.strip()]
    return tuple(_line(item) for item in value) if isinstance(value, list) else ()
