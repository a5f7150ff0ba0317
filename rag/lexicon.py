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

_CITIES = frozenset(
    """
    amsterdam ankara athens barcelona berlin brussels budapest cairo copenhagen delhi dublin geneva
    helsinki istanbul lagos lisbon madrid melbourne milan mumbai munich nairobi oslo paris prague
    rome stockholm sydney vienna warsaw zurich bangkok beijing hanoi hollywood jakarta london manila
    moscow seoul taipei tokyo washington
    """.split()
)
PLACES = _CITIES | frozenset(  # no Jordan, Chad or Georgia, who may be people
    """
    africa african america american argentina argentine asia asian australia australian austria
    austrian bangladesh belgian belgium brazil brazilian britain british
    bulgaria cambodia canada canadian chile chilean china chinese colombia colombian croatia
    cuba czech danish denmark dutch egypt egyptian england english estonia ethiopia europe
    european finland finnish france french german germany ghana greece greek
    hungarian hungary iceland india indian indonesia indonesian iran iranian iraq ireland irish
    israel israeli italian italy japan japanese kazakh kazakhstan kenya kenyan korea
    korean laos lebanon malaysia malaysian mexican mexico mongolia morocco
    nepal netherlands nigeria nigerian norway norwegian pakistan peru philippine philippines
    poland polish portugal portuguese romania romanian russia russian saudi scotland scottish
    serbia singapore slovakia slovenia spain spanish sweden swedish swiss switzerland
    taiwan taiwanese tanzania thai thailand turkey turkish ukraine ukrainian usa
    vietnam vietnamese wales welsh
    afghanistan albania algeria angola armenia azerbaijan bahrain barbados belarus bhutan bolivia
    botswana brunei cameroon cyprus ecuador eritrea fiji gabon gambia guatemala guyana haiti
    honduras jamaica kosovo kuwait kyrgyzstan latvia liberia libya liechtenstein lithuania
    luxembourg madagascar malawi maldives malta mauritius moldova montenegro mozambique myanmar
    namibia nicaragua niger oman palestine panama paraguay qatar rwanda senegal somalia sudan
    suriname syria tajikistan tunisia turkmenistan uganda uruguay uzbekistan venezuela yemen zambia
    zimbabwe
    """.split()
)  # fmt: skip
AUXILIARY = "did|does|do|was|were|is|are|has|have|had|will|would|can|could"
CJK_PLACES = (  # a pattern, since Chinese puts no space around them
    "中国|美国|英国|法国|德国|日本|韩国|泰国|越南|印度尼西亚|印度|马来西亚|新加坡|菲律宾|俄罗斯|意大利"
    "|西班牙|加拿大|澳大利亚|巴西|墨西哥|土耳其|台湾|香港|澳门|欧洲|非洲|亚洲|北美|拉美"
)
ABROAD = frozenset("abroad overseas foreign international internationally".split())

MONTHS = frozenset(
    """
    january february march april may june july august september october november december monday
    tuesday wednesday thursday friday saturday sunday mondays tuesdays wednesdays thursdays fridays
    saturdays sundays
    """.split()
)
_REGIONS = re.compile(
    r"(?:New York|Los Angeles|San Francisco|(?:Latin|North|South|Central) America"
    r"|Hong Kong|Macau|Costa Rica|El Salvador|Papua New Guinea|Sierra Leone|Burkina Faso"
    r"|Ivory Coast|Cape Verde|Dominican Republic|Northern Ireland|Bosnia(?: and Herzegovina)?"
    r"|North Macedonia|Vatican City|(?:United|Arab) (?:States|Kingdom|"
    r"Arab Emirates)|New Zealand|(?:North|South) Korea|South Africa|Sri Lanka|Saudi Arabia|"
    r"(?:the )?Middle East|Benelux|(?:South-?[Ee]ast|East|South|Central) Asia|Asia[- ]Pacific|"
    r"(?:Western|Eastern|Central|Northern|Southern) Europe|Czech Republic|the Netherlands|"
    r"(?:the )?(?:Balkans|Baltics|Gulf|Caribbean))"
)
_ADJECTIVE = re.compile(r"(?:an|ese|ish|ch|i|ic|ss|lsh|utch)$")
_ADJECTIVES_LIKE_NOUNS = frozenset("philippine argentine".split())
_NOUNS_LIKE_ADJECTIVES = frozenset(
    "japan iran pakistan kazakhstan taiwan milan jordan afghanistan sudan oman uzbekistan bhutan"
    " azerbaijan turkmenistan kyrgyzstan tajikistan amman helsinki nairobi delhi mumbai abu dhabi"
    " malawi haiti fiji brunei burundi djibouti".split()
)

WORKS = frozenset(
    "drama dramas series show shows serial serials title titles programme programmes program"
    " programs romance romances comedy comedies thriller thrillers film films movie movies remake"
    " remakes novel novels book books album albums song songs play plays game games".split()
)
NUMBER_WORDS = (  # each at the place of its number
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen"
    " sixteen seventeen eighteen nineteen twenty"
).split()
PERSON_NOUNS = frozenset(
    "actor actors actress actresses director directors writer writers star stars"
    " president vice-president author authors novelist novelists singer singers minister ministers"
    " mayor spokesman spokeswoman player players coach coaches scientist scientists engineer"
    " engineers creator creators presenter newcomer newcomers screenwriter screenwriters composer"
    " composers founder founders artist artists candidate candidates chairman manager managers"
    " people person persons women men politician politicians researcher researchers".split()
)
PERSON_VERBS = frozenset(
    "plays played stars starred directs directed wrote writes sang sings likes"
    " leads led joined retired died scored coached argued explained".split()
)
ORGANISATION_NOUNS = frozenset(
    "company companies studio studios channel channels broadcaster broadcasters platform platforms"
    " service services streamer streamers network networks publisher publishers firm firms site"
    " sites bank banks university universities agency agencies club clubs organisation"
    " organisations distributor distributors buyer buyers station stations group groups newspaper"
    " newspapers airline airlines institution institutions".split()
)
# Things that are counted by naming them; episodes, votes and viewers are given as a figure.
THING_NOUNS = frozenset(
    "parties teams schools ships races winners bidders riders models products projects brands"
    " festivals languages hospitals museums bridges laws rules reasons conditions claims rumours"
    " steps plans factories plants stores prizes awards helmets machines methods bids takeovers"
    " lawsuits mergers outlets partners sponsors owners members rivals candidates instruments"
    " launches missions originals satellites rockets vessels titles projects exhibitions treaties"
    " agreements subsidiaries departments ministries alliances coalitions religions leaders heads"
    " bosses chefs finalists nominees medallists judges suspects defendants drugs medicines"
    " diseases species planets moons stadiums venues tunnels dams theatres galleries newcomers"
    " successors predecessors founders sites sequels adaptations".split()
)
# Things that have no names: of these, a list is made of whole sentences.
ABSTRACT_NOUNS = frozenset(
    "reasons conditions rules claims rumours reports steps plans sums costs figures prices changes"
    " problems ways measures arguments effects causes terms demands novelties facts dates years"
    " times numbers percentages 原因 条件".split()
)
PLACE_NOUNS = frozenset(
    "country countries market markets territory territories territor place places city cities"
    " region regions town towns province provinces state states nation nations location"
    " locations".split()
)
ORGANISATION_WORDS = frozenset(
    "tv group video studio studios pictures entertainment media channel company inc ltd corp"
    " university bank party agency ministry council commission committee institute association"
    " foundation partners contents network press records club airlines holdings awards award"
    " festival prize museum police court union league cup international emmys".split()
)

RELATED: tuple[frozenset[str], ...] = tuple(
    frozenset(group.split())
    for group in (
        "remake remakes remade remaking version versions adapted adaptation adaptations adapt based"
        " reboot",
        "buy buys bought buyer acquire acquired take took taken license licensed pick picked sign"
        " signed order ordered pre-ordered sell sells sold sale sales go goes went gone",
        "direct directs directed directing director directors",
        "write writes wrote written writer writers author authors screenwriter"
        " screenwriters script",
        "win wins won award awards awarded prize prizes honour honoured",
        "star stars starring starred play plays played lead leads led cast casts role roles actor"
        " actors actress actresses",
        "air airs aired broadcast shown showing screen screened stream streamed run runs ran carry"
        " carries carried",
        "release released premiere premiered air aired open opened begin began start started debut",
        "film filmed filming shoot shot shooting cameras",
        "boost boosted lift lifted raise raised rise rose risen increase increased surge surged"
        " doubled grow grew grown growth climb climbed jump jumped soar soared",
        "score scores scored rating ratings rated",
        "drama dramas series show shows serial serials title titles programme programmes romance "
        "comedy thriller",
        "film films movie movies feature features",
        "company companies firm firms studio studios producer producers broadcaster",
        "country countries market markets territory territories region regions place places",
    )
)

# Said of a work by the one who carries it; counts only where that one is named beside it.
_LOOSELY_RELATED = (
    (
        frozenset(
            "take took taken buy buys bought go goes went acquire acquired show shows".split()
        ),
        frozenset(
            "come came arrive arrived reach reached stream streamed shown air"
            " aired offer offered began begin go went launched began started".split()
        ),
    ),
    (
        frozenset("air aired broadcast show shown showing screened streamed run ran bring".split()),
        frozenset(
            "begin began start started premiere premiered open opened debut release released give"
            " gave given bring brought see seen show showing shown air aired".split()
        ),
    ),
)


def related(word: str) -> frozenset[str]:
    """Stems that say much the same as a word, itself included."""
    groups = [group for group in RELATED if word.lower() in group]
    return frozenset(stem(w) for w in {word.lower()}.union(*groups))


REMAKES = related("remake")

_ROLES = (
    frozenset("actor actors actress actresses star stars cast".split()),
    frozenset("director directors".split()),
    frozenset(
        "writer writers author authors screenwriter screenwriters novelist novelists".split()
    ),
    frozenset("producer producers".split()),
    frozenset("singer singers".split()),
)


def role_of(noun: str) -> frozenset[str]:
    """Stems that tell that someone does what "directors" do; empty for "people"."""
    return related(noun) if any(noun in role for role in _ROLES) else frozenset()


OTHER_ROLES = frozenset(stem(w) for role in _ROLES for noun in role for w in (noun,)) | frozenset(
    stem(w) for w in "directed written wrote produced starring plays played sung composer".split()
)


def loosely_related(word: str) -> frozenset[str]:
    """Stems that say as much as a word where everything else fits."""
    found = [loose for strict, loose in _LOOSELY_RELATED if word.lower() in strict]
    return frozenset(stem(w) for w in frozenset().union(*found))


def is_place(word: str) -> bool:
    """Tell a country, a nationality or a capital by name."""
    return word.lower() in PLACES


def is_place_noun(name: str) -> bool:
    """Tell the name of a place ("Korea", "Latin America") from an adjective ("Korean")."""
    if _REGIONS.fullmatch(name):
        return True
    word = name.lower()
    if word not in PLACES or word in _ADJECTIVES_LIKE_NOUNS:
        return False
    return word in _NOUNS_LIKE_ADJECTIVES or not _ADJECTIVE.search(word)


def is_of_kind(place: str, head: str) -> bool:
    """Tell whether a place is what a noun asks for: no city is a country, no country a city."""
    land = is_place_noun(place) and place.lower() not in _CITIES
    if head in ("country", "countries", "nation", "nations"):
        return land
    return not land or head not in ("city", "cities", "town", "towns")


_COUNTRY_OF = {
    "hanoi": "viet", "bangkok": "thai", "seoul": "kore", "tokyo": "japa", "beijing": "chin",
    "taipei": "taiw", "moscow": "russ", "london": "brit", "english": "brit", "england": "brit",
    "paris": "fran", "french": "fran", "berlin": "germ", "rome": "ital", "madrid": "spai",
    "spanish": "spai", "jakarta": "indo", "manila": "phil", "filipino": "phil",
    "washington": "amer", "hollywood": "amer", "usa": "amer", "dutch": "neth", "swiss": "swit",
    "danish": "denm", "vienna": "austria", "polish": "pola", "lisbon": "port",
    "austria": "austria", "austrian": "austria",
    "slovenia": "slovenia", "niger": "niger", "malawi": "malawi",
}  # fmt: skip


def country(place: str) -> str:
    """The country of a place, by its first four letters: Korea, Korean and Seoul are one."""
    return _COUNTRY_OF.get(place, place[:4])


def home_place(texts: Iterable[str]) -> str:
    """The place that texts speak of most, by its first letters; "abroad" means any other."""
    counts = Counter(country(w) for text in texts for w in words(text) if w in PLACES)
    return counts.most_common(1)[0][0] if counts else ""


def tied_places(text: str, position: int, reach: int = 5) -> set[str]:
    """The countries a word is tied to in its clause; "abroad" among them if it says just that.

    A place stands within `reach` words before the word ("Japan has made its own version"), or
    follows with "in", "by" or "for". Korea is meant by Korean and by Seoul.
    """
    before = words(re.split(r"[,;:]", text[:position])[-1])[-reach:]
    after = words(text[position:])[1 : reach + 1]
    found = {country(word) for word in before if word in PLACES}
    found |= {
        country(word)
        for joint, word in pairwise(after)
        if joint in ("in", "by", "for")
        and word in PLACES
        and (joint != "in" or is_place_noun(word))
    }
    return found | {"abroad" for word in (*before, *after) if word in ABROAD}
