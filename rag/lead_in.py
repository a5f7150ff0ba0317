"""Sentences that do not stand alone, and what they lean on.

"It was shot in Bangkok" tells a reader nothing. Such a sentence is quoted together with the ones
before it that say what it speaks of, as one contiguous span of the article: still verbatim.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.compose import Quote, overlap
from rag.evidence import Sentence
from rag.sentences import Span
from rag.snapshot import Snapshot

FURTHEST = 2  # sentences before

_NOUNS = (
    "series|show|drama|film|movie|programme|story|book|novel|company|studio|channel|broadcaster|"
    "service|platform|original|remake|version|adaptation|project|deal|team|club|city|village|"
    "festival|director|producer|author|actor|actress|minister|president|firm|group|bank|plan|law|"
    "game|match|song|album|report|study|agency|party|government|court|ship|bridge|building|plant|"
    "figure|number|share|rise|fall|decision|idea|title|format|edit|thriller|comedy|romance|sequel"
)
_LEANS = re.compile(
    r"^(?:[\"“]?(?:But|And|So|Yet|Then|Still|Also|Even so|In the meantime|At home|At first|Abroad|"
    r"Later|Now|Since then|By then|That year|There),? )?"
    r"(?:(?:It|He|She|They|Its|His|Her|Their|This|That|These|Those|Both|Neither|Others?|"
    r"The (?:two|three|four|latter|former|other|others|same))\b(?! Is | Not )"
    rf"|(?:The|This|That|These|Those|Its|His|Her|Their) (?:[a-zA-Z0-9'’-]+ ){{0,3}}(?:{_NOUNS})s?\b"
    r"(?!(?: of| to| for| behind| from| by) (?:the )?[A-Z\d]| [A-Z]| \())"
)
# "A Tokyo site puts the same drama at 16 billion": the same as what?
_THE_SAME = re.compile(
    r"\b(?!(?:for|by|from|in|on|at|of|with|to|as|than|and|has|have|had|shares?|shared) )[a-z]+ "
    rf"the same (?:{_NOUNS})s?\b(?! (?:of|as|that|which|who|whose|where)\b)"
)
# "An earlier report placed it on VTV2": an object is never the subject of its own clause, and
# here stands no other name or clause from which it could be told.
_CLAUSE = (
    "that|when|if|because|which|whom?|as|while|after|before|since|until|and|but|or|so|than|whether"
    "|what|how|where|why|to"
)
_MAKE_IT = "put|puts|make|makes|made|making"  # "made it to the final"
_AFTER_OBJECT = r"[.,;:]| (?:in|on|at|to|for|from|with|by|into)\b"
_OBJECT = re.compile(
    rf"^[\"“]?(?:(?:But|And|So|Yet) (?=[a-z]))?(?!(?i:{_CLAUSE})\b)[A-Za-z][a-z'’-]* "
    rf"(?:(?!(?:{_CLAUSE}|{_MAKE_IT})\b)[a-z'’-]+ ){{1,7}}?"
    rf"(?:(?:it|him|them)(?={_AFTER_OBJECT}| (?:off|back|there|here|again|last|this)\b)"
    rf"|her(?={_AFTER_OBJECT}))"
)
_CJK_LEANS = re.compile(r"^(?:它|他|她|这|那|该|其|此|同期|对此|不过，它)")


def leans(sentence: str) -> bool:
    """Tell a sentence that opens with a pronoun or "the series", or that has one for an object."""
    said = sentence.removeprefix("- ")
    return bool(
        _LEANS.match(said)
        or _CJK_LEANS.match(said)
        or _THE_SAME.search(said)
        or _OBJECT.match(said)
    )


def with_lead_in(text: str, spans: Sequence[Span], place: int) -> Span:
    """Extend sentence number `place` backwards until it stands alone, within its paragraph.

    Args:
        text: the article.
        spans: its sentences, in order.
        place: which of them is to be quoted.

    Returns:
        The span to quote; that of the sentence itself where it needs nothing.
    """
    end = spans[place][1]
    first = place
    while (
        place - first < FURTHEST
        and first > 0
        and leans(text[spans[first][0] : spans[first][1]])
        and "\n" not in text[spans[first - 1][1] : spans[first][0]]
    ):
        first -= 1
    return spans[first][0], end


def quote_with_lead_in(snapshot: Snapshot, sentence: Sentence, quoted: Sequence[Quote]) -> Quote:
    """The place to quote: the sentence, with those before it that it leans on.

    Without those that the answer has quoted already.
    """
    article_id, spans = sentence.article_id, snapshot.chunks[sentence.row].sentences
    text = snapshot.article(article_id).text
    place = spans.index((sentence.start, sentence.end))
    first, end = with_lead_in(text, spans, place)
    starts = [start for start, _ in spans[: place + 1] if start >= first]
    wholes = [(article_id, start, end) for start in starts]
    new = (whole for whole in wholes if not any(overlap(whole, other) for other in quoted))
    return next(new, wholes[-1])
