"""What an answer states: the best sentences, each once, with what they need to be understood."""

from __future__ import annotations

import datetime
import re
from collections import Counter
from collections.abc import Sequence

from rag.compose import Claim, Quote, overlap
from rag.evidence import Sentence
from rag.keyword import keywords
from rag.lead_in import quote_with_lead_in, stands_alone
from rag.rows import announced_list, with_head
from rag.sentences import is_row
from rag.snapshot import Snapshot
from rag.types import Kind

STATEMENTS = {"summary": 6, "list": 15}  # at the most; of a list, where its things cannot be told
FEW = 3  # of anything else
MARGIN = 0.2  # how far a further sentence may score below the first
LIST_MARGINS = 0.08, 0.15  # how far below it a sentence may not belong there, and how far it cannot
READ_MARGINS = 0.15, 0.3  # the same, of scores that the reranker has a share in
TELLING = 5  # terms of a sentence that another may contain
DUPLICATE = 0.8  # share of common terms from which two sentences say the same

Said = tuple[set[str], set[str]]  # the terms and the figures of a sentence
_FIGURE = re.compile(r"\d+(?:[.,]\d+)*")


def gather_claims(
    snapshot: Snapshot,
    sentences: Sequence[Sentence],
    kind: Kind,
    margins: tuple[float, float] = LIST_MARGINS,
) -> list[Claim]:
    """Take the best sentences, and quote them with what they need; `sentences` best first.

    `margins`: of a list, how far below the first a sentence only comes near, and how far it is out.
    """
    sure, near = margins
    groups = _choose(_fit(snapshot, sentences, kind), kind, near if kind == "list" else MARGIN)
    if kind == "summary":  # it is read as a text, from the first that happened to the last
        groups.sort(key=lambda group: _told(snapshot, group[0]))
    wholes = {} if kind == "list" else _whole_lists(snapshot, [group[0] for group in groups])
    quoted: list[Quote] = []
    claims: list[Claim] = []
    for group in groups:
        quotes = tuple(
            wholes.get((s.article_id, s.start)) or _quote(snapshot, s, quoted, kind) for s in group
        )
        if not any(overlap(quotes[0], other) for other in quoted):
            far = kind == "list" and group[0].score < sentences[0].score - sure
            claims.append(Claim(quotes, near=far))
            quoted += quotes
    return claims


def _fit(snapshot: Snapshot, sentences: Sequence[Sentence], kind: Kind) -> Sequence[Sentence]:
    """Leave out of a summary what leans on a sentence that cannot be quoted with it.

    Unless all of it does.
    """
    near = [s for s in sentences if s.score >= sentences[0].score - MARGIN]
    fit = [s for s in near if stands_alone(snapshot, s)] if kind == "summary" else []
    return fit or sentences


def _choose(sentences: Sequence[Sentence], kind: Kind, margin: float) -> list[list[Sentence]]:
    """Group the best sentences: one that repeats another adds its place to it instead.

    Copies of one agency report so become one statement with all their sources.
    """
    limit = STATEMENTS.get(kind, FEW)
    chosen: list[tuple[Said, list[Sentence]]] = []
    for sentence in sentences:
        if sentence.score < sentences[0].score - margin:
            break
        said = _said(sentence.text)
        twin = next((group for group in chosen if _same(group[0], said)), None)
        if twin:
            if sentence.article_id not in {s.article_id for s in twin[1]}:
                twin[1].append(sentence)
        elif len(chosen) < limit:
            chosen.append((said, [sentence]))
    return [group for _, group in chosen]


def _told(snapshot: Snapshot, sentence: Sentence) -> tuple[datetime.date, str, int]:
    """When a sentence was published, and its place; without a date, it comes last."""
    published = snapshot.entries[sentence.article_id].published
    return published or datetime.date.max, sentence.article_id, sentence.place


def _whole_lists(snapshot: Snapshot, chosen: Sequence[Sentence]) -> dict[tuple[str, int], Quote]:
    """Lists to quote whole, for several of their rows were chosen, or one and what announces them.

    By the article and the start of the sentence that was.
    """
    found: dict[tuple[str, int], Quote] = {}
    for s in chosen:
        if is_row(s.text.rpartition("\n")[2]):
            span = announced_list(snapshot.article(s.article_id).text, (s.start, s.end))
            if span:
                found[s.article_id, s.start] = (s.article_id, *span)
    times = Counter(found.values())
    return {place: quote for place, quote in found.items() if times[quote] > 1}


def _quote(snapshot: Snapshot, sentence: Sentence, quoted: Sequence[Quote], kind: Kind) -> Quote:
    """The place to quote; a row of a table comes with its head, once in a list."""
    if not is_row(sentence.text):
        return quote_with_lead_in(snapshot, sentence, quoted)
    row = sentence.start, sentence.end
    text = snapshot.article(sentence.article_id).text
    start, end = with_head(text, row, 1) if kind == "list" else with_head(text, row)
    headed = (sentence.article_id, start, end)
    return (sentence.article_id, *row) if any(overlap(headed, q) for q in quoted) else headed


def _said(text: str) -> Said:
    return set(keywords(text)), set(_FIGURE.findall(text))


def _same(first: Said, second: Said) -> bool:
    """Tell whether two sentences say the same by their terms, or one says what the other says.

    Never with another figure: that is a disagreement.
    """
    (one, figures), (other, others) = first, second
    common, shorter = len(one & other), min(len(one), len(other))
    if common == shorter >= TELLING:
        return figures <= others or others <= figures
    return common >= DUPLICATE * len(one | other) and figures == others
