"""Why a file was not indexed."""

from __future__ import annotations

from dataclasses import dataclass


class Unreadable(Exception):
    """A file that cannot become an article; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Failure:
    """A file that was left out of an index; `kept`: what was read from it before stays there."""

    path: str
    reason: str
    kept: bool = False

    @property
    def told(self) -> str:
        """The reason for a person, who should know if the index is behind the file."""
        stays = "; what was read from it before stays in the index and is still quoted"
        return self.reason + (stays if self.kept else "")
