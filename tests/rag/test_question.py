"""What kind of answer a question asks for."""

from __future__ import annotations

import pytest

from rag.answer_type import answer_type, stated_type
from rag.question import question_kind, spelled_out, topic_of_summary


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("Who directed Gold Boy?", "factoid"),
        ("When did the Korean drama Mr. Queen end?", "factoid"),
        ("How many episodes does the original have?", "factoid"),
        ("Which dramas were remade abroad?", "list"),
        ("companies behind the foreign versions", "list"),
        ("harvest cup winners", "list"),
        ("people who testified against Frayne", "list"),
        ("the mayor of Celm", "factoid"),
        ("Thanks to whom is there still a train?", "factoid"),
        ("the new bridge was opened by", "factoid"),
        ("What Chinese series were sold to Netflix?", "list"),
        ("List all remakes.", "list"),
        ("Which remakes of dramas are planned?", "list"),
        ("Who has won the prize?", "list"),
        ("How many candidates ran for mayor?", "list"),
        ("How many votes did she get?", "factoid"),
        ("Who left the Tarn yard?", "list"),
        ("Who took the helm?", "factoid"),
        ("Where was the serial filmed?", "list"),
        ("Where was she born?", "factoid"),
        ("Where does the firm have factories?", "list"),
        ("What did Mirela Quonset win in 2025?", "list"),
        ("What did the mayor announce?", "factoid"),
        ("How many people have led the agency?", "list"),
        ("How many people have been infected?", "factoid"),
        ("What are owners of the pump asked to do?", "list"),
        ("Which company makes the trams?", "factoid"),
        ("What happens on 12 March?", "factoid"),
        ("What costs £48 million?", "factoid"),
        ("What happens to people who are ill?", "factoid"),
        ("What fees rose?", "list"),
        ("What changes will the law bring?", "list"),
        ("What countries border Chad?", "list"),
        ("What films by Zhang Yimou are known?", "list"),
        ("Who has been on sick leave?", "factoid"),
        ("Who has been arrested?", "list"),
        ("What did the bank pay for the towers?", "factoid"),
        ("Which actress of the troupe was nominated?", "factoid"),
        ("Which analysis was wrong?", "factoid"),
        ("Which actresses were nominated?", "list"),
        ("哪些剧被翻拍？", "list"),
        ("Summarise the news about Dali.", "summary"),
        ("What did the articles say about Dali?", "summary"),
        ("Did Mr. Queen have complaints?", "yes_no"),
        ("泰国版开播了吗？", "yes_no"),
        ("Compare the ratings of Mr. Queen and Moon Lovers.", "comparison"),
    ],
)
def test_kinds(question: str, kind: str) -> None:
    assert question_kind(question) == kind


@pytest.mark.parametrize(
    ("question", "topic"),
    [
        ("Tell me about Dali.", "Dali"),
        ("Tell me about: A slow drama", "A slow drama"),
        ("What did the articles say about the ferry?", "the ferry"),
        ("Please summarise the news about Dali's hotels.", "Dali's hotels"),
        ("Give me an overview of remakes in Thailand", "remakes in Thailand"),
        ("总结一下三十而已", "三十而已"),
        ("Summarise", "Summarise"),
        ("Who told the press about Dali?", "Who told the press about Dali?"),
    ],
)
def test_the_topic_of_a_summary(question: str, topic: str) -> None:
    assert topic_of_summary(question) == topic


@pytest.mark.parametrize(
    ("question", "spelled"),
    [
        ("What's the newest ferry?", "What is the newest ferry?"),
        ("who’s been elected?", "who has been elected?"),
        ("and when's it due?", "and when is it due?"),
        ("What're the costs?", "What are the costs?"),
        ("Whose is it?", "Whose is it?"),
        ("Who directed Who's Afraid?", "Who directed Who's Afraid?"),
    ],
)
def test_the_verb_that_opens_a_question_is_spelled_out(question: str, spelled: str) -> None:
    assert spelled_out(question) == spelled


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("When was the school closed?", "date"),
        ("When was the school closed and how much will it cost?", ""),
        ("How many were ordered, and from whom?", ""),
        ("And when did it open?", "date"),
        ("谁导演的，什么时候开播？", ""),
    ],
)
def test_a_question_of_two_parts_wants_no_one_type(question: str, kind: str) -> None:
    assert answer_type(question) == kind


@pytest.mark.parametrize(
    ("question", "sentence", "told"),
    [
        ("How long has she been mayor?", "She has been mayor since 2019.", True),
        ("How long will it stay open?", "It stays open until at least 2032.", True),
        ("How long was it closed?", "The road is closed until November.", True),
        ("How long is the line?", "It has been in use since 2019.", False),
        ("How long did it last?", "It began in 2019.", False),
        ("这座桥关闭多长时间？", "这座桥关闭到2026年。", True),
        ("How old is she?", "She opened two wards.", False),
        ("How old is she?", "Lindqvist, 52, opened two wards.", True),
    ],
)
def test_what_tells_how_long_and_how_old(question: str, sentence: str, told: bool) -> None:
    assert stated_type("number", sentence, question) is told
