"""The little English that the readers know: places, kinds of works, related verbs, hedges.

Word lists are the price of working without a language model. They are kept here, in one place,
and hold general news English, nothing about the sample corpus.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from itertools import pairwise

from rag.keyword import stem, words

PLACES = frozenset(
    """
    africa african america american argentina argentine asia asian australia australian austria
    austrian bangkok bangladesh beijing belgian belgium brazil brazilian britain british
    bulgaria cambodia canada canadian chile chilean china chinese colombia colombian croatia
    cuba czech danish denmark dutch egypt egyptian england english estonia ethiopia europe
    european finland finnish france french german germany ghana greece greek hanoi hollywood
    hungarian hungary iceland india indian indonesia indonesian iran iranian iraq ireland irish
    israel israeli italian italy jakarta japan japanese kazakh kazakhstan kenya kenyan korea
    korean laos lebanon london malaysia malaysian manila mexican mexico mongolia morocco moscow
    nepal netherlands nigeria nigerian norway norwegian pakistan peru philippine philippines
    poland polish portugal portuguese romania romanian russia russian saudi scotland scottish
    seoul serbia singapore slovakia slovenia spain spanish sweden swedish swiss switzerland
    taipei taiwan taiwanese tanzania thai thailand tokyo turkey turkish ukraine ukrainian usa
    vietnam vietnamese washington welsh
    """.split()
)  # fmt: skip
ABROAD = frozenset("abroad overseas foreign international internationally".split())
_LOCAL = frozenset("foreign local there abroad overseas".split())

RELATED: tuple[frozenset[str], ...] = tuple(
    frozenset(group.split())
    for group in (
        "remake remakes remade version versions adapted adaptation adaptations adapt based reboot",
        "buy buys bought acquire acquired take took taken license licensed rights pick picked",
        "sell sells sold sale sales licensed",
        "win wins won award awards awarded prize prizes honour honoured",
        "star stars starring starred play plays played lead leads cast role roles actor actors",
        "release released premiere premiered air aired open opened begin began start started debut",
        "film filmed filming shoot shot shooting cameras",
        "boost boosted lift lifted raise raised rise rose increase increased surge surged doubled",
        "drama dramas series show shows serial serials title titles programme programmes romance "
        "comedy thriller",
        "film films movie movies feature features",
        "company companies firm firms studio studios producer producers broadcaster",
        "country countries market markets territory territories region regions place places",
    )
)

UNREAL = re.compile(
    r"\b(?:not|never|nobody|none|neither|nor|without|cannot|plan(?:s|ned|ning)?|talks|promised|"
    r"intend(?:s|ed)?|hop(?:es|ed|ing)|expected|proposed|under way|in preparation|is to|are to|"
    r"to be made|will be|would|could|might|(?-i:may)|if|whether|interested|rumou?red|reported to|"
    r"under contract|secured|only|paper|no (?:talk|plan|trace|remake|version)s?|wants?|"
    r"rights|licen[cs]ed|licen[cs]es?|decision|announced|upcoming|project|projects)\b|n't\b"
    r"|没有|尚未|计划|未见|筹备|洽谈|版权",
    re.IGNORECASE,
)

STATED_UNKNOWN = re.compile(
    r"\b(?:(?:has|have|had|is|are|was|were|been|be)(?: not|n't)(?: yet| been| so far)* (?:been )?"
    r"(?:named|known|given|made public|fixed|announced|disclosed|said|revealed|confirmed|decided|"
    r"published|released|specified|stated|reported|clear)"
    r"|(?:did|does|do|has|have|had|would)(?: not|n't)(?: yet)? (?:say|said|name|named|give|given|"
    r"disclose|reveal|specify|announce|announced|comment|publish|published|mention|mentioned|set)"
    r"|no (?:[\w-]+ ){0,4}(?:has|have|was|were|is|are|had) (?:yet )?(?:been )?(?:named|given|"
    r"announced|set|fixed|made|known|attached|published|confirmed|reported|mentioned|disclosed)"
    r"|neither\b.{0,80}\b(?:is|are|was|were|has been|have been) (?:known|named|given|public|"
    r"published|announced|confirmed|fixed)"
    r"|nobody has|unknown|undisclosed|remains? (?:open|unclear|secret)"
    r"|without (?:naming|giving|a name|dates|saying|figures))\b|未公布|尚未|没有公布|未透露",
    re.IGNORECASE,
)


def related(word: str) -> frozenset[str]:
    """Stems that say much the same as a word, itself included."""
    groups = [group for group in RELATED if word.lower() in group]
    return frozenset(stem(w) for w in {word.lower()}.union(*groups))


def is_place(word: str) -> bool:
    """Tell a country, a nationality or a capital by name."""
    return word.lower() in PLACES


def home_place(texts: Iterable[str]) -> str:
    """The place that texts speak of most, by its first letters; "abroad" means any other."""
    counts = Counter(w[:4] for text in texts for w in words(text) if w in PLACES)
    return counts.most_common(1)[0][0] if counts else ""


def tied_to_place(
    text: str, position: int, *, home: str = "", place: str = "", reach: int = 5
) -> bool:
    """Tell whether a word of a text is tied to a place, or without `place` to any place abroad.

    The place stands within `reach` words before it ("Japan has made its own version"), or follows
    with "in", "by" or "there" ("was remade there as"). Places are compared by their first four
    letters, so that Korea is meant by Korean.
    """

    def wanted(word: str) -> bool:
        if place:
            return word in PLACES and word[:4] == place[:4]
        return word in _LOCAL or (word in PLACES and word[:4] != home)

    before = words(text[:position])[-reach:]
    after = words(text[position:])[1 : reach + 1]
    if any(wanted(word) for word in before) or (not place and _LOCAL & set(after)):
        return True
    return any(joint in ("in", "by", "for") and wanted(word) for joint, word in pairwise(after))
