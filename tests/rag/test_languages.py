"""Chinese and English: titles of the one in questions of the other, and Chinese among its own."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from ingest import reindex
from rag import Assistant, Encoder, ModelUnavailable, load_settings
from rag.answer_type import is_english, name_tokens
from rag.encoder import packaged_folder
from rag.keyword import words
from rag.late_interaction import same_pieces
from rag.query import encode_query
from rag.reader import UNSURE
from tests.conftest import Library

CHINESE = "2025-11-13-sanshi-eryi-fanpai.md"
ALTAY = "2024-07-12-wo-de-aletai-lvyou.md"
THIRTY = {
    CHINESE,
    "2021-01-21-seoul-talks-nothing-but-thirty.md",
    "2025-09-04-bangkok-chapter.md",
}


def found(assistant: Assistant, question: str, count: int) -> list[str]:
    """The first articles for a question."""
    passages = assistant.retrieve(question, k=50)
    return list(dict.fromkeys(passage.path for passage in passages))[:count]


@pytest.mark.parametrize(
    "question",
    [
        "Where was 三十而已 remade?",
        "Who made the Thai version of 三十而已?",
        "When did the Vietnamese version of 三十而己 begin?",  # a slip in the last character
    ],
)
def test_a_chinese_title_in_an_english_question_finds_its_articles(
    assistant: Assistant, question: str
) -> None:
    assert set(found(assistant, question, 3)) == THIRTY


@pytest.mark.parametrize(
    ("question", "path"),
    [
        ("Gold Boy的导演是谁？", "2023-11-03-gold-boy-tokyo.md"),
        ("谁导演了Gold Boy？", "2023-11-03-gold-boy-tokyo.md"),
        ("《Gold Boy》是谁导演的？", "2023-11-03-gold-boy-tokyo.md"),
        ("Blossoms Shanghai在哪个平台播出？", "2025-05-09-blossoms-shanghai-mubi.md"),
        ("A Lifelong Journey一共有多少集？", "2022-03-14-a-lifelong-journey.md"),
        ("Gold Boi的导演是谁？", "2023-11-03-gold-boy-tokyo.md"),
    ],
)
def test_an_english_title_in_a_chinese_question_finds_its_article(
    assistant: Assistant, question: str, path: str
) -> None:
    assert found(assistant, question, 1) == [path]


@pytest.mark.parametrize(
    ("question", "path", "said"),
    [
        ("谁执导越南版三十而已？", CHINESE, "Lê Đỗ Ngọc Linh"),
        ("泰国版三十而已什么时候播出？", CHINESE, "8月28日"),
        ("阿勒泰地区接待了多少游客？", ALTAY, "267万人次"),
        ("《我的阿勒泰》由谁执导？", ALTAY, "滕丛丛"),
        ("泰国版什么时候开机？", CHINESE, "2023年6月"),
    ],
)
def test_a_chinese_question_is_answered_from_a_chinese_article(
    assistant: Assistant, question: str, path: str, said: str
) -> None:
    assert found(assistant, question, 1) == [path]
    answer = assistant.ask(question)
    assert answer.status == "answered"
    assert answer.citations[0].path == path
    assert said in answer.statements[0].text


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("Who directed the Japanese version of 隐秘的角落?", "Shusuke Kaneko"),
        ("Who plays in 我的阿勒泰?", "Ma Yili and Zhou Yiran"),
        ("谁导演了Gold Boy？", "Shusuke Kaneko"),
        ("甄嬛传什么时候上Netflix？", "March 2015"),
        ("Three-Body在腾讯有多少集？", "30 episodes"),
        ("《人世间》有多少观众？", "more than 400 million"),
    ],
)
def test_a_title_finds_its_article_whatever_the_language_of_the_question(
    assistant: Assistant, question: str, said: str
) -> None:
    answer = assistant.ask(question)
    assert answer.status == "answered"
    assert UNSURE in answer.text
    assert any(said in statement.text for statement in answer.statements)


@pytest.mark.parametrize(
    ("question", "missing"),
    [
        ("苹果公司什么时候上市？", ("苹果公司", "上市")),
        ("谁是法国总统？", ("法国总统",)),
        ("Who directed 流浪地球?", ("流浪地球",)),
    ],
)
def test_a_refusal_names_words_and_no_whole_question(
    assistant: Assistant, question: str, missing: tuple[str, ...]
) -> None:
    answer = assistant.ask(question)
    assert (answer.status, answer.nearest.missing) == ("refused", missing)


def test_titles_in_brackets_are_known(make_library: Callable[..., Library]) -> None:
    text = "The comedy Long Road (长路漫漫, 2014) and Snow (雪). 《长路漫漫》 was liked (很好看)."
    made = make_library({"a.md": f"# Comedies\n\n{text}"}).assistant
    question = "长路漫漫的导演和长路是谁？"
    query = encode_query(made.index.current(), made.encoder, question)
    assert [question[a:b] for a, b in query.titles] == ["长路漫漫"]


def test_letters_and_chinese_characters_are_words_apart() -> None:
    assert words("Gold Boy的导演是谁？") == ["gold", "boy", "的导演是谁"]
    assert words("在Disney+同步") == ["在", "disney", "同步"]


def test_a_chinese_word_is_a_name_among_english_ones_only(assistant: Assistant) -> None:
    snapshot = assistant.index.current()
    for question, names in {
        "Where was 三十而已 remade?": "三十而已",
        "Gold Boy的导演是谁？": "GoldBoy",
        "泰国版三十而已什么时候播出？": "",
    }.items():
        query = encode_query(snapshot, assistant.encoder, question)
        tokens = np.flatnonzero(name_tokens(question, query.spans))
        assert "".join(query.words[i] for i in tokens) == names
    assert is_english("Where was 三十而已 remade?")
    assert is_english("Who directed 三十而已?")
    assert not is_english("To the Wonder是哪天开播的？")
    assert not is_english("My Altay在戛纳是哪一天放映的？")


def test_a_piece_counts_for_more_beside_its_neighbour() -> None:
    question, text = np.array([7, 8, 9], np.uint32), np.array([8, 9, 1, 7], np.uint32)
    assert same_pieces(question, text).tolist() == [[0, 1, 0], [0, 0, 1], [0, 0, 0], [0.5, 0, 0]]


def test_a_model_may_be_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(packaged_folder(), tmp_path / "my model")
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "gold.md").write_text("Gold Boy was directed by Shusuke Kaneko.")
    monkeypatch.setenv("CITEWELL_EMBEDDING_MODEL", str(tmp_path / "my model"))
    settings = load_settings(corpus_dir=tmp_path / "corpus", index_dir=tmp_path / "index")
    reindex(settings=settings)
    answer = Assistant(settings).ask("Who directed Gold Boy?")
    assert answer.status == "answered"
    assert "Kaneko" in answer.text
    # The same weights under another name are the same model.
    assert Encoder(settings.embedding_model).digest == Encoder().digest


@pytest.mark.parametrize("name", ["{}/gone", "./gone", "gone/", "~/gone"])
def test_a_folder_that_is_missing_is_told_as_such(tmp_path: Path, name: str) -> None:
    with pytest.raises(ModelUnavailable, match=r"no folder .*gone") as told:
        next(Encoder(name.format(tmp_path)).encode(["text"]))
    assert "CITEWELL_EMBEDDING_MODEL" in str(told.value)
