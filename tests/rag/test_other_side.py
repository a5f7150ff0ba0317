"""What must not be set against each other, and corrections of something else: a small library."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from rag import Answer, Assistant
from rag.corrections import read_correction, reported
from rag.days import Day
from rag.lead_in import leans
from tests.conftest import Library

_ARTICLES = {
    "2022-03-14 Harbour Songs ends": (
        "Harbour Songs ran on Channel 4 and Streamo from 28 January 2022. More than 370 million "
        "people have watched Harbour Songs on Streamo.\n\n"
        'Norsk Film has a contract for Harbour Songs. A report spoke of the "worldwide licence" '
        "of Norsk Film."
    ),
    "2024-06-19 Exports in figures": (
        "An earlier report on these pages, in March 2022, gave 370 million viewers for Harbour "
        "Songs on Streamo; the figure later published is more than 400 million. Nor did Norsk Film "
        'take the "worldwide licence" that we quoted then. It bought the rights outside Tarnau.\n\n'
        "In 2019 about 70% of all exports were dramas. Of 72 remakes, over 55% came from Korean "
        "originals."
    ),
    "2024-03-13 A place in Norheim": (
        "Blue Lantern has been chosen for the competition of Norheim, the organisers said on 12 "
        "March. It is the first drama of its kind in the running since the competition began in "
        "2018."
    ),
    "2024-05-15 Blue Lantern opens": (
        "Blue Lantern has been on the air since 5 May 2024. The series has 12 episodes."
    ),
    "2021-01-18 Streamo buys": (
        "Streamo has been showing The Quiet Pier since this month. The thriller had a score of "
        "8.9 on Kritik when it was honoured in Ost last October, where it became the first drama "
        "to win the prize for writing. The series has 30 episodes."
    ),
    "2023-11-03 From page to screen": (
        "The film goes back to The Quiet Pier, which is sold elsewhere as The Jetty. The Streamo "
        "series of 2020 has a score of 8.8 on Kritik."
    ),
    "2024-02-01 Channels": (
        "Winter Glass has been on screens since 11 January. An earlier report on these pages "
        "placed it on VTV2; the correct channel is VTV3."
    ),
    "2024-01-12 Winter Glass": "Winter Glass began on VTV2 on 11 January 2024.",
}


@pytest.fixture(scope="module")
def library(make_library: Callable[[dict[str, str]], Library]) -> Assistant:
    head = '---\ntitle: "{1}"\npublished: {0}\n---\n\n{2}\n'
    return make_library(
        {
            f"{number}.md": head.format(*name.split(" ", 1), text)
            for number, (name, text) in enumerate(_ARTICLES.items())
        }
    ).assistant


def _values(answer: Answer) -> list[str]:
    """The values that an answer marks; each must stand in the quote of its citation."""
    quotes = {citation.number: citation.quote for citation in answer.citations}
    for found in answer.disagreements:
        for number, value in zip(found.citations, found.values, strict=True):
            assert value in quotes[number]
    return [value for found in answer.disagreements for value in found.values]


@pytest.mark.parametrize(
    "question",
    [
        "When was the newest article about Blue Lantern published?",  # the correction is of another
        "Since when has Blue Lantern been on the air?",  # the competition began in 2018
        "How many episodes does it have?",
        "When did that one start?",
        "What share of exports were dramas in 2019?",
        "When did Streamo begin?",
        "How many episodes does Streamo have?",
    ],
)
def test_values_of_different_things_do_not_disagree(library: Assistant, question: str) -> None:
    assert _values(library.ask(question)) == []


@pytest.mark.parametrize(
    "question",
    [
        "How many people have watched Harbour Songs?",
        "How many viewers did Harbour Songs have in 2022?",
    ],
)
def test_a_correction_shows_what_each_side_says(library: Assistant, question: str) -> None:
    values = _values(library.ask(question))
    assert values == ["more than 400 million", "More than 370 million people"]


def test_the_year_and_the_prizes_of_a_thing_do_not_set_its_score_apart(library: Assistant) -> None:
    assert _values(library.ask("What is the Kritik score of The Quiet Pier?")) == ["8.8", "8.9"]


def test_sides_are_quoted_with_what_they_lean_on(library: Assistant) -> None:
    answer = library.ask("On which channel is Winter Glass shown?")
    assert _values(answer) == ["VTV3", "VTV2"]
    assert answer.statements[0].text.startswith("Winter Glass has been on screens")
    spans = [(c.article_id, c.start, c.end) for c in answer.citations]
    assert not any(
        a[0] == b[0] and a[1] < b[2] and b[1] < a[2] for a in spans for b in spans if a is not b
    )


def test_a_denial_of_what_was_quoted_is_a_correction() -> None:
    said = 'Nor did Norsk take the "worldwide licence" that we quoted then.'
    correction = read_correction(said, "It bought the rights abroad.")
    assert correction
    assert correction.old == 'Norsk take the "worldwide licence"'
    assert correction.new == "It bought the rights abroad"
    assert read_correction("Nor did Norsk comment on the plan.", "It rarely does.") is None
    assert read_correction("Nor was the plan that we reported on last week dropped.") is None


def test_a_correction_that_only_denies_is_told_from_one_that_knows_better() -> None:
    bare = read_correction("We wrongly reported that no pier had been sold abroad; that was wrong.")
    better = read_correction("An earlier report gave it as 640; the correct figure is 580.")
    assert bare
    assert better
    assert bare.is_bare
    assert not better.is_bare
    assert reported(bare.old) == "no pier had been sold abroad"


def test_days_are_the_same_only_to_the_same_precision() -> None:
    assert Day(None, 5, 5).equals(Day(2024, 5, 5))
    assert not Day(2022, 3).equals(Day(None, 3, 12))


@pytest.mark.parametrize(
    ("sentence", "alone"),
    [
        ("A Tokyo news site puts the same drama at over 16 billion.", False),
        ("An earlier report on these pages placed it on VTV2; the correct channel is VTV3.", False),
        ("The judges sent him to Oslo.", False),
        ("Ann and Bea play for the same team.", True),
        ("Two papers have the same owner.", True),
        ("When a pump fails they mend it at night.", True),
        ("The jury praised her last book.", True),
        ("The mayor Ann Berg met him in May.", True),
        ("Critics found it hard to follow.", True),
        ("The mayor of Ost said that Ann Berg had met him in May.", True),
    ],
)
def test_an_object_without_a_name_before_it_leans(sentence: str, alone: bool) -> None:
    assert leans(sentence) is not alone
