"""The extractive reader: answers with sentences of the articles as they stand, or refuses."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from rag.answer_score import CONFIDENT, LEAST, SURE, answerability
from rag.answer_type import has_answer_type
from rag.answerability import Verdict, absent_words, judge
from rag.choice import choose_sentences, quotable, with_announced, with_names, with_rows
from rag.claims import FEW, LIST_MARGINS, READ_MARGINS, gather_claims
from rag.compose import Claim, compose
from rag.evidence import DEPTH, Sentence
from rag.list_question import is_count, tells_number
from rag.lists import read_list
from rag.other_subject import on_subject
from rag.outdated import without_outdated
from rag.parts import parts_of
from rag.question import question_kind
from rag.reranker import LIST_SHARE, rerank, rerank_nearest
from rag.retrieval import Query, Ranking
from rag.snapshot import Snapshot
from rag.subject import about_names
from rag.types import Answer, Coverage, Kind, Nearest, NearestArticle, Statement

NEAREST = 3
LIST_DEPTH = 200  # chunks for a list
POOL = 24  # sentences that a list is made of, where its things cannot be told
MOST_READ = 8  # of these that the reranker reads
NAMES_MARGIN = 0.3  # how far below the first a sentence of a list should name somebody
SHOWN = 0.1  # from here on, a refusal shows the closest sentences
LEAST_OF_MANY = 0.4  # as `LEAST`, of several articles: what is doubtful is told with a caution
UNSURE = "These sentences come closest, but may not answer the question:"
UNCOUNTED = "How many there are cannot be told for sure. These sentences come closest:"


def read(snapshot: Snapshot, query: Query, ranking: Ranking, searched: int) -> Answer:
    """Answer a question from ranked chunks; `searched` counts the articles that were."""
    kind = question_kind(query.text)
    depth = LIST_DEPTH if kind == "list" else DEPTH
    sentences = choose_sentences(snapshot, query, ranking, depth)
    candidates = _candidates(snapshot, sentences, kind)
    if not candidates:
        refusal = refuse(snapshot, query, ranking, searched)
        return dataclasses.replace(refusal, answerability=0.0)
    parts = parts_of(snapshot, query, candidates)
    one = kind in ("factoid", "yes_no")  # sentence answers
    if one or kind == "summary":
        right = about_names(snapshot, query, parts, ranking, candidates[0])
        if right is not ranking:
            ranking = right
            sentences = choose_sentences(snapshot, query, ranking, depth)
            candidates = _candidates(snapshot, sentences, kind)
        candidates = on_subject(snapshot, query, parts, ranking, candidates)
        candidates = without_outdated(snapshot, query, parts, candidates)
    shown = candidates[:FEW] if one else ()
    told = answerability(snapshot, query, ranking, candidates[0], parts, shown)
    likely = told.whole
    claims = read_list(snapshot, query, sentences) if kind == "list" else []
    itemised = bool(claims)
    if not itemised:
        many = len(ranking.articles) > 1
        confident = told.by_words >= CONFIDENT or not many
        verdict = judge(snapshot, query, ranking, candidates, parts, confident=confident)
        if is_refused(kind, verdict, likely, many=many):
            near = candidates if likely >= SHOWN else ()
            refusal = refuse(snapshot, query, ranking, searched, verdict, near)
            return dataclasses.replace(refusal, answerability=likely)
        counted = kind == "list" and tells_number(candidates[0].text, query.text)
        if one:
            candidates = rerank_nearest(snapshot, query, candidates, FEW)
        margins = LIST_MARGINS
        if kind == "list" and not counted:
            candidates = with_names(quotable(with_rows(sentences)), query.text, NAMES_MARGIN)
            if read := rerank(snapshot, query, candidates[:POOL], LIST_SHARE, MOST_READ):
                candidates, margins = read, READ_MARGINS
        claims = gather_claims(snapshot, candidates, "factoid" if counted else kind, margins)
    text, statements, citations = compose(snapshot, claims, as_list=kind == "list")
    if is_count(query.text) and kind == "list":
        text = f"{_count(query.text, statements, itemised=itemised)}{text}"
    used = len({citation.article_id for citation in citations})
    matched = max(used, len({s.article_id for s in candidates}) if not itemised else used)
    return Answer(
        question=query.text,
        standalone_question=query.text,
        kind=kind,
        status="answered",
        text=text,
        statements=statements,
        citations=citations,
        coverage=Coverage(searched=searched, matched=matched, used=used),
        answerability=likely,
    )


def _candidates(snapshot: Snapshot, sentences: Sequence[Sentence], kind: Kind) -> list[Sentence]:
    """What can stand in an answer; in a list each row stands for itself."""
    return quotable(sentences if kind == "list" else with_announced(snapshot, sentences))


def _count(question: str, statements: Sequence[Statement], *, itemised: bool) -> str:
    """How many there are: as many as are listed, or as the first sentence says, or who knows."""
    if itemised:
        return f"{len(statements)} named in the articles:\n"
    said = has_answer_type("number", statements[0].text, question)
    return "" if said else f"{UNCOUNTED}\n"


def is_refused(kind: Kind, verdict: Verdict, likely: float, *, many: bool) -> bool:
    """Tell whether to refuse; what is put together of many articles no sentence need say whole."""
    if kind in ("list", "summary", "comparison") and many:
        least = LEAST if kind == "list" else LEAST_OF_MANY
        return bool(verdict.absent_names) or likely < least
    return not verdict.answerable or likely < (LEAST_OF_MANY if many else LEAST)


def tell_unsure(answer: Answer) -> Answer:
    """Say so where the sentences of an answer may be near the question and yet not answer it."""
    itemised = any(statement.item for statement in answer.statements)
    unsure = answer.answerability is not None and answer.answerability < SURE
    told = answer.text.startswith(UNCOUNTED)
    if answer.status == "refused" or itemised or told or not unsure:
        return answer
    return dataclasses.replace(answer, text=f"{UNSURE}\n{answer.text}")


def refuse(
    snapshot: Snapshot,
    query: Query,
    ranking: Ranking | None,
    searched: int,
    verdict: Verdict | None = None,
    near: Sequence[Sentence] = (),
) -> Answer:
    """Say that the articles do not answer, what they lack, and which come closest.

    `near`: sentences that may be shown as the closest of their articles, best first.
    """
    verdict = verdict or Verdict(False)
    rows = ranking.rows.tolist() if ranking else []
    ids = list(dict.fromkeys(snapshot.chunks[row].article_id for row in rows))[:NEAREST]
    nearest = tuple(_nearest(snapshot, article_id, near) for article_id in ids)
    missing = absent_words(snapshot, ids, verdict.missing)
    text = "The articles do not answer this question."
    if missing:
        quoted = " or ".join(f"“{word}”" for word in missing)
        text = f"The articles do not answer this question: the closest do not mention {quoted}."
    if verdict.stated_unknown:
        text = "The articles do not answer this question, and one of them says so:"
    elif verdict.stated_false:
        text = (
            "The articles do not bear out what this question takes for granted; one of them says:"
        )
    stated = verdict.stated_unknown or verdict.stated_false
    claims = [Claim(((stated.article_id, stated.start, stated.end),))] if stated else []
    said, statements, citations = compose(snapshot, claims)
    return Answer(
        question=query.text,
        standalone_question=query.text,
        kind=question_kind(query.text),
        status="refused",
        text=f"{text} {said}".strip(),
        statements=statements,
        citations=citations,
        coverage=Coverage(searched=searched, matched=0, used=len(citations)),
        nearest=Nearest(articles=nearest, missing=missing),
    )


def _nearest(snapshot: Snapshot, article_id: str, near: Sequence[Sentence]) -> NearestArticle:
    entry = snapshot.entries[article_id]
    named = NearestArticle(entry.id, entry.title or entry.path, entry.source, entry.published)
    best = next((sentence for sentence in near if sentence.article_id == article_id), None)
    if best is None:
        return named
    return dataclasses.replace(named, quote=best.text, start=best.start, end=best.end)
