"""A list question taken apart: what is listed, what is said of it, who and where."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from rag.evidence import QUESTION_WORDS
from rag.hedges import ON_PAPER, PLANNED
from rag.keyword import STOPWORDS, fold
from rag.lexicon import (
    ABROAD,
    MONTHS,
    NUMBER_WORDS,
    ORGANISATION_NOUNS,
    PERSON_NOUNS,
    PLACE_NOUNS,
    REMAKES,
    WORKS,
    is_place,
    loosely_related,
    related,
    role_of,
)
from rag.name_kinds import Kind
from rag.question import PEOPLE
from rag.retrieval import Query
from rag.things import Book

_HEAD = re.compile(
    r"^(?:[\w'’-]+ ){0,2}?(?:which|what|how many|list|name|(?:who|what) (?:are|were)|give me)"
    r"(?: all| every)?(?: of)?(?: the)?"
    r" (?:[\w'’+-]+ ){0,3}?(?P<head>(?!is\b|was\b|has\b|does\b|its\b)[a-z-]+s(?!['’])|people|series"
    r"|media|women|men|children)\b",
    re.IGNORECASE,
)
_IMPERATIVE = re.compile(r"^(?:Please )?(?:List|Name|Enumerate|Give|Show|Tell)\b")
_COUNT = re.compile(r"\bhow many\b|多少部|几部|几个", re.IGNORECASE)
_ASIDE = re.compile(r",? (?:according to|as (?:said|reported|announced) (?:by|in|at))\b.*$", re.I)
_VERSION_OF = re.compile(r"\b(?:versions?|remakes?|adaptations?|original|seasons?|cast) of$", re.I)
_WORD = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*")
_FILLER = frozenset(
    """
    list name named mentioned articles article corpus ever far according itself themselves
    different various many kind kinds type types sort total altogether get got made make makes
    actually exactly currently today still already yet say said tell give me all mainland come comes
    came personally own up out off over back away before after during since until viewers audiences
    audience homes screens
    """.split()
)


@dataclass(frozen=True, slots=True)
class Said:
    """A word of the predicate: stems that say it, or nearly, and its token numbers.

    `exact`: a number, which nothing else comes near to.
    """

    stems: frozenset[str]
    loose: frozenset[str]
    tokens: tuple[int, ...]
    exact: bool = False

    @property
    def known(self) -> bool:
        """Whether other words that say it are known."""
        return len(self.stems) > 1


@dataclass(frozen=True, slots=True)
class ListQuestion:
    """What is asked for, taken apart.

    `kind`: of the things to list. `role`: stems of what the persons asked for do. `predicate`:
    the words that must be said. `bound`: a least and a most value of the number that goes with
    them. `names`: what else is named, each a set of keys of which one will do. `places`: where
    it must have been. `made_in`: countries that the things are from ("Korean dramas"). `abroad`:
    any other country will do. `unreal`: plans are asked for. `remaking`: a thing and its remake
    are one. `on_paper`: rights will do. `origin`: it is asked where something is from. `oblique`:
    with whom, on what or at which something was done.
    """

    kind: Kind
    head: str
    role: frozenset[str]
    predicate: tuple[Said, ...]
    bound: tuple[float, float] | None
    names: tuple[frozenset[str], ...]
    places: tuple[str, ...]
    made_in: tuple[str, ...]
    abroad: bool
    unreal: bool
    remaking: bool
    on_paper: bool
    origin: bool
    oblique: bool


def parse_list_question(query: Query, book: Book) -> ListQuestion:
    """Take a list question apart; `book` knows which words are names."""
    text = _plain(query.text)
    match = _HEAD.search(text)
    head = match["head"].lower() if match else ""
    head_span = match.span("head") if match else (0, 0)
    joined = _JOINED.match(text, head_span[1])  # "channels and streaming services"
    names, taken = _names(text, head_span, book)
    described = [_description(text, start, head_span[1]) for start, _ in taken]
    located = [
        (t.start, t.end)
        for t in book.things(text)
        if t.kind == "place" and not is_place(fold(t.name))
    ]
    bound, bound_span = _bound(text)
    unreal = bool(PLANNED.search(text) or re.search(r"\bannounced\b", text))
    predicate: list[Said] = []
    places: list[str] = []
    made_in: list[str] = []
    abroad = False
    negated = re.search(r"\bnot\b", text)
    for word in _WORD.finditer(text):
        lower, start = fold(word[0]), word.start()
        others = (*taken, *described, bound_span, joined.span() if joined else (0, 0))
        spoken_for = any(a <= start < b for a, b in others)
        if any(a <= start < b for a, b in located) and names:
            continue  # "at the Asia Contents Awards in Busan"
        if spoken_for or (negated and start > negated.start()):
            continue
        if is_place(lower.partition("-")[0]):  # or "Chinese-language"
            of_things = "-" in lower or _is_attribute(text, word.end())
            (made_in if of_things else places).append(lower.partition("-")[0])
        elif lower in ABROAD:
            abroad = abroad or not _is_attribute(text, word.end())
        elif not _is_plain(lower, word.span() == head_span, unreal) or (
            word.span() == head_span and role_of(lower)
        ):
            tokens = tuple(query.tokens_in(*word.span()))
            if not _VERSION_OF.search(text[: text.find(" ", word.end()) + 3].rstrip()) or not names:
                said = Said(related(lower), loosely_related(lower), tokens, lower.isdigit())
                if not any(said.stems <= other.stems for other in predicate):
                    predicate.append(said)
    kind = kind_asked(query.text)
    if negated and not predicate and not unreal:
        kind = ""  # all that is asked is denied, and no sentence can be told by that
    return ListQuestion(
        kind=kind,
        head=head,
        role=role_of(head) if kind == "person" else frozenset(),
        predicate=tuple(predicate),
        bound=bound,
        names=names,
        places=tuple(places),
        made_in=tuple(made_in),
        abroad=abroad,
        unreal=unreal,
        remaking=any(said.stems & REMAKES for said in predicate),
        on_paper=bool(ON_PAPER.search(text)),
        oblique=bool(re.search(r"\b(?:at|on|with)\b", text)),
        origin=bool(re.search(r"\bfrom\b", text)),
    )


def kind_asked(question: str) -> Kind:
    """Tell by the wording alone what kind of things a question asks for; empty if any will do."""
    text = _plain(question)
    match = _HEAD.search(text)
    return kind_of_head(match["head"].lower()) if match else _kind_of_verb(text)


def _plain(question: str) -> str:
    """A question without "according to …", a verb that opens it written small."""
    return _IMPERATIVE.sub(lambda verb: verb[0].lower(), _ASIDE.sub("", question))


_JOINED = re.compile(
    rf" (?:and|or) (?:[\w-]+ )?(?:{'|'.join(sorted(ORGANISATION_NOUNS | PERSON_NOUNS | WORKS))})\b"
)
_DESCRIPTION = re.compile(
    rf"(?:[\w-]+ ){{0,2}}(?:{'|'.join(sorted(ORGANISATION_NOUNS | PERSON_NOUNS | WORKS))}) $"
)
_PART_OF = re.compile(rf"(?:{'|'.join(sorted(ORGANISATION_NOUNS))}) of (?:the |an? )?$")
_WORK_VERB = re.compile(
    r"\bwhat (?:has|have|was|were) (?:been )?"
    r"(?:shown|aired|broadcast|streamed|released|screened|remade|adapted)\b",
    re.IGNORECASE,
)


def _kind_of_verb(text: str) -> Kind:
    return "work" if _WORK_VERB.search(text) else ""


def _description(text: str, start: int, least: int) -> tuple[int, int]:
    """The words that only describe a name that follows: "the Shanghai company Linmon"."""
    before = text[least:start]
    match = _DESCRIPTION.search(before)
    if not match:
        return start, start
    opens = [
        m.end()
        for m in re.finditer(r"\b(?:the|a|an|of|by|on|from|to|in|for|did|does|has) ", before)
    ]
    begins = max([match.start(), *opens])
    whole = _PART_OF.search(before[:begins])  # "a channel of the broadcaster CCTV"
    return least + (whole.start() if whole else begins), start


def _bound(text: str) -> tuple[tuple[float, float] | None, tuple[int, int]]:
    """Read "8 or more", "at least 8", "under 10": the least and most value, and where it stands."""
    for pattern, downwards in ((_AT_LEAST, False), (_AT_MOST, True)):
        match = pattern.search(text)
        if match:
            value = float((match[1] or match[2]).replace(",", ""))
            return ((-math.inf, value) if downwards else (value, math.inf)), match.span()
    return None, (0, 0)


_FIGURE = r"(\d[\d,]*(?:\.\d+)?)"
_AT_LEAST = re.compile(
    rf"\b(?:at least|more than|over|above|exceeding) {_FIGURE}"
    rf"|{_FIGURE} (?:or|and) (?:more|above|over|higher)\b"
)
_AT_MOST = re.compile(
    rf"\b(?:at most|less than|fewer than|under|below|up to) {_FIGURE}"
    rf"|{_FIGURE} (?:or|and) (?:less|fewer|below|under)\b"
)


def is_count(text: str) -> bool:
    """Tell whether a question asks for the number of things."""
    return bool(_COUNT.search(text))


def tells_number(sentence: str, question: str) -> bool:
    """Tell whether a sentence says how many there are: "Eight series compete"."""
    match = _HEAD.search(question)
    if not is_count(question) or not match:
        return False
    number = rf"(?:\d+|{'|'.join(NUMBER_WORDS)}) (?:[\w-]+ ){{0,2}}?{re.escape(match['head'])}"
    return re.search(rf"\b{number}\b", sentence, re.IGNORECASE) is not None


def kind_of_head(head: str) -> Kind:
    """Tell what kind of things a noun asks for; empty if any will do."""
    if head in WORKS:
        return "work"
    if head in PERSON_NOUNS or head == "producers":
        return "person"
    if head in PLACE_NOUNS:
        return "place"
    if head in ("prizes", "awards", "honours", "medals"):
        return "prize"
    return "organisation" if head in ORGANISATION_NOUNS else ""


def _names(
    text: str, head: tuple[int, int], book: Book
) -> tuple[tuple[frozenset[str], ...], list[tuple[int, int]]]:
    """Names in the question, where "A or B" makes one choice; with the spans they take up."""
    groups: list[frozenset[str]] = []
    taken: list[tuple[int, int]] = []
    for name in (*book.things(text), *book.mentioned(text)):
        overlaps = any(name.start < b and name.end > a for a, b in (*taken, head))
        if name.kind == "place" or name.key in MONTHS or overlaps:
            continue
        if taken and text[taken[-1][1] : name.start] == " or ":
            groups[-1] |= {name.key}
        else:
            groups.append(frozenset({name.key}))
        taken.append((name.start, name.end))
    return tuple(groups), taken


def _is_attribute(text: str, end: int) -> bool:
    """Tell "Chinese" in "Chinese dramas": what things are, not where something happened."""
    following = re.match(r" (?:[\w-]+ )?([\w-]+)", text[end:])
    nouns = WORKS - REMAKE_NOUNS | PERSON_NOUNS | ORGANISATION_NOUNS
    words = following[0].split() if following else []
    return any(word.lower() in nouns for word in words)


REMAKE_NOUNS = frozenset("remake remakes version versions".split())


def _is_plain(lower: str, is_head: bool, unreal: bool) -> bool:
    """Tell a word that says nothing of the predicate."""
    if is_head and not related(lower) & REMAKES:
        return lower in PEOPLE or kind_of_head(lower) != "person"  # a candidate is said to be one
    if unreal and (PLANNED.fullmatch(lower) or ON_PAPER.fullmatch(lower)):
        return True
    works = lower in WORKS and lower not in REMAKE_NOUNS and lower not in ("show", "shows")
    return works or lower in STOPWORDS | QUESTION_WORDS | _FILLER | MONTHS
