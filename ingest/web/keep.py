"""Fetched pages as files below the corpus folder, one for each address."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ingest.articles import read_articles
from ingest.errors import Unreadable
from ingest.formats import ReadOptions
from ingest.formats.saved import SavedPage
from ingest.reader import Reader
from ingest.replace import replace_bytes
from ingest.web.addresses import page_key
from ingest.web.response import too_large


@dataclass(frozen=True, slots=True)
class Kept:
    """The pages that are kept. Every run of ingest reads them as it reads other files."""

    corpus: Path
    options: ReadOptions
    reader: Reader

    def file(self, address: str) -> Path:
        """Where a page is kept."""
        return self.corpus / page_key(address)

    def load(self, address: str) -> SavedPage | None:
        """Read a page that is kept; `None` if there is none, or none that can be used."""
        try:
            page = SavedPage.from_bytes(self.file(address).read_bytes())
        except (OSError, Unreadable):
            return None
        return page if page.address == address else None

    def save(self, page: SavedPage) -> None:
        """Write a page, if it can be read: later runs shall not stumble on it.

        Raises:
            Unreadable: if it cannot, or if there is no place for it.
        """
        content, file = page.to_bytes(), self.file(page.address)
        if len(content) > self.options.max_bytes:
            raise too_large(self.options)
        read_articles(page_key(page.address), file.suffix, content, self.options, self.reader.read)
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            if not file.is_file() or file.read_bytes() != content:
                replace_bytes(file, content)
        except OSError as error:
            raise Unreadable(
                f"cannot be kept in {file.parent} ({error.strerror or error}); free some space, "
                "let this user write there, or set CITEWELL_CORPUS_DIR"
            ) from error
