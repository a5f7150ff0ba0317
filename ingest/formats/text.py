"""Markdown and plain text, with YAML front matter or without."""

from __future__ import annotations

from typing import Any

import frontmatter
import yaml

from ingest.clean import markdown_text, plain_text
from ingest.decoding import decode
from ingest.errors import Unreadable
from ingest.formats.draft import Contents, Draft, ReadOptions
from ingest.formats.stated import stated_in_text


def read_markdown(content: bytes, options: ReadOptions) -> Contents:
    """Read Markdown."""
    fields, body = split_front_matter(decode(content))
    text, heading = markdown_text(body)
    return Contents((Draft(text, {"title": heading, **stated_in_text(text), **fields}),))


def read_text(content: bytes, options: ReadOptions) -> Contents:
    """Read plain text."""
    fields, body = split_front_matter(decode(content))
    title, text = title_and_text(body)
    return Contents((Draft(text, {"title": title, **stated_in_text(text), **fields}),))


def title_and_text(body: str) -> tuple[str, str]:
    """Clean plain text, and take its first line for the title if that is no sentence."""
    text = plain_text(body)
    first, _, rest = text.partition("\n\n")
    title = first if rest and len(first) <= 120 and not first.endswith((".", "。")) else ""
    return title, rest if title else text


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
        reason = " ".join(str(getattr(error, "problem", "") or error).split())
        raise Unreadable(
            f"the front matter is not valid YAML{place}: {reason}; "
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
