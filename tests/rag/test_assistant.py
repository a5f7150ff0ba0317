"""The assistant: citations to the byte, growing answers, and its use as a LangChain part."""

from __future__ import annotations

import dataclasses
import datetime
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import pytest
from langchain_core.runnables import Runnable, RunnableLambda

from rag import Answer, Assistant, Filters, InvalidInput
from rag.gold import Question

LIST = "Which dramas were remade abroad?"
FACT = "Who directed Gold Boy?"
UNANSWERABLE = "Who composed the music of Mr. Queen?"


def timeless(answer: Answer) -> Answer:
    """An answer without what differs from one time to the next."""
    return dataclasses.replace(answer, seconds=0.0)


def test_every_citation_is_a_slice_of_the_stored_article(
    assistant: Assistant, answers: dict[str, Answer]
) -> None:
    cited = [citation for answer in answers.values() for citation in answer.citations]
    assert len(cited) > len(answers) / 2
    for citation in cited:
        article = assistant.article(citation.article_id)
        assert citation.quote == article.text[citation.start : citation.end] != ""
        about = (article.title, article.source, article.author, article.published, article.url)
        assert about == (
            citation.title,
            citation.source,
            citation.author,
            citation.published,
            citation.url,
        )
        assert article.path == citation.path


def test_statements_rest_on_citations_that_exist(answers: dict[str, Answer]) -> None:
    for answer in answers.values():
        numbers = [citation.number for citation in answer.citations]
        assert numbers == list(range(1, len(numbers) + 1))
        said = [number for statement in answer.statements for number in statement.citations]
        assert sorted(set(said)) == numbers
        assert {int(n) for n in re.findall(r"\[(\d+)\]", answer.text)} == set(numbers)
        for statement in answer.statements:
            assert statement.text in answer.text
            quotes = [answer.citations[n - 1].quote for n in statement.citations]
            if statement.item:  # a further item of a quote does not repeat it
                assert any(statement.item in quote for quote in quotes)
            else:
                assert any(quote.removeprefix("- ") in statement.text for quote in quotes)


def test_answers_say_what_they_are(answers: dict[str, Answer], questions: list[Question]) -> None:
    for question in questions:
        answer = answers[question.id]
        assert answer.question == question.text
        assert answer.coverage.searched == 28
        assert answer.coverage.used == len({c.article_id for c in answer.citations})
        assert answer.seconds > 0
        if answer.status == "answered":
            assert answer.statements
            assert answer.coverage.matched >= answer.coverage.used >= 1


def test_a_refusal_names_the_nearest_articles_and_what_is_missing(assistant: Assistant) -> None:
    answer = assistant.ask("What did Quentin Tarantino say about Gold Boy?")
    assert answer.status == "refused"
    assert answer.nearest.articles
    assert (
        answer.nearest.articles[0].title
        == assistant.article(answer.nearest.articles[0].article_id).title
    )
    assert any("Tarantino" in word for word in answer.nearest.missing)
    assert "Tarantino" in answer.text


def test_a_refusal_quotes_the_closest_sentences_as_they_stand(
    answers: dict[str, Answer], assistant: Assistant
) -> None:
    refused = [answer for answer in answers.values() if answer.status == "refused"]
    quoted = [near for answer in refused for near in answer.nearest.articles if near.quote]
    assert quoted
    for near in quoted:
        assert assistant.article(near.article_id).text[near.start : near.end] == near.quote


@pytest.mark.parametrize("question", [LIST, FACT, UNANSWERABLE, "Hello"])
def test_a_streamed_answer_grows_into_the_answer(assistant: Assistant, question: str) -> None:
    shown = list(assistant.stream(question))
    assert timeless(shown[-1]) == timeless(assistant.ask(question))
    for before, after in pairwise(shown):
        count = len(before.statements)
        assert 0 < count < len(after.statements)
        assert before.statements == after.statements[:count]
        assert after.text.startswith(before.text)
    for answer in shown:
        cited = {n for statement in answer.statements for n in statement.citations}
        assert cited == {citation.number for citation in answer.citations}
    assert question != LIST or len(shown) > 5


def test_filters_hold_for_answers(assistant: Assistant) -> None:
    day = datetime.date(2024, 1, 1)
    answer = assistant.ask(LIST, filters=Filters(before=day))
    assert answer.citations
    assert all(c.published and c.published <= day for c in answer.citations)
    assert 0 < answer.coverage.searched < 28
    nobody = assistant.ask(FACT, filters=Filters(sources=("Nobody",)))
    assert (nobody.status, nobody.coverage.searched) == ("refused", 0)


@pytest.mark.parametrize(
    ("filters", "fix"),
    [
        (Filters(sources="Variety"), r"\('Variety',\)"),  # type: ignore[arg-type]
        (Filters(authors=("A", 1)), "in a tuple"),  # type: ignore[arg-type]
        (Filters(after="2024-05-31"), r"datetime\.date\(2024"),  # type: ignore[arg-type]
        (Filters(before=datetime.datetime(2024, 5, 31)), r"datetime\.date\("),
        (Filters(after=datetime.date(2024, 2, 1), before=datetime.date(2024, 1, 1)), "swap after"),
        ({"after": datetime.date(2024, 1, 1)}, r"Filters\("),
    ],
)
def test_filters_that_cannot_be_met_say_how_to_write_them(
    assistant: Assistant, filters: Filters, fix: str
) -> None:
    for use in (assistant.ask, assistant.retrieve):
        with pytest.raises(InvalidInput, match=fix):
            use(FACT, filters=filters)


@pytest.mark.parametrize("question", ["", "  \n", "?!", "…", "x" * 2001])
@pytest.mark.parametrize("use", ["ask", "stream", "invoke"])
def test_what_is_no_question_is_refused(assistant: Assistant, question: str, use: str) -> None:
    uses: dict[str, Callable[[str], object]] = {
        "ask": assistant.ask,
        "stream": lambda question: list(assistant.stream(question)),
        "invoke": assistant.invoke,
    }
    with pytest.raises(InvalidInput, match="question"):
        uses[use](question)


@pytest.mark.parametrize(
    "question",
    ["x" * 2000, "Gold Boy " * 200, "it", "the of and?", "😀a", "\u202eGold\x00 Boy", "三"],
)
def test_odd_questions_are_answered_or_refused(assistant: Assistant, question: str) -> None:
    assert assistant.ask(question).status in ("answered", "refused")


def test_white_space_in_a_question_does_not_matter(assistant: Assistant) -> None:
    spaced = "  " + FACT.replace(" ", " \n") + " "
    assert timeless(assistant.ask(spaced)) == timeless(assistant.ask(FACT))


def test_it_is_a_langchain_runnable(assistant: Assistant) -> None:
    assert isinstance(assistant, Runnable)
    answer = assistant.invoke(FACT)
    assert "Shusuke Kaneko" in answer.text
    assert timeless(answer) == timeless(assistant.ask(FACT))
    chain = assistant | RunnableLambda(lambda answer: answer.citations[0].path)
    assert chain.invoke(FACT) == "2023-11-03-gold-boy-tokyo.md"
    assert chain.batch([FACT, FACT]) == ["2023-11-03-gold-boy-tokyo.md"] * 2

    def ask_about(name: str) -> str:
        return f"Who directed {name}?"

    asked = RunnableLambda(ask_about) | assistant
    assert timeless(asked.invoke("Gold Boy")) == timeless(answer)
    assert timeless(list(asked.stream("Gold Boy"))[-1]) == timeless(answer)


def test_threads_may_share_it(
    assistant: Assistant, questions: list[Question], answers: dict[str, Answer]
) -> None:
    some = questions[:8]
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda question: assistant.ask(question.text), some))
    for question, answer in zip(some, found, strict=True):
        assert timeless(answer) == timeless(answers[question.id])


def test_examples_come_from_the_corpus_and_are_answered(assistant: Assistant) -> None:
    examples = assistant.examples()
    assert examples[0] == LIST
    assert {assistant.ask(example).status for example in examples} <= {"answered", "refused"}
    assert assistant.ask(examples[0]).status == "answered"
