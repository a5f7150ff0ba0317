"""What a reader sees of copies: every outlet is named, filters find each, and no outlet is said to
have carried what was cut from it.
"""

from __future__ import annotations

import dataclasses
import datetime
import json
from collections.abc import Callable

import pytest

from rag import Filters
from rag.__main__ import format_answer
from rag.copies import tell_outlets
from rag.types import Answer, Citation, to_json
from rag.wording import says, wording
from tests.conftest import Library, url_of_store
from tests.reports import SENTENCES, report

WHO = "Who won the Zorblatt prize?"
TOWN_HALL = "When will the Zorblatt prize be handed over?"
FILES = {
    "wire.md": report(published="2024-03-12", source="Wire", author="Ann Berg"),
    # The sentence about the town hall is cut.
    "star.md": report(SENTENCES[:7], published="2024-03-14", source="Star", title="For the sea"),
    "post.md": report(
        published="2024-03-20", source="Post", author="Bo Lind", before="By Bo Lind"
    ).replace("Nets, for", "“Nets” for"),
    "ferry.md": "---\nsource: Post\n---\nThe Kelvane ferry sank near Bergen in March 2021.",
}


@pytest.fixture(scope="module", params=["embedded", "served"])
def library(make_library: Callable[..., Library], request: pytest.FixtureRequest) -> Library:
    return make_library(FILES, url_of_store(request))


def ask(library: Library, question: str, **filters: object) -> Answer:
    given = Filters(**filters) if filters else None  # type: ignore[arg-type]
    answer = library.assistant.ask(question, filters=given)
    for citation in answer.citations:
        article = library.assistant.article(citation.article_id)
        assert citation.quote == article.text[citation.start : citation.end]
        assert (citation.source, citation.path) == (article.source, article.path)
    return answer


def first(library: Library, question: str, **filters: object) -> Citation:
    answer = ask(library, question, **filters)
    assert answer.status == "answered"
    return answer.citations[0]


def sources(citation: Citation) -> list[str]:
    return [outlet.source for outlet in citation.also]


def test_a_citation_names_all_who_carried_it(library: Library) -> None:
    citation = first(library, WHO)
    assert (citation.source, sources(citation)) == ("Wire", ["Post", "Star"])
    post = citation.also[0]
    assert (post.author, post.path) == ("Bo Lind", "post.md")
    assert post.published == datetime.date(2024, 3, 20)
    assert library.assistant.article(post.article_id).text.startswith("By Bo Lind")


def test_who_cut_the_sentence_is_not_named(library: Library) -> None:
    citation = first(library, TOWN_HALL)
    assert citation.quote == SENTENCES[7]
    assert (citation.source, sources(citation)) == ("Wire", ["Post"])


def test_a_sentence_with_other_quotation_marks_is_the_same(library: Library) -> None:
    citation = first(library, "What did the jury praise her last book for?")
    assert citation.quote == SENTENCES[3]
    assert sources(citation) == ["Post", "Star"]


@pytest.mark.parametrize(
    "filters",
    [
        {"sources": ("Star",)},
        {"authors": ("Bo Lind",)},
        {"after": datetime.date(2024, 3, 13), "before": datetime.date(2024, 3, 15)},
        {"after": datetime.date(2024, 3, 20)},
        {"sources": ("Post",), "after": datetime.date(2024, 1, 1)},
    ],
)
def test_filters_find_a_copy_and_cite_it(library: Library, filters: dict[str, object]) -> None:
    citation = first(library, WHO, **filters)
    accepted = Filters(**filters)  # type: ignore[arg-type]
    assert citation.quote == SENTENCES[0]
    assert accepted.accept(citation.source, citation.author, citation.published)
    assert len(citation.also) == 2 and "Wire" in sources(citation)
    passages = library.assistant.retrieve(WHO, filters=accepted)
    assert {passage.source for passage in passages} >= {citation.source}
    article = library.assistant.article(passages[0].article_id)
    assert passages[0].text == article.text[passages[0].start : passages[0].end]


def test_filters_that_accept_no_outlet_find_nothing(library: Library) -> None:
    assert ask(library, WHO, sources=("Echo",)).coverage.searched == 0
    assert not library.assistant.retrieve(WHO, filters=Filters(sources=("Echo",)))
    early = Filters(before=datetime.date(2024, 3, 11))
    assert not library.assistant.retrieve(WHO, filters=early)
    # Star was on the 14th and Post on the 20th, but nobody wrote both as Post and on the 14th.
    day = datetime.date(2024, 3, 14)
    both = Filters(sources=("Post",), after=day, before=day)
    assert not library.assistant.retrieve(WHO, filters=both)


def test_a_filter_does_not_let_out_what_the_copy_has_not(library: Library) -> None:
    answer = ask(library, TOWN_HALL, sources=("Star",))
    assert "December" not in answer.text
    assert {citation.source for citation in answer.citations} <= {"Star"}
    assert ask(library, TOWN_HALL, sources=("Post",)).citations[0].quote == SENTENCES[7]


def test_a_refusal_offers_the_outlet_that_was_asked_for(library: Library) -> None:
    refused = ask(library, "Who won the Nobel prize of physics?", sources=("Star",))
    assert refused.status == "refused"
    assert [near.source for near in refused.nearest.articles] == ["Star"]


def test_copies_are_articles_of_the_index(library: Library) -> None:
    status = library.assistant.status()
    assert (status.articles, status.sources) == (4, ("Post", "Star", "Wire"))
    assert status.last_published == datetime.date(2024, 3, 20)
    assert ask(library, WHO).coverage.searched == 4


def test_outlets_are_told_in_a_few_words(library: Library) -> None:
    answer = ask(library, WHO)
    assert "· Wire · 2024-03-12 · also in Post, Star" in format_answer(answer)
    told = json.loads(json.dumps(to_json(answer)))["citations"][0]["also"]
    assert [outlet["path"] for outlet in told] == ["post.md", "star.md"]
    citation = answer.citations[0]
    many = tuple(dataclasses.replace(citation.also[0], source=name) for name in "ABCDE")
    assert tell_outlets(dataclasses.replace(citation, also=many)) == "also in A, B, C, 2 more"
    own = dataclasses.replace(citation.also[0], source="Wire")
    assert tell_outlets(dataclasses.replace(citation, also=(own,))) == ""
    nameless = dataclasses.replace(citation.also[0], source="", title="")
    assert tell_outlets(dataclasses.replace(citation, also=(nameless,))) == "also in post.md"


def test_wording() -> None:
    assert wording("“Gió – ngang”: -5.5% in 2024,\n三十") == [
        "gio", "ngang", "-", "5", "5", "%", "in", "2024", "三", "十",
    ]  # fmt: skip
    assert says("He said: “It\nrains”, and left.", "it rains")
    assert not says("It rained, and rain it will.", "It rain.")
