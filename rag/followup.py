"""Follow-up questions made to stand alone, from the questions before, without a language model.

A follow-up leans on the questions before by a pronoun ("when was it filmed?"), by naming what to
put in ("what about Vietnam?", "the Thai one"), by other question words ("on which channel?"), or by
naming nothing at all ("how many episodes?"). Anything else is a new topic and stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from langchain_core.messages import HumanMessage, MessageLikeRepresentation, convert_to_messages

from rag.asked_person import put_asked_person
from rag.days import MONTH, YEAR
from rag.ellipsis import ask_again, put_in, shift_year
from rag.followup_chinese import resolve_chinese
from rag.lexicon import AUXILIARY, is_place
from rag.names import FIGURE, find_names, is_name
from rag.pronouns import put_for_pronoun
from rag.question import spelled_out
from rag.sentences import CJK
from rag.topic import is_named, tell_version, topic_of

_ASKS = rf"(?:who|whom|whose|what|which|when|where|why|how|{AUXILIARY})\b"
# Before a capital "and" alone is taken off for certain: "So Ju-yeon" and "Hi, Mom" are names.
_OPENING = re.compile(
    r"(?:(?:and|but|or)\b,? *"
    r"|(?:ok(?:ay)?|thanks?(?: you)?(?: (?:very|so) much)?|so|well|right|great|sure|alright|got it"
    r"|i see|by the way)\b(?:[,.!;: ]*$|[,.!;:]+ *| +(?-i:(?=[a-z])))"
    r"|(?:hi|hello|hey|good (?:morning|afternoon|evening)|bye|yes|no|now|then|also|oh|nice|cool)"
    rf"\b(?:[,.!;: ]*$|[,.!;: ]+(?=(?-i:[a-z])|{_ASKS})))",
    re.IGNORECASE,
)
_WHAT_ABOUT = re.compile(r"^(?:what|how) about (?=\S)", re.IGNORECASE)
_QUESTION = re.compile(rf"(?:[a-z]+ )?{_ASKS}", re.IGNORECASE)
_NAMED_FIRST = re.compile(rf"([^,]+), ({_ASKS}.+)", re.IGNORECASE)
_NOUN_LAST = re.compile(
    r"^the [a-z-]+(?: [a-z-]+)?$|\b(?:is|are|was|were)(?: in)? the [a-z-]+$", re.IGNORECASE
)
_LEANS = re.compile(r"\b(?:too|as well|also|either|included|instead)\b", re.IGNORECASE)
_TO_US = re.compile(r"\b(?:you|your|articles?|sources?)\b", re.IGNORECASE)  # of the index itself
_PLACE = re.compile(r"[A-Z][a-z]+")
SHORT = 8  # words; a question of more that names nothing is a topic of its own


def stand_alone(question: str, history: Sequence[MessageLikeRepresentation]) -> str:
    """Rewrite a question with what it takes from the questions before; see the module."""
    before = topic = ""
    for message in convert_to_messages(list(history)) if history else []:
        asked = message.text.strip() if isinstance(message, HumanMessage) else ""
        if without_opening(asked):  # "thanks!" leaves the talk where it was
            resolved = resolve(spelled_out(asked), before, topic)
            changed = resolved.lower() != without_opening(asked).lower()
            found = topic_of(resolved, topic if changed else "")
            if found and (is_named(found) or not is_named(topic)):  # a name is sooner meant
                topic = found
            before = resolved
    return resolve(spelled_out(question), before, topic)


def resolve(question: str, before: str, topic: str = "") -> str:
    """Rewrite one question in the light of the one before, which stands alone already.

    `topic`: what was talked about last, if not in that very question.
    """
    topic = topic or topic_of(before)
    rest = without_opening(question)
    if not before or not rest:
        return question
    if CJK.search(rest):
        return resolve_chinese(rest, before, topic)
    found = _take_up(rest, before, topic, marked=rest != question)
    return _capital(found or rest) if found or rest != question else question


def without_opening(question: str) -> str:
    """Take off what a turn opens with, again and again: "OK, thanks, and …"."""
    while opening := _OPENING.match(question):
        question = question[opening.end() :]
    return question


def _take_up(rest: str, before: str, topic: str, *, marked: bool) -> str:
    """The question with what it takes from before; empty if it takes nothing."""
    told = tell_version(shift_year(rest, before), topic)
    bare = _WHAT_ABOUT.sub("", told).rstrip(" ?!.")
    first = _NAMED_FIRST.fullmatch(bare)
    if first and (told != rest or is_name(first[1].removeprefix("the "))):
        return f"{put_for_pronoun(first[2], first[1], before) or f'{first[2]}, {first[1]}'}?"
    names_only_one = is_name(bare) and not marked and not _WHAT_ABOUT.match(told)
    if not _QUESTION.match(bare) and not names_only_one:
        found = put_in(bare, before, topic)
    else:
        found = ask_again(bare, before)
    found = found or put_asked_person(told, before)
    if not found and topic:
        found = put_for_pronoun(told, topic, before)
    if not found and topic and is_named(topic):
        found = _append(bare, before, topic, marked=marked)
    return found or (told if told != rest else "")


def _append(bare: str, before: str, topic: str, *, marked: bool) -> str:
    """Say at the end what a question is about that names nothing of its own."""
    placed = any(is_place(place) for place in _PLACE.findall(bare))
    named = any(not FIGURE.match(bare[end:]) for _, _, end in find_names(bare))
    if named or (placed and not _LEANS.search(bare)):
        return ""
    if _TO_US.search(bare) or (not marked and len(bare.split()) > SHORT):
        return ""
    if _NOUN_LAST.search(bare):
        return f"{bare} of {topic}?"
    if f" in {topic}" in before and " in" not in bare:
        return f"{bare} in {topic}?"
    year = re.search(rf"{re.escape(topic)}( in (?:{MONTH} )?{YEAR})", before)
    if re.search(YEAR, bare):
        year = None
    return f"{bare}, {topic}{year[1] if year else ''}?"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
