"""The list reader: one line for each thing, from every article that was found.

A sentence is evidence if it says the predicate of the question, as a fact and not as a plan or a
denial, about the place and the names asked for; these it may owe to what stands before it in its
section or to the title. The things it names of the wanted kind are items. Names that the articles
themselves tie together (in brackets, by "also known as", or as a work and its remake) are one item.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from rag.compose import Claim
from rag.evidence import Sentence
from rag.index import Snapshot
from rag.keyword import STOPWORDS, fold, stem, words
from rag.lead_in import leans
from rag.lexicon import DENIED, MONTHS, ON_PAPER, PLACES, PLANNED, country, home_place, tied_places
from rag.list_question import ListQuestion, parse_list_question
from rag.remakes import tie_remakes
from rag.retrieval import Query
from rag.sentences import is_complete
from rag.things import Book, Thing, thing_key

SAID = 0.6  # cosine from which a word of the question counts as said
LEAD_COST = 0.1  # a sentence that names the thing itself says it more plainly
MOST_CITATIONS = 3
_WORD = re.compile(r"[^\W_]+")
_GOES_ON = re.compile(
    r"^(?:Around|Beside|Besides|With|Among|Before|After) (?:them|him|her|it|that|these)\b"
    r"|^(?:Also|Other|Others|Another|Further|Then came|So (?:did|was|were)|In the same (?:year|month))\b"
)


_HEADING = re.compile(r"^(?!- )[^\n|]{1,80}(?<![.!?:;,。！？：；，\"”])$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Evidence:
    """A stretch of an article that names things; `weight`: how plainly it says the predicate."""

    article_id: str
    start: int
    end: int
    things: tuple[Thing, ...]
    weight: float


class Context:
    """An article around its sentences."""

    def __init__(self, title: str, text: str, book: Book, home: str) -> None:
        """Take an article apart."""
        self.title, self.text, self.book, self.home = title, text, book, home

    def before(self, start: int) -> str:
        """What stands before a sentence in its section, the opening paragraph and the title."""
        section = 0
        for match in _HEADING.finditer(self.text):
            if match.end() > start:
                break
            section = match.start()
        return f"{self.title}\n{self.opening()}\n{self.text[section:start]}"

    def opening(self) -> str:
        """The first paragraph: what the whole article is about."""
        return self.text.lstrip().partition("\n")[0]

    def paragraph(self, start: int) -> str:
        """What stands before a sentence in its paragraph."""
        return self.text[self.text.rfind("\n", 0, start) + 1 : start]

    def last_place(self, start: int) -> str:
        """The last country, other than the usual one, that is spoken of before a sentence."""
        for word in reversed(words(self.before(start))):
            if word in PLACES and country(word) != self.home:
                return country(word)
        return ""


def read_list(snapshot: Snapshot, query: Query, sentences: Sequence[Sentence]) -> list[Claim]:
    """Choose one line for each thing; empty if the articles do not list at least two."""
    question = parse_list_question(query)
    if not question.predicate or (not question.kind and not question.names):
        return []
    ids = list(dict.fromkeys(s.article_id for s in sentences))
    articles = {article_id: snapshot.article(article_id) for article_id in ids}
    texts = [article.text for article in articles.values()]
    book = Book(texts)
    if question.remaking:
        for text in texts:
            tie_remakes(book, text)
    home = home_place(texts)
    evidence: list[Evidence] = []
    for article_id, article in articles.items():
        own = sorted((s for s in sentences if s.article_id == article_id), key=lambda s: s.start)
        context = Context(article.title, article.text, book, home)
        evidence += _read_article(question, context, own)
    return _items(question, book, evidence)


def _read_article(
    question: ListQuestion, context: Context, sentences: Sequence[Sentence]
) -> Iterator[Evidence]:
    """Go through an article's sentences; what matches may carry over to what continues it."""
    carried = announced = False
    for sentence in sentences:
        text = sentence.text
        row = text.startswith("- ")
        matched = _matches(question, context, sentence)
        goes_on = (announced and row) or (carried and _GOES_ON.match(text))
        if matched or (goes_on and not _refuted(question, text)):
            yield from _gather(question, context, sentence, row)
        announced = announced if row else matched and text.endswith(":")
        carried = matched


def _matches(question: ListQuestion, context: Context, sentence: Sentence) -> bool:
    """Tell whether a sentence says the whole predicate, as a fact, of the names and places."""
    if not (is_complete(sentence.text) or sentence.text.endswith(":")) or "?" in sentence.text[-2:]:
        return False
    if _refuted(question, sentence.text) or not _is_said(question, context, sentence):
        return False
    return _names_fit(question, context, sentence) and _places_fit(question, context, sentence)


def _refuted(question: ListQuestion, text: str) -> bool:
    """Tell whether a sentence is a plan or a denial (or, where plans are asked for, a fact)."""
    planned = PLANNED.search(text) or (question.remaking and ON_PAPER.search(text))
    if question.unreal:
        return not planned
    return bool(planned or DENIED.search(text))


def _is_said(question: ListQuestion, context: Context, sentence: Sentence) -> bool:
    """Tell whether every word of the predicate is said, or nearly where the names are at hand."""
    stems = {stem(word) for word in _WORD.findall(fold(sentence.text))}
    beside = _keys_in(question, context, f"{context.title}\n{sentence.text}")
    for said in question.predicate:
        if said.stems & stems or float(sentence.own[list(said.tokens)].mean()) >= SAID:
            continue
        if question.names and beside and said.loose & stems:
            continue
        if not (question.remaking and _BECAME.search(sentence.text)):
            return False
    return True


_BECAME = re.compile(
    r"\b(?:became|(?:has|have) become|(?:been |was )?turned into) (?:the )?(?=[^\Wa-z])"
)


def _keys_in(question: ListQuestion, context: Context, text: str) -> int:
    """How many of the names asked with, by any name of theirs, stand in a text."""
    said = f" {thing_key(text)} "
    return sum(
        any(f" {other} " in said for key in group for other in context.book.names_of(key))
        for group in question.names
    )


def _names_fit(question: ListQuestion, context: Context, sentence: Sentence) -> bool:
    """Each name stands in the sentence or before it; of several, one at least in the sentence."""
    text = _COMPARED.sub("", sentence.text)
    here = _keys_in(question, context, text)
    around = f"{context.before(sentence.start)}\n{text}"
    if _keys_in(question, context, around) < len(question.names):
        return False
    if here < len(question.names):
        keys = {o for group in question.names for k in group for o in context.book.names_of(k)}
        if question.kind != "work" and _speaks_of_another(context, sentence, keys):
            return False
        if _does_another(question, context, sentence):
            return False
    return here > 0 or len(question.names) < 2


_COMPARED = re.compile(r"\b(?:than|ahead of|before|unlike|against|rival of) (?:\w+ )?[^\Wa-z][\w+-]*")


def _does_another(question: ListQuestion, context: Context, sentence: Sentence) -> bool:
    """Tell "TVB took": the predicate is said of someone who was not asked about."""
    for spot in _spots(question, sentence.text):
        for thing in context.book.things(sentence.text[:spot]):
            after = sentence.text[thing.end : spot]
            if thing.kind == "organisation" and re.fullmatch(r",?(?: which| who)?(?: has| had)? ", after):
                return True
    return False


def _speaks_of_another(context: Context, sentence: Sentence, keys: set[str]) -> bool:
    """Tell whether a sentence names a work other than the one asked about."""
    if not keys & context.book.works:
        return False
    return any(t.kind == "work" and t.key not in keys for t in context.book.things(sentence.text))


def _places_fit(question: ListQuestion, context: Context, sentence: Sentence) -> bool:
    """Each place is tied to the predicate in the sentence; else the title or what is before tells."""
    spots, tied = _spots(question, sentence.text), _tied(question, sentence)
    bare = not question.remaking or _BECAME.search(sentence.text) or all(_is_bare(sentence.text, spot) for spot in spots)
    if question.abroad:
        if tied - {context.home}:
            return True
        around = _places_around(question, context, sentence)
        return not tied and bare and bool(around) and context.home not in around
    for place in question.places:
        if country(place) in tied:
            continue
        if tied - {"abroad"} or not bare:
            return False  # somewhere else
        if country(place) not in _places_around(question, context, sentence):
            return False
    return True


def _tied(question: ListQuestion, sentence: Sentence) -> set[str]:
    """The countries that a sentence ties the predicate to."""
    spots = _spots(question, sentence.text)
    return set().union(*(tied_places(sentence.text, spot) for spot in spots))


def _places_around(question: ListQuestion, context: Context, sentence: Sentence) -> set[str]:
    """What a sentence that names no place is about: the title says, or the last place named."""
    title = context.title
    titled = {country(word) for word in words(title) if word in PLACES}
    if titled and _spots(question, title):
        return titled
    last = context.last_place(sentence.start)
    return {last} if last else titled


def _spots(question: ListQuestion, text: str) -> list[int]:
    """Where a text says the predicate in as many words."""
    spots = [
        match.start()
        for match in _WORD.finditer(text)
        if any(stem(fold(match[0])) in said.stems for said in question.predicate)
    ]
    return spots or [match.start() for match in _BECAME.finditer(text)]


def _is_bare(text: str, spot: int) -> bool:
    """Tell "a version", "the local version" from "the multi-language version"."""
    before = re.search(r"([\w-]+) $", text[:spot])
    return before is None or fold(before[1]) in STOPWORDS | _BARE


_BARE = frozenset("foreign local own new first official been become be is was were".split())


def _gather(
    question: ListQuestion, context: Context, sentence: Sentence, row: bool
) -> Iterator[Evidence]:
    """The things of a sentence; of the one before, where it speaks of them by a pronoun."""
    start, things = sentence.start, _wanted(question, context, sentence.start, sentence.end)
    if row:
        things = things[:1]
    placed = not question.remaking or bool(_tied(question, sentence))
    if not things and placed and (question.kind == "work" or leans(sentence.text)):
        start, things = _look_back(question, context, sentence)
    elif question.remaking and re.match(r"(?:Its|The) \w+ (?:version|remake)", sentence.text):
        before = context.paragraph(sentence.start)
        named = _wanted(question, context, sentence.start - len(before), sentence.start)
        if named:
            context.book.tie(named[-1].key, things[0].key)
            start, things = named[-1].start, [named[-1], *things]
            start = sentence.start - len(before) + _sentence_start(before, named[-1].name)
    if things:
        said = [float(sentence.own[list(word.tokens)].mean()) for word in question.predicate]
        weight = float(np.mean(said)) - 0.0005 * (sentence.end - start)
        weight -= LEAD_COST * (start != sentence.start)
        yield Evidence(sentence.article_id, start, sentence.end, tuple(things), weight)


def _look_back(
    question: ListQuestion, context: Context, sentence: Sentence
) -> tuple[int, list[Thing]]:
    """The last sentences of the paragraph, back to one that names a thing of the wanted kind."""
    before = context.paragraph(sentence.start)
    starts = [0, *(m.end() for m in re.finditer(r"[.!?] (?=[^a-z])", before))]
    opening = sentence.start - len(before)
    end = sentence.start
    for start in reversed(starts[-2:]):
        things = _wanted(question, context, opening + start, end)
        if things:
            return opening + start, things[:1]
        end = opening + start
    return sentence.start, []


def _sentence_start(paragraph: str, name: str) -> int:
    at = paragraph.rindex(name)
    opens = [m.end() for m in re.finditer(r"[.!?] (?=[^a-z])", paragraph[:at])]
    return opens[-1] if opens else 0


def _wanted(question: ListQuestion, context: Context, start: int, end: int) -> list[Thing]:
    """The things of the wanted kind in a stretch of the article, other than those asked with."""
    text = context.text[start:end]
    asked = {o for group in question.names for k in group for o in context.book.names_of(k)}
    places = {country(fold(place)) for place in question.places}
    found = []
    spots = [(spot, text[spot:]) for spot in _spots(question, text)] if question.remaking else []
    for thing in context.book.things(text):
        if spots and all(spot < thing.start for spot, _ in spots):
            # What comes after "version" is the work only if it is a version *of* it.
            if not any(_VERSION_OF.match(rest) for _, rest in spots):
                continue
        if thing.key in asked or (thing.kind == "place" and country(fold(thing.name)) in places):
            continue
        if _is_wanted(question, text, thing) and not _goes_elsewhere(question, context, text, thing):
            found.append(replace(thing, start=start + thing.start, end=start + thing.end))
    return found


_VERSION_OF = re.compile(r"[\w-]+(?: there| here| rights)?(?: of| to| as| from| on|:| into| been| The| [^\Wa-z])\b|became")


def _goes_elsewhere(question: ListQuestion, context: Context, text: str, thing: Thing) -> bool:
    """Tell "A went to Netflix, and B to Disney": B is no answer where Netflix is asked for."""
    if not question.names or question.kind != "work":
        return False
    goal = _GOAL.match(text[thing.end :])
    return bool(goal) and fold(goal[1].strip()) not in MONTHS and not _keys_in(question, context, goal[1])


_GOAL = re.compile(
    r"(?: \([^)]*\))?(?: (?:was|were|has been|had been))?(?: \w+)?,? (?:to|on|by|in)"
    r"((?: [^\W\da-z][\w+'’-]*)+)"
)


def _is_wanted(question: ListQuestion, text: str, thing: Thing) -> bool:
    if not question.kind:
        return thing.kind != "place"
    if thing.kind == question.kind:
        return True
    if question.kind == "place" or thing.kind in ("place", "prize"):
        return False
    return _is_governed(question, text, thing)


def _is_governed(question: ListQuestion, text: str, thing: Thing) -> bool:
    """Tell a name that the predicate itself makes an item: "took Burning Ice", "OCTB came"."""
    before, after = text[: thing.start].rstrip(" "), text[thing.end :]
    if question.kind == "work":
        last = re.search(r"(\w+)(?: the| a)?$", before)
        following = re.match(_FOLLOWING, after)
        if last and _says(question, last[1]) and not re.search(r"\b(?:in|on|to|by) $", text[: thing.start]):
            return True
        if following and _says(question, following[1]):
            return not thing.kind or following[1] in ("came", "began", "arrived", "went", "sold")
        if re.search(r"\b(?:versions?|remakes?|adaptations?|seasons?|rights|prize|newcomer|director|writer) (?:of|to|for)$", before):
            return thing.kind in ("", "work")
        reached = re.match(r" (?:to|on) (\w+)", after)
        return bool(reached and any(fold(reached[1]) in key for g in question.names for key in g))
    return not thing.kind and question.kind == "organisation"


_FOLLOWING = re.compile(r"(?: \([^)]*\))?(?:, [^,.]{0,60},)?(?: (?:was|were|has|had|is|been|have))* (\w+)")


def _says(question: ListQuestion, word: str) -> bool:
    return any(stem(fold(word)) in said.stems | said.loose for said in question.predicate)


def _items(question: ListQuestion, book: Book, evidence: Sequence[Evidence]) -> list[Claim]:
    """One claim for each thing, with its plainest sentences from up to three articles."""
    found: dict[str, list[tuple[Evidence, Thing]]] = {}
    for piece in sorted(evidence, key=lambda e: -e.weight):
        for thing in piece.things:
            found.setdefault(book.same(_whole(thing.key, found, book)), []).append((piece, thing))
    if len(found) < 2:
        return []
    claims = []
    for pairs in found.values():
        kept: list[tuple[Evidence, Thing]] = []
        for piece, thing in pairs:
            if len(kept) < MOST_CITATIONS and piece.article_id not in {p.article_id for p, _ in kept}:
                kept.append((piece, thing))
        quotes = tuple((piece.article_id, piece.start, piece.end) for piece, _ in kept)
        claims.append(Claim(quotes, item=_shown(book, *kept[0])))
    return _together(claims)


def _shown(book: Book, piece: Evidence, thing: Thing) -> str:
    """The name to show: of a work and its remake, the work, if the quote has it."""
    root = book.same(thing.key)
    return next((t.name for t in piece.things if t.key == root), thing.name)


def _whole(key: str, found: dict[str, list[tuple[Evidence, Thing]]], book: Book) -> str:
    """For "Push" the key of "Push Puttichai", if that is an item already."""
    if " " in key:
        return key
    longer = [other for other in found if f" {key} " in f" {other} " and other != key]
    return longer[0] if len(longer) == 1 and book.kind(longer[0]) == "person" else key


def _together(claims: Sequence[Claim]) -> list[Claim]:
    """Order claims so that those of one sentence stand together."""
    order: dict[tuple[str, int, int], int] = {}
    for claim in claims:
        order.setdefault(claim.quotes[0], len(order))
    return sorted(claims, key=lambda claim: order[claim.quotes[0]])
