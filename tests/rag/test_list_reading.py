"""Lists from a small index: items, kinds, denials, counts; and quotes that stand alone."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from rag import Answer, Assistant, reader
from rag.answer_score import FEATURES, WEIGHTS
from rag.compose import ALSO_NEAR
from rag.lead_in import leans, with_lead_in
from rag.lexicon import is_of_kind
from rag.list_question import parse_list_question
from rag.names import name_key
from rag.reader import UNCOUNTED
from rag.retrieval import encode_query
from rag.sentences import sentence_spans
from rag.things import Book
from tests.conftest import Library

FILES = {
    "bridge.md": "# Three bridges for the Morava\n\n"
    "The firm Strabo won the contract for the Morava bridge. Kelvane Steel won the contract for "
    "the Tarn bridge. Strabo did not win the contract for the Oder bridge.\n\n"
    "The architect is Mirela Quonset. She also drew the Tarn bridge.",
    "novel.md": "# A novel travels\n\n"
    "The novel Salt Winter (Zimná Soľ), also known as The White Months, was adapted in Norway in "
    "2019. The novel Iron Orchard was adapted in Norway in 2021. The novel Grey Harbour was "
    "adapted in Spain in 2020. A Norwegian adaptation of the novel Blue Kiln is planned.",
    "channels.md": "# Where the novels are seen\n\n"
    "The series Harbour Lights began on Channel Nord in May 2023. The series Low Water was made "
    "with Channel Nord, but it was shown elsewhere. The drama Salt Winter scored 8.4 on Serialist. "
    "After 12 episodes the drama Iron Orchard stood at 6.1 on Serialist.\n\n"
    "The drama Tin Sunday was written in Celm.\n\n"
    "In Norway Channel Sud gave it its first showing.",
    "trial.md": "# A vaccine\n\n"
    "The vaccine Orvelta was cleared for use in Sarnland. Doctors in Tolmark welcomed Orvelta.",
    "ferry.md": "# Ferries\n\nThe Astrid was launched in May. She carries 640 passengers.",
}


@pytest.fixture(scope="module")
def assistant(make_library: Callable[[dict[str, str]], Library]) -> Assistant:
    return make_library(FILES).assistant


def items(answer: Answer) -> set[str]:
    return {statement.item for statement in answer.statements if statement.item}


def test_a_list_has_one_line_for_each_thing_and_leaves_out_plans(assistant: Assistant) -> None:
    answer = assistant.ask("Which novels were adapted in Norway?")
    assert answer.kind == "list"
    assert items(answer) == {"Salt Winter", "Iron Orchard"}
    assert answer.text.count("\n- ") == 1
    for statement in answer.statements:
        quotes = [answer.citations[number - 1].quote for number in statement.citations]
        assert all(statement.item in quote for quote in quotes)


def test_how_many_begins_with_the_number(assistant: Assistant) -> None:
    answer = assistant.ask("How many novels were adapted in Norway?")
    assert answer.text.startswith("2 named in the articles:\n- ")


@pytest.mark.parametrize(
    ("question", "named"),
    [
        ("Which series were shown on Channel Nord?", {"Harbour Lights"}),
        ("Which dramas have a score of 5 or more on Serialist?", {"Salt Winter", "Iron Orchard"}),
    ],
)
def test_what_is_said_in_other_words_beside_the_name_counts(
    assistant: Assistant, question: str, named: set[str]
) -> None:
    texts = " ".join(s.item or s.text for s in assistant.ask(question).statements)
    assert all(name in texts for name in named)


def test_a_work_may_be_named_in_the_paragraph_before(assistant: Assistant) -> None:
    query = "Which dramas were shown in Norway by Channel Sud?"
    texts = " ".join(s.item or s.text for s in assistant.ask(query).statements)
    assert "Tin Sunday" in texts or "first showing" in texts


def test_verbs_that_are_not_known_give_sentences_instead(assistant: Assistant) -> None:
    answer = assistant.ask("In which countries has Orvelta been approved?")
    assert answer.kind == "list" and not items(answer)
    assert "cleared for use in Sarnland" in answer.text


def test_a_denial_is_no_evidence(assistant: Assistant) -> None:
    answer = assistant.ask("Which firms won a contract for a bridge?")
    assert items(answer) == {"Strabo", "Kelvane Steel"}
    assert "did not win" not in answer.text


def test_a_question_taken_apart(assistant: Assistant) -> None:
    snapshot = assistant.index.current()
    book = Book([snapshot.article(entry.id).text for entry in snapshot.manifest.articles])
    query = encode_query(
        snapshot, assistant.encoder, "Which firms won at least 3 contracts abroad?"
    )
    question = parse_list_question(query, book)
    assert (question.kind, question.head, question.abroad) == ("organisation", "firms", True)
    assert question.bound is not None
    assert question.bound[0] == 3


def test_sentences_that_only_come_near_are_told_apart_and_come_last(
    assistant: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reader, "rerank", lambda *_: None)  # as with another embedding model
    answer = assistant.ask("What scores did the dramas get?")
    assert [statement.near for statement in answer.statements] == [False, False, True]
    sure, _, near = answer.text.partition(f"\n{ALSO_NEAR}\n")
    assert "scored 8.4" in sure and "stood at 6.1" in sure
    assert near == "- The drama Tin Sunday was written in Celm. [3]"


def test_a_question_that_only_denies_is_not_itemised(assistant: Assistant) -> None:
    answer = assistant.ask("Which firms were not at the Morava bridge?")
    assert answer.kind == "list"
    assert not items(answer)


def test_a_dateline_and_the_first_word_of_a_sentence_are_no_names() -> None:
    text = "KELVANE, 5 May (Wire) – Subscribers of Strabo paid. The subscribers of Strabo left."
    assert {thing.name for thing in Book([text]).things(text)} == {"Wire", "Strabo"}


def test_a_title_in_quotation_marks_is_one_name_with_and_without_them() -> None:
    text = (
        'The studio bought "Wait, What?" by Olu Adeyemi, a play about a train. "Hi, how are you," '
        "said Ann Celm. 'A House for Otto' stayed in Celm's hands. Nobody saw Wait, What? there."
    )
    book = Book([text])
    kinds = {"Wait, What?": "work", "Olu Adeyemi": "person", "A House for Otto": "work"}
    found = [thing for thing in book.things(text) if thing.name in kinds]
    assert {thing.name: thing.kind for thing in found} == kinds
    assert [thing.name for thing in found].count("Wait, What?") == 2
    assert not {thing.name for thing in book.things(text)} & {"Wait", "What", "House"}


def test_a_title_with_an_owner_in_it_is_not_parted() -> None:
    text = (
        "Smugglers' Hour began in May. Viewers of Smugglers' Hour called. Nobody saw Celm's Wire. "
        "The Wire of Celm left, and Celm stayed.\n\nQ: Where was it sold?\n\nA: Turkey took "
        "Smugglers' Hour.\n\nQ: And Celm?\n\nA: Yes."
    )
    named = {thing.name for thing in Book([text]).things(text)}
    assert named >= {"Smugglers' Hour", "Celm", "Turkey"}
    assert not named & {"Smugglers", "Hour", "A: Turkey", "Yes"}


def test_names_that_an_article_ties_together_are_one(assistant: Assistant) -> None:
    snapshot = assistant.index.current()
    book = Book([snapshot.article(entry.id).text for entry in snapshot.manifest.articles])
    assert book.same(name_key("Zimná Soľ")) == book.same(name_key("Salt Winter"))
    assert book.kind("Iron Orchard") == "work"


def test_a_sentence_is_quoted_with_what_it_leans_on(assistant: Assistant) -> None:
    answer = assistant.ask("How many passengers does the Astrid carry?")
    assert answer.citations[0].quote == (
        "The Astrid was launched in May. She carries 640 passengers."
    )


def test_a_lead_in_stays_within_the_paragraph() -> None:
    text = "The tower is old.\n\nIt was built in 1402. It leans."
    spans = sentence_spans(text)
    assert [leans(text[a:b]) for a, b in spans] == [False, True, True]
    start, end = with_lead_in(text, spans, 2)
    assert text[start:end] == "It was built in 1402. It leans."


@pytest.mark.parametrize(
    ("sentence", "alone"),
    [
        ('"You do not leave a half-dug hole," she said.', False),
        ("‘We don’t know,’ he told reporters.", False),
        ('"Yes," said she.', False),
        ('"I would do it again."', False),
        ("According to a poll by Meridian for Radio Ost, she would get 38 per cent.", False),
        ("Only last year she had called it a toy.", False),
        ("But he said no.", False),
        ('"It is over," said Berg.', True),
        ('"Well," Berg said, "it is done," she added.', True),
        ("According to Ann Berg, she won.", True),
        ("When Berg won, she resigned.", True),
        ("In the book she wrote last year, Berg says so.", True),
        ("When a pump fails, they mend it.", True),
    ],
)
def test_a_speaker_and_a_subject_without_a_name_lean(sentence: str, alone: bool) -> None:
    assert leans(sentence) is not alone


def test_what_somebody_said_is_quoted_with_the_name(
    make_library: Callable[[dict[str, str]], Library],
) -> None:
    text = 'Oona Ferrant came on Friday. "You never leave a half-dug hole," she said. It rained.'
    assistant = make_library({"hole.md": f"# A visit\n\n{text}"}).assistant
    answer = assistant.ask('Who said "You never leave a half-dug hole"?')
    assert answer.citations[0].quote == text.removesuffix(" It rained.")


def test_every_answer_tells_how_likely_it_is(assistant: Assistant) -> None:
    assert len(FEATURES) == len(WEIGHTS)
    near = assistant.ask("Who is the architect of the Morava bridge?").answerability
    far = assistant.ask("What did the volcano on Tonga emit last winter?").answerability
    assert near is not None
    assert far is not None
    assert 0 <= far < near <= 1


def test_a_count_that_is_not_made_says_so(assistant: Assistant) -> None:
    answer = assistant.ask("How many members welcomed the vaccine?")
    assert not items(answer)
    assert answer.text.startswith(f"{UNCOUNTED}\n- ")


@pytest.mark.parametrize(
    ("place", "head", "fits"),
    [
        ("Zambia", "countries", True), ("New Zealand", "countries", True),
        ("Lagos", "countries", False), ("Basel", "countries", False),
        ("Philippine", "countries", False), ("Basel", "cities", True),
        ("Lagos", "cities", True), ("Zambia", "cities", False), ("Basel", "places", True),
    ],
)  # fmt: skip
def test_no_city_is_a_country(place: str, head: str, fits: bool) -> None:
    assert is_of_kind(place, head) is fits
