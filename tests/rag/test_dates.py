"""Dates in questions: which keep to articles of that time, and what the answer says of it."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag import Assistant, Filters
from rag.dates import read_dates
from rag.days import Day, find_days, read_day
from tests.conftest import Library

TODAY = datetime.date(2026, 5, 20)


def bounds(question: str) -> tuple[str, str, str]:
    """The question that remains, and the bounds."""
    dated = read_dates(question, TODAY)
    return dated.question, str(dated.after or ""), str(dated.before or "")


@pytest.mark.parametrize(
    ("question", "rest", "after", "before"),
    [
        ("How many views did it have as of 2023?", "How many views did it have?", "", "2023-12-31"),
        ("As of March 2022, who led the club?", "Who led the club?", "", "2022-03-31"),
        ("How many ferries ran until 5 May 2024?", "How many ferries ran?", "", "2024-05-05"),
        ("What do 2023 articles say about Lyon?", "What do the articles say about Lyon?",
         "2023-01-01", "2023-12-31"),
        ("According to 2023 reports, what did the hall cost?", "What did the hall cost?",
         "2023-01-01", "2023-12-31"),
        ("What did articles before March 2022 say about Lyon?",
         "What do the articles say about Lyon?", "", "2022-02-28"),
        ("What has been reported about Lyon since 2024?", "What has been reported about Lyon?",
         "2024-01-01", ""),
        ("Which prizes are named in articles after 2023?", "Which prizes are named in articles?",
         "2024-01-01", ""),
        ("What do articles from 2021 say about Lyon?", "What do the articles say about Lyon?",
         "2021-01-01", "2021-12-31"),
        ("What do articles from 2021 onwards say about Lyon?",
         "What do the articles say about Lyon?", "2021-01-01", ""),
        ("Which articles are from May 2021?", "Which articles are?", "2021-05-01", "2021-05-31"),
        ("What did articles from 2021 to June 2022 say on Lyon?",
         "What do the articles say on Lyon?", "2021-01-01", "2022-06-30"),
        ("What did it cost as of march 2024?", "What did it cost?", "", "2024-03-31"),
        ("What did it cost as of early 2024?", "What did it cost?", "", "2024-04-30"),
        ("What was reported on 4 March 2025?", "What was reported?", "2025-03-04", "2025-03-04"),
        ("What is said in articles published on 4 may 2025?",
         "What is said in articles published?", "2025-05-04", "2025-05-04"),
        ("How many came, as reported in March 2023?", "How many came?", "2023-03-01", "2023-03-31"),
        ("What do articles from last year say on Lyon?", "What do the articles say on Lyon?",
         "2025-01-01", "2025-12-31"),
        ("What do articles from the last 2 weeks say on Lyon?",
         "What do the articles say on Lyon?", "2026-05-06", "2026-05-20"),
        ("截至2023年，卖给了几个国家？", "卖给了几个国家？", "", "2023-12-31"),
        ("2024年以后的报道怎么说？", "报道怎么说？", "2025-01-01", ""),
    ],
)  # fmt: skip
def test_a_date_of_the_articles_is_read(question: str, rest: str, after: str, before: str) -> None:
    assert bounds(question) == (rest, after, before)


@pytest.mark.parametrize(
    "question",
    [
        "What happened in 2021?",
        "When did Mr. Queen end in 2021?",
        "What opened before March 2022?",
        "Who was mayor until 2021?",
        "How many tourists visited Altay in 2025?",
        "How many complaints were there by 15 December 2020?",
        "Between 2019 and 2022, how many remakes aired?",
        "What is the newest ship of the line?",
        "Which novel was published in 2006?",
        "What novel was published in 2006?",
        "Which novel was published on 4 March 2006?",
        "What was written about the attack on 5 May 2024?",
        "What is the latest film about the cost of living?",
        "What is the first article of the law of 1905?",
    ],
)
def test_a_date_of_an_event_filters_nothing(question: str) -> None:
    assert bounds(question) == (question, "", "")
    assert not read_dates(question).latest


@pytest.mark.parametrize(
    ("question", "rest"),
    [
        ("What is the latest Douban score of it?", "What is the Douban score of it?"),
        ("What is the latest cost of the tram?", "What is the cost of the tram?"),
        ("What is the newest figure for the cost?", "What is the cost?"),
        ("What is the most recent figure for visitors?", "What is the figure for visitors?"),
        ("What is the latest on the ferry?", "What is known on the ferry?"),
        ("How many people does it currently employ?", "How many people does it employ?"),
    ],
)
def test_the_latest_word_is_wanted(question: str, rest: str) -> None:
    dated = read_dates(question)
    assert (dated.latest, dated.question) == (True, rest)


def test_the_narrower_bound_holds() -> None:
    asked = Filters(
        sources=("A",), after=datetime.date(2023, 6, 1), before=datetime.date(2030, 1, 1)
    )
    narrowed = read_dates("What do 2023 articles say about Lyon?").narrow(asked)
    assert narrowed == Filters(
        ("A",), after=datetime.date(2023, 6, 1), before=datetime.date(2023, 12, 31)
    )
    assert read_dates("Who won?").narrow(None) is None


@given(st.dates(datetime.date(1800, 1, 1), datetime.date(2099, 12, 31)))
def test_every_way_to_write_a_day_is_read(day: datetime.date) -> None:
    forms = [
        day.isoformat(),
        f"{day.day} {day:%B} {day.year}",
        f"{day:%B} {day.day}, {day.year}",
        f"{day.day}th of {day:%b} {day.year}",
        f"{day.year}年{day.month}月{day.day}日",
    ]
    for form in forms:
        assert read_day(form) == Day(day.year, day.month, day.day), form
        ((found, start, end),) = find_days(f"It opened on {form}.")
        assert (found.span(), f"It opened on {form}."[start:end]) == ((day, day), form)


@given(st.text(max_size=60))
def test_any_text_can_be_read(text: str) -> None:
    for _, start, end in find_days(text):
        assert 0 <= start < end <= len(text)
    read_dates(text, TODAY)


@pytest.fixture(scope="module")
def ferries(make_library: Callable[[dict[str, str]], Library]) -> Assistant:
    article = "---\ntitle: {}\nsource: Harbour Post\npublished: {}\n---\n\n{}\n"
    rows = [
        ("Ferry line carries more", "2022-03-02",
         "The Norvik ferry line carried 310,000 passengers a year."),
        ("Ferry line grows again", "2024-04-09",
         "The Norvik ferry line carried 370,000 passengers a year."),
        ("A museum for the harbour", "2023-06-01",
         "The Norvik harbour museum opened on 12 May 2023. By the end of 2019 the Norvik museum "
         "fund had collected 4 million kroner."),
    ]  # fmt: skip
    files = {f"{row[1]}.md": article.format(*row) for row in rows}
    return make_library(files).assistant


@pytest.mark.parametrize(
    ("question", "said", "told"),
    [
        ("How many passengers did the Norvik ferry line carry as of 2022?", "310,000",
         "published on 31 December 2022 or before"),
        ("According to 2024 articles, how many passengers did the Norvik ferry line carry?",
         "370,000", "published in 2024"),
        ("What is the latest number of passengers of the Norvik ferry line?", "370,000",
         "published on 9 April 2024"),
        ("How many passengers of the Norvik ferry line were reported before the harbour museum?",
         "310,000", "published on 11 May 2023 or before (before the harbour museum)"),
    ],
)  # fmt: skip
def test_an_answer_keeps_to_its_dates_and_says_so(
    ferries: Assistant, question: str, said: str, told: str
) -> None:
    answer = ferries.ask(question)
    assert answer.status == "answered"
    assert answer.standalone_question == question
    assert told in answer.text
    assert {"310,000", "370,000"} & set(re.findall(r"\d+,\d+", answer.text)) == {said}


def test_where_the_newest_does_not_answer_all_are_searched(ferries: Assistant) -> None:
    answer = ferries.ask("What is the latest number of passengers of the Kelvane airship?")
    assert answer.status == "refused"
    assert "newest" not in answer.text


def test_a_refusal_names_the_dates(ferries: Assistant) -> None:
    answer = ferries.ask("How many passengers did the Norvik ferry line carry as of 2015?")
    assert (answer.status, answer.coverage.searched) == ("refused", 0)
    assert "No article was published on 31 December 2015 or before" in answer.text
    assert "from 2 March 2022 to 9 April 2024" in answer.text


def test_a_later_article_may_tell_of_the_time(ferries: Assistant) -> None:
    answer = ferries.ask("How much had the Norvik museum fund collected as of 2019?")
    assert answer.status == "answered"
    assert "4 million kroner" in answer.statements[0].text
    assert "a later one says of that time" in answer.text


def test_dates_keep_to_nothing_where_no_article_has_one(library: Library) -> None:
    library.write("ferry.md", "# Ferries\n\nAs of 2019 the Kelvane ferry carried 420 passengers.")
    library.reindex()
    answer = library.assistant.ask("How many passengers did the Kelvane ferry carry as of 2019?")
    assert answer.status == "answered"
    assert "420" in answer.text
