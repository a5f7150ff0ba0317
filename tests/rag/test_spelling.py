"""Slips in names: taken for the name that is meant, told, and never at the cost of a right word."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from rag import Assistant, Encoder
from rag.gold import Question
from rag.query import encode_query
from rag.spelling import correct
from tests.conftest import Library

ARTICLES = {
    "altay.md": "# A prize for the grassland\n\nThe series My Altay, filmed near the border by the "
    "director Teng Congcong, was shown in Cannes on 7 April. Ma Yili has the lead in My Altay.",
    "linmon.md": "# A slate in Hong Kong\n\nThe studio Linmon Pictures showed a slate of eight "
    "dramas at Filmart. The head of Linmon, Zhou Yuan, spoke of a wonderful year in Thailand.",
    "gold.md": "# Tokyo opens\n\nThe thriller Gold Boy by Shusuke Kaneko opened in Tokyo. "
    "A boy of thirteen plays the lead, and Gold Boy is his first film.",
    "linh.md": "# Hanoi\n\nThe remake, called Gió ngang khoảng trời xanh, is directed by "
    "Lê Đỗ Ngọc Linh. Viewers in Ireland cannot see Gió ngang yet.",
    "palace.md": "# A palace again\n\nThe prince of the comedy Go Princess Go is played by "
    "a singer, Kim Jung-hyun. Work on Scarlet Heart Thailand began at GMMTV, with Ana Maria Lopez.",
}


@pytest.fixture(scope="module")
def small(make_library: Callable[[dict[str, str]], Library]) -> Library:
    return make_library(ARTICLES)


@pytest.mark.parametrize(
    ("typed", "taken", "path"),
    [
        ("When was My Altai shown?", {"Altai": "Altay"}, "altay.md"),
        ("When was my altaay shown?", {"altaay": "Altay"}, "altay.md"),
        ("Who is Teng Congcog?", {"Congcog": "Congcong"}, "altay.md"),
        ("What did Linmno show at Filmrat?", {"Linmno": "Linmon", "Filmrat": "Filmart"},
         "linmon.md"),
        ("Is Lynmon's slate large?", {"Lynmon": "Linmon"}, "linmon.md"),
        ("Where is Gold Boi set?", {"Boi": "Boy"}, "gold.md"),
        ("gold boi opened where", {"boi": "Boy"}, "gold.md"),
        ("What did Shusukee Kanneko make?", {"Shusukee": "Shusuke", "Kanneko": "Kaneko"},
         "gold.md"),
        ("Who plays in Go Princes Go?", {"Princes": "Princess"}, "palace.md"),
        ("Who announced Scarlett Hart Thailand?", {"Scarlett": "Scarlet", "Hart": "Heart"},
         "palace.md"),
        ("Who is Lê Đỗ Ngọc Lihn?", {"Lihn": "Linh"}, "linh.md"),
        ("Who directs Gió ngang khoang troi xanhh?", {}, "linh.md"),
    ],
)  # fmt: skip
def test_a_slip_in_a_name_finds_it(
    small: Library, encoder: Encoder, typed: str, taken: dict[str, str], path: str
) -> None:
    snapshot = small.assistant.index.current()
    text, corrections = correct(snapshot, encoder, typed)
    if taken:
        assert {c.typed: c.taken for c in corrections} == taken
        for slip, name in taken.items():
            typed = typed.replace(slip, name)
        assert text == typed
    assert small.assistant.retrieve(typed, k=1)[0].path == path


@pytest.mark.parametrize(
    "question",
    [
        "When was My Altay shown in Cannes?",  # right as it is
        "when was my altay shown in cannes",
        "Who directs Gio ngang?",  # without its accents
        "Was it shown in Iceland or in Japan?",  # another country
        "Who is Zhao Yuan?",  # another person
        "Who is Fang Yili?",
        "Who wondered about the slats?",  # words that are no names
        "Is there a thriler about boys?",
        "Who directed Gold Bay?",
        "Who is Kim Jong-hyun?",
        "Who is Ana Maria Gomez?",
        "Who plays in Go Princess Go?",
        "Is Scarlet Heart Finland planned?",
        "Parasite, Crunchyroll, K2 and 2024x?",  # nothing is near
        "谁导演了三十而已？",
    ],
)
def test_what_is_no_slip_stays(small: Library, encoder: Encoder, question: str) -> None:
    assert correct(small.assistant.index.current(), encoder, question) == (question, ())


def test_questions_that_are_spelled_rightly_are_not_touched(
    assistant: Assistant, questions: list[Question]
) -> None:
    snapshot = assistant.index.current()
    asked = [question.text for question in questions if question.answerable]
    assert [correct(snapshot, assistant.encoder, text)[0] for text in asked] == asked


def test_the_answer_says_what_it_took_for_what(small: Library) -> None:
    answer = small.assistant.ask("When was My Altai shown in Cannes?")
    assert answer.status == "answered"
    assert "7 April" in answer.text
    assert answer.assumed == ("Taking “Altai” for “Altay”, the nearest name in the articles.",)
    assert answer.question == "When was My Altai shown in Cannes?"
    assert answer.standalone_question == "When was My Altay shown in Cannes?"
    right = small.assistant.ask("When was My Altay shown in Cannes?")
    assert right.assumed == ()
    assert right.citations == answer.citations


def test_a_slip_in_a_follow_up_is_seen_too(small: Library) -> None:
    history = [("human", "Who directed Gold Boi?")]
    answer = small.assistant.ask("Where did it open?", history=history)
    assert "Gold Boy" in answer.standalone_question
    assert answer.assumed


def test_an_index_without_a_word_has_no_names(make_library: Callable[..., Library]) -> None:
    empty = make_library({"a.md": "1 2 3 4 5 6."})
    snapshot = empty.assistant.index.current()
    assert correct(snapshot, empty.encoder, "Who is Altai?") == ("Who is Altai?", ())
    assert encode_query(snapshot, empty.encoder, "Who is Altai?").corrections == ()
