from __future__ import annotations

from typing import Any

import pytest

from rag import Assistant
from rag.followup import resolve, stand_alone
from rag.topic import topic_of

THAI = "Who plays the three women in the Thai version of Nothing But Thirty?"


@pytest.mark.parametrize(
    ("question", "before", "expected"),
    [
        ("And when did it begin?", "Who stars in Mr. Queen?", "When did Mr. Queen begin?"),
        ("When was it filmed?", THAI, "When was the Thai version of Nothing But Thirty filmed?"),
        ("Did it win?", "Who directed To the Wonder?", "Did To the Wonder win?"),
        ("Who were the leads?", "Who made Gold Boy?", "Who were the leads of Gold Boy?"),
        ("How many episodes?", "Who made Gold Boy?", "How many episodes, Gold Boy?"),
        ("What is the Douban score?", "Who made Gold Boy?", "What is the Douban score, Gold Boy?"),
        ("What about Vietnam?", "Who bought Minning Town in Thailand?",
         "Who bought Minning Town in Vietnam?"),
        ("What about Gold Boy?", "Who directed Mr. Queen?", "Who directed Gold Boy?"),
    ],
)  # fmt: skip
def test_a_follow_up_takes_what_it_needs(question: str, before: str, expected: str) -> None:
    assert resolve(question, before) == expected


@pytest.mark.parametrize(
    "question",
    [
        "How long is A Lifelong Journey, by the way?",
        "What is the capital of France?",
        "What about the weather in Brinsea?",
        "How long is Mr. Queen, and who directed it?",
        "Is it true that Marchbank wants to sell the waterworks?",
        "How long did it take to film Gold Boy?",
        "So Ju-yeon played in what?",
        "thanks!",
        "which sources do you have?",
        "Which Korean series did China adapt as Ordinary Glory?",
    ],
)
def test_a_new_topic_is_not_dragged_back(question: str) -> None:
    assert resolve(question, THAI) == question


@pytest.mark.parametrize(
    ("question", "before", "expected"),
    [
        ("and in Thailand?", "Which dramas were remade in Korea?",
         "Which dramas were remade in Thailand?"),
        ("and the United States?", "Who sold Blossoms Shanghai in Japan?",
         "Who sold Blossoms Shanghai in the United States?"),
        ("and in Brackwater?", "How many people fell ill in Merrow?",
         "How many people fell ill in Brackwater?"),
        ("and on Shaxi?", "What effect did Meet Yourself have on Dali?",
         "What effect did Meet Yourself have on Shaxi?"),
        ("What about in 2023?", "How many people caught Sele fever in 2021?",
         "How many people caught Sele fever in 2023?"),
        ("And the year before?", "Who won the Golden Ladle in 2025?",
         "Who won the Golden Ladle in 2024?"),
        ("how about last year?", "Who won the Golden Ladle in 2025?",
         "Who won the Golden Ladle last year?"),
        ("and Korean ones?", "Which Thai dramas did Netflix buy?",
         "Which Korean dramas did Netflix buy?"),
        ("and Meet Yourself?", "How many views has Story of Yanxi Palace?",
         "How many views has Meet Yourself?"),
        ("And the Civic Left?", "How many seats did the Harbour Alliance win?",
         "How many seats did the Civic Left win?"),
        ("and Gold Boy?", "When did the Thai version of Nothing But Thirty start?",
         "When did Gold Boy start?"),
        ("and iQIYI?", "What did HBO take from Moon Lovers Studio?",
         "What did iQIYI take from Moon Lovers Studio?"),
        ("and Netflix's?", "How many episodes has the Chinese Three-Body?",
         "How many episodes has Netflix's Three-Body?"),
        ("and the king?", "Who plays the queen in Mr. Queen?", "Who plays the king in Mr. Queen?"),
        ("and the director?", "Who plays the queen in Mr. Queen?", "The director of Mr. Queen?"),
    ],
)  # fmt: skip
def test_one_thing_is_put_for_its_like(question: str, before: str, expected: str) -> None:
    assert resolve(question, before) == expected


def test_a_name_that_may_stand_for_either_is_put_for_neither() -> None:
    resolved = resolve("and Disney?", "When did Netflix release 3 Body Problem?")
    assert "release" not in resolved


@pytest.mark.parametrize(
    ("question", "before", "expected"),
    [
        ("what about the Thai one?", "When did the Vietnamese version of Nothing But Thirty start?",
         "When did the Thai version of Nothing But Thirty start?"),
        ("who directed the Vietnamese one?", THAI,
         "Who directed the Vietnamese version of Nothing But Thirty?"),
        ("when did the Thai one start?", "Who directed Nothing But Thirty?",
         "When did the Thai version of Nothing But Thirty start?"),
        ("When did the first one start?", "Who directed Go Ahead?",
         "When did the first one start, Go Ahead?"),
        ("And Tencent's version?", "Who directed 3 Body Problem?",
         "Who directed Tencent's version of 3 Body Problem?"),
        ("Who stars in the Japanese remake?", "How many views did Love O2O get?",
         "Who stars in the Japanese remake of Love O2O?"),
        ("What's the original called?", "Who directed Gold Boy?",
         "What's the original of Gold Boy called?"),
        ("When did the version start?", "Who directed the Thai version of Go Ahead?",
         "When did the Thai version of Go Ahead start?"),
    ],
)  # fmt: skip
def test_a_version_is_told_by_its_work(question: str, before: str, expected: str) -> None:
    assert resolve(question, before) == expected


@pytest.mark.parametrize(
    ("question", "before", "expected"),
    [
        ("On which channel?", "When did Mr. Queen start?", "On which channel did Mr. Queen start?"),
        ("and when?", "Was To the Wonder remade?", "When was To the Wonder remade?"),
        ("how many of them are there?", "Which dramas were remade in Vietnam?",
         "How many dramas were remade in Vietnam?"),
    ],
)  # fmt: skip
def test_other_question_words_are_put_before_the_question(
    question: str, before: str, expected: str
) -> None:
    assert resolve(question, before) == expected


@pytest.mark.parametrize(
    ("question", "before", "expected"),
    [
        ("Where did that air in Japan?", "Who directed Gold Boy?",
         "Where did Gold Boy air in Japan?"),
        ("when did that series start?", "Who directed Gold Boy?",
         "When did that series start, Gold Boy?"),
        ("When was that announced?", "Who bought Quillon?", "When was that announced, Quillon?"),
        ("What does it want in return for its support?", "How many seats did Green Quay win?",
         "What does Green Quay want in return for its support?"),
        ("What were her injuries?", "When did Lyche have her accident?",
         "What were Lyche's injuries?"),
        ("Where was she born?", "Who won the Golden Ladle?",
         "Where was the one who won the Golden Ladle born?"),
        ("how old is she", "Who runs St Brannoc's Hospital?",
         "How old is the one who runs St Brannoc's Hospital"),
        ("What is her salary?", "Who runs the mill?",
         "What is the salary of the one who runs the mill?"),
        ("When was she elected?", "Who is the mayor?", "When was the mayor elected?"),
        ("Where is she now?", "Who is Fiona Hartigan?", "Where is Fiona Hartigan now?"),
        ("When will it open?", "What does the Eastmoor tram cost?",
         "When will the Eastmoor tram open?"),
        ("Who was against it?", "What happened to the kidney ward?",
         "Who was against the kidney ward?"),
        ("And Fleet of Time, who directed that?", THAI, "Who directed Fleet of Time?"),
        ("OK, thanks, and who plays the king?", "Who directed Mr. Queen?",
         "Who plays the king, Mr. Queen?"),
    ],
)  # fmt: skip
def test_a_pronoun_gives_way_to_what_it_means(question: str, before: str, expected: str) -> None:
    assert resolve(question, before) == expected


@pytest.mark.parametrize(
    ("question", "before", "expected"),
    [
        ("它的导演是谁？", "《我的阿勒泰》什么时候开播？", "《我的阿勒泰》的导演是谁？"),
        ("泰国版呢？", "《三十而已》越南版是谁导演的？", "《三十而已》泰国版是谁导演的？"),
        ("越南版是谁导演的？", "《三十而已》有几个外国版本？", "《三十而已》越南版是谁导演的？"),
        ("2023年呢？", "2022年有多少游客？", "2023年有多少游客？"),
        ("哪些中国电视剧被翻拍？", "《三十而已》有几个外国版本？", "哪些中国电视剧被翻拍？"),
    ],
)
def test_a_follow_up_in_chinese(question: str, before: str, expected: str) -> None:
    assert resolve(question, before) == expected


@pytest.mark.parametrize(
    ("turns", "expected"),
    [
        (["Who directed Gold Boy?", "What's it based on?", "Where was it filmed?"],
         "Where was Gold Boy filmed?"),
        (["Who wrote Gold Boy?", "And its director?", "Where was it set?"],
         "Where was Gold Boy set?"),
        (["What effect did Meet Yourself have on Dali?", "and on Shaxi?", "what is its rating?"],
         "What is Meet Yourself's rating?"),
        (["Who sold Blossoms Shanghai?", "is Britain included?", "who is in it?"],
         "Who is in Blossoms Shanghai?"),
        (["Who sold Blossoms Shanghai?", "thanks!", "and Gold Boy?"], "Who sold Gold Boy?"),
        (["What did Netflix take from Youku?", "What about Disney?", "and Viu?"],
         "What did Viu take from Youku?"),
        (["Who stars in it?"], "Who stars in it?"),
    ],
)  # fmt: skip
def test_the_topic_lasts_until_another_is_named(turns: list[str], expected: str) -> None:
    history: list[Any] = [("human", turn) for turn in turns[:-1]]
    assert stand_alone(turns[-1], history) == expected


def test_a_thing_without_a_name_stands_for_a_pronoun_only() -> None:
    before = "What happened to the kidney ward?"
    assert resolve("How many trees were felled?", before) == "How many trees were felled?"


def test_a_name_is_kept_before_a_thing() -> None:
    history: list[Any] = [
        ("human", "Who directed Gold Boy?"),
        ("human", "Is it true that somebody has ever stolen all copies of the film reel?"),
    ]
    assert stand_alone("Where was it shot?", history) == "Where was Gold Boy shot?"


def test_without_history_nothing_changes() -> None:
    assert stand_alone("When was it filmed?", ()) == "When was it filmed?"
    assert resolve("When was it filmed?", "who said that?") == "When was it filmed?"


def test_a_chain_of_follow_ups_keeps_its_topic() -> None:
    history: list[Any] = [
        {"role": "user", "content": "Who directed Gold Boy?"},
        {"role": "assistant", "content": "Shusuke Kaneko [1]"},
        ("human", "Where is it set?"),
        ("ai", "Okinawa [1]"),
    ]
    assert stand_alone("Which companies produced it?", history) == (
        "Which companies produced Gold Boy?"
    )


@pytest.mark.parametrize(
    ("question", "topic"),
    [
        (THAI, "the Thai version of Nothing But Thirty"),
        ("How many episodes does 3 Body Problem have?", "3 Body Problem"),
        ("what is the best recipe?", ""),
        ("What happened to the kidney ward?", "the kidney ward"),
        ("How much did the tram cost?", "the tram"),
        ("What happened in the end?", ""),
        ("Who is building the Eastmoor tram?", "the Eastmoor tram"),
        ("How many seats did the Harbour Alliance win?", "the Harbour Alliance"),
        ("Who won the Golden Ladle last year?", "the Golden Ladle"),
        ("When did the Senate pass laws?", "the Senate"),
        ("What's it based on?", ""),
        ("What is Shaxi's Douban score?", "Shaxi"),
        ("Gold Boy's director?", "Gold Boy"),
        ("Who plays in Dead Man's Ledger?", "Dead Man's Ledger"),
        ("Who won the Golden Ladle in May 2025?", "the Golden Ladle"),
        ("What did Netflix take from Moon Studio?", "Netflix"),
    ],
)
def test_the_topic_is_the_longest_name(question: str, topic: str) -> None:
    assert topic_of(question) == topic


def test_the_answer_shows_what_was_understood(assistant: Assistant) -> None:
    history = [{"role": "user", "content": "Who directed Gold Boy?"}]
    answer = assistant.ask("Where is it set?", history=history)
    assert answer.question == "Where is it set?"
    assert answer.standalone_question == "Where is Gold Boy set?"
    assert "Okinawa" in answer.text
