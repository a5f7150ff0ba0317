"""The link behind a citation: it carries all that is needed to open the quoted sentence.

Nothing about a citation is kept on the server, so that it still opens in an older answer of the
conversation, in another tab, and after the index has been rebuilt.
"""

from __future__ import annotations

import dataclasses
from urllib.parse import parse_qs, urlencode

from rag.types import Article, Citation

PREFIX = "#cite?"


@dataclasses.dataclass(frozen=True, slots=True)
class Place:
    """An article and, unless `quote` is empty, a sentence of it."""

    article_id: str
    quote: str = ""
    start: int = 0
    end: int = 0

    @classmethod
    def of(cls, citation: Citation) -> Place:
        """Tell where a citation points."""
        return cls(citation.article_id, citation.quote, citation.start, citation.end)

    @classmethod
    def parse(cls, href: str) -> Place:
        """Read a link back.

        Raises:
            ValueError: for anything that `href` did not write.

        """
        head, _, query = href.partition("?")
        if head + "?" != PREFIX:
            raise ValueError(f"not a citation link: {href[:80]!r}")
        fields = {name: values[0] for name, values in parse_qs(query).items()}
        if "article" not in fields:
            raise ValueError("a citation link must name an article")
        start, end = int(fields.get("start", 0)), int(fields.get("end", 0))
        return cls(fields["article"], fields.get("quote", ""), start, end)

    def href(self) -> str:
        """Write the link; it never leaves the page."""
        fields: dict[str, str | int] = {"article": self.article_id}
        if self.quote:
            fields |= {"start": self.start, "end": self.end, "quote": self.quote}
        return PREFIX + urlencode(fields)

    def find(self, article: Article) -> tuple[int, int] | None:
        """Give the offsets of the quote in the article as it is now.

        An article may have changed since the answer was given: then the quote is looked for
        elsewhere in it, and `None` says that it is gone. A wrong sentence is never marked.
        """
        if not self.quote:
            return None
        if article.text[self.start : self.end] == self.quote:
            return self.start, self.end
        start = article.text.find(self.quote)
        return (start, start + len(self.quote)) if start >= 0 else None
