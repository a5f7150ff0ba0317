"""Paragraphs of scraped pages that are no part of the article: how they are told.

Each pattern has to fit a paragraph as a whole, brackets around it and a full stop aside, and none
fits a sentence that says something of the world: what may be one stays.
"""

from __future__ import annotations

import re

LONGEST = 250  # characters
_BRACKETS = re.compile(r"[(（\[【]([^()（）\[\]【】]*)[)）\]】]")

# Buttons, and links to other articles. No single common word: "Print" may be a heading.
_NAVIGATION = (
    r"share(?: this(?: article| story| post| page| news)?)?",
    r"share (?:on|via|to|with) (?:facebook|twitter|x|whatsapp|linkedin|weibo|wechat|e-?mail)",
    r"tweet(?: this)?|print this (?:article|page|story)|back to top|skip to (?:main )?content",
    r"(?:click|tap)(?: here| on the (?:image|picture|photo))? to (?:enlarge|zoom|expand)"
    r"(?: the (?:image|picture|photo))?",
    r"click (?:here )?to view (?:the )?(?:larger|full[- ]size|original) (?:image|picture|photo)",
    r"advertisement|sponsored content|scroll (?:down )?to continue(?: reading)?",
    r"(?:article|story) continues (?:after|below) (?:this |the )?(?:advertisement|ad)",
    r"(?:read|show|load|see) more|continue reading|leave a (?:comment|reply)",
    r"(?:related|recommended) (?:articles|stories|news|reading|posts)",
    r"you (?:may|might) also (?:like|be interested in)",
    r"(?:subscribe|sign up) (?:to|for) our (?:daily |weekly )?newsletter",
    r"follow us on (?:facebook|twitter|x|instagram|youtube|linkedin|weibo|wechat|telegram)",
    r"分享|分享到[^，。]{1,10}|点击(?:查看)?(?:大图|放大)|返回顶部|阅读原文|查看更多",
    r"(?:相关|延伸|推荐)(?:阅读|新闻|报道)",
)
# Headlines; with a full stop or a question mark, it may be the article's own sentence.
_LINKS = (
    r"(?:read (?:more|also|next)|also read|see also|related) ?[:：] ?[^.!?。！？]{1,150}",
    r"(?:相关|延伸|推荐)(?:阅读|新闻|报道)[:：][^.!?。！？]{1,80}",
)

# A poster or still that is not there. What it shows may be named; with a verb, a place or a time
# beside the name it says something, and stays.
_NAMED = (
    r"(?!.*\b(?:that|which|who|whose|where|when|while|is|are|was|were|has|had|have|will|by|in|at|on"
    r"|from|after|before|during|as|with|and|to)\b)[^\d.,;:!?]{1,60}"
)
_QUOTED = r"(?:\w+ ){0,4}(?:\"[^\"]{1,60}\"|“[^”]{1,60}”|《[^》]{1,60}》)"
_CAPTIONS = (
    r"(?:the )?(?:picture|photo|photograph|image) (?:above |below )?(?:shows|is) (?:a |an |the )?"
    r"(?:(?:official|new|promotional|movie|film|tv) )?(?:poster|stills?|screenshot)"
    rf"(?: (?:of|for) (?:{_QUOTED}|{_NAMED}))?",
    r"(?:上图|下图|图)为[^\d，。；在由于年]{0,40}(?:海报|剧照|截图)",
    r"(?:photo|picture|image) (?:source|credit|courtesy) ?[:：] ?[^.。]{1,60}",
    r"图片?来源[:：][^。]{1,30}|file photo|资料图片?",
)

# Who may reprint it, and whose opinion it is; only at the ends of an article.
_NOTICES = (
    r"(?:copyright ?)?(?:©|\(c\)|ⓒ)[^.]{0,120}|copyright (?:19|20)\d\d[^.]{0,80}",
    r"(?:(?:copyright ?|©|\(c\)).{0,120} )?all rights reserved",
    r"(?:please|kindly) (?:indicate|credit|cite|state|specify|note|mention) (?:the |its )?"
    r"(?:original )?(?:source|author|origin)\b[^.]{0,100}",
    r"(?:for|when|if) (?:reprinting|reprinted|reprints?|reproduction|reposting|reposted),? "
    r"(?:please|kindly) [^.]{1,120}",
    r"(?:any |unauthori[sz]ed )?(?:reproduction|reprint(?:ing)?|copying|republication)"
    r"(?: of this (?:article|content|material))?(?:,? in whole or in part,?)?"
    r"(?: without (?:prior |written |express )*(?:permission|authori[sz]ation|consent))?"
    r" is (?:strictly )?(?:prohibited|forbidden|not (?:permitted|allowed))",
    r"this (?:article|material|content) (?:may|must|can) ?not be (?:published|reproduced|reprinted"
    r"|copied|broadcast|republished)[^.]{0,120}",
    r"(?:the )?(?:views|opinions) expressed (?:in this article |here )?are (?:solely |only )?"
    r"(?:those of the author|the author['’]s own)[^.]{0,120}",
    r"(?:如需)?转载请(?:注明|联系)[^。]{0,60}|(?:本文|本网|本站)?未经[^，。]{1,12}[，,]?(?:不得|禁止|严禁)[^。]{0,20}",
    r"版权所有[^。]{0,60}|本文仅?代表作者[^。]{0,40}",
)

# Who made it: roles and names, one or several; only at the end.
_WORD = r"[A-Z][\w.'’-]*(?!\w*[:：])"
_LATIN = rf"{_WORD}(?: (?:{_WORD}|of|and|de|van|von|bin))"
_HAN = r"[\u4e00-\u9fff·]{2,12}(?:[、 ][\u4e00-\u9fff·]{2,12}(?![^\s]*[:：]))*"
_ROLES = (
    r"(?:(?:responsible|executive|duty|copy|web|chief) )?editors?(?: in charge)?|proofreader"
    r"|proofreading|translator|edited by|责任编辑|责编|编辑|校对|审核"
)
_AUTHORS = r"by|written by|reported by|author|reporters?|correspondents?|作者|记者|通讯员|实习生"
CREDIT = re.compile(
    rf"\b(?i:(?P<author>{_AUTHORS})|{_ROLES})(?: ?[:：] ?|(?<=[bB]y) )"
    rf"(?P<name>{_LATIN}{{1,5}}|{_HAN})"
    rf"|(?i:source|来源) ?[:：] ?(?P<source>{_LATIN}{{0,5}}|{_HAN})"
)


def _any_of(patterns: tuple[str, ...]) -> str:
    return f"(?:{'|'.join(patterns)})[.。…:： ]*"


_ANYWHERE = re.compile(f"{_any_of(_NAVIGATION + _CAPTIONS)}|{'|'.join(_LINKS)}", re.I)
_AT_ENDS = re.compile(_any_of(_NOTICES), re.I)


def core(block: str) -> str:
    """A paragraph without what may be around it."""
    bare = block.strip(" >»→▼▲*|")
    inner = _BRACKETS.fullmatch(bare)
    return inner[1].strip() if inner else bare


def is_leftover(block: str) -> bool:
    """Tell whether a paragraph is a button, a link or a bare caption."""
    return len(block) <= LONGEST and bool(_ANYWHERE.fullmatch(core(block)))


def is_notice(block: str) -> bool:
    """Tell whether a paragraph only says who may reprint the article, or whose opinion it is.

    It may be several sentences, if each is one that does.
    """
    parts = re.split(r"(?<=[.。]) ?", block) if len(block) <= LONGEST else [""]
    said = [core(part) for part in parts if core(part)]
    return bool(said) and all(_AT_ENDS.fullmatch(each) for each in said)


def read_credits(block: str) -> dict[str, str] | None:
    """Read who made an article; `None` if a paragraph says anything besides."""
    said = core(block)
    if len(block) > LONGEST or not CREDIT.match(said) or CREDIT.sub("", said).strip(" ,;，；|/.。"):
        return None
    found: dict[str, str] = {}
    for match in CREDIT.finditer(said):
        if match["author"] or match["source"]:
            name = "author" if match["author"] else "source"
            found.setdefault(name, match["source"] or match["name"])
    return found
