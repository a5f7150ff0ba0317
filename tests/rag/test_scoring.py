"""Scores of answers against gold, computed by hand."""

from __future__ import annotations

import dataclasses

import pytest

from rag import Answer, Citation, Statement
from rag.gold import Gold, Question
from rag.scoring import gold_rank, is_gold, names_in, score_list

GOLD = Gold("2024-02-03-prize", "- The prize went to Oslo, late.")
LIST = Question(
    id="l",
    text="Which dramas were remade?",
    items=(("The Bad Kids", "隐秘的角落", "Gold Boy"), ("Love O2O",), ("Nothing But Thirty",)),
    not_items=(("The Bad Kids II",), ("Beyond",)),
    count=3,
)


def answer_of(*items: str, text: str = "…", texts: tuple[str, ...] = ()) -> Answer:
    """A list answer of which each line stands for an item."""
    said = tuple(Statement(item, (), True, item) for item in items)
    said += tuple(Statement(line, (), True) for line in texts)
    return Answer("Which?", "Which?", "list", "answered", text, said)


def test_a_quote_is_gold_if_it_is_from_the_article_and_one_contains_the_other() -> None:
    path = "folder/2024-02-03-prize.md"
    assert is_gold("id", path, "The prize went to Oslo, late.", GOLD)
    assert is_gold("id", path, "- The prize went to Oslo, late. It was cold.", GOLD)
    assert is_gold("id", path, "The prize went to Oslo", GOLD)
    assert not is_gold("id", "2024-02-03-other.md", "The prize went to Oslo, late.", GOLD)
    assert not is_gold("id", path, "The prize went to Rome, late.", GOLD)
    assert not is_gold("id", path, "- ", GOLD)
    assert not is_gold("id", path, "The prize went to Oslo, late.", Gold("2024-02-03-prize"))


def test_the_rank_is_that_of_the_first_statement_with_a_gold_citation() -> None:
    def citation(number: int, quote: str) -> Citation:
        path = "2024-02-03-prize.md"
        return Citation(number, "id", "", "", "", None, "", path, quote, 0, len(quote))

    cited = (
        citation(1, "Cold."),
        citation(2, "Cold."),
        citation(3, "The prize went to Oslo, late."),
    )
    said = (Statement("Cold.", (1, 2), True), Statement("The prize …", (3,), True))
    answer = Answer("Who?", "Who?", "factoid", "answered", "…", said, cited)
    assert gold_rank(answer, (GOLD,)) == 2
    assert gold_rank(dataclasses.replace(answer, statements=said[:1]), (GOLD,)) is None
    assert gold_rank(dataclasses.replace(answer, status="refused"), (GOLD,)) is None


def test_lines_are_right_by_name_and_each_thing_is_found_once() -> None:
    answer = answer_of("bad kids", "隐秘的角落", "Love O2O (Thai)", "Story of Yanxi Palace")
    score = score_list(answer, LIST)
    assert score.found == ("The Bad Kids", "Love O2O")
    assert score.missed == ("Nothing But Thirty",)
    assert score.wrong == ("Story of Yanxi Palace",)
    assert score.overlap.precision == 0.75
    assert score.overlap.recall == pytest.approx(2 / 3)
    assert score.count_right is False


def test_a_wrong_thing_by_its_own_name_is_wrong_though_a_right_name_is_in_it() -> None:
    assert score_list(answer_of("The Bad Kids II"), LIST).wrong == ("The Bad Kids II",)
    assert score_list(answer_of("Badly Kidding"), LIST).wrong == ("Badly Kidding",)
    assert score_list(answer_of("…!"), LIST).wrong == ("…!",)


def test_without_items_the_names_in_the_text_count() -> None:
    answer = answer_of(text="Love O2O, 《隐秘的角落》 and Beyond; The Bad Kids II. [1]")
    score = score_list(answer, LIST)
    assert score.found == ("The Bad Kids", "Love O2O")
    assert score.wrong == ("Beyond",)  # "The Bad Kids" of its second part is a right name
    assert score.overlap.precision == pytest.approx(2 / 3)


def test_names_count_as_whole_words() -> None:
    question = Question(id="l", text="Who?", items=(("Push",), ("Mint",)), not_items=(("An",),))
    assert names_in("They pushed Mint's answer. An", question) == ([("Mint",)], ["An"])
    assert names_in("", question) == ([], [])


@pytest.mark.parametrize(
    ("answer", "right"),
    [
        (answer_of("a", "b", "c"), True),
        (answer_of("a", "b"), False),
        (answer_of("a", "b", text="Three dramas were: …"), True),
        (answer_of(text="3 dramas"), True),
        (answer_of(text="3,000 dramas"), False),
        (answer_of(text="Thirty-three"), False),
        (dataclasses.replace(answer_of("a", "b", "c"), status="refused"), False),
    ],
)
def test_a_count_is_that_of_the_lines_or_the_one_told(answer: Answer, right: bool) -> None:
    assert score_list(answer, LIST).count_right is right
    assert score_list(answer, dataclasses.replace(LIST, count=None)).count_right is None


def test_a_refused_list_has_nothing() -> None:
    score = score_list(dataclasses.replace(answer_of("Love O2O"), status="refused"), LIST)
    assert (score.found, score.wrong, score.overlap.f1) == ((), (), 0.0)
