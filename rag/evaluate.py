"""Measures of an index on a question file: what is retrieved, said, listed and refused, how fast.

Each measure is taken over the questions that have what it needs: a gold article for retrieval, a
gold sentence for sentence choice, items for lists; refusal takes all of them.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from rag.assistant import Assistant
from rag.errors import InvalidInput
from rag.gold import Question
from rag.metrics import auroc, balanced_accuracy, hit, mean, ndcg, overlap, percentile
from rag.scoring import ListScore, gold_rank, score_list
from rag.types import Answer

DEPTH = 100  # chunks that are looked through for the first ten articles
Measures = dict[str, dict[str, float | None]]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one question.

    `articles`: how many gold articles there are. `article_ranks`: their places among the articles
    retrieved, from 1. `sentence_rank`: place of the first statement that is a gold sentence.
    `seconds`: of `ask`.
    """

    question: Question
    answer: Answer
    articles: int
    article_ranks: tuple[int, ...]
    sentence_rank: int | None
    listed: ListScore | None
    seconds: float

    @property
    def refused(self) -> bool:
        """Whether no answer was given."""
        return self.answer.status == "refused"

    @property
    def score(self) -> float:
        """How good this is, 0..1, by the strictest gold that the question has.

        Refusing what the articles do not answer is 1, answering it 0. A list has its F1, a gold
        sentence the reciprocal of its rank, a gold article that of its own; without gold, any
        answer is 1.
        """
        if not self.question.answerable:
            return float(self.refused)
        if self.listed:
            return self.listed.overlap.f1
        if any(gold.sentence for gold in self.question.gold):
            return 1 / self.sentence_rank if self.sentence_rank else 0.0
        if self.question.gold:
            return 1 / min(self.article_ranks) if self.article_ranks and not self.refused else 0.0
        return float(not self.refused)


def check_gold(assistant: Assistant, questions: Iterable[Question], name: str) -> None:
    """Make sure that the index holds every gold article: a typo would count as a miss.

    Raises:
        InvalidInput: with the line of the file of this name.
    """
    entries = assistant.index.current().manifest.articles
    for question in questions:
        for gold in question.gold:
            if not any(gold.is_article(entry.id, entry.path) for entry in entries):
                raise InvalidInput(
                    f"{name}, line {question.line}: the index holds no article {gold.article!r}; "
                    "write its id, its path in the corpus, or the name of its file"
                )


def evaluate(assistant: Assistant, questions: Iterable[Question]) -> Iterator[Outcome]:
    """Ask one question after the other, the model being loaded before the first."""
    assistant.warm_up()
    for question in questions:
        history = [("human", asked) for asked in question.history]
        started = time.perf_counter()
        answer = assistant.ask(question.text, history=history)
        seconds = time.perf_counter() - started
        wanted, ranks = _article_ranks(assistant, question, answer.standalone_question)
        yield Outcome(
            question=question,
            answer=answer,
            articles=wanted,
            article_ranks=ranks,
            sentence_rank=gold_rank(answer, question.gold),
            listed=score_list(answer, question) if question.items else None,
            seconds=seconds,
        )


def _article_ranks(
    assistant: Assistant, question: Question, asked: str
) -> tuple[int, tuple[int, ...]]:
    """How many gold articles there are, and at which places; only an article's first hit counts."""
    if not question.gold:
        return 0, ()
    entries = assistant.index.current().manifest.articles
    gold = {
        e.copy_of or e.id for e in entries if any(g.is_article(e.id, e.path) for g in question.gold)
    }
    passages = assistant.retrieve(asked, k=DEPTH)
    found = dict.fromkeys(passage.article_id for passage in passages)
    ranks = tuple(rank for rank, article in enumerate(found, start=1) if article in gold)
    return len(gold), ranks


def measure(outcomes: Sequence[Outcome]) -> Measures:
    """Every measure that the questions have gold for, by group; `questions` says how many."""
    groups: dict[str, tuple[Callable[[Outcome], bool], Callable[[Sequence[Outcome]], Any]]] = {
        "retrieval": (lambda o: bool(o.question.gold), _retrieval),
        "sentence_choice": (lambda o: any(g.sentence for g in o.question.gold), _sentence_choice),
        "lists": (lambda o: o.listed is not None, _lists),
        "refusal": (lambda o: True, _refusal),
        "latency": (lambda o: True, _latency),
    }
    measures: Measures = {}
    for group, (applies, figures) in groups.items():
        concerned = [outcome for outcome in outcomes if applies(outcome)]
        if concerned:
            measures[group] = {"questions": len(concerned), **figures(concerned)}
    return measures


def _retrieval(outcomes: Sequence[Outcome]) -> dict[str, float | None]:
    first = [min(o.article_ranks, default=None) for o in outcomes]
    hits = {f"hit_at_{k}": mean([hit(rank, k) for rank in first]) for k in (1, 4, 10)}
    return {"ndcg_at_10": mean([ndcg(o.article_ranks, o.articles) for o in outcomes]), **hits}


def _sentence_choice(outcomes: Sequence[Outcome]) -> dict[str, float | None]:
    shares = {"first": 1, "first_three": 3}
    return {key: mean([hit(o.sentence_rank, k) for o in outcomes]) for key, k in shares.items()}


def _lists(outcomes: Sequence[Outcome]) -> dict[str, float | None]:
    scores = [outcome.listed for outcome in outcomes if outcome.listed]
    figures = {
        name: mean([getattr(score.overlap, name) for score in scores])
        for name in ("precision", "recall", "f1")
    }
    counts = [score.count_right for score in scores if score.count_right is not None]
    return figures | ({"counts_right": mean(counts)} if counts else {})


def _refusal(outcomes: Sequence[Outcome]) -> dict[str, float | None]:
    answerable = [o.question.answerable for o in outcomes]
    refused = [o.refused for o in outcomes]
    wrongly = [o.refused for o in outcomes if o.question.answerable]
    figures = {"answerable_refused": mean(wrongly)} if wrongly else {}
    if all(answerable):
        return {"answerable": len(wrongly), **figures}
    rightly = sum(refused) - sum(wrongly)
    refusing = overlap(rightly, sum(refused), rightly, len(refused) - len(wrongly))
    judged = [
        (score, o.question.answerable)
        for o in outcomes
        if (score := o.answer.answerability) is not None
    ]
    return {
        "answerable": len(wrongly),
        "judged": len(judged),
        "auroc": auroc([score for score, _ in judged], [kind for _, kind in judged]),
        "balanced_accuracy": balanced_accuracy([not r for r in refused], answerable),
        "precision": refusing.precision if any(refused) else None,
        "recall": refusing.recall,
        **figures,
    }


def _latency(outcomes: Sequence[Outcome]) -> dict[str, float | None]:
    seconds = [1000 * outcome.seconds for outcome in outcomes]
    return {"median_ms": percentile(seconds, 0.5), "p95_ms": percentile(seconds, 0.95)}
