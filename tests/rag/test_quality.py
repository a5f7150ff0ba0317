"""How well the sample questions are answered; the floors lie a little under what is published."""

from __future__ import annotations

from rag import Answer
from rag.gold import Question
from rag.scoring import gold_rank

FIRST, FIRST_THREE = 0.75, 0.85
REFUSED_UNANSWERABLE, REFUSED_ANSWERABLE = 0.73, 0.12


def test_the_gold_sentence_is_cited_early(
    questions: list[Question], answers: dict[str, Answer]
) -> None:
    ranks = {q.id: gold_rank(answers[q.id], q.gold) for q in questions if q.answerable}
    later = {key: rank for key, rank in ranks.items() if rank != 1}
    assert len(ranks) - len(later) >= FIRST * len(ranks), later
    missed = [key for key, rank in later.items() if rank is None or rank > 3]
    assert len(ranks) - len(missed) >= FIRST_THREE * len(ranks), missed


def test_what_the_articles_do_not_answer_is_refused(
    questions: list[Question], answers: dict[str, Answer]
) -> None:
    hopeless = [q.id for q in questions if not q.answerable]
    answered = [key for key in hopeless if answers[key].status == "answered"]
    assert len(hopeless) - len(answered) >= REFUSED_UNANSWERABLE * len(hopeless), answered


def test_what_the_articles_answer_is_hardly_ever_refused(
    questions: list[Question], answers: dict[str, Answer]
) -> None:
    answerable = [q.id for q in questions if q.answerable]
    refused = [key for key in answerable if answers[key].status == "refused"]
    assert len(refused) <= REFUSED_ANSWERABLE * len(answerable), refused


def test_the_questions_are_all_there(questions: list[Question]) -> None:
    assert sum(question.answerable for question in questions) == 40
    assert sum(not question.answerable for question in questions) == 15
    assert all(bool(question.gold) == question.answerable for question in questions)
