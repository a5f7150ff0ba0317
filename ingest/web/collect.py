"""From addresses to files: fetch pages and the articles of feeds, and keep them for later runs."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import urljoin

from anyio.from_thread import start_blocking_portal

from ingest.errors import Failure, Unreadable
from ingest.formats import Draft, ReadOptions
from ingest.formats.kinds import FEED
from ingest.formats.saved import FIELDS, SavedPage
from ingest.gather import Progress
from ingest.reader import Reader
from ingest.web.addresses import parse_address, without_login
from ingest.web.fetch import fetch_all
from ingest.web.keep import Kept
from ingest.web.wanted import Fetched, Wanted
from rag.settings import Settings

AT_ONCE = 8
logger = logging.getLogger(__name__)


def collect(
    addresses: Iterable[str], settings: Settings, progress: Progress
) -> tuple[list[Path], list[Failure]]:
    """Fetch what addresses name; give the files that keep it, and what could not be had.

    A page takes the place of its former version. One that cannot be fetched or read now stays as it
    is kept.
    """
    options, reader = ReadOptions.of(settings), Reader()
    collection = Collection(
        settings, options, reader, Kept(settings.corpus_dir, options, reader), progress
    )
    try:
        for given in dict.fromkeys(addresses):
            collection.want(given)
        collection.run()
    finally:
        reader.close()
    return list(collection.files), collection.failures


@dataclass(slots=True)
class Collection:
    """Pages in a queue; what feeds list joins its end."""

    settings: Settings
    options: ReadOptions
    reader: Reader
    kept: Kept
    progress: Progress
    queue: deque[Wanted] = field(default_factory=deque)
    names: set[str] = field(default_factory=set)
    files: dict[Path, None] = field(default_factory=dict)
    failures: list[Failure] = field(default_factory=list)

    def want(
        self, given: str, private: bool = True, item: Draft | None = None, feed: str = ""
    ) -> None:
        """Put a page into the queue, once; `private`, `item` and `feed` as in `Wanted`."""
        url, problem = given, ""
        try:
            url = parse_address(given)
        except Unreadable as error:
            problem = str(error)
        address = without_login(url)
        if address in self.names:
            return
        self.names.add(address)
        if problem:
            self.failures.append(Failure(address, problem))
        else:
            self.queue.append(Wanted(url, private, self.kept.load(address), item, feed))

    def run(self) -> None:
        """Fetch until the queue is empty, some pages at a time."""
        with start_blocking_portal() as portal:  # works where the caller runs a loop, too
            while self.queue:
                batch = [self.queue.popleft() for _ in range(min(AT_ONCE, len(self.queue)))]
                limit = self.settings.fetch_seconds
                results = portal.call(fetch_all, batch, self.options, limit)
                for wanted, result in zip(batch, results, strict=True):
                    self._take(wanted, result)
                self.progress("fetching", len(self.names) - len(self.queue), len(self.names))

    def _take(self, wanted: Wanted, result: Fetched | Unreadable) -> None:
        """Keep a page, or queue what a feed lists, or tell why neither can be done."""
        try:
            if isinstance(result, Unreadable):
                raise result
            if result.page is None:
                self._found(wanted)
            elif result.page.suffix != FEED:
                self._keep(wanted, result.page)
            elif wanted.item is None:
                self._open(result.page, result.private)
            else:
                raise Unreadable("is a feed, not an article; give its address itself")
        except Unreadable as error:
            self._do_without(wanted, error)

    def _keep(self, wanted: Wanted, page: SavedPage) -> None:
        """Keep a page, and what a feed says of it or once said, should it not say so itself."""
        stated = wanted.item.fields if wanted.item else {}
        fields = {name: stated[name] for name in FIELDS if stated.get(name)}
        known = wanted.known.fields if wanted.known else {}
        self.kept.save(replace(page, fields={**known, **fields}))
        self._found(wanted)

    def _do_without(self, wanted: Wanted, error: Unreadable) -> None:
        """Take what the feed itself carries of a page that cannot be had, else what is kept."""
        markup = wanted.item.fields["markup"] if wanted.item else ""
        if markup and (wanted.known is None or wanted.known.feed):
            body = f"<!DOCTYPE html><html><body><article>{markup}</article></body></html>".encode()
            try:
                page = SavedPage(wanted.address, ".html", body, "utf-8", feed=wanted.feed)
                return self._keep(wanted, page)
            except Unreadable as reason:
                error = reason
        self.failures.append(Failure(wanted.address, str(error)))
        if wanted.known:
            self._found(wanted)

    def _found(self, wanted: Wanted) -> None:
        self.files[self.kept.file(wanted.address)] = None

    def _open(self, feed: SavedPage, private: bool) -> None:
        """Queue the articles that a feed lists."""
        items = self.reader.read(FEED, feed.body, self.options).drafts
        most = self.settings.feed_items
        if len(items) > most:
            logger.warning(
                "%s lists %d articles; the first %d are taken. CITEWELL_FEED_ITEMS sets how many.",
                feed.address,
                len(items),
                most,
            )
        for item in items[:most]:
            if link := item.fields["url"]:
                self.want(urljoin(feed.address, link), private, item, feed.address)
            else:
                name = f"{feed.address}#{item.fields['title'] or item.name}"
                self.failures.append(Failure(name, "the feed gives no address for it"))
