"""What a sentence owes to the one before it, and which of them can stand in an answer."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from rag import Assistant
from rag.choice import quotable, with_replies, with_rows
from rag.evidence import Sentence
from rag.lead_in import with_lead_in
from rag.rows import MOST, announced_list, with_head
from rag.sentences import is_question, is_row, sentence_spans
from tests.conftest import Library

NONE = np.zeros(1, np.float32)
FILES = {
    "interview.md": "# A word with the keeper\n\n"
    "Mirela Quonset has kept the Kelvane lighthouse since 2009.\n\n"
    "Why was the Kelvane lighthouse painted green?\n\n"
    "Because the council had nothing else in the cellar.\n\n"
    "And who will follow you when you leave?\n\n"
    "Nobody has asked.",
    "fair.md": "# The fair in figures\n\n"
    "Stall | Visitors 2023 | Visitors 2024\n\n"
    "Honey | 1,200 | 1,450\n\n"
    "Cheese | 900 | 870\n\n"
    "The fair of Zorblatt gave the town a crane and 40 chairs.",
    "fares.html": "<html><head><title>Bus fares</title></head><body><article><h1>Bus fares</h1>"
    "<p>Bus fares in Zorblatt rise in July, the council said on Friday after a long debate.</p>"
    "<p>The council published the new fares in kroner on its website on Friday morning.</p>"
    "<table><tr><th>Fare</th><th>Until June</th><th>From July</th></tr>"
    "<tr><td>Single ticket</td><td>18</td><td>21</td></tr>"
    "<tr><td>Monthly pass</td><td>520</td><td>580</td></tr></table>"
    "<p>Children under six travel free of charge, as they did before.</p></article></body></html>",
    "rules.md": "# Rules for the square\n\n"
    "The council of Zorblatt attached three conditions to the permission for the square:\n\n"
    "- No kiosk may be higher than four metres.\n\n"
    "- The old pump stays where it is.\n\n"
    "- Music ends at ten.",
    "debts.md": "# A word with the mayor\n\nOona Ferrant has been mayor of Tarnby since 2019.\n\n"
    "**Post: The debt of Tarnby has grown to 94 million. Is that not too much?**\n\n"
    "Ferrant: A lot. We build something for it that will last.\n\n"
    "**Post: Who is your toughest opponent?**\n\n"
    "Ferrant: Ann Berg. She reads every paper to the end.",
    "hearings.md": "# A harbour for Tarnby\n\nThe council of Tarnby wants to widen the harbour.\n\n"
    "It will vote on 12 March. Before that, three hearings will be held:\n\n"
    "- 30 January, Kelvane School\n- 8 February, the fish hall\n- 21 February, Tarnby Library\n\n"
    "The plans can be seen in the library.",
    "first.md": "# Orders\n\nThe Tarn yard said on Monday that it would invest 55 million euros in "
    "a covered dock and in a hall for batteries over five years.",
    "second.md": "# More orders\n\nThe Tarn yard said on Monday that it would invest 50 million "
    "euros in a covered dock and in a hall for batteries over five years.",
}


@pytest.fixture(scope="module")
def assistant(make_library: Callable[[dict[str, str]], Library]) -> Assistant:
    return make_library(FILES).assistant


def sentences(*scored: tuple[str, float], article: str = "a") -> list[Sentence]:
    return [
        Sentence(0, article, 100 * n, 100 * n + len(text), text, n, NONE, NONE, score)
        for n, (text, score) in enumerate(scored)
    ]


def test_a_reply_counts_as_much_as_its_question() -> None:
    asked = sentences(("Who paid for it?", 0.9), ("A friend.", 0.2), ("It rained.", 0.3))
    asked += sentences(("An aunt.", 0.1), article="b")
    scores = [round(sentence.score, 2) for sentence in with_replies(asked)]
    assert scores == [0.9, 0.88, 0.3, 0.1]


def test_rows_count_as_much_as_what_announces_them_or_the_best_of_them() -> None:
    announced = sentences(("Three rules:", 0.9), ("- One.", 0.2), ("- Two.", 0.1), ("Else.", 0.3))
    raised = {s.text: round(s.score, 2) for s in with_rows(announced)}
    assert raised == {"Three rules:": 0.9, "- One.": 0.85, "- Two.": 0.85, "Else.": 0.3}
    table = sentences(("Ann | 3", 0.8), ("Ben | 4", 0.1), ("Not a row.", 0.2))
    assert [s.text for s in with_rows(table)] == ["Ann | 3", "Ben | 4", "Not a row."]


def test_a_single_row_and_what_only_follows_a_sentence_stay_as_they_are() -> None:
    plain = sentences(("A sentence.", 0.9), ("- One.", 0.1), ("Another.", 0.2))
    assert sorted(s.score for s in with_rows(plain)) == [0.1, 0.2, 0.9]


def test_questions_headings_and_captions_are_no_answers() -> None:
    some = sentences(
        ("Who came?", 1), ("A heading", 1), ("The picture shows a pier.", 1), ("Ja.", 1)
    )
    assert [sentence.text for sentence in quotable(some)] == ["Ja."]
    assert is_question('"Is it true?"')
    assert not is_question("Is it true? Yes.")
    assert is_row("a | b")


def test_where_and_when_a_report_was_written_is_no_answer() -> None:
    found = sentences(("Kolding, 15 January 2025.", 0.9), ("Kolding was quiet in 2025.", 0.8))
    assert [s.text for s in quotable(found)] == ["Kolding was quiet in 2025."]


def test_an_interview_is_answered_by_the_reply(assistant: Assistant) -> None:
    answer = assistant.ask("Why was the Kelvane lighthouse painted green?")
    assert answer.status == "answered"
    quotes = [citation.quote for citation in answer.citations]
    assert quotes[0] == (
        "Why was the Kelvane lighthouse painted green?\n\n"
        "Because the council had nothing else in the cellar."
    )
    assert not any(quote.endswith("?") for quote in quotes)


def test_a_short_reply_is_quoted_with_its_question(assistant: Assistant) -> None:
    answer = assistant.ask("Who is Ferrant's toughest opponent?")
    assert answer.status == "answered"
    assert answer.citations[0].quote == (
        "Post: Who is your toughest opponent?\n\nFerrant: Ann Berg."
    )


def test_a_question_is_all_that_was_said_before_the_reply() -> None:
    text = (
        "It rained.\n\nPost: Debts have grown. Is that not too much?\n\nFerrant: A lot. We build."
    )
    spans = sentence_spans(text)
    quoted = [text[slice(*with_lead_in(text, spans, n))] for n in range(len(spans))]
    assert quoted[3:] == [
        "Post: Debts have grown. Is that not too much?\n\nFerrant: A lot.",
        "We build.",
    ]


def test_the_head_of_a_table_is_no_answer(assistant: Assistant) -> None:
    answer = assistant.ask("How many visitors did the honey stall have in 2024?")
    quotes = [citation.quote for citation in answer.citations]
    assert "Stall | Visitors 2023 | Visitors 2024\n\nHoney | 1,200 | 1,450" in quotes
    assert "Stall | Visitors 2023 | Visitors 2024" not in quotes


def test_a_row_further_down_is_quoted_from_the_head_of_the_table_on() -> None:
    table = "Stall | 2023 | 2024\nHoney | 31 | 26\nCheese | 14 | 9"
    text = f"The fair in figures:\n\n{table}\n\nIt rained."
    start = text.index("Cheese")
    row = start, start + len("Cheese | 14 | 9")
    assert text[slice(*with_head(text, row))] == table
    assert with_head(text, row, most=1) == row
    items = "These won:\n\n- Honey\n- Cheese"
    assert with_head(items, (21, 29)) == (21, 29)


def test_the_first_fare_in_the_table_of_a_page_is_an_answer(assistant: Assistant) -> None:
    answer = assistant.ask("What does a single ticket cost?")
    quotes = [citation.quote for citation in answer.citations]
    assert "Fare | Until June | From July\nSingle ticket | 18 | 21" in quotes
    assert "Fare | Until June | From July" not in quotes
    assert not any("|--" in quote for quote in quotes)


def test_a_list_takes_along_all_rows_and_says_each_on_a_line(assistant: Assistant) -> None:
    answer = assistant.ask("What conditions did the council attach to the permission?")
    assert answer.kind == "list"
    lines = [line for line in answer.text.splitlines() if line.startswith("- ")]
    for wanted in ("four metres", "The old pump", "Music ends at ten"):
        assert any(wanted in line for line in lines), answer.text


@pytest.mark.parametrize(
    "question", ["How many hearings will be held?", "When do the hearings take place?"]
)
def test_what_announces_a_list_is_quoted_with_all_its_rows(
    assistant: Assistant, question: str
) -> None:
    answer = assistant.ask(question)
    assert answer.status == "answered"
    assert answer.citations[0].quote == (
        "Before that, three hearings will be held:\n\n- 30 January, Kelvane School\n"
        "- 8 February, the fish hall\n- 21 February, Tarnby Library"
    )
    assert answer.text.count("8 February") == 1


def test_a_long_list_is_cut_and_a_row_beyond_stands_alone() -> None:
    rows = [f"- Row {n}" for n in range(20)]
    text = "\n".join(["It rained. These won:", *rows, "Nobody else did."])
    start = text.index("These")
    quoted = announced_list(text, (start, text.index(":") + 1))
    assert quoted is not None
    assert text[slice(*quoted)].splitlines() == ["These won:", *rows[:MOST]]
    last = text.index(rows[-1])
    assert announced_list(text, (last, last + len(rows[-1]))) is None
    rained = text.index(".") + 1
    assert announced_list(text, (0, rained)) is None


def test_sentences_with_different_figures_are_never_taken_for_one(assistant: Assistant) -> None:
    answer = assistant.ask("How much will the Tarn yard invest?")
    for statement in answer.statements:
        cited = [answer.citations[number - 1].quote for number in statement.citations]
        assert len({"55" in quote for quote in cited}) == 1
    assert {"55", "50"} <= {word for c in answer.citations for word in c.quote.split()}
