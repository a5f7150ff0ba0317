"""Pairs of articles that disagree, and pairs that only seem to, with the real model and store."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from rag import Answer, Assistant
from rag.amounts import find_amounts
from rag.corrections import read_correction
from rag.days import Day
from tests.benchmarks.pairs import LATER, articles_of, is_right, load_pairs
from tests.conftest import Library

PAIRS = [*load_pairs(), *load_pairs(LATER)]


@pytest.fixture(scope="module")
def library(make_library: Callable[[dict[str, str]], Library]) -> Assistant:
    return make_library(articles_of(PAIRS)).assistant


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: f"{pair['id']}-{pair['disagree']}")
def test_a_disagreement_is_told_if_there_is_one(
    library: Assistant, pair: dict[str, object]
) -> None:
    answer = library.ask(str(pair["question"]))
    assert answer.status == "answered"
    assert is_right(pair, answer), answer.text


def test_both_sides_come_first_with_their_dates_newest_first(library: Assistant) -> None:
    answer = library.ask("How many passengers can the ferry Astrid carry?")
    (found,) = answer.disagreements
    assert [statement.citations for statement in answer.statements[:2]] == [(1,), (2,)]
    assert found.citations == (1, 2)
    days = [citation.published for citation in answer.citations[:2]]
    assert days[0] and days[1] and days[0] > days[1]
    assert answer.text.splitlines()[-1] == (
        "The articles disagree: 580 passengers [1] (20 June 2023, Coast Herald) / "
        "640 passengers [2] (11 April 2023, Island Courier)"
    )
    assert sorted(n for s in answer.statements for n in s.citations) == [
        citation.number for citation in answer.citations
    ]


def test_a_correction_wins(library: Assistant) -> None:
    answer = library.ask("Who designed the Corvin bridge?")
    assert answer.disagreements[0].values == ("Anna Szabo", "Peter Halasz")
    assert "A later article corrects an earlier one: Anna Szabo [1]" in answer.text


def test_copies_of_one_report_have_one_voice(make_library: Callable[..., Library]) -> None:
    text = "---\ntitle: Ferry {0}\npublished: 2023-0{1}-01\n---\n\nThe ferry Astrid carries {2}.\n"
    rows = [("A", 1, "640 passengers"), ("B", 2, "640 passengers"), ("C", 3, "580 passengers")]
    made = make_library({f"{row[0]}.md": text.format(*row) for row in rows})
    answer: Answer = made.assistant.ask("How many passengers does the ferry Astrid carry?")
    assert [value for one in answer.disagreements for value in one.values] == [
        "580 passengers",
        "640 passengers",
    ]


def test_ordinary_questions_find_no_disagreement(answers: dict[str, Answer]) -> None:
    false = [key for key, answer in answers.items() if answer.disagreements]
    assert len(false) <= 1, false


@pytest.mark.parametrize(
    ("first", "second", "agree"),
    [
        ("about 40 million people", "40.2 million people", True),
        ("more than 25 billion views", "over 16 billion views", False),
        ("8.3 points", "8.6 points", False),
        ("five countries", "six countries", False),
        ("1,900 workers", "1,950 workers", False),
        ("14.3 kilometres", "about 14 kilometres", True),
    ],
)
def test_amounts_that_differ_in_precision_agree(first: str, second: str, agree: bool) -> None:
    (one,), (other,) = find_amounts(first), find_amounts(second)
    assert one.agrees(other) is other.agrees(one) is agree


def test_years_names_and_dates_are_no_amounts() -> None:
    assert find_amounts("On 3 March 2022 Nothing But Thirty reached VTV3 for the 2nd time.") == []
    (money,) = find_amounts("It cost US$13 million, 3 Body Problem.", but="3 Body Problem")
    assert (money.value, money.unit) == (13e6, ("$",))


def test_dates_that_differ_in_precision_agree() -> None:
    assert Day(2022).agrees(Day(2022, 3)) and Day(2022, 3).agrees(Day(None, 3, 7))
    assert not Day(2024, 5, 5).agrees(Day(None, 5, 7))


@pytest.mark.parametrize(
    ("sentence", "following", "old", "new"),
    [
        ("An earlier report gave it as 8.3; it has since climbed to 8.6.", "",
         "An earlier report gave it as 8.3", "it has since climbed to 8.6"),
        ("We wrongly said that Ann built it.", "In fact Bea did.",
         "We wrongly said that Ann built it", "In fact Bea did"),
    ],
)  # fmt: skip
def test_a_correction_has_two_halves(sentence: str, following: str, old: str, new: str) -> None:
    correction = read_correction(sentence, following)
    assert correction
    assert (correction.old, correction.new) == (old, new)


@pytest.mark.parametrize(
    "sentence", ["We reported in January that it was seen by many.", "She said it was wrong."]
)
def test_what_takes_nothing_back_is_no_correction(sentence: str) -> None:
    assert read_correction(sentence) is None
