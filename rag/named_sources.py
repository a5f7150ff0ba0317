"""Sources named in a question: "according to the Harbour Post" keeps to its articles.

Only a source of the index is one, under its own name or the name of its paper ("Screen Trade
Weekly" of "Screen Trade Weekly: Travel"), and only in wordings that speak of what it published.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace

from rag.date_wordings import PAPER, THERE_ARE
from rag.dates import Dated, without
from rag.snapshot import Snapshot
from rag.types import Filters

_SAID = r"(?:report(?:ed)?|writ(?:e|ten)|say|said|publish(?:ed)?|tell|told)"
_PATTERNS = (
    r"(?P<cut>[, ]*\b(?:according to|as reported by|going by)(?: the)? {name}"
    rf"(?:['’]s?)?(?: {PAPER})?\b,?)",
    rf"\b{PAPER}{THERE_ARE}?(?P<cut>(?: published| printed)? (?:from|of|by|in)(?: the)? {{name}})"
    r"(?![\w'’])",
    r"(?P<cut>[，,]?(?:根据|据|按照)《?{name}》?的?(?:报道|消息|文章)?[，,]?)",
)
_SAYS = rf"^what (?:did|does|do|has|have)(?: the)? {{name}} {_SAID}\b"
# The wordings alone: to gather the sources of many articles takes a while.
_SHAPES = tuple(re.compile(p.format(name=".+?"), re.IGNORECASE) for p in (_SAYS, *_PATTERNS))


def keep_to_source(snapshot: Snapshot, filters: Filters | None, dated: Dated) -> Dated:
    """Take out of a question the source that it keeps to, of those that filters let through."""
    if not any(shape.search(dated.question) for shape in _SHAPES):
        return dated
    papers = _papers(entry.source for entry in snapshot.accepted(filters) if entry.source)
    for name in sorted(_named(dated.question, papers), key=len, reverse=True):
        rest = _without_source(dated.question, re.escape(name))
        if rest:
            return replace(dated, question=rest, source=name, sources=tuple(sorted(papers[name])))
    return dated


def _papers(sources: Iterable[str]) -> Mapping[str, set[str]]:
    """The sources meant by each name: one itself, or all parts of a paper by the name of that."""
    papers: dict[str, set[str]] = {}
    for source in dict.fromkeys(sources):
        for name in {source, source.split(":")[0].strip() or source}:
            papers.setdefault(name, set()).add(source)
    return papers


def _named(question: str, names: Iterable[str]) -> list[str]:
    typed = question.casefold()
    return [name for name in names if name.casefold() in typed]


def _without_source(question: str, name: str) -> str:
    """The question without a source; empty if it does not keep to that."""
    said = re.match(_SAYS.format(name=name), question, re.I)
    if said:
        return f"What do the articles say{question[said.end() :]}"
    for pattern in _PATTERNS:
        match = re.search(pattern.format(name=name), question, re.I)
        if match:
            return without(question, *match.span("cut"))
    return ""
