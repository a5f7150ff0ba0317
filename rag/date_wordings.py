"""Wordings by which a question keeps to articles of some time; `rag.dates` gives them meaning.

In each, the group `cut` is what the question reads well without.
"""

from __future__ import annotations

import re

from rag.days import DAY

_WHEN = rf"(?:(?P<part>early|mid|late)[- ])?(?P<when>{DAY})"
PAPER = r"(?:articles?|reports?|coverage|news|stories|press|papers|sources|archive|reporting)"
_AFTER = r"since|after|from"
_BEFORE = r"before|prior to|until|till|up to|by"
_RELATION = rf"(?P<relation>{_AFTER}|{_BEFORE}|in|of|during|dated)(?: the)?"
_TOLD = r"(?:reported|published|written|printed|known)"
_WHAT_IS = (
    r"\b(?:what|anything|everything|something|nothing)"
    r"(?: (?:else|new))?(?: (?:is|was|were)| (?:has|have|had)(?: \w+){0,3}?)?"
)
THERE_ARE = r"(?: (?:are there|are|were|do you have))"

# What is said of the articles; the group `cut` is what the question reads well without.
PATTERNS = tuple(
    re.compile(pattern, re.I)
    for pattern in (
        r"(?P<cut>[, ]*\b(?P<relation>as of|as at|no later than|截至)(?: the)?(?: end of)? ?"
        rf"{_WHEN},?)",
        rf"(?P<cut>[, ]*\b(?:according to|in|from|going by)(?: the| our)? {_WHEN} {PAPER},?)",
        rf"(?P<cut>(?<= )(?:the )?{_WHEN} )(?={PAPER}\b)",
        rf"\b{PAPER}(?: (?:that|which) (?:were|are)|{THERE_ARE}(?= (?:from|dated|{_TOLD})))?"
        rf"(?P<told> {_TOLD})?(?P<cut> {_RELATION} {_WHEN}"
        r"(?P<onward> onwards?| (?:and|or) later)?)",
        rf"{_WHAT_IS} {_TOLD}\b(?: \w+){{0,8}}?(?P<cut> {_RELATION} {_WHEN})",
        # Not further off: "what was written about the attack on 5 May 2024" tells of the attack.
        rf"(?:{_WHAT_IS}|\b{PAPER}(?: (?:that|which))?(?: (?:was|were|are))?) {_TOLD}"
        rf"(?P<cut> (?P<relation>on) {_WHEN})",
        rf"^what (?:did|does|do) .*\b(?:report|write|publish)(?P<cut> (?P<relation>on) {_WHEN})",
        rf"(?P<cut>,? (?:as (?:published|reported)|reported) {_RELATION} {_WHEN},?)",
        rf"(?P<cut>{_WHEN}(?P<relation>以前|之前|以后|以来|之后)?的)(?=(?:文章|报道|新闻))",
    )
)
RANGE = re.compile(
    rf"\b{PAPER}(?: {_TOLD})?(?P<cut> (?:between|from) (?P<first>{DAY}) (?:and|to|until) "
    rf"(?P<last>{DAY}))",
    re.I,
)
# "until 2021" bounds what is known where a figure is asked for; "who ruled until 2021" is history.
UNTIL = re.compile(rf"(?P<cut>,? \b(?P<relation>until|up to)(?: the end of)? {_WHEN},?)", re.I)
LAST = re.compile(
    rf"\b{PAPER}(?: {_TOLD})?(?P<cut> (?:from|of|in|since)(?: the)? (?P<which>last|past|this)"
    r" (?:(?P<count>\d+) )?(?P<unit>day|week|month|year)s?)\b",
    re.I,
)
STATE = frozenset(("as of", "as at", "no later than", "until", "till", "up to", "截至"))
# "What had been reported before the Thai version?", "articles from before the premiere of X".
EVENT = re.compile(
    rf"\b(?:{PAPER}|reported|known)\b[^,?]*?"
    r"(?P<cut>,? (?:from |dated )?(?P<relation>before|after|since)"
    r" (?P<event>(?:the |its |[A-Z])[^,?]+))",
)
SAY = re.compile(rf"^what (?:do|did|does) (?:the )?{PAPER} (?:say|report|write|tell)s?\b", re.I)
# What changes with time and is told anew. Not any noun will do: the latest film is a film, and what
# is asked of it may stand in any article.
_STATE = (
    r"(?:figure|number|score|rating|count|total|estimate|report|result|price|value|cost|budget|rate"
    r"|salary|wage|debt|fee|fare|forecast|projection|poll|ranking|standing|level|toll|deadline"
    r"|timetable|schedule|plan|average|percentage|population|turnover|revenue|profit)s?"
    r"|tally|data|news|information|share|word|status|state|situation"
)
_NEWEST = r"(?:latest|newest|most recent|most up-to-date|current)"
LATEST = re.compile(
    rf"\b(?P<figure>{_NEWEST} (?:figures?|estimates?|values?) (?:for|of|on) the )"
    rf"|(?P<cut>\b{_NEWEST} )"
    rf"(?=(?:(?!(?:of|for|in|on|at|by|to|from|with|about)\b)[\w'’.-]+ ){{0,3}}?(?:{_STATE})\b)"
    r"|(?P<told>\bwhat(?: is)? the (?:latest|newest)(?= (?:on|about|from)\b))"
    r"|(?P<now>,? \b(?:as of (?:now|today)|at the latest count|to date|currently)\b)"
    r"|(?P<cjk>最新的?(?=[^，。？]{0,6}(?:数据|数字|消息|报道|评分)))",
    re.I,
)
