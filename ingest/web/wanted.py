"""What is fetched, and what comes back."""

from __future__ import annotations

from dataclasses import dataclass

from ingest.formats import Draft
from ingest.formats.saved import SavedPage
from ingest.web.addresses import without_login


@dataclass(frozen=True, slots=True)
class Wanted:
    """A page to fetch.

    `private`: it may be in a private network, for a person gave the address, or a page there.
    `known`: what is kept of it. `item` and `feed`: what names it, if no person did.
    """

    url: str
    private: bool = True
    known: SavedPage | None = None
    item: Draft | None = None
    feed: str = ""

    @property
    def address(self) -> str:
        """What the page goes by."""
        return without_login(self.url)

    @property
    def conditions(self) -> dict[str, str]:
        """Header lines that ask only for what is not kept yet."""
        if self.known is None or self.known.feed:
            return {}
        stated = {"If-None-Match": self.known.etag, "If-Modified-Since": self.known.modified}
        return {name: value for name, value in stated.items() if value}


@dataclass(frozen=True, slots=True)
class Fetched:
    """A page, or `None` if it is as we keep it; `private`: it came from a private network."""

    page: SavedPage | None
    private: bool
