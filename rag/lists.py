"""The list reader: one line for each thing, from every article that was found.

A sentence is evidence if it says the predicate of the question, as a fact and not as a plan or a
denial, about the place and the names asked for; these it may owe to what stands before it in its
section or to the title. The things it names of the wanted kind are items. Names that the articles
themselves tie together (in brackets, by "also known as", or as a work and its remake) are one item.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from rag.compose import Claim
from rag.evidence import Sentence
from rag.lexicon import home_place
from rag.list_context import Context
from rag.list_items import Evidence, gather
from rag.list_match import LEVELS, Level, matches, refuted
from rag.list_question import ListQuestion, kind_asked, parse_list_question
from rag.remakes import tie_remakes
from rag.retrieval import Query
from rag.snapshot import Snapshot
from rag.things import Book, Thing, book_of

MOST_ARTICLES = 60  # the nearest; a list longer than what these say is not read to the end
MOST_CITATIONS = 3
FEWEST = 2  # a list of one is an ordinary answer

_GOES_ON = re.compile(
    r"^(?:Around|Beside|Besides|With|Among|Before|After) (?:them|him|her|it|that|these)\b"
    r"|^(?:Also|Other|Others|Another|Further|Then came|So (?:did|was|were)"
    r"|In the same (?:year|month))\b"
)

Found = dict[str, list[tuple[Evidence, Thing]]]


def read_list(snapshot: Snapshot, query: Query, sentences: Sequence[Sentence]) -> list[Claim]:
    """Choose one line for each thing; empty if the articles do not list at least two.

    First by sentences that say every word of the predicate; if these give no list, by those that
    say most of it. Only where the question says what kind of things it wants: else a name in such a
    sentence may be anything.
    """
    if not kind_asked(query.text):
        return []  # before any article is read for the names in it, which takes a while
    ids = list(dict.fromkeys(s.article_id for s in sentences))[:MOST_ARTICLES]
    articles = {article_id: snapshot.article(article_id) for article_id in ids}
    texts = [article.text for article in articles.values()]
    book = book_of(tuple(sorted(texts))).fork()
    question = parse_list_question(query, book)
    if not question.kind or not (question.predicate or question.names):
        return []
    if question.remaking:
        for text in texts:
            tie_remakes(book, text)
    home = home_place(texts)
    contexts = {key: Context(article, book, home) for key, article in articles.items()}
    read = (s for s in sentences if s.article_id in articles)
    ordered = sorted(read, key=lambda s: (s.article_id, s.start))
    for level in LEVELS if len(question.predicate) < 2 else LEVELS[1:]:
        if level == "soft" and not any(said.known for said in question.predicate):
            break
        evidence = list(_read(question, contexts, ordered, level))
        found = _by_thing(book, evidence)
        if len(found) >= FEWEST:
            return _claims(book, found) if _are_told(question, book, found) else []
    return []


def _are_told(question: ListQuestion, book: Book, found: Found) -> bool:
    """Tell whether the articles say of any thing that it is a work; people are told by names."""
    return question.kind != "work" or any(book.votes.get(key) for key in found)


def _read(
    question: ListQuestion,
    contexts: dict[str, Context],
    sentences: Sequence[Sentence],
    level: Level,
) -> Iterator[Evidence]:
    """Go through the articles; what matches may carry over to what continues it."""
    carried = announced = False
    last = ""
    for sentence in sentences:
        if sentence.article_id != last:
            carried, announced, last = False, False, sentence.article_id
        text, context = sentence.text, contexts[sentence.article_id]
        row = text.startswith("- ")
        matched = matches(question, context, sentence, level)
        goes_on = (announced and row) or (carried and _GOES_ON.match(text))
        if matched or (goes_on and not refuted(question, text)):
            yield from gather(question, context, sentence)
        announced = announced if row else matched and text.endswith(":")
        carried = matched


def _by_thing(book: Book, evidence: Sequence[Evidence]) -> Found:
    """The evidence for each thing, the plainest first."""
    found: Found = {}
    for piece in sorted(evidence, key=lambda e: -e.weight):
        for thing in piece.things:
            found.setdefault(book.same(_whole(thing.key, found, book)), []).append((piece, thing))
    return found


def _whole(key: str, found: Found, book: Book) -> str:
    """For "Push" the key of "Push Puttichai", if that is an item already."""
    if " " in key:
        return key
    longer = [other for other in found if f" {key} " in f" {other} " and other != key]
    return longer[0] if len(longer) == 1 and book.kind(longer[0]) == "person" else key


def _claims(book: Book, found: Found) -> list[Claim]:
    """One claim for each thing, citing up to three articles; claims of one sentence together."""
    claims = []
    for pairs in found.values():
        kept: list[tuple[Evidence, Thing]] = []
        for piece, thing in pairs:
            cited = {p.article_id for p, _ in kept}
            if len(kept) < MOST_CITATIONS and piece.article_id not in cited:
                kept.append((piece, thing))
        quotes = [(piece.article_id, piece.start, piece.end) for piece, _ in kept]
        if kept[0][0].named:
            quotes.append((kept[0][0].article_id, *kept[0][0].named))
        claims.append(Claim(tuple(quotes), item=_shown(book, *kept[0])))
    order: dict[tuple[str, int, int], int] = {}
    for claim in claims:
        order.setdefault(claim.quotes[0], len(order))
    return sorted(claims, key=lambda claim: order[claim.quotes[0]])


def _shown(book: Book, piece: Evidence, thing: Thing) -> str:
    """The name to show: of a work and its remake, the work, if the quote has it."""
    root = book.same(thing.key)
    return next((t.name for t in piece.things if t.key == root), thing.name)
