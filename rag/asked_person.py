"""The person whom a question asked for, where a follow-up says "he" or "she".

Who that was is in the answer, which a follow-up is not given; but the question names him all the
same: after "Who runs the mill?" she is "the one who runs the mill".
"""

from __future__ import annotations

import re

from rag.lexicon import AUXILIARY
from rag.names import find_names

_ASKS_FOR_ONE = re.compile(
    rf"who (?:(?:is|was) (?P<known>(?-i:the |[A-Z]).+?)"
    rf"|(?P<does>(?!(?:did|does|do)\b)(?:(?:{AUXILIARY}) )?(?!(?:the|you)\b)(?-i:[a-z]+) .+?))\W*$",
    re.IGNORECASE,
)
_PERSON = re.compile(
    r"\b(?:he|she|him|(?:his|her) (?P<owned>(?!(?:in|on|at|to|from|for|by|with|and)\b)[a-z]+)"
    r"(?=\W*$)|her(?=\W*$))(?!\w)",
    re.IGNORECASE,
)


def put_asked_person(text: str, before: str) -> str:
    """Put the person asked for before in place of "he" or "she"; empty if that is not plain."""
    person, found = _one_asked_for(before), _PERSON.search(text)
    if not person or not found or find_names(text):
        return ""
    of = f"the {found['owned']} of " if found["owned"] else ""
    return f"{text[: found.start()]}{of}{person}{text[found.end() :]}"


def _one_asked_for(question: str) -> str:
    """Whom "she" means after a question that asks for a person: "the one who runs the mill"."""
    asked = _ASKS_FOR_ONE.match(question)
    if not asked:
        return ""
    return asked["known"] or f"the one who {asked['does']}"
