"""What a question asks for, so far as values of it can be compared: its kind, unit and topic."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from rag.amounts import unit_stem
from rag.answer_type import answer_type, whole_word
from rag.keyword import STOPWORDS, words
from rag.lexicon import PLACES, related
from rag.name_kinds import PREPOSITION
from rag.names import find_names
from rag.sentences import CJK

Kind = Literal["number", "date", "name", "place", ""]

_COUNTED = re.compile(
    r"\b[Hh]ow many ((?:[a-z][\w'-]* ){0,2}?[a-z][\w'-]*(?: (?:and|or|of) [a-z][\w'-]*)?)"
)
_MONEY = re.compile(r"\bhow much\b.*\b(?:cost|pay|paid|charge|price|worth|spend|spent|earn|sold?)"
                    r"|\b(?:price|budget|cost|fee|salary)\b", re.I)  # fmt: skip
_SHARE = re.compile(r"\b(?:share|percentage|proportion|turnout|per ?cent)\b", re.I)
_WHERE = re.compile(r"^(?:where\b|(?P<joint>in|on|at|from) (?:which|what) )", re.I)
_WHAT_FIGURE = re.compile(
    r"^what (?:is|was|are|were) the (?:[\w'’.-]+ ){0,3}?(?:score|rating|turnout|attendance|capacity"
    r"|length|height|weight|speed|age|size|toll|population|price|cost|budget|share|number|total)\b",
    re.I,
)
# They ask, or say when; they do not say what is asked about.
_FUNCTION_WORDS = STOPWORDS | frozenset(
    "since until before after during between yet ever still now again most least much many long"
    " often".split()
)
_UNRESOLVED = re.compile(r"\b(?:it|its|he|his|she|her|they|them|their|this|that|these|those|ones?)"
                         r"(?:['’]s)?\b", re.I)  # fmt: skip
TELLING = 4  # so many words tell what a question without a name is about


@dataclass(frozen=True, slots=True)
class Asked:
    """What kind of value a question asks for; `units`: stems of what is counted.

    `topic`: stems of each word that a sentence must have to be about it, for a question without a
    proper name. `vague`: it does not say of what the value is to be, so no two compare.
    `is_of_one`: it has one name, and that is not what something else is on, in or of.
    """

    question: str
    kind: Kind
    units: frozenset[str]
    joint: str
    predicate: frozenset[str]
    names: frozenset[str]
    topic: tuple[frozenset[str], ...]
    vague: bool
    is_of_one: bool


def read_asked(question: str) -> Asked:
    """Tell what kind of value a question asks for."""
    where, kind = _WHERE.search(question), answer_type(question)
    units = _units(question)
    found = find_names(question)
    spelled = [_whole(question, start, end) for _, start, end in found]
    named = {w for name in spelled for w in words(name) if len(w) > 1}
    named |= {w for w in words(question) if CJK.match(w)}
    named -= STOPWORDS
    places = {w for w in words(question) if w in PLACES}
    plain = [w for w in words(question) if w not in _FUNCTION_WORDS | named | places]
    topic = [related(w) for w in plain if unit_stem(w) not in units]
    # A country alone is not what a question is about: many things happen there.
    telling = len(topic) + len(places) >= TELLING and not _UNRESOLVED.search(question)
    return Asked(
        question=question,
        kind="place" if where else "number" if _WHAT_FIGURE.search(question) else kind,
        units=frozenset(units),
        joint=(where["joint"] or "in|at|near|from|to").lower() if where else "",
        predicate=frozenset(s for w in plain for s in related(w)),
        names=frozenset(named | places),
        topic=() if named else tuple(topic),
        vague=not named and not telling,
        is_of_one=len(found) == 1 and not PREPOSITION.search(question[: found[0][1]][-6:]),
    )


def _units(question: str) -> set[str]:
    """Stems of what is counted; `$` for money, `%` for shares."""
    if _MONEY.search(question):
        return {"$"}
    if _SHARE.search(question):
        return {"%"}
    counted = _COUNTED.search(question)
    things = [w for w in words(counted[1]) if w not in STOPWORDS] if counted else []
    return {unit_stem(s) for w in things for s in related(w)}


def _whole(text: str, start: int, end: int) -> str:
    """A name in whole words: `iQIYI`, not `QIYI`."""
    return text[whole_word(text, start)[0] : end]
