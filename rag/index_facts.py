"""What an index says of its articles without reading them: how many, from whom, how old."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from rag.about_wordings import LANGUAGE_NAMES
from rag.manifest import ArticleEntry
from rag.names import has_name, name_key
from rag.snapshot import Snapshot

NEWEST_SHOWN = 5
MOST_LISTED = 15


@dataclass(frozen=True, slots=True)
class Selection:
    """Some articles of an index, and in words which; `dated` if the words name their dates."""

    snapshot: Snapshot
    articles: tuple[ArticleEntry, ...]
    told: str = ""
    dated: bool = False

    def told_as(self, words: str) -> Selection:
        """Say more of which they are."""
        return replace(self, told=f"{self.told} {words}")

    def kept(self, articles: Iterable[ArticleEntry]) -> Selection:
        """Those that are among others, too."""
        ids = {entry.id for entry in articles}
        return replace(self, articles=tuple(e for e in self.articles if e.id in ids))

    def in_language(self, code: str) -> Selection:
        """Those in a language."""
        languages = zip(self.articles, self.languages(), strict=True)
        kept = self.kept(entry for entry, language in languages if language == code)
        return kept.told_as(f"in {LANGUAGE_NAMES[code]}")

    def written_by(self, author: str) -> Selection:
        """Those by an author or a paper, whose name may be a part of what the article has."""
        key = name_key(author)
        names = ((e, f"{e.author}\n{e.source}") for e in self.articles)
        kept = self.kept(entry for entry, said in names if has_name(said, key))
        return kept.told_as(f"by {author}")

    def languages(self) -> list[str]:
        """The language of each, as two letters where it is known so."""
        found = (self.snapshot.article(entry.id).language for entry in self.articles)
        return [language.lower().split("-")[0] for language in found]


def tell_ability(chosen: Selection) -> str:
    """Say what can be asked."""
    return (
        f"I search {len(chosen.articles)} articles and answer with sentences from them, each "
        "with a citation you can open. If they do not say what you ask, I say so."
    )


def tell_count(chosen: Selection) -> str:
    """Say how many there are, and from when."""
    days = sorted(entry.published for entry in chosen.articles if entry.published)
    span = f", published from {days[0]} to {days[-1]}" if len(set(days)) > 1 else ""
    if len(set(days)) == 1:
        span = f", published on {days[0]}"
    count = len(chosen.articles)
    noun = "article" if count == 1 else "articles"
    return f"The index holds {count or 'no'} {noun}{chosen.told}{'' if chosen.dated else span}."


def tell_titles(chosen: Selection) -> str:
    """Say how many there are, and the titles of the newest; one without a date comes last."""
    ordered = sorted(chosen.articles, key=lambda e: (e.published or date.min, e.path))
    shown = [f"“{entry.title or entry.path}”" for entry in ordered[: -NEWEST_SHOWN - 1 : -1]]
    if len(shown) < 2:
        return " ".join([tell_count(chosen), *(f"It is {title}." for title in shown)])
    opening = "The newest are" if len(ordered) > len(shown) else "They are"
    titles = f"{opening} {', '.join(shown)}. Ask me about any of them."
    return f"{tell_count(chosen)} {titles}"


def tell_by_age(chosen: Selection, *, oldest: bool) -> str:
    """Name the newest or the oldest."""
    dated = [(e.published, e.title or e.path) for e in chosen.articles if e.published]
    if not chosen.articles:
        return tell_count(chosen)
    if not dated:
        return "None of the articles has a date."
    day, title = min(dated) if oldest else max(dated)
    which = "oldest" if oldest else "newest"
    return f"The {which} article{chosen.told} is “{title}”, published on {day}."


def tell_sources(chosen: Selection) -> str:
    """Say how many articles are from each source."""
    return _tally(chosen, "from", "source", (entry.source for entry in chosen.articles))


def tell_authors(chosen: Selection) -> str:
    """Say how many articles are by each author."""
    return _tally(chosen, "by", "author", (entry.author for entry in chosen.articles))


def tell_languages(chosen: Selection) -> str:
    """Say how many articles are in each language."""
    names = (LANGUAGE_NAMES.get(code, code) for code in chosen.languages())
    return _tally(chosen, "in", "language", names)


def _tally(chosen: Selection, joint: str, noun: str, values: Iterable[str]) -> str:
    """How many articles have each value, the most frequent first."""
    counts = Counter(value for value in values if value)
    if not chosen.articles:
        return tell_count(chosen)
    if not counts:
        return f"The articles{chosen.told} do not name their {noun}s."
    ordered = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    lines = [f"- {value}: {count}" for value, count in ordered[:MOST_LISTED]]
    if len(ordered) > MOST_LISTED:
        lines.append(f"- and {len(ordered) - MOST_LISTED} more")
    plural = "" if len(ordered) == 1 else "s"
    return "\n".join(
        [f"The articles{chosen.told} are {joint} {len(ordered)} {noun}{plural}:", *lines]
    )
