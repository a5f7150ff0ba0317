"""Sentences that do not stand alone, and what they lean on.

"It was shot in Bangkok" tells a reader nothing. Such a sentence is quoted together with the ones
before it that say what it speaks of, as one contiguous span of the article: still verbatim.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.sentences import Span

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
_CJK_LEANS = re.compile(r"^(?:它|他|她|这|那|该|其|此|同期|对此|不过，它)")


def leans(sentence: str) -> bool:
    """Tell a sentence that opens with a pronoun, or with "the series" and the like."""
    return bool(_LEANS.match(sentence.removeprefix("- ")) or _CJK_LEANS.match(sentence))


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
