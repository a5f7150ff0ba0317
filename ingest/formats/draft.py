"""What readers of formats take and give."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from rag.settings import Settings


@dataclass(frozen=True, slots=True)
class Draft:
    """One article as a reader found it: cleaned text, and the fields that the file states.

    `name`: tells the article from others in the same file; empty if it is the only one.
    """

    text: str
    fields: dict[str, Any]
    name: str = ""


@dataclass(frozen=True, slots=True)
class Contents:
    """All that a reader got out of a file; `problem` tells which part it could not read."""

    drafts: tuple[Draft, ...]
    problem: str = ""


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """Limits in bytes and seconds, and which field of a record holds what (`{"text": "copy"}`)."""

    max_bytes: int = 10_000_000
    max_unpacked: int = 50_000_000
    fields: Mapping[str, str] = field(default_factory=dict)
    max_seconds: float = 60

    @classmethod
    def of(cls, settings: Settings) -> ReadOptions:
        """Take them from the settings."""
        return cls(
            settings.max_file_bytes,
            settings.max_unpacked_bytes,
            dict(settings.record_fields),
            settings.max_file_seconds,
        )

    @property
    def mark(self) -> bytes:
        """Differs when records would be read otherwise, so that their files are read again."""
        return json.dumps(dict(self.fields), sort_keys=True).encode() if self.fields else b""
