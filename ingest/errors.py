"""Why a file was not indexed."""

from __future__ import annotations

from dataclasses import dataclass


class Unreadable(Exception):
    """A file that cannot become an article; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Failure:
    """A file that was left out of an index, or keeps its previous version there."""

    path: str
    reason: str
