"""English that takes back, puts off or leaves open what a sentence speaks of."""

from __future__ import annotations

import re

DENIED = re.compile(
    r"\b(?:not|never|nobody|none|neither|nor|without|cannot|elsewhere"
    r"|no (?:talk|plan|trace|remake|version|deal)s?)\b|n't\b|没有|未见",
    re.IGNORECASE,
)
PLANNED = re.compile(
    r"\b(?:plan(?:s|ned|ning)?|talks|promised|intend(?:s|ed)?|hop(?:es|ed|ing)|expected|proposed"
    r"|(?:is|are|was|were) (?:re)?(?:making|preparing|developing)"
    r"|under way|in preparation|is due|are due|is to|are to|were to|to be made"
    r"|will be|would|could|might|(?-i:may)|if"
    r"|whether|interested|rumou?red|reported to|want(?:s|ed)?|upcoming"
    r"|possible)\b|尚未|计划|筹备|洽谈",
    re.IGNORECASE,
)
# A right that is bought is real as a purchase, and not yet a work.
ON_PAPER = re.compile(
    r"\b(?:rights|licen[cs]ed|licen[cs]es?|under contract|secured|only|paper|decision|announced|"
    r"projects?)\b|版权|授权",
    re.IGNORECASE,
)

_HEARSAY = "rumou?rs?|reports?|claims?|suggestions?|speculation|allegations?|stor(?:y|ies)|talk"
STATED_FALSE = re.compile(
    rf"\b(?:{_HEARSAY})\b(?: \w+){{0,4}}? (?:that|of|about)\b.{{3,140}}?\b(?:wrong|false|untrue"
    r"|not true|denied|dismissed|rejected|contradicted|unfounded|baseless|nonsense|invented"
    r"|made up)\b"
    r"|\b(?:den(?:y|ies|ied)|dismiss(?:es|ed)|contradict(?:s|ed)|reject(?:s|ed)|refut(?:es|ed)"
    rf"|laugh(?:s|ed) (?:at|off))(?: \w+){{0,2}}? (?:{_HEARSAY}|that|having|being)\b"
    r"|\b(?:it|that|this) (?:is|was) (?:not true|untrue|wrong|false) that\b"
    rf"|\bcontrary to (?:\w+ ){{0,2}}(?:{_HEARSAY})\b",
    re.IGNORECASE,
)
# What was begun and did not come about.
CALLED_OFF = re.compile(
    r"\b(?:withdr[ae]w\w*|pulled out|gave up|given up|called off|backed out|walked away|dropped"
    r"|turned (?:it |him |her |them )?down|abandoned|cancelled|canceled|scrapped|refused|rejected"
    r"|fell through|came to nothing|decided against)\b",
    re.IGNORECASE,
)
ASKS_OF_END = re.compile(
    r"\b(?:no|not|against|instead|lo(?:se|st|sing)|stop\w*|end\w*|quit\w*|leav\w+|left|fail\w*"
    r"|withdr\w+|g(?:ive|ave|iving) up|call\w* off|back\w* out|drop\w*|turn\w* down|abandon\w*"
    r"|cancel\w*|scrap\w*|refus\w*|reject\w*|step\w* down|pull\w* out)\b",
    re.IGNORECASE,
)
# Who asks with one of these asks about a denial, and takes nothing for granted.
ASKS_OF_HEARSAY = re.compile(
    rf"\b(?:{_HEARSAY}|den(?:y|ies|ied)|reject\w*|dismiss\w*|contradict\w*|refut\w*|true)\b",
    re.IGNORECASE,
)

# What there is none of: "without an award", "no prize", "not a single medal".
NONE = re.compile(
    r"\b(?:without (?:an?|any)|no|not (?:an?|any|one)) (?:single )?([a-z]+)\b"
    r"(?! (?:has|have|had|is|was|were)\b)"  # "no date has been named" says less
)
STATED_UNKNOWN = re.compile(
    r"\b(?:(?:has|have|had|is|are|was|were|been|be)(?: not|n't)(?: yet| been| so far)* (?:been )?"
    r"(?:named|known|given|made public|fixed|announced|disclosed|said|revealed|confirmed|decided|"
    r"published|released|specified|stated|reported|clear|set)"
    r"|(?:did|does|do|has|have|had|would|will|wo|can|ca)(?: not|n't|not) (?:yet )?"
    r"(?:say|said|name|named|give|given|be (?:named|given|told)|"
    r"disclose|reveal|specify|announce|announced|comment|publish|published|mention|mentioned|set)"
    r"|no (?:[\w-]+ ){0,4}(?:has|have|was|were|is|are|had) (?:yet )?(?:been )?(?:named|given|"
    r"announced|set|fixed|made|known|attached|published|confirmed|reported|mentioned|disclosed)"
    r"|neither\b.{0,80}\b(?:is|are|was|were|has been|have been) (?:known|named|given|public|"
    r"published|announced|confirmed|fixed)"
    r"|(?:publish|give|name|mention|state|release)(?:e?s|d)? no (?:[\w-]+ ){0,2}(?:figure|price"
    r"|date|name|reason|detail|number|sum)s?"
    r"|(?:declined|refused|agreed not|chose not) to (?:say|name|give|tell|answer|comment|disclose|"
    r"reveal|discuss)"
    r"|(?:gave|(?:has|have|had) given) no (?:reason|figure|price|date|detail|name|explanation)s?"
    r"|ke(?:ep|eps|pt|eping) (?:[\w’'-]+ ){0,4}secret|were secret|silent (?:about|on)"
    r"|nobody has|unknown|undisclosed|remains? (?:open|unclear|secret)"
    r"|without (?:naming|giving|a name|dates|saying|figures))\b|未公布|尚未|没有公布|未透露",
    re.IGNORECASE,
)
