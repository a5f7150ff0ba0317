"""What kind of answer a question asks for."""

from __future__ import annotations

import re

from rag.date_wordings import PAPER
from rag.lexicon import AUXILIARY, ORGANISATION_NOUNS, PERSON_NOUNS, PLACE_NOUNS, THING_NOUNS, WORKS
from rag.types import Kind

PEOPLE = frozenset("people person persons men women".split())  # given as a figure
COUNTED = sorted(WORKS | ORGANISATION_NOUNS | PLACE_NOUNS | PERSON_NOUNS - PEOPLE | THING_NOUNS)

# After "what" alone a word in -s is a plural only if a verb of its own follows: "what steps are
# planned", not "what happens on Sunday" or "what costs a million".
_PAST = (
    r"(?:\w+ed|won|fell|rose|left|went|came|took|made|got|began|became|ran|broke|lost|met|held|sold"
    r"|bought|said|led|wrote|grew|gave|stood|found|sat|sank|saw|shut)"
)
_MODAL = rf"(?:{AUXILIARY}|must|should|may|might)\b"
_CLAUSE = "when|if|that|while|after|before|once|until|because|as|who|which|whose|where"
_VERB_IN_S = (
    rf"(?!what (?!(?:{'|'.join(COUNTED)})\b)[a-z'-]+(?<![sui])s\b(?!,| (?:of\b|{_PAST}\b"
    rf"|(?:(?!(?:{_CLAUSE})\b)[\w'’.-]+ ){{0,4}}?{_MODAL})))"
)
# A plural that a verb or a preposition follows; "which company makes the trams" has a verb in -s,
# and words in -ss, -us and -is (actress, virus, analysis) are no plurals.
_PLURAL_HEAD = re.compile(
    rf"^(?:and |so |please )?(?:in |for |on |to |from |by |at )?{_VERB_IN_S}(?:which|what) "
    rf"(?:(?!(?:{AUXILIARY}|of|for|in|to|by|on|at|with|from|the)\b)[\w'’.-]+ ){{0,4}}?"
    r"([a-z'-]{2,}(?<![sui])s|people|children|women|men|series|media)\b"
    r"(?! (?:the|an?|its|his|her|their|this|that)\b)",
    re.I,
)
# No sentence at all but what is searched for: "companies behind the foreign versions".
_NO_VERB = rf"(?!(?:{AUXILIARY})\b)"
_SOUGHT = re.compile(
    rf"^(?!.*(?:\?|\b(?:what|how|why)\b))(?!(?:{_CLAUSE}|thanks)\b)"
    rf"(?:(?!(?:of|for|in|to|by|on|at|with|from|the)\b){_NO_VERB}[\w'’-]+ (?:(?:and|or) )?){{0,4}}?"
    rf"(?:{_NO_VERB}[\w-]{{2,}}(?<![sui'’])s|people|children|women|men|series)"
    r"(?:$| (?:(?:and|or) [\w-]+s )?(?:that|who|whom|which|whose|where|when|of|in|from|for|by|with"
    r"|on|at|to|behind|about|against|among|under|near|without|named|called|[\w-]+ed|won|made|taken"
    r"|given|built|sold|bought|held|led|written|shown|known|found|lost|hit|bred)\b)",
    re.I,
)
_WHICH_OF = re.compile(r"^(?:in |for |on |to |from |by |at )?which of\b", re.I)
_LIST_VERB = re.compile(
    r"^(?:please )?(?:list|name|enumerate|give me (?:a list|all)|show me all)\b", re.I
)
_ALL_OF = re.compile(
    r"\b(?:what|who) (?:are|were) (?:all )?the (?:[\w'-]+ ){0,3}[a-z'-]{3,}s\b"
    r"|^(?:and )?(?:who|what) (?:else )?(?:has|have)\b"
    r"(?! been (?:on|off|away|ill|sick|absent)\b)",  # which is told of one
    re.I,
)
_COUNT_OF_THINGS = re.compile(
    rf"^(?:in |on |to |for |by )?how many (?:[\w'’-]+ ){{0,3}}?(?:series|{'|'.join(COUNTED)})\b",
    re.I,
)
# Wording in the singular that many things may answer: whoever left, wherever it was filmed.
_SEVERAL = re.compile(
    r"^(?:and )?who (?:all |else )?(?:left|quit|joined|resigned|stepped|withdrew|refused|declined"
    r"|rejected|turned down|said (?:no|yes)|opposed|supported|criticised|criticized|attended"
    r"|applied|competed|took part|invested|signed|stood for|ran for|spoke at|voted (?:for|against)"
    r"|(?:was|were) (?:on|among|hurt|injured|arrested|charged|nominated|shortlisted|dismissed))\b"
    r"|^(?:and )?where (?:was|were|is|are|has|have|had|can)\b.* (?:shot|filmed|sold|on sale|shown"
    r"|screened|streamed|available|opened|offered|in use)\b"
    r"|^(?:and )?where (?:does|do|did|has|have|had) [\w'’. -]+ (?:have|had|own|owned|run)"
    r" (?:[\w'’-]+ )?[a-z'-]{3,}s\b"
    r"|^(?:and )?what (?:else )?did (?:(?!the\b)[\w'’.-]+ ){1,4}(?:win|direct|write|compose|star in"
    r"|invest in|publish|record|produce|found|own|design|invent|paint)\b(?! for\b)"
    r"|^what (?:is|are|was|were|should|must) .{3,60} (?:asked|told|advised|required|supposed) to"
    r" do\b",
    re.I,
)
_HOW_MANY_LED = re.compile(  # people who are counted by naming them
    r"^how many (?:people|persons|men|women) (?:have|had|has) (?:ever |so far )?"
    r"(?:led|headed|chaired|run|directed|held|played|won|been (?:head|mayor|director|president"
    r"|minister|chair\w*|captain|coach|manager|in charge))\b",
    re.I,
)
_CJK_LIST = re.compile(r"哪些|有哪几|列出|列举")
_SUMMARY = re.compile(
    r"^(?:please )?(?:(?:summari[sz]e|sum up|give (?:me )?(?:an? )?(?:summary|overview)(?: of)?)\b"
    rf"(?:(?: the| your)? {PAPER}\b)?"
    rf"|what (?:do|did|does) (?:(?:the|your|these|any) )?{PAPER} (?:say|report|write|tell)\b"
    r"|tell me (?=about\b)|what is known (?=about\b))"
    r"(?: ?(?:about|on|of|regarding)\b:?)?|^(?:总结|概括|介绍)(?:一下)?",
    re.I,
)
_YES_NO = re.compile(rf"^(?:{AUXILIARY})\b|吗[？?]?$", re.I)
_COMPARISON = re.compile(
    r"\b(?:compare|compared (?:with|to)|difference between|differ from|versus|vs\.?)\b|相比|区别",
    re.I,
)
_CONTRACTION = re.compile(
    r"^(?P<before>(?:and |so |but )?(?:what|who|when|where|why|how))"
    r"['’](?P<verb>s|re|ll)"
    r"(?P<had> (?:been|happened|changed|become|left|won|died|gone|resigned)\b)?",
    re.I,
)
_NOT_PLURAL = frozenset("was does has its news series' always les".split())


def answers_yes_or_no(question: str) -> bool:
    """Tell a question that a yes or a no answers."""
    return _YES_NO.search(question.strip()) is not None


def spelled_out(question: str) -> str:
    """Write out the verb that a question opens with: "What's" is "What is", or has "happened"."""
    found = _CONTRACTION.match(question)
    if not found:
        return question
    verb = {"s": "has" if found["had"] else "is", "re": "are", "ll": "will"}[found["verb"].lower()]
    return f"{found['before']} {verb}{found['had'] or ''}{question[found.end() :]}"


def topic_of_summary(question: str) -> str:
    """What a summary is to be about: "Tell me about Dali" shares with the news of it only Dali.

    The question itself, if it asks for no summary, or for one of nothing in particular.
    """
    asked = _SUMMARY.match(question)
    topic = question[asked.end() :].strip(" ,.?!，。？！") if asked else ""
    return topic or question


def question_kind(question: str) -> Kind:
    """Tell what kind of answer is wanted, from the wording alone."""
    text = question.strip()
    if _SUMMARY.search(text):
        return "summary"
    if _COMPARISON.search(text):
        return "comparison"
    if _LIST_VERB.search(text) or _CJK_LIST.search(text) or _ALL_OF.search(text):
        return "list"
    worded = (_COUNT_OF_THINGS, _HOW_MANY_LED, _WHICH_OF, _SEVERAL, _SOUGHT)
    if any(pattern.search(text) for pattern in worded):
        return "list"
    head = _PLURAL_HEAD.search(text)
    if head and head[1].lower() not in _NOT_PLURAL and not head[1].endswith(("'s", "’s")):
        return "list"
    return "yes_no" if answers_yes_or_no(text) else "factoid"
