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
from rag.keyword import fold, stem
from rag.lead_in import leans
from rag.lexicon import PLACES, UNREAL, country, home_place, tied_to_place
from rag.list_question import ListQuestion, parse_list_question
from rag.remakes import tie_remakes
from rag.retrieval import Query
from rag.sentences import is_complete
from rag.things import Book, Thing, thing_key

SAID = 0.6  # cosine from which a word of the question counts as said
MOST_CITATIONS = 3
_WORD = re.compile(r"[^\W_]+")
_GOES_ON = re.compile(
    r"^(?:Around|Beside|Besides|With|Among|Before|After) (?:them|him|her|it|that|these)\b"
    r"|^(?:Also|Other|Others|Another|Further|Then came|So (?:did|was|were)|In the same (?:year|month))\b"
)


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
        section = max(self.text.rfind("\n## ", 0, start), self.text.rfind("\n# ", 0, start), 0)
        opening = self.text[: self.text.find("\n", 1)] if section else ""
        return f"{self.title}\n{opening}\n{self.text[section:start]}"

    def paragraph(self, start: int) -> str:
        """What stands before a sentence in its paragraph."""
        return self.text[self.text.rfind("\n", 0, start) + 1 : start]

    def last_place(self, start: int) -> str:
        """The last country, other than the usual one, that is spoken of before a sentence."""
        for word in reversed(re.findall(r"[^\W\d_]+", fold(self.before(start)))):
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
    carried = False
    for sentence in sentences:
        text = sentence.text
        if not text or text.endswith("?"):
            continue
        row = text.startswith("- ")
        matched = _matches(question, context, sentence)
        if matched or (carried and (row or _GOES_ON.match(text)) and not _refuted(question, text)):
            yield from _gather(question, context, sentence, row)
            carried = True
        else:
            carried = carried and row
        carried = carried and (row or matched)
        if matched and text.rstrip().endswith(":"):
            carried = True


def _matches(question: ListQuestion, context: Context, sentence: Sentence) -> bool:
    """Tell whether a sentence says the whole predicate, as a fact, of the names and places."""
    if not (is_complete(sentence.text) or sentence.text.endswith(":")):
        return False
    if _refuted(question, sentence.text) or not _is_said(question, context, sentence):
        return False
    return _names_fit(question, context, sentence) and _places_fit(question, context, sentence)


def _refuted(question: ListQuestion, text: str) -> bool:
    """Tell whether a sentence is a plan or a denial (or, where plans are asked for, a fact)."""
    return bool(UNREAL.search(text)) != question.unreal


def _is_said(question: ListQuestion, context: Context, sentence: Sentence) -> bool:
    stems = {stem(word) for word in _WORD.findall(fold(sentence.text))}
    for accepted, tokens in question.predicate:
        if accepted & stems or float(sentence.own[list(tokens)].mean()) >= SAID:
            continue
        if not (question.remaking and _BECAME.search(sentence.text)):
            return False
    return True


_BECAME = re.compile(r"\b(?:became|has become|(?:been |was )?turned into|moved the story)\b")


def _names_fit(question: ListQuestion, context: Context, sentence: Sentence) -> bool:
    """Each name stands in the sentence or before it; of several, one at least in the sentence."""
    here = f" {thing_key(sentence.text)} "
    around = f" {thing_key(context.before(sentence.start))} "
    direct = 0
    for group in question.names:
        keys = {other for key in group for other in context.book.names_of(key)}
        if any(f" {key} " in here for key in keys):
            direct += 1
        elif not any(f" {key} " in around for key in keys):
            return False
        elif question.kind != "work" and _speaks_of_another(context, sentence, keys):
            return False
    return direct > 0 or len(question.names) < 2


def _speaks_of_another(context: Context, sentence: Sentence, keys: set[str]) -> bool:
    """Tell whether a sentence names a work other than the one asked about."""
    kinds = {context.book.kind(key) for key in keys}
    named = [t for t in context.book.things(sentence.text) if t.kind == "work"]
    return "work" in kinds and bool(named)


def _places_fit(question: ListQuestion, context: Context, sentence: Sentence) -> bool:
    """Each place is tied to the predicate in the sentence, or spoken of last before it."""
    wanted = question.places or (("",) if question.abroad else ())
    if not wanted:
        return True
    text = sentence.text
    spots = [
        m.start()
        for m in _WORD.finditer(text)
        if any(stem(fold(m[0])) in accepted for accepted, _ in question.predicate)
    ] or [m.start() for m in _BECAME.finditer(text)]
    for place in wanted:
        if any(tied_to_place(text, spot, home=context.home, place=place) for spot in spots):
            continue
        elsewhere = any(
            tied_to_place(text, spot, home="" if place else context.home) for spot in spots
        )
        last = context.last_place(sentence.start)
        if elsewhere or not last or (place and last != country(place)):
            if not (place and not elsewhere and country(place) in _countries(context.title)):
                return False
    return True


def _countries(text: str) -> set[str]:
    return {country(word) for word in re.findall(r"[^\W\d_]+", fold(text)) if word in PLACES}


def _gather(
    question: ListQuestion, context: Context, sentence: Sentence, row: bool
) -> Iterator[Evidence]:
    """The things of a sentence; of the one before, where it speaks of them by a pronoun."""
    start, things = sentence.start, _wanted(question, context, sentence.start, sentence.end)
    if row:
        things = things[:1]
    if not things:
        before = context.paragraph(sentence.start)
        last = re.split(r"(?<=[.!?]) (?=[^a-z])", before.rstrip())[-1] if before else ""
        if last and (leans(sentence.text) or not question.names or question.kind == "work"):
            start = sentence.start - len(before) + before.rindex(last)
            things = _wanted(question, context, start, start + len(last))[:1]
    elif question.remaking and re.match(r"(?:Its|The) \w+ (?:version|remake)", sentence.text):
        before = context.paragraph(sentence.start)
        named = _wanted(question, context, sentence.start - len(before), sentence.start)
        if named:
            context.book.tie(named[-1].key, things[0].key)
            start, things = named[-1].start, [named[-1], *things]
            start = sentence.start - len(before) + _sentence_start(before, named[-1].name)
    if things:
        said = [float(sentence.own[list(tokens)].mean()) for _, tokens in question.predicate]
        weight = float(np.mean(said)) - 0.0005 * (sentence.end - start)
        yield Evidence(sentence.article_id, start, sentence.end, tuple(things), weight)


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
    for thing in context.book.things(text):
        if thing.key in asked or (thing.kind == "place" and country(fold(thing.name)) in places):
            continue
        if _is_wanted(question, text, thing):
            found.append(replace(thing, start=start + thing.start, end=start + thing.end))
    return found


def _is_wanted(question: ListQuestion, text: str, thing: Thing) -> bool:
    if not question.kind:
        return thing.kind != "place"
    if thing.kind == question.kind:
        return True
    if question.kind == "place" or thing.kind == "place":
        return False
    return _is_governed(question, text, thing)


def _is_governed(question: ListQuestion, text: str, thing: Thing) -> bool:
    """Tell a name that the predicate itself makes an item: "took Burning Ice", "OCTB came"."""
    before, after = text[: thing.start].rstrip(" "), text[thing.end :]
    if question.kind == "work":
        last = re.search(r"(\w+)(?: the| a)?$", before)
        following = re.match(r"(?: \([^)]*\))?(?: (?:was|were|has|had|is))? (\w+)", after)
        if last and _says(question, last[1]) and not re.search(r"\b(?:in|on|to|by) $", text[: thing.start]):
            return True
        if following and _says(question, following[1]):
            return not thing.kind or following[1] in ("came", "began", "arrived", "went", "sold")
        if re.search(r"\b(?:versions?|remakes?|adaptations?|seasons?|rights|prize|newcomer|director|writer) (?:of|to|for)$", before):
            return thing.kind in ("", "work")
        reached = re.match(r" (?:to|on) (\w+)", after)
        return bool(reached and any(fold(reached[1]) in key for g in question.names for key in g))
    return not thing.kind and question.kind == "organisation"


def _says(question: ListQuestion, word: str) -> bool:
    return any(stem(fold(word)) in accepted for accepted, _ in question.predicate)


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
        claims.append(Claim(quotes, item=kept[0][1].name))
    return _together(claims)


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
