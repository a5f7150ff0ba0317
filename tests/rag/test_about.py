"""Questions that the index itself answers; and lists that no article has anything of."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from rag import Assistant
from tests.conftest import Library

PAPERS = ("Harbour Post: Ferries", "Harbour Post: Mules")
FILES = {
    f"{town}.md": f"---\ndate: {2010 + number}-03-01\nsource: '{PAPERS[number % 2]}'\n"
    f"author: Ann {town}\n---\n# The ferry of {town}\n\n"
    f"The ferry of {town} sank off the lighthouse with {number + 3} mules on board."
    for number, town in enumerate(("Arvik", "Bodin", "Celm", "Dorst", "Eskil", "Forn"))
}
CHINESE = "# 阿尔维克的渡船\n\n阿尔维克的渡船昨天在灯塔旁边沉没了。船上有三头骡子和两名船员。"


@pytest.fixture(scope="module")
def assistant(make_library: Callable[[dict[str, str]], Library]) -> Assistant:
    return make_library(FILES).assistant


@pytest.fixture(scope="module")
def mixed(make_library: Callable[[dict[str, str]], Library]) -> Assistant:
    return make_library(FILES | {"渡船.md": CHINESE}).assistant


@pytest.mark.parametrize(
    "question",
    ["How many articles do you have?", "how many articles", "From when are the articles?",
     "how many articles are in the corpus?", "你们有多少篇文章？"],
)  # fmt: skip
def test_how_many_articles_there_are(assistant: Assistant, question: str) -> None:
    answer = assistant.ask(question)
    assert answer.kind == "about_the_corpus"
    assert "6 articles, published from 2010-03-01 to 2015-03-01" in answer.text


def test_the_newest_and_the_oldest(assistant: Assistant) -> None:
    assert "“The ferry of Forn”" in assistant.ask("What is the newest article?").text
    assert "“The ferry of Arvik”" in assistant.ask("What is the oldest article?").text
    assert "“The ferry of Forn”" in assistant.ask("What's the newest article?").text
    assert "“The ferry of Forn”" in assistant.ask("Show me the latest article").text
    assert "“The ferry of Forn”" in assistant.ask("最新的文章是什么？").text
    assert "“The ferry of Celm”" in assistant.ask("What is the newest article about Celm?").text
    assert "2011-03-01" in assistant.ask("When was the newest article on Bodin published?").text


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("How many articles mention Dorst?", "holds 1 article mentioning “Dorst”"),
        ("How many articles are about the Ferry of Arvik?", "holds 1 article mentioning"),
        ("How many articles mention the Zorblatt Prize?", "holds no articles mentioning"),
        ("How many articles mention mules?", "holds 6 articles mentioning “mules”"),
        ("How many articles from 2012 mention mules?", "holds 1 article published in 2012"),
        ("How many articles are from 2012?", "holds 1 article published in 2012"),
        ("How many articles are there from Harbour Post: Mules?", "holds 3 articles of Harbour"),
        ("What did Harbour Post: Mules report in 2013?", "It is “The ferry of Dorst”."),
        ("Which articles are about Eskil?", "It is “The ferry of Eskil”."),
        ("What was published in 2013?", "It is “The ferry of Dorst”."),
        ("articles since march 2014 about the ferry", "holds 2 articles published on 1 March 2014"),
        ("List the articles of 2013", "It is “The ferry of Dorst”."),
        ("How many articles did Ann Celm write?", "holds 1 article by Ann Celm"),
        ("Which articles did Ann Forn write?", "It is “The ferry of Forn”."),
        ("Which articles by Ann Eskil mention mules?", "It is “The ferry of Eskil”."),
        ("What did Ann Arvik write about?", "It is “The ferry of Arvik”."),
        ("articles by ann bodin", "It is “The ferry of Bodin”."),
        ("How many articles did Jane Roe write?", "holds no articles by Jane Roe"),
    ],
)
def test_articles_are_counted_by_what_they_mention(
    assistant: Assistant, question: str, said: str
) -> None:
    answer = assistant.ask(question)
    assert answer.kind == "about_the_corpus"
    assert said in answer.text


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("how many articles are in Chinese?", "holds 1 article in Chinese"),
        ("有多少篇中文文章？", "holds 1 article in Chinese"),
        ("What languages are the articles in?", "2 languages:\n- English: 6\n- Chinese: 1"),
        ("有多少篇文章提到渡船？", "holds 1 article mentioning “渡船”"),
    ],
)
def test_languages_are_told_apart(mixed: Assistant, question: str, said: str) -> None:
    assert said in mixed.ask(question).text


@pytest.mark.parametrize(
    "question",
    ["which sources do you have?", "What sources do you use?", "list the sources", "有哪些来源？",
     "Where do the articles come from?"],
)  # fmt: skip
def test_sources_are_listed(assistant: Assistant, question: str) -> None:
    told = "The articles are from 2 sources:\n- Harbour Post: Ferries: 3\n- Harbour Post: Mules: 3"
    assert assistant.ask(question).text == told


def test_authors_are_listed(assistant: Assistant) -> None:
    for question in ("Who wrote the articles?", "Who are the authors?"):
        assert "by 6 authors:\n- Ann Arvik: 1" in assistant.ask(question).text
    told = "The articles mentioning “Bodin” are by 1 author:\n- Ann Bodin: 1"
    for question in (
        "Who wrote the article about Bodin?",
        "who is the author of articles on Bodin",
    ):
        assert assistant.ask(question).text == told


@pytest.mark.parametrize(
    ("said", "reply"),
    [
        ("Hello!", "Hello."), ("你好", "Hello."), ("Hi, how are you?", "Hello."),
        ("Thanks, that helps", "You are welcome."), ("That's all, thank you", "You are welcome."),
        ("cool, thanks", "You are welcome."), ("谢谢你", "You are welcome."),
        ("ok", "Ask me more"), ("好的", "Ask me more"),
        ("Thanks, bye", "Goodbye."), ("Good night", "Goodbye."), ("再见", "Goodbye."),
    ],
)  # fmt: skip
def test_courtesies_are_returned(assistant: Assistant, said: str, reply: str) -> None:
    answer = assistant.ask(said)
    assert answer.kind == "small_talk"
    assert answer.text.startswith(reply)


def test_what_can_be_asked(assistant: Assistant) -> None:
    for question in (
        "What can you do?",
        "你能做什么？",
        "What else can you tell me?",
        "Are you an AI?",
    ):
        assert "I search 6 articles" in assistant.ask(question).text


@pytest.mark.parametrize(
    "question",
    [
        "Summarise the articles",
        "please summarize all of the articles.",
        "What are the articles about?",
        "List all articles",
        "Which articles do you have?",
        "What do you know?",
    ],
)
def test_what_the_articles_are_about(assistant: Assistant, question: str) -> None:
    answer = assistant.ask(question)
    assert answer.kind == "about_the_corpus"
    shown = [f"“The ferry of {town}”" for town in ("Forn", "Eskil", "Dorst", "Celm", "Bodin")]
    assert f"The newest are {', '.join(shown)}." in answer.text
    assert "Arvik" not in answer.text


@pytest.mark.parametrize(
    "question",
    ["Summarise the articles about mules", "Which ferries sank off the lighthouse?"],
)
def test_what_asks_for_their_content_is_read(assistant: Assistant, question: str) -> None:
    answer = assistant.ask(question)
    assert answer.kind in ("summary", "list")
    assert answer.citations


@pytest.mark.parametrize("question", ["Which ministers resigned?", "List the vaccines approved."])
def test_a_list_of_what_no_article_speaks_of_is_refused(
    assistant: Assistant, question: str
) -> None:
    answer = assistant.ask(question)
    assert (answer.kind, answer.status, answer.statements) == ("list", "refused", ())
