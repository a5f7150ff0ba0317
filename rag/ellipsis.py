"""Elliptic follow-ups: "and in Thailand?" puts one thing for its like in the question before.

A place is put for a place, a year for a year, a nationality for a nationality, a name or a version
for what the talk is about. Where the question before has nothing of the kind, nothing is put.
"""

from __future__ import annotations

import re

from rag.days import YEAR
from rag.lexicon import AUXILIARY, PERSON_NOUNS, is_place, is_place_noun
from rag.name_kinds import is_acronym
from rag.names import find_names, is_name
from rag.question import answers_yes_or_no
from rag.topic import possessive, work_of

_PREPOSITION = re.compile(r"^(?:in|on|at|to|from|for|by|with|near|since|until|of) ", re.IGNORECASE)
_YEAR = re.compile(rf"\b{YEAR}\b")
_WHEN_SAID = re.compile(r"(?:last|this|next) (?:year|month|week|season|time)")
_TIME = re.compile(rf"\bin {YEAR}\b|\b{_WHEN_SAID.pattern}\b")
_NEXT_YEAR = re.compile(
    r"\b(?:in )?the (?:year (?P<late>before|after)|(?P<early>previous|following|next) year)"
    r"(?: (?:that|it|this))?\b",
    re.IGNORECASE,
)
_CAPITALS = re.compile(r"[A-Z][\w-]*(?: (?:of )?[A-Z][\w-]*)*")
_ADJECTIVE = re.compile(r"(?:the )?([A-Z]\w+)(?: (?:ones?|dramas?|series|films?|shows?))?")
_NOUN = re.compile(r"\b(?:the|a|an) ([a-z-]+)(?= (?:in|of|at|for)\b|\W*$)")
_WHEN = r"when|where|why|since when|how long|how often"
_FRAGMENT = re.compile(
    rf"(?:{_WHEN}|(?:in|on|at|to|from|for|by|with) (?:which|what) [a-z]+)", re.IGNORECASE
)
_EVENT = re.compile(
    rf"({_WHEN}) (?:(?:was|is) (?:that|this)|did (?:that|this|it) happen)", re.IGNORECASE
)
_ASKED = re.compile(rf"{_FRAGMENT.pattern}(?= (?:{AUXILIARY})\b)", re.IGNORECASE)
_COUNT = re.compile(r"how many(?: of them)?(?: (?:are|were) there)?", re.IGNORECASE)
_LISTED = re.compile(r"(?:which|what) (?=(?:[\w-]+ ){0,2}?[a-z]+s\b)", re.IGNORECASE)


def put_in(what: str, before: str, topic: str) -> str:
    """Put what an elliptic follow-up names into the question before; empty if it has no place."""
    joint = _PREPOSITION.match(what)
    bare = what[joint.end() :] if joint else what
    place = bare.removeprefix("the ")
    if _YEAR.fullmatch(bare):
        return _for_time(bare, "in ", _YEAR, before)
    if _WHEN_SAID.fullmatch(what):
        return _for_time(what, "", _TIME, before)
    if is_place_noun(place):
        return _for_place(bare, joint[0] if joint else "", before)
    if joint and not (topic and work_of(topic) in what):
        return _after_joint(bare, joint[0], before)
    adjective = _ADJECTIVE.fullmatch(what)
    if adjective and is_place(adjective[1]):
        return _for_adjective(adjective[1], before)
    return _for_name(bare, before, topic) or _for_noun(what, before)


def ask_again(fragment: str, before: str) -> str:
    """Ask the question before with other question words: "On which channel?", "When was that?"."""
    if _COUNT.fullmatch(fragment):
        return _LISTED.sub("How many ", before, count=1) if _LISTED.match(before) else ""
    event = _EVENT.fullmatch(fragment)
    asked = event[1] if event else fragment
    if not _FRAGMENT.fullmatch(asked):
        return ""
    if answers_yes_or_no(before):
        return f"{asked} {before[:1].lower()}{before[1:]}"
    match = _ASKED.match(before)
    return asked + before[match.end() :] if match else ""


def shift_year(text: str, before: str) -> str:
    """Write the year that "the year after" means, counted from the question before."""
    years, match = _YEAR.findall(before), _NEXT_YEAR.search(text)
    if not match or not years:
        return text
    step = -1 if (match["late"] or match["early"]).lower() in ("before", "previous") else 1
    return f"{text[: match.start()]}in {int(years[-1]) + step}{text[match.end() :]}"


def _for_time(time: str, joint: str, like: re.Pattern[str], before: str) -> str:
    """Put a time for the last one of its like; else add it."""
    times = list(like.finditer(before))
    if times:
        return _put(before, times[-1].span(), time)
    return f"{before.rstrip(' ?')} {joint}{time}?"


def _for_place(place: str, joint: str, before: str) -> str:
    """Put a place for the last one, if possible behind the same preposition; else add it."""
    spans = [m.span() for m in _CAPITALS.finditer(before) if is_place_noun(m[0])]
    joined = [span for span in spans if joint and _is_after(before, joint, span[0])]
    if joined or spans:
        return _put(before, (joined or spans)[-1], place)
    return f"{before.rstrip(' ?')} {joint or 'in '}{place}?"


def _after_joint(what: str, joint: str, before: str) -> str:
    """Put a name for the one that follows the same preposition; what is "in" may be added."""
    if not is_name(what.removeprefix("the ")):
        return ""
    spans = [(start, end) for _, start, end in find_names(before)]
    joined = [span for span in spans if _is_after(before, joint, span[0])]
    if joined:
        return _put(before, joined[-1], what)
    return f"{before.rstrip(' ?')} {joint}{what}?" if joint.lower() == "in " else ""


def _for_adjective(adjective: str, before: str) -> str:
    """Put a nationality for the last one: "Which Thai dramas …", "and Korean ones?"."""
    words = re.finditer(r"[A-Z]\w+", before)
    spans = [m.span() for m in words if is_place(m[0]) and not is_place_noun(m[0])]
    return before[: spans[-1][0]] + adjective + before[spans[-1][1] :] if spans else ""


def _for_name(what: str, before: str, topic: str) -> str:
    """Put a name, a version or an owner ("Netflix's") for what the talk is about."""
    owner = re.sub(r"['’]s$", "", what)
    others = [name for name, _, _ in find_names(before) if name not in topic]
    alike = [name for name in (*others, topic) if is_acronym(owner) and is_acronym(name)]
    old = alike[0] if len(alike) == 1 else topic
    at = before.find(old) if old else -1
    named = is_name(owner.removeprefix("the ")) or is_acronym(owner) or work_of(topic) in what
    if at < 0 or not named or (not alike and _may_be_other(owner, topic, others)):
        return ""
    span = (at, at + len(old))
    if owner == what or before[span[1] :].startswith(("'s", "’s")):
        return _put(before, span, owner)
    return _put(before, span, f"{possessive(owner)} {work_of(topic)}")


def _may_be_other(name: str, topic: str, others: list[str]) -> bool:
    """Tell that one word ("Disney") may be the like of another ("Netflix") than of a long title."""
    return " " not in name and " " in work_of(topic) and any(" " not in one for one in others)


def _for_noun(what: str, before: str) -> str:
    """Put "the king" for "the queen", but not a person for a thing."""
    new, old = _NOUN.fullmatch(what), _NOUN.search(before)
    if not new or not old or (new[1] in PERSON_NOUNS) != (old[1] in PERSON_NOUNS):
        return ""
    return before[: old.start()] + what + before[old.end() :]


def _put(before: str, span: tuple[int, int], what: str) -> str:
    """Replace a span and an article before it, for `what` brings its own."""
    start = span[0] - 4 if before[: span[0]].endswith("the ") else span[0]
    return before[:start] + what + before[span[1] :]


def _is_after(text: str, joint: str, start: int) -> bool:
    return text[:start].lower().removesuffix("the ").endswith(f" {joint.lower()}")
