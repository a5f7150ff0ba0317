"""What a question is about: what a follow-up leaves out, and which version is meant."""

from __future__ import annotations

import re

from rag.days import MONTH
from rag.lexicon import is_place
from rag.names import FIGURE, find_names
from rag.topic_nouns import noun_after, thing_in

_KIND = "version|remake|adaptation|original|sequel|film|series|drama|novel"
_OWNER = r"(?!(?:Wh\w+|How|It|That|There|Here|He|She|Let)['’])[A-Z][\w-]*(?:['’]s|s['’]) "
_BEFORE_NAME = re.compile(
    rf"(?:{_OWNER}|\b(?:the )?(?!Wh)(?:[A-Z]\w+ )?)(?:{_KIND}) (?:of )?(?:the )?$"
)
_PLACE_BEFORE = re.compile(r"\b([A-Z]\w+) $")
_TO_WORK = re.compile(
    rf"(?:{_OWNER}|the (?:[A-Z][\w-]+ )?)(?:{_KIND}) (?:of )?|{_OWNER}(?=[A-Z\d《])"
)
_PLACE_FIRST = re.compile(r"the ([A-Z]\w+) (?=[A-Z\d])")
# What something happens on, comes from or is done by is rarely what the talk is about.
_ASIDE = re.compile(r"\b(?:on|from|at|by|with|via) (?:the )?$", re.IGNORECASE)
_IN_YEAR = re.compile(rf" in (?:{MONTH} )?\d{{4}}$")
_SORT = r"one|version|remake|adaptation"
_ENDS = (  # so that "the original title" is no version
    r"(?=\W*$| (?:is|was|were|called|have|has|had|get|come|start|begin|run|air|end|made|shown|and"
    r"|or|in|on|by|with|from|to|for|too|as)\b)"
)
_VERSION = re.compile(
    rf"\b[Tt]he (?P<which>[\w-]+) (?P<sort>{_SORT})\b(?! (?:of\b|[A-Z《]))"
    rf"|\b(?P<owner>[A-Z][\w-]+['’]s) (?P<owned>{_SORT})\b(?! (?:of\b|[A-Z《]))"
    rf"|\b[Tt]he (?P<alone>version|remake|adaptation|original|sequel)\b{_ENDS}"
)


def topic_of(question: str, kept: str = "") -> str:
    """What a question is about, with the words before its name that tell which one is meant.

    `kept`: what was talked about before, which the question took up; else it is the longest name.
    Without a name it is a thing that something was done to or happened to: "the kidney ward".
    """
    work = work_of(kept)
    if work and work in question:
        return _told_apart(question, question.find(work), work)
    found = find_names(question)
    if not found:
        return kept or thing_in(question)
    central = [
        (name, start, end)
        for name, start, end in found
        if not _ASIDE.search(question[:start]) and not FIGURE.match(question[end:])
    ]
    name, start, end = max(central or found, key=lambda one: len(one[0]))
    noun = noun_after(question, start, end)
    return _told_apart(question, start, _IN_YEAR.sub("", name) + noun)


def is_named(topic: str) -> bool:
    """Tell a topic with a name from one that is a plain thing: "the kidney ward"."""
    return not topic.islower()


def work_of(topic: str) -> str:
    """The work alone: what "the Thai version of" or "Netflix's" stands before."""
    work = _TO_WORK.sub("", topic, count=1) if _TO_WORK.match(topic) else topic
    place = _PLACE_FIRST.match(work)
    return work[place.end() :] if place and is_place(place[1]) else work


def tell_version(text: str, topic: str) -> str:
    """Say of what a version is one: "the Thai one" is "the Thai version of Nothing But Thirty"."""
    match = _VERSION.search(text) if topic else None
    if not match or (match["which"] and not _tells_apart(match["which"])):
        return text
    said = match["sort"] or match["owned"] or match["alone"]
    if match["alone"] and f" {said} of " in topic:
        return text[: match.start()] + topic + text[match.end() :]  # the one spoken of already
    spoken = re.search(r"\b(?:remake|adaptation)(?= of )", topic)
    sort = (spoken[0] if spoken else "version") if said == "one" else said
    which = match["owner"] or f"the {match['which'] or ''}".rstrip()
    return f"{text[: match.start()]}{which} {sort} of {work_of(topic)}{text[match.end() :]}"


def possessive(topic: str) -> str:
    """Write the owner: "Gold Boy's"; a name that ends so already stays."""
    return topic if topic.endswith(("'s", "’s")) else f"{topic}'s"


def _tells_apart(which: str) -> bool:
    """Tell "Thai" and "Tencent" from "first" and "same"."""
    return which[0].isupper() or is_place(which)


def _told_apart(question: str, start: int, name: str) -> str:
    """A name with what tells it from others: "the Thai version of", "the", "Tencent's"."""
    before = question[:start]
    if phrase := _BEFORE_NAME.search(before):
        owned = re.match(_OWNER, phrase[0])
        return f"{'' if owned else 'the '}{phrase[0].removeprefix('the ')}{name}"
    if owner := re.search(rf"{_OWNER}$", before):
        return owner[0] + name
    place = _PLACE_BEFORE.search(before)
    if place and is_place(place[1]):
        return f"the {place[1]} {name}"
    return f"the {name}" if before.endswith("the ") else name
