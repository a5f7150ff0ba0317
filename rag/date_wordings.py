"""Wordings by which a question keeps to articles of some time; `rag.dates` gives them meaning.

In each, the group `cut` is what the question reads well without.
"""

from __future__ import annotations

import re

from rag.days import DAY

_WHEN = rf"(?P<when>{DAY})"
PAPER = r"(?:articles?|reports?|coverage|news|stories|press|papers|sources|archive|reporting)"
_AFTER = r"since|after|from"
_BEFORE = r"before|prior to|until|till|up to|by"
_RELATION = rf"(?P<relation>{_AFTER}|{_BEFORE}|in|of|during|dated)(?: the)?"
_TOLD = r"(?:reported|published|written|printed|known)"
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
        rf"\b(?:what|anything|everything|something|nothing) (?:\w+ ){{0,3}}?{_TOLD}\b"
        rf"(?: \w+){{0,8}}?(?P<cut> {_RELATION} {_WHEN})",
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
LATEST = re.compile(
    r"(?P<cut>\b(?:latest|newest|most recent|most up-to-date|current) )(?=(?:[\w'’.-]+ ){0,3}?"
    r"(?:figures?|numbers?|scores?|ratings?|counts?|totals?|tally|estimates?|data|news|"
    r"reports?|information|share|price|value|results?|word|status|state)\b)"
    r"|(?P<told>\bwhat(?: is|'s)? the (?:latest|newest)(?= (?:on|about|from)\b))"
    r"|(?P<now>,? \b(?:as of (?:now|today)|at the latest count|to date|currently)\b)"
    r"|(?P<cjk>最新的?(?=[^，。？]{0,6}(?:数据|数字|消息|报道|评分)))",
    re.I,
)
