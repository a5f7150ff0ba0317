"""Pronouns in a follow-up, and the name put in their place."""

from __future__ import annotations

import re

from rag.lexicon import AUXILIARY, PERSON_NOUNS
from rag.names import find_names
from rag.topic import possessive

_JOINTS = "in|on|at|to|from|for|by|with|as|about|over|under|after|before|and|or|when|back|up|out"
_THING = re.compile(
    r"\b(?P<own>its)\b|\bit\b(?! (?:true|possible|clear|likely|rain\w*|snow\w*)\b"
    r"| (?:take|took|taken)\b.* to\b)"
    r"|\b(?:this|that) one\b|\bthe (?:show|series|film|drama|movie)\b"
    r"(?! (?:festival|industry|market|rights|department|company)\b)",
    re.IGNORECASE,
)
# "that" stands alone at the end, or where a verb and then the rest follow: "did that air in Japan?"
_THAT = re.compile(
    rf"\b(?:{AUXILIARY}) (?P<verbal>that|this)(?= (?:been |be )?(?P<verb>[a-z]+)(?:\W*$"
    rf"| (?:{_JOINTS}|a|an|the|any|its)\b))|\b(?P<word>[a-z]+) (?P<last>that)(?=\W*$)",
    re.IGNORECASE,
)
# With these "that" is no thing but what happened or was said.
_EVENTS = frozenset(
    "announced happen happened decided reported agreed mean change said say do did like about after"
    " before than think know".split()
)
_PERSON = re.compile(
    rf"\b(?:(?P<own>his|her(?= (?!(?:{_JOINTS}|\d)\b)\w))|he|she|him|her)\b", re.IGNORECASE
)
_ASKS_PERSON = re.compile(
    rf"^(?:(?:which|what) (?:[\w-]+ )?(?:{'|'.join(sorted(PERSON_NOUNS))})\b|who\b|whose\b|whom\b)",
    re.IGNORECASE,
)
_NEW_CLAUSE = re.compile(r"[,:;]| (?:and|that|when|while|after|before|because|if) ")
_SECOND = re.compile(r" and (?:how|when|where|who|what|why) ", re.IGNORECASE)


def put_for_pronoun(text: str, topic: str, before: str) -> str:
    """Put a topic for the first pronoun that may stand for it; empty if there is none."""
    person = _PERSON.search(before)  # then "that" is rather what he said or did
    matches = [_THING.search(text), None if person else _that(text)]
    if _may_be_person(topic, before):
        matches.append(_PERSON.search(text))
    for match in sorted(filter(None, matches), key=re.Match.start):
        groups = match.groupdict()
        said = "verbal" if groups.get("verbal") else "last" if groups.get("last") else 0
        start, end = match.span(said)
        own = bool(groups.get("own"))
        if not _has_own_name(text[:start], own):
            return text[:start] + (possessive(topic) if own else topic) + text[end:]
    return ""


def _that(text: str) -> re.Match[str] | None:
    match = _THAT.search(text)
    verb = (match["verb"] or match["word"]).lower() if match else ""
    return match if verb not in _EVENTS else None


def _may_be_person(topic: str, before: str) -> bool:
    """Tell that "she" may be the topic: it did or owned something, and no person was asked for.

    The answer to "who won the race?" is not known here, and it is the more likely one.
    """
    subject = rf"\b(?:{AUXILIARY}) {re.escape(topic)} [a-z]|\b{re.escape(topic)}['’]s [a-z]"
    plain = topic.replace(" ", "").isalpha() and len(topic.split()) <= 2
    return plain and bool(re.search(subject, before)) and not _ASKS_PERSON.match(before)


def _has_own_name(text: str, own: bool) -> bool:
    """Tell that what follows a text means something in it: "how long is Mr. Queen, and is it …"."""
    names = [end for _, _, end in find_names(text)]
    return bool(_SECOND.search(text)) or any(own or _NEW_CLAUSE.search(text[end:]) for end in names)
