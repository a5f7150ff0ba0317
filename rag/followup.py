"""Follow-up questions made to stand alone, from the questions before, without a language model.

A follow-up leans on the last question in one of three ways: by a pronoun ("when was it filmed?"),
by naming another place or work to put in ("what about Vietnam?"), or by naming nothing at all
("how many episodes?"). Anything else is a new topic and stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from langchain_core.messages import HumanMessage, MessageLikeRepresentation, convert_to_messages

from rag.lexicon import is_place
from rag.names import find_names

_OPENING = re.compile(r"^(?:and|so|but|ok|okay|well)\b[,]? *", re.IGNORECASE)
_WHAT_ABOUT = re.compile(r"^(?:(?:and|so|but) )?(?:what|how) about ", re.IGNORECASE)
_POSSESSIVE = re.compile(r"\bits\b", re.IGNORECASE)
_PRONOUN = re.compile(
    r"\b(?:it|this one|that one|the show|the series|the film|the drama)\b", re.IGNORECASE
)
SHORT = 8  # words; a question of more that names nothing is a topic of its own
_PLACE = re.compile(r"[A-Z][a-z]+")


def stand_alone(question: str, history: Sequence[MessageLikeRepresentation]) -> str:
    """Rewrite a question with what it takes from the questions before; see the module."""
    resolved = ""
    for message in convert_to_messages(list(history)) if history else []:
        if isinstance(message, HumanMessage):
            resolved = resolve(message.text.strip(), resolved)
    return resolve(question, resolved)


def resolve(question: str, before: str) -> str:
    """Rewrite one question in the light of the one before, which stands alone already."""
    topic = topic_of(before)
    if not topic:
        return question
    asked = _WHAT_ABOUT.match(question)
    if asked and "," not in question:
        return _replace(before, question[asked.end() :].rstrip(" ?"), topic)
    rest = _OPENING.sub("", question)
    names = find_names(rest)
    own_topic = asked or (names and names[0][1] <= 4)  # "and Fleet of Time, who directed that?"
    for pattern, form in ((_POSSESSIVE, f"{topic}'s"), (_PRONOUN, topic)):
        if not own_topic and pattern.search(rest):
            return _capital(pattern.sub(form, rest, count=1))
    if own_topic or names or any(is_place(place) for place in _PLACE.findall(rest)):
        return question
    if rest != question or len(question.split()) <= SHORT:
        return f"{_capital(rest).rstrip(' ?')}, {topic}?"
    return question


def topic_of(question: str) -> str:
    """What a question is about: its names, with the places before and between them."""
    names = find_names(question)
    if not names:
        return ""
    name, start, _ = max(names, key=lambda found: len(found[0]))
    phrase = re.search(
        r"((?:[A-Z]\w+ )?(?:version|film|series|drama|remake) (?:of )?)$", question[:start]
    )
    place = re.search(r"([A-Z]\w+) $", question[:start])
    if phrase:
        return f"the {phrase[1]}{name}"
    return f"the {place[1]} {name}" if place and is_place(place[1]) else name


def _replace(before: str, what: str, topic: str) -> str:
    """Put another place or name where the question before had one."""
    places = [match for match in _PLACE.finditer(before) if is_place(match[0])]
    if is_place(what.split()[-1] if what else ""):
        if places:
            return before[: places[-1].start()] + what + before[places[-1].end() :]
        return f"{before.rstrip(' ?')} in {what}?"
    return before.replace(topic.removeprefix("the "), what) if what else before


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
