"""Wordings of questions about the index itself, in English and Chinese; `rag.about` answers them.

In each, the group `topic` is what the articles are to mention, if anything, and `author` or `by`
who wrote them; with a group `known` that must be an author whom the index has.
"""

from __future__ import annotations

import re

_ARTICLES = r"(?:(?:news )?articles?|news items?|文章|报道)"
_ALL = rf"(?:all )?(?:of )?(?:the |your |these |my )?{_ARTICLES}"
_INDEX = r"index|corpus|collection|database|archive|library"
_HAVE = (
    r"(?:do you (?:have|know|use|hold)|are there|have you(?: got)?"
    rf"|are in (?:the|your) (?:{_INDEX}))"
)
_MENTION = (
    r"(?:(?:that |which )?(?:are |is )?(?:about|on|mention(?:s|ing)?|deal(?:s|ing)? with"
    r"|refer(?:s|ring)? to|speak(?:s|ing)? of))"
)
_TOPIC = rf" {_MENTION} (?P<topic>.+?)"
_AUTHOR = (
    r"(?: (?:did|has|have) (?P<author>[^?]+?) (?:write|written|publish(?:ed)?)"
    rf"|(?: (?:are|were|are there|do you have))?(?: written)? by (?P<by>[^?]+?))(?:{_TOPIC})?"
)
_SHOW = r"(?:what|which) (?:is|was)|show(?: me)?|give me|tell me|list|find"
_END = r"\W*$"


Patterns = tuple[re.Pattern[str], ...]


def _each(*patterns: str) -> Patterns:
    return tuple(re.compile(rf"^(?:please )?(?:{pattern}){_END}", re.I) for pattern in patterns)


def _by_age(english: str, chinese: str) -> Patterns:
    which = rf"(?:the |your )?(?:{english}) {_ARTICLES}(?:{_TOPIC})?"
    return _each(
        rf"(?:{_SHOW}) {which}",
        rf"when (?:was|is) {which} (?:published|written|from)",
        rf"(?:(?:关于|提到)(?P<topic>.+?)的?)?(?:{chinese})的?(?:一篇)?{_ARTICLES}"
        r"(?:是(?:什么|哪篇|哪一篇)(?:时候的?)?)?",
    )


ABILITY = _each(
    r"(?:can|could|will) you help(?: me)?",
    r"are you (?:an? )?(?:ai|robot|bot|chat ?bot|human|person|real|machine|language model)",
    r"help|what (?:else )?can you (?:do|tell me)|what can i ask(?: you)?|how does (?:this|it) work"
    r"|how do i use (?:this|it)|who are you|what are you",
    r"你(?:能|会|可以)(?:做|干)?什么|你是谁|怎么用|帮助|我?(?:能|可以)问(?:你)?什么",
)
HOW_MANY = _each(
    rf"how many {_ARTICLES}{_AUTHOR}",
    rf"how many {_ARTICLES}(?: (?:do|are|have|can|you|in|there|the|know|does|it|hold|were|published"
    rf"|written|{_INDEX}))*?(?: in (?P<language>[a-z]+))?(?:{_TOPIC})?",
    rf"(?:[你您]们?)?(?:一共|总共)?有?多少篇?(?P<language>[中英日韩德法俄]文)?{_ARTICLES}"
    r"(?:(?:提到|提及|讲到|是?关于)了?(?P<topic>.+?)的?)?",
    rf"(?:(?:提到|提及|关于)(?P<topic>.+?)的?)?{_ARTICLES}(?:一共|总共)?有?多少篇?",
)
NEWEST = _by_age("newest|latest|most recent", "最新|最近")
OLDEST = _by_age("oldest|first|earliest", "最早|最旧|最老")
WHICH = _each(
    rf"(?:which|what) {_ARTICLES}{_AUTHOR}",
    rf"(?:(?:list|show(?: me)?|find|give me) )?{_ALL}{_AUTHOR}",
    r"(?P<known>what) (?:did|has|have) (?P<author>[^?]+?) (?:write|written)(?: about)?",
    rf"(?:which|what) {_ARTICLES}(?: {_HAVE})?{_TOPIC}",
    rf"(?:(?:list|show(?: me)?|find|give me) )?{_ALL}{_TOPIC}",
    rf"(?:有)?哪些{_ARTICLES}(?:提到|提及|讲到|是?关于)了?(?P<topic>.+?)的?",
)
OVERVIEW = _each(
    rf"(?:summari[sz]e|sum up|list|show(?: me)?) {_ALL}",
    rf"give (?:me )?(?:a |an )?(?:summary|overview|list) of {_ALL}",
    rf"what (?:are|do|did) {_ALL} (?:about|say|speak of|deal with)",
    r"what (?:was|is|has been|had been) (?:reported|published|written)",
    rf"(?:which|what) {_ARTICLES} {_HAVE}",
    r"what (?:do you know|is in the index|topics (?:do you know|are there))",
    rf"(?:有哪些|列出所?有?的?|总结所?有?的?){_ARTICLES}|{_ARTICLES}(?:都)?(?:讲|说|写)(?:的是|了)?什么",
)
SOURCES = _each(
    r"(?:what|which) (?:are )?(?:your |the |news )?(?:sources|newspapers?|papers|outlets"
    rf"|publications|publishers)(?: {_HAVE}| (?:are|is) (?:the |your )?{_ARTICLES} from)?",
    r"(?:list|show(?: me)?|name) (?:me )?(?:all )?(?:of )?(?:the |your )?(?:sources|newspapers"
    r"|papers|outlets|publications)",
    rf"where (?:are|do) {_ALL}(?: come)? from",
    rf"(?:你们?)?(?:有|用)?(?:了)?哪些(?:来源|报纸|媒体)|{_ARTICLES}?的?来源(?:是什么|有哪些)"
    rf"|{_ARTICLES}(?:都)?来自哪里",
)
AUTHORS = _each(
    rf"who (?:wrote|(?:is|are) the authors? of) {_ALL}(?:{_TOPIC})?",
    rf"(?:what|which) (?:are )?(?:the |your )?(?:authors|journalists)(?: {_HAVE})?",
    r"(?:list|show(?: me)?|name|who are) (?:all )?(?:of )?(?:the |your )?(?:authors|journalists)",
    rf"有?哪些作者|{_ARTICLES}?的?作者(?:是谁|有哪些)|{_ARTICLES}是谁写的",
)
LANGUAGES = _each(
    rf"(?:in )?(?:what|which) languages? (?:are|is) {_ALL}(?: written)?(?: in)?",
    rf"(?:what|which) languages {_HAVE}",
    rf"{_ARTICLES}(?:都)?是(?:用)?(?:什么|哪些|哪种)(?:语言|文字)(?:写)?的?|有哪些语言",
)
DATES = _each(
    rf"(?:from|since|until) when are {_ALL}|from (?:what|which) (?:years?|dates?|time) are {_ALL}",
    rf"when (?:were|are) {_ALL} (?:published|written|from)|how old are {_ALL}",
    rf"what (?:period|time ?span|time|years|dates|date range) (?:do|does|is|are) {_ALL}"
    r"(?: (?:cover|span|from))?",
    rf"{_ARTICLES}(?:都)?是(?:什么时候|哪年|哪些年)(?:写|发表)?的?",
)
LANGUAGE_CODES = {
    "english": "en", "chinese": "zh", "german": "de", "french": "fr", "spanish": "es",
    "italian": "it", "portuguese": "pt", "russian": "ru", "japanese": "ja", "korean": "ko",
    "arabic": "ar", "dutch": "nl", "polish": "pl", "turkish": "tr", "vietnamese": "vi",
    "英文": "en", "中文": "zh", "日文": "ja", "韩文": "ko", "德文": "de", "法文": "fr",
    "俄文": "ru",
}  # fmt: skip
LANGUAGE_NAMES = {code: name.title() for name, code in LANGUAGE_CODES.items() if name.isascii()}
