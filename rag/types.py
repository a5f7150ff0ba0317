"""The nouns of Citewell, as frozen dataclasses that turn into plain JSON."""

from __future__ import annotations

import dataclasses
import datetime
from typing import Any, Literal

Kind = Literal[
    "factoid", "list", "summary", "yes_no", "comparison", "about_the_corpus", "small_talk"
]
Status = Literal["answered", "refused"]


@dataclasses.dataclass(frozen=True, slots=True)
class Article:
    """One article: its cleaned text, and what is known about it.

    Every offset in Citewell counts characters of `text`. Unknown fields are empty (`""`, `None`,
    `()`), never guessed. `path` is relative to the corpus folder, or absolute for an article
    that was indexed from elsewhere.
    """

    id: str
    path: str
    text: str
    title: str = ""
    source: str = ""
    author: str = ""
    published: datetime.date | None = None
    url: str = ""
    language: str = ""
    tags: tuple[str, ...] = ()
    references: tuple[str, ...] = ()

    def named(self) -> dict[str, Any]:
        """The fields by which an outlet, a citation and a passage name their article."""
        return {
            "article_id": self.id,
            "title": self.title,
            "source": self.source,
            "author": self.author,
            "published": self.published,
            "url": self.url,
            "path": self.path,
        }


@dataclasses.dataclass(frozen=True, slots=True)
class Filters:
    """Which articles may be searched; empty means all. Dates are inclusive.

    An article without a date never matches a date filter.
    """

    sources: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    after: datetime.date | None = None
    before: datetime.date | None = None

    def __bool__(self) -> bool:
        """Tell whether anything is filtered."""
        return bool(self.sources or self.authors or self.after or self.before)

    def accept(self, source: str, author: str, published: datetime.date | None) -> bool:
        """Tell whether an article with these fields may be searched."""
        if self.sources and source not in self.sources:
            return False
        if self.authors and author not in self.authors:
            return False
        if (self.after or self.before) and published is None:
            return False
        if self.after and published and published < self.after:
            return False
        return not (self.before and published and published > self.before)


@dataclasses.dataclass(frozen=True, slots=True)
class Passage:
    """A retrieved chunk: `text == article_text[start:end]`, `score` in 0..1, higher is better."""

    article_id: str
    chunk_id: str
    title: str
    source: str
    author: str
    published: datetime.date | None
    url: str
    path: str
    text: str
    start: int
    end: int
    score: float


@dataclasses.dataclass(frozen=True, slots=True)
class Outlet:
    """An article that carries the same report as another one, word for word."""

    article_id: str
    title: str
    source: str
    author: str
    published: datetime.date | None
    url: str
    path: str


@dataclasses.dataclass(frozen=True, slots=True)
class Citation:
    """A quoted sentence: `quote == article_text[start:end]`, byte for byte; `number` from 1.

    `also`: the copies of the article in which the quote stands, too.
    """

    number: int
    article_id: str
    title: str
    source: str
    author: str
    published: datetime.date | None
    url: str
    path: str
    quote: str
    start: int
    end: int
    also: tuple[Outlet, ...] = ()


@dataclasses.dataclass(frozen=True, slots=True)
class Statement:
    """One sentence of an answer, its citations by number, and whether they bear it.

    `item`: in a list, the thing that the line stands for, as the first cited article names it.
    `near`: in a list of sentences, that it is near to the question, but may not belong there.
    """

    text: str
    citations: tuple[int, ...]
    supported: bool
    item: str = ""
    near: bool = False


@dataclasses.dataclass(frozen=True, slots=True)
class Coverage:
    """How many articles were searched, how many matched the question, how many are cited."""

    searched: int = 0
    matched: int = 0
    used: int = 0


@dataclasses.dataclass(frozen=True, slots=True)
class NearestArticle:
    """An article close to a refused question, and its closest sentence, if that is near at all.

    `quote == article_text[start:end]`; empty if nothing in the article is worth showing.
    """

    article_id: str
    title: str
    source: str
    published: datetime.date | None
    quote: str = ""
    start: int = 0
    end: int = 0


@dataclasses.dataclass(frozen=True, slots=True)
class Nearest:
    """What a refusal offers: the closest articles, and words asked for that none of them has."""

    articles: tuple[NearestArticle, ...] = ()
    missing: tuple[str, ...] = ()


@dataclasses.dataclass(frozen=True, slots=True)
class Disagreement:
    """Cited sentences that give different values for the same thing, newest first.

    `values`: one for each citation. `corrected`: the first takes back what the others say.
    """

    citations: tuple[int, ...]
    values: tuple[str, ...]
    corrected: bool = False


@dataclasses.dataclass(frozen=True, slots=True)
class Answer:
    """What is shown to a person. `text` carries `[n]`, the number of the citation.

    `assumed`: what was assumed in reading the question, each a sentence for the person who asked.
    `answerability`: how likely the articles answer the question, 0..1; `None` where that is not
    judged (courtesies, questions about the index).
    """

    question: str
    standalone_question: str
    kind: Kind
    status: Status
    text: str
    statements: tuple[Statement, ...] = ()
    citations: tuple[Citation, ...] = ()
    coverage: Coverage = Coverage()
    disagreements: tuple[Disagreement, ...] = ()
    nearest: Nearest = Nearest()
    reader: str = "extractive"
    seconds: float = 0.0
    answerability: float | None = None
    assumed: tuple[str, ...] = ()


@dataclasses.dataclass(frozen=True, slots=True)
class IndexStatus:
    """What the current index holds; `updated` is when it was published, in UTC."""

    snapshot: str
    updated: datetime.datetime
    articles: int
    chunks: int
    sources: tuple[str, ...]
    first_published: datetime.date | None
    last_published: datetime.date | None
    model: str


def to_json(value: Any) -> Any:
    """Turn any of these types into what `json.dumps` takes; dates become ISO 8601 strings."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: to_json(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, (tuple, list)):
        return [to_json(item) for item in value]
    return value
