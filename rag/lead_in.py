"""Sentences that do not stand alone, and what they lean on.

"It was shot in Bangkok" tells a reader nothing. Such a sentence is quoted together with the ones
before it that say what it speaks of, as one contiguous span of the article: still verbatim. So is
the reply in an interview with its question.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.compose import Quote, overlap
from rag.evidence import Sentence
from rag.sentences import Span, is_question
from rag.snapshot import Snapshot
from rag.unnamed import names_nobody

FURTHEST = 2  # sentences before

_NOUNS = (
    "series|show|drama|film|movie|programme|story|book|novel|company|studio|channel|broadcaster|"
    "service|platform|original|remake|version|adaptation|project|deal|team|club|city|village|"
    "festival|director|producer|author|actor|actress|minister|president|firm|group|bank|plan|law|"
    "game|match|song|album|report|study|agency|party|government|court|ship|bridge|building|plant|"
    "figure|number|share|rise|fall|decision|idea|title|format|edit|thriller|comedy|romance|sequel"
)
_OPENER = (
    r"^(?:[\"“]?(?:But|And|So|Yet|Then|Still|Also|Even so|In the meantime|At home|At first|Abroad|"
    r"Later|Now|Since then|By then|That year|There),? )?"
)
_PRONOUN = re.compile(
    rf"{_OPENER}(?:It|He|She|They|Its|His|Her|Their|This|That|These|Those|Both|Neither|Others?|"
    r"The (?:two|three|four|latter|former|other|others|same))\b(?! Is | Not )"
)
_NOUN = re.compile(
    rf"{_OPENER}(?:The|This|That|These|Those|Its|His|Her|Their) (?:[a-zA-Z0-9'’-]+ ){{0,3}}"
    rf"(?:{_NOUNS})s?\b"
    r"(?!(?: of| to| for| behind| from| by) (?:the )?[A-Z\d]| [A-Z]| \()"
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
    """Tell a sentence that opens with a pronoun or "the series", or has one for an object."""
    said = sentence.removeprefix("- ")
    return bool(
        is_of_somebody(said) or _NOUN.match(said) or _THE_SAME.search(said) or _OBJECT.match(said)
    )


def is_of_somebody(sentence: str) -> bool:
    """Tell a sentence with a pronoun for a subject, and what is said without a speaker.

    In the paragraph before stands whom they mean; "the company" may be the topic of the article.
    """
    opens = _PRONOUN.match(sentence) or _CJK_LEANS.match(sentence)
    return bool(opens) or names_nobody(sentence)


def with_lead_in(text: str, spans: Sequence[Span], place: int) -> Span:
    """Extend sentence number `place` backwards until it stands alone, within its paragraph.

    To a reply its question belongs, from the paragraph before.

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
        and not _opens_paragraph(text, spans, first)
    ):
        first -= 1
    return spans[_question_before(text, spans, first)][0], end


def _question_before(text: str, spans: Sequence[Span], first: int) -> int:
    """Number of the sentence where the question begins that a sentence replies to; else its own.

    In an interview it is all that was said at a time: "Debts have grown. Is that not too much?"
    """
    if first == 0 or not is_question(text[spans[first - 1][0] : spans[first - 1][1]]):
        return first
    asked = first - 1
    while (
        _opens_paragraph(text, spans, first)
        and first - 1 - asked < FURTHEST
        and asked > 0
        and not _opens_paragraph(text, spans, asked)
    ):
        asked -= 1
    return asked


def _opens_paragraph(text: str, spans: Sequence[Span], place: int) -> bool:
    return place == 0 or "\n" in text[spans[place - 1][1] : spans[place][0]]


def quote_with_lead_in(snapshot: Snapshot, sentence: Sentence, quoted: Sequence[Quote]) -> Quote:
    """The place to quote: the sentence, with those before it that it leans on.

    Without those that the answer has quoted already.
    """
    article_id = sentence.article_id
    text, spans, place = _in_article(snapshot, sentence)
    first, _ = with_lead_in(text, spans, place)
    starts = [start for start, _ in spans[: place + 1] if start >= first]
    wholes = [(article_id, start, sentence.end) for start in starts]
    new = (whole for whole in wholes if not any(overlap(whole, other) for other in quoted))
    return next(new, wholes[-1])


def stands_alone(snapshot: Snapshot, sentence: Sentence) -> bool:
    """Tell whether a sentence, with what can be quoted before it, says whom it speaks of."""
    text, spans, place = _in_article(snapshot, sentence)
    start, _ = with_lead_in(text, spans, place)
    return not is_of_somebody(next(text[a:b] for a, b in spans if a == start))


def _in_article(snapshot: Snapshot, sentence: Sentence) -> tuple[str, list[Span], int]:
    """An article, its sentences, and the number of the one that a candidate begins with."""
    rows = snapshot.rows_of[sentence.article_id]
    spans = [span for row in rows for span in snapshot.chunks[row].sentences]
    text = snapshot.article(sentence.article_id).text
    return text, spans, [start for start, _ in spans].index(sentence.start)
