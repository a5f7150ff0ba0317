"""Plain nouns that a question is about: a thing without a name, or one that a name tells apart."""

from __future__ import annotations

import re

from rag.lexicon import AUXILIARY
from rag.names import FIGURE

# Where a noun phrase ends, and nouns that tell when or how far rather than what is spoken of.
_NO_NOUN = (
    rf"{AUXILIARY}|be|been|the|an?|and|or|but|than|that|this|who|which|when|where|if|as|not|it|they"
    r"|of|in|on|at|by|to|from|for|with|about|after|before|into|over|under|since|until|during|per"
    r"|last|next|now|today|yet|then|again|here|there|ever|twice|once|first|alone|together|else"
    r"|also|too|either|\w+ly"
)
_WORD = rf"(?!(?:{_NO_NOUN})\b)[a-z][a-z-]+"
_NO_THING = (
    r"(?:(?:first|last|same|whole|other|next|most|best|only) )?(?:end|beginning|start|morning"
    r"|evening|night|day|week|month|year|time|moment|future|past|world|others?|articles?|news)\b"
)
# Verbs that end a question after its subject: what stands before one is the rest of a noun.
_LAST_VERB = (
    r"(?:cost|open|close|run|have|begin|start|end|stop|need|work|happen|look|carry|mean|take|get"
    r"|make|pay|earn|employ|fail|change|move|reopen|finish|leave|arrive|go|\w+ed|built|held|made)"
)
_ADVERB = r"(?: (?:now|today|yet|then|again|currently|already|so far|last year|this year))?\W*$"
_SUBJECT_NOUN = re.compile(
    rf"(?P<noun>(?: {_WORD}){{1,2}}?) {_LAST_VERB}(?:\W*$| (?:in|on|at|to|from|for|by|with)\b)"
)
_OBJECT_NOUN = re.compile(rf"(?P<noun>(?: {_WORD}){{1,2}})(?={_ADVERB}| (?:{_NO_NOUN})\b)")
_SUBJECT = re.compile(
    rf"\b(?i:{AUXILIARY}) (?P<noun>the (?!{_NO_THING}){_WORD}(?: {_WORD})?) {_LAST_VERB}{_ADVERB}"
)
_OBJECT = re.compile(
    rf"\b(?!(?:{AUXILIARY}|of)\b)[a-z]+ (?P<noun>the (?!{_NO_THING}){_WORD}(?: {_WORD})?"
    rf"(?: of (?:the )?{_WORD})?){_ADVERB}"
)


def thing_in(question: str) -> str:
    """The thing that a question without a name is about; empty if that is not plain."""
    found = _OBJECT.search(question) or _SUBJECT.search(question)
    return found["noun"] if found else ""


def noun_after(question: str, start: int, end: int) -> str:
    """The noun that a name only tells apart: "the Eastmoor tram", with the space before it."""
    before, after = question[:start], question[end:]
    if not before.endswith("the ") or FIGURE.match(after):
        return ""
    is_subject = re.search(rf"\b(?:{AUXILIARY}) the $", before, re.IGNORECASE)
    found = (_SUBJECT_NOUN if is_subject else _OBJECT_NOUN).match(after)
    return found["noun"] if found else ""
