"""How well the sample corpus is answered: `python -m tests.benchmarks.corpus`."""

from __future__ import annotations

import argparse
import json
import tempfile
from pathlib import Path

from ingest import reindex
from rag import Answer, Assistant, load_settings
from rag.followup import stand_alone
from rag.gold import load_questions
from rag.scoring import gold_rank

ROOT = Path(__file__).parents[2]


def main() -> None:
    """Build an index of `corpus/`, ask every question of `tests/questions.jsonl`, print shares."""
    argparse.ArgumentParser(description=__doc__).parse_args()
    with tempfile.TemporaryDirectory() as folder:
        settings = load_settings(corpus_dir=ROOT / "corpus", index_dir=Path(folder))
        report = reindex(settings=settings)
        assistant = Assistant(settings)
        print(f"sample corpus: {report.articles} articles, {report.chunks} chunks")
        _questions(assistant)
        _list_question(assistant)
        _follow_ups(assistant)


def _questions(assistant: Assistant) -> None:
    questions = load_questions(ROOT / "tests" / "questions.jsonl")
    answers = {question.id: assistant.ask(question.text) for question in questions}
    asked = [q for q in questions if q.answerable]
    others = [q for q in questions if not q.answerable]
    ranks = [gold_rank(answers[q.id], q.gold) for q in asked]
    first = sum(rank == 1 for rank in ranks)
    third = sum(rank is not None and rank <= 3 for rank in ranks)
    wrongly = sum(answers[q.id].status == "refused" for q in asked)
    rightly = sum(answers[q.id].status == "refused" for q in others)
    citations = [c for answer in answers.values() for c in answer.citations]
    exact = sum(assistant.article(c.article_id).text[c.start : c.end] == c.quote for c in citations)
    _print("right sentence cited first", first, len(asked))
    _print("right sentence among the first three", third, len(asked))
    _print("answerable questions refused", wrongly, len(asked))
    _print("unanswerable questions refused", rightly, len(others))
    _print("citations equal to the article's text", exact, len(citations))


def _list_question(assistant: Assistant) -> None:
    line = (ROOT / "tests" / "lists.jsonl").read_text(encoding="utf-8").splitlines()[0]
    gold = json.loads(line)
    answer = assistant.ask(gold["question"])
    found = [item["names"][0] for item in gold["items"] if _named(answer, item["names"])]
    articles = len({citation.article_id for citation in answer.citations})
    print(f"{gold['question']}")
    _print("  remade dramas named", len(found), len(gold["items"]))
    print(f"  {'articles cited':<40} {articles:>4}")
    wrong = [item["names"][0] for item in gold["not_items"] if _listed(answer, item, gold["items"])]
    print(f"  {'dramas that were not remade':<40} {len(wrong):>4}  {', '.join(wrong)}")


def _follow_ups(assistant: Assistant) -> None:
    """Gold article among the first five: as typed, as resolved, and as a person rewrote it."""
    counts = {"as typed": 0, "resolved from the conversation": 0, "rewritten by a person": 0}
    turns = 0
    for line in (ROOT / "tests" / "conversations.jsonl").read_text(encoding="utf-8").splitlines():
        history: list[tuple[str, str]] = []
        for turn in json.loads(line)["turns"]:
            if history and turn["gold"]:
                asked = (turn["question"], stand_alone(turn["question"], history))
                for way, text in zip(counts, (*asked, turn["standalone"]), strict=True):
                    counts[way] += _recalled(assistant, text, turn["gold"])
                turns += 1
            history.append(("human", turn["question"]))
    print("follow-up questions, gold article among the first five")
    for way, count in counts.items():
        _print(f"  {way}", count, turns)


def _recalled(assistant: Assistant, question: str, gold: list[dict[str, str]]) -> bool:
    passages = assistant.retrieve(question, k=50)
    first = list(dict.fromkeys(Path(passage.path).stem for passage in passages))[:5]
    return any(wanted["article"] in first for wanted in gold)


def _named(answer: Answer, names: list[str]) -> bool:
    return any(name in statement.text for statement in answer.statements for name in names)


def _listed(answer: Answer, item: dict[str, list[str]], items: list[dict[str, list[str]]]) -> bool:
    """Tell whether a wrong name is in the answer other than as a part of a right one."""
    text = answer.text
    for name in sorted((n for right in items for n in right["names"]), key=len, reverse=True):
        text = text.replace(name, "")
    return any(name in text for name in item["names"])


def _print(label: str, part: int, whole: int) -> None:
    print(f"{label:<42} {part:>4} of {whole:<4} {100 * part / whole:5.1f} %")


if __name__ == "__main__":
    main()
