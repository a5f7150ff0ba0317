"""What kind of answer a question asks for."""

from __future__ import annotations

import re

from rag.lexicon import ORGANISATION_NOUNS, PERSON_NOUNS, PLACE_NOUNS, THING_NOUNS, WORKS
from rag.types import Kind

PEOPLE = frozenset("people person persons men women".split())  # given as a figure
COUNTED = sorted(WORKS | ORGANISATION_NOUNS | PLACE_NOUNS | PERSON_NOUNS - PEOPLE | THING_NOUNS)

_AUXILIARY = "did|was|were|is|are|does|do|will|would|has|have|had|can|could"
_PLURAL_HEAD = re.compile(
    r"^(?:and |so |please )?(?:in |for |on |to |from |by |at )?(?:which|what) "
    r"(?:(?:[\w'’.-]+ ){0,4}?)([a-z'-]{2,}s|people|children|women|men|series|media)\b(?! of\b)",
    re.I,
)
_WHICH_OF = re.compile(r"^(?:in |for |on |to |from |by |at )?which of\b", re.I)
_LIST_VERB = re.compile(
    r"^(?:please )?(?:list|name|enumerate|give me (?:a list|all)|show me all)\b", re.I
)
_ALL_OF = re.compile(
    r"\b(?:what|who) (?:are|were) (?:all )?the (?:[\w'-]+ ){0,3}[a-z'-]{3,}s\b"
    r"|^(?:and )?(?:who|what) (?:else )?(?:has|have)\b",
    re.I,
)
_COUNT_OF_THINGS = re.compile(
    rf"^(?:in |on |to |for |by )?how many (?:[\w'’-]+ ){{0,3}}?(?:series|{'|'.join(COUNTED)})\b",
    re.I,
)
_CJK_LIST = re.compile(r"哪些|有哪几|列出|列举")
_SUMMARY = re.compile(
    r"^(?:please )?(?:summari[sz]e|sum up|give (?:me )?(?:a |an )?(?:summary|overview)|"
    r"what do the articles say|tell me about|what is known about)\b|^(?:总结|概括|介绍)",
    re.I,
)
_YES_NO = re.compile(rf"^(?:{_AUXILIARY})\b|吗[？?]?$", re.I)
_COMPARISON = re.compile(
    r"\b(?:compare|compared (?:with|to)|difference between|differ from|versus|vs\.?)\b|相比|区别",
    re.I,
)
_NOT_PLURAL = frozenset(
    "is was does has this its his status news series' always les bus plus".split()
)


def question_kind(question: str) -> Kind:
    """Tell what kind of answer is wanted, from the wording alone."""
    text = question.strip()
    if _SUMMARY.search(text):
        return "summary"
    if _COMPARISON.search(text):
        return "comparison"
    if _LIST_VERB.search(text) or _CJK_LIST.search(text) or _ALL_OF.search(text):
        return "list"
    if _COUNT_OF_THINGS.search(text) or _WHICH_OF.search(text):
        return "list"
    head = _PLURAL_HEAD.search(text)
    if head and head[1].lower() not in _NOT_PLURAL and not head[1].endswith(("'s", "’s")):
        return "list"
    return "yes_no" if _YES_NO.search(text) else "factoid"
