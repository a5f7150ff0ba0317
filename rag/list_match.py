"""Which sentences are evidence for a list: the predicate is said, as a fact, of whom and where."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

import numpy as np

from rag.evidence import Sentence
from rag.hedges import DENIED, ON_PAPER, PLANNED
from rag.keyword import STOPWORDS, fold, stem, words
from rag.lexicon import PLACES, REMAKES, country, tied_places
from rag.list_context import Context, stems
from rag.list_question import ListQuestion, Said
from rag.names import name_key
from rag.sentences import is_complete

Level = Literal["strict", "soft"]
LEVELS: tuple[Level, ...] = ("strict", "soft")

SAID = 0.6  # cosine from which a word of the question counts as said
LOOSELY = 0.9  # worth of a word that is said in other words beside the name asked with
BEFORE = 0.8  # worth of a word that only the title or the paragraph before says
STRICT = 0.9  # least worth of a word that counts as said
SOFT = 0.75  # least worth of all words on the mean, if at least one is said

BECAME = re.compile(
    r"\b(?:became|(?:has|have) become|(?:been |was )?turned into) (?:the )?(?=[^\Wa-z])"
)
_COMPARED = re.compile(
    r"\b(?:than|ahead of|before|unlike|against|rival of) (?:\w+ )?[^\Wa-z][\w+-]*"
)
_WORD = re.compile(r"[^\W_]+")
_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
_GIVEN_BY = re.compile(r" (?:on|by|from|with|at) (?:the )?")
_BARE = STOPWORDS | frozenset(
    "foreign local own new first official first been become be is was were".split()
)
NUMBER_REACH = 40  # characters between a word of the predicate and its number


def matches(question: ListQuestion, context: Context, sentence: Sentence, level: Level) -> bool:
    """Tell whether a sentence says the predicate, as a fact, of the names and places asked with.

    Where `strict`, it must say every word; where `soft`, most, some of which may stand before it.
    """
    text = sentence.text
    if not (is_complete(text) or text.endswith(":")) or "?" in text[-2:] or refuted(question, text):
        return False
    said = _worths(question, context, sentence)
    if said and level == "strict" and min(said) < STRICT:
        return False
    if said and level == "soft" and (float(np.mean(said)) < SOFT or max(said) < STRICT):
        return False
    if question.bound and not _in_bound(question, context, question.bound, text):
        return False
    fit = _names_fit(question, context, sentence) and _origin_fits(question, context, sentence)
    return fit and _places_fit(
        question, context, sentence, lenient=level != "strict" and question.kind != "work"
    )


def refuted(question: ListQuestion, text: str) -> bool:
    """Tell whether a sentence is a plan or a denial (or, where plans are asked for, a fact)."""
    paper = question.remaking and not question.on_paper and ON_PAPER.search(text)
    planned = PLANNED.search(text) or paper
    if question.unreal:
        return not planned
    return bool(planned or DENIED.search(text))


def predicate_spots(question: ListQuestion, text: str) -> list[int]:
    """Where a text says the predicate in as many words, or else in other ones."""
    spots = _spots(text, frozenset().union(*(said.stems for said in question.predicate)))
    spots = spots or [match.start() for match in BECAME.finditer(text)]
    return spots or loose_spots(question, text)


def loose_spots(question: ListQuestion, text: str) -> list[int]:
    """Where a text says the predicate in other words, which count beside a name asked with."""
    return _spots(text, frozenset().union(*(said.loose for said in question.predicate)))


def _spots(text: str, wanted: frozenset[str]) -> list[int]:
    """Where a text has words of some stems."""
    return [m.start() for m in _WORD.finditer(text) if stem(fold(m[0])) in wanted]


def asked_keys(question: ListQuestion, context: Context) -> set[str]:
    """All keys of the names that the question itself uses."""
    groups = question.names
    return {other for group in groups for key in group for other in context.book.names_of(key)}


def name_spots(question: ListQuestion, context: Context, text: str) -> list[int]:
    """Where a text has a name that the question uses."""
    asked = asked_keys(question, context)
    return [thing.start for thing in context.book.things(text) if thing.key in asked]


def names_said(question: ListQuestion, context: Context, text: str) -> int:
    """How many of the names asked with, by any name of theirs, stand in a text."""
    said = f" {name_key(text)} "
    return sum(
        any(f" {other} " in said for key in group for other in context.book.names_of(key))
        for group in question.names
    )


def tied(question: ListQuestion, text: str) -> set[str]:
    """The countries that a sentence ties the predicate to."""
    spots = predicate_spots(question, text)
    return set().union(*(tied_places(text, spot) for spot in spots))


def _worths(question: ListQuestion, context: Context, sentence: Sentence) -> list[float]:
    """How plainly each word of the predicate is said, 1 at most."""
    own, before = stems(sentence.text), context.stems_before(sentence.start)
    beside = names_said(question, context, f"{context.title}\n{sentence.text}") > 0
    bound = bool(question.bound and name_spots(question, context, sentence.text))
    return [_worth(said, sentence, own, before, beside, bound) for said in question.predicate]


def _worth(
    said: Said,
    sentence: Sentence,
    own: frozenset[str],
    before: frozenset[str],
    beside: bool,
    bound: bool,
) -> float:
    if said.stems & own:
        return 1.0
    if said.exact and any(_is_year(word) for word in own) and any(map(_is_year, said.stems)):
        return 0.0  # of another year
    near = 0.0 if said.exact else float(sentence.own[list(said.tokens)].mean())
    if near >= SAID or (said.stems & REMAKES and BECAME.search(sentence.text)):
        return 1.0
    if (bound and said.known) or (beside and said.loose & own):
        return LOOSELY
    return max(near, BEFORE * bool(said.stems & before))


def _in_bound(
    question: ListQuestion, context: Context, bound: tuple[float, float], text: str
) -> bool:
    """Tell whether the number beside the predicate, or the name, is within what was asked for."""
    least, most = bound
    figures = [m for m in _NUMBER.finditer(text) if not _is_year(m[0])]
    spots = predicate_spots(question, text)
    near = [m for m in figures for spot in spots if abs(m.start() - spot) <= NUMBER_REACH]
    if not spots:
        names = name_spots(question, context, text)
        near = [m for spot in names for m in _beside(text, spot, figures)]
    return any(least <= float(m[0].replace(",", "")) <= most for m in near)


def _beside(text: str, spot: int, figures: Sequence[re.Match[str]]) -> Sequence[re.Match[str]]:
    """The figure of a name: "8.1 on Douban", else the next, "Douban users gave it 3.8"."""
    before = [m for m in figures if _GIVEN_BY.fullmatch(text[m.end() : max(m.end(), spot)])]
    return before or [m for m in figures if spot < m.start() <= spot + NUMBER_REACH][:1]


def _is_year(figure: str) -> bool:
    return len(figure) == 4 and figure[:2] in ("19", "20")


def _names_fit(question: ListQuestion, context: Context, sentence: Sentence) -> bool:
    """Each name stands in the sentence or before it; of several, one at least in the sentence."""
    text = _COMPARED.sub("", sentence.text)
    here = names_said(question, context, text)
    if not here and names_said(question, context, sentence.text):
        return False  # only "a month ahead of Netflix"
    around = f"{context.before(sentence.start)}\n{text}"
    if names_said(question, context, around) < len(question.names):
        return False
    if here < len(question.names):
        if question.kind != "work" and _speaks_of_another(question, context, sentence):
            return False
        if _does_another(question, context, sentence):
            return False
    alone = len(question.names) < 2 and question.kind not in ("place", "organisation")
    alone = alone and bool(question.predicate)  # else nothing but the name tells what is asked
    return here > 0 or not question.names or alone


def _does_another(question: ListQuestion, context: Context, sentence: Sentence) -> bool:
    """Tell "TVB took": the predicate is said of someone who was not asked about."""
    asked = asked_keys(question, context)
    text = sentence.text
    for spot in {*predicate_spots(question, text), *loose_spots(question, text)}:
        for thing in context.book.things(text[:spot]):
            after = text[thing.end : spot]
            subject = re.fullmatch(r",?(?: which| who)?(?: has| had)? ", after)
            if thing.kind in ("organisation", "") and subject and thing.key not in asked:
                return True
    return False


def _speaks_of_another(question: ListQuestion, context: Context, sentence: Sentence) -> bool:
    """Tell whether a sentence names a work other than the one asked about."""
    asked = asked_keys(question, context)
    things = context.book.things(sentence.text) if asked & context.book.works else []
    return any(thing.kind == "work" and thing.key not in asked for thing in things)


def _places_fit(
    question: ListQuestion, context: Context, sentence: Sentence, *, lenient: bool
) -> bool:
    """Each place is tied to the predicate here; else the title or what stands before tells."""
    text, named = sentence.text, tied(question, sentence.text)
    spots = predicate_spots(question, text)
    bare = (
        not question.remaking
        or bool(BECAME.search(text))
        or all(_is_bare(text, spot) for spot in spots if _is_remake(text, spot))
    )
    if question.abroad:
        around = _places_around(question, context, sentence)
        elsewhere = bool(around) and context.home not in around
        return bool(named - {context.home}) or (not named and bare and elsewhere)
    for place in question.places:
        if country(place) in named:
            continue
        if named - {"abroad"} or not bare:
            return False  # somewhere else
        around = _places_around(question, context, sentence)
        if lenient:
            before = words(f"{context.before(sentence.start)} {text}")
            around |= {country(word) for word in before if word in PLACES}
        if country(place) not in around:
            return False
    return True


def _origin_fits(question: ListQuestion, context: Context, sentence: Sentence) -> bool:
    """Tell whether the country that the things are from is told here; that of most goes untold."""
    wanted = {country(place) for place in question.made_in} - {context.home}
    told = words(f"{context.title} {context.paragraph(sentence.start)} {sentence.text}")
    return wanted <= {country(word) for word in told if word in PLACES}


def _is_remake(text: str, spot: int) -> bool:
    word = _WORD.match(text, spot)
    return word is not None and stem(fold(word[0])) in REMAKES


def _places_around(question: ListQuestion, context: Context, sentence: Sentence) -> set[str]:
    """What a sentence that names no place is about: the title says, or the last place named."""
    titled = {country(word) for word in words(context.title) if word in PLACES}
    if titled and predicate_spots(question, context.title):
        return titled
    last = context.last_place(sentence.start)
    return {last} if last else titled


def _is_bare(text: str, spot: int) -> bool:
    """Tell "a version", "the local version" from "the multi-language version"."""
    before = re.search(r"([\w-]+) $", text[:spot])
    return before is None or fold(before[1]) in _BARE
