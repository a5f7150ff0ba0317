"""What the page makes of answers and articles, without a server."""

from __future__ import annotations

import dataclasses
import datetime
import re
from html import unescape
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.compose import ALSO_NEAR
from rag.disagreement_text import tell_disagreement
from rag.types import (
    Answer,
    Article,
    Citation,
    Coverage,
    Disagreement,
    IndexStatus,
    Nearest,
    NearestArticle,
    Outlet,
    Statement,
)
from ui.links import Place
from ui.panel import article_html, missing_html, status_html
from ui.render import answer_html, note_html, question_html

EVIL = "<img src=x onerror=\"alert('1')\"> & </div><script>alert(2)</script>"
QUOTE = "It was remade in Turkey."
ARTICLE = Article(
    id="a/1 ü",
    path="a.md",
    text=f"First.\n\n{QUOTE} Then came {EVIL}.",
    title="Abroad",
    source="Courier",
    author="Mina Park",
    published=datetime.date(2024, 3, 14),
    url="https://example.org/abroad?a=1&b=2",
)


def citation(number: int = 1, article: Article = ARTICLE, quote: str = QUOTE) -> Citation:
    start = article.text.index(quote)
    about = (article.title, article.source, article.author, article.published, article.url)
    return Citation(number, article.id, *about, article.path, quote, start, start + len(quote))


def answer(text: str = f"{QUOTE} [1]", **changes: object) -> Answer:
    base = Answer("Where?", "Where?", "factoid", "answered", text, citations=(citation(),))
    return dataclasses.replace(base, **changes)  # type: ignore[arg-type]


class Tags(HTMLParser):
    """Lists the elements of a piece of HTML."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def hrefs(self, kind: str) -> list[str]:
        return [str(a["href"]) for tag, a in self.found if tag == "a" and a.get("class") == kind]


def marked(html: str) -> str:
    match = re.search(r"<mark[^>]*>(.*?)</mark>", html, re.DOTALL)
    return unescape(match[1]) if match else ""


def test_numbers_become_links_that_lead_to_the_sentence() -> None:
    links = Tags(answer_html(answer())).hrefs("cite")
    assert [Place.parse(link) for link in links] == [Place.of(citation())] * 2
    assert len(links) == 2  # in the sentence, and in the list of sources


def test_a_number_without_a_citation_stays_text() -> None:
    html = answer_html(answer("It says [7] so [1]."))
    assert "It says [7] so <a" in html


def test_what_only_comes_near_stands_under_a_label() -> None:
    html = answer_html(answer(f"- {QUOTE} [1]\n{ALSO_NEAR}\n- Another."))
    assert f'</ul><p class="label">{ALSO_NEAR}</p><ul><li>Another.' in html


def test_list_lines_become_a_list() -> None:
    html = answer_html(answer(f"Remade abroad:\n- {QUOTE} [1]\n- Another.\n\nThat is all."))
    assert "<p>Remade abroad:</p><ul><li>It was" in html
    assert html.count("<li>") == 3  # two lines and one source
    assert "</ul><p>That is all.</p>" in html


def test_a_quoted_sentence_with_a_line_break_stays_one_list_item() -> None:
    broken = "It was remade\nin Turkey."
    listed = answer(f"- {broken} [1]\n- Next.", statements=(Statement(broken, (1,), True),))
    assert "<ul><li>It was remade in Turkey. <a" in answer_html(listed)


def test_rows_of_a_table_keep_to_lines_of_their_own() -> None:
    table = "Year | Share\n2019 | 70%\n2021 | 75%"
    html = answer_html(answer(f"{table} [1]", statements=(Statement(table, (1,), True),)))
    assert "<p>Year | Share<br>2019 | 70%<br>2021 | 75% <a" in html


def test_one_source_line_holds_all_numbers_of_its_article() -> None:
    both = (citation(), citation(2, quote="First."))
    html = answer_html(answer("A [1]. B [2].", citations=both))
    assert html.count("Courier · <time") == 1
    assert len(Tags(html).hrefs("cite")) == 4


def test_a_source_line_names_who_else_carried_it() -> None:
    about = (ARTICLE.author, ARTICLE.published, ARTICLE.url, "b.md")
    star, evil = (Outlet(source, ARTICLE.title, source, *about) for source in ("Star", EVIL))
    html = answer_html(answer(citations=(dataclasses.replace(citation(), also=(star, evil)),)))
    assert '14 March 2024</time></span><span class="also">also in Star, &lt;img' in html
    assert "also in" not in answer_html(answer())


def test_coverage_of_a_list_is_told() -> None:
    listed = answer(kind="list", coverage=Coverage(28, 14, 12))
    assert "Searched 28 articles, 14 match, 12 cited" in answer_html(listed)
    assert "Searched" not in answer_html(answer(coverage=Coverage(28, 14, 12)))


def test_understood_as_is_told_only_when_it_differs() -> None:
    html = answer_html(answer(standalone_question="Where was it remade?"))
    assert "Understood as: Where was it remade?" in html
    assert "Understood as" not in answer_html(answer())


def test_what_was_assumed_is_told_and_escaped() -> None:
    html = answer_html(answer(assumed=("Taking “<Boi>” for “Boy”.",)))
    assert '<p class="understood">Taking “&lt;Boi&gt;” for “Boy”.</p>' in html
    assert "understood" not in answer_html(answer())


def test_disagreements_are_marked() -> None:
    both = (citation(), citation(2, quote="First."))
    html = answer_html(
        answer("A [1]. B [2].", citations=both, disagreements=(Disagreement((2, 1), ("40", "36")),))
    )
    assert "The articles disagree:" in html
    assert re.search(r"40 <a[^>]*>\[2\]</a>.*14 March 2024.* / 36 <a[^>]*>\[1\]</a>", html)


def test_a_disagreement_is_told_once_and_names_a_correction() -> None:
    both = (citation(), citation(2, quote="First."))
    found = Disagreement((2, 1), ("40", "36"), corrected=True)
    told = tell_disagreement(found, both)
    assert told.endswith("40 [2] (14 March 2024, Courier) / 36 [1] (14 March 2024, Courier)")
    html = answer_html(answer(f"A [1]. B [2].\n{told}", citations=both, disagreements=(found,)))
    assert html.count("A later article corrects an earlier one:") == 1


def test_an_unconfirmed_statement_is_told_once_it_was_checked() -> None:
    doubtful = answer(statements=(Statement(f"{QUOTE} [1]", (1,), supported=False),))
    assert f"Not confirmed by its source</strong> {QUOTE}</p>" in answer_html(doubtful)
    assert "Not confirmed" not in answer_html(doubtful, final=False)


def test_a_refusal_says_what_is_missing_and_opens_the_nearest() -> None:
    near = NearestArticle("a/1 ü", EVIL, "Courier", None)
    refused = Answer(
        "Quanta?", "Quanta?", "factoid", "refused", "No answer.", nearest=Nearest((near,), (EVIL,))
    )
    html = answer_html(refused)
    assert 'class="answer refused"' in html
    assert "The closest articles do not mention" in html
    assert [Place.parse(href) for href in Tags(html).hrefs("open")] == [Place("a/1 ü")]
    assert not {"img", "script"} & {tag for tag, _ in Tags(html).found}


@pytest.mark.parametrize("where", ["text", "title", "source", "quote", "question", "note"])
def test_nothing_that_is_shown_can_become_html(where: str) -> None:
    evil = dataclasses.replace(ARTICLE, title=EVIL, source=EVIL, author=EVIL, url=EVIL)
    shown = {
        "text": answer_html(answer(EVIL)),
        "title": article_html(evil, Place(evil.id)),
        "source": answer_html(answer(citations=(citation(article=evil),))),
        "quote": article_html(ARTICLE, Place.of(citation(quote=EVIL))),
        "question": question_html(EVIL) + answer_html(answer(standalone_question=EVIL)),
        "note": note_html(EVIL, "problem") + missing_html(EVIL, Place("x", EVIL)),
    }[where]
    for tag, attributes in Tags(shown).found:
        assert tag not in ("img", "script")
        assert not any(name.startswith("on") for name in attributes)


@given(st.text(max_size=80), st.text(max_size=80))
def test_every_answer_is_one_block_of_html_for_markdown(text: str, question: str) -> None:
    html = answer_html(answer(text, standalone_question=question)) + question_html(question)
    assert len(html.splitlines()) == 1


@given(st.text(min_size=1), st.text(), st.integers(), st.integers())
def test_a_place_survives_its_link(article: str, quote: str, start: int, end: int) -> None:
    place = Place(article, quote, start, end) if quote else Place(article)
    assert Place.parse(place.href()) == place


@pytest.mark.parametrize("href", ["", "#", "#cite?", "#cite?start=1", "#cite?article=a&start=x"])
def test_a_foreign_link_is_refused(href: str) -> None:
    with pytest.raises(ValueError):
        Place.parse(href)


@given(st.text(), st.text(min_size=1).filter(str.strip), st.text())
def test_exactly_the_quote_is_marked(before: str, quote: str, after: str) -> None:
    # The parser that reads HTML back folds carriage returns, so the text is compared escaped.
    article = Article("a", "a.md", before + quote + after)
    place = Place("a", quote, len(before), len(before) + len(quote))
    span = place.find(article)
    assert span == (len(before), len(before) + len(quote))
    assert marked(article_html(article, place)) == unescape(quote.replace("&", "&amp;"))


def test_a_quote_that_moved_is_found_again() -> None:
    moved = dataclasses.replace(ARTICLE, text="New lead. " + ARTICLE.text)
    assert marked(article_html(moved, Place.of(citation()))) == QUOTE


def test_a_quote_that_is_gone_is_told_and_nothing_else_is_marked() -> None:
    changed = dataclasses.replace(ARTICLE, text="Something else entirely, and long enough to mark.")
    html = article_html(changed, Place.of(citation()))
    assert "<mark" not in html
    assert "has changed" in html and QUOTE in html


def test_an_article_shows_what_is_known_about_it() -> None:
    html = article_html(ARTICLE, Place(ARTICLE.id))
    assert 'Courier · Mina Park · <time datetime="2024-03-14">14 March 2024</time>' in html
    links = [a for tag, a in Tags(html).found if tag == "a"]
    assert [a["href"] for a in links] == [ARTICLE.url]
    assert "noopener" in str(links[0]["rel"])


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "//x.org", "http://["])
def test_only_web_addresses_become_links(url: str) -> None:
    html = article_html(dataclasses.replace(ARTICLE, url=url), Place(ARTICLE.id))
    assert "<a " not in html


def test_the_status_line_says_what_the_index_holds() -> None:
    updated = datetime.datetime(2026, 1, 2, 3, 4, tzinfo=datetime.UTC)
    day = datetime.date(2021, 5, 1)
    status = IndexStatus("s", updated, 1, 3, (), day, datetime.date(2025, 6, 2), "m")
    html = status_html(status)
    assert "1 article, 1 May 2021 to 2 June 2025" in html
    assert "updated 2 January 2026, 03:04 UTC" in html
    assert "problem" not in html
    told = status_html(status, "CURRENT is missing. Until then, answers come from <before>.")
    assert told.startswith(html)
    assert "answers come from &lt;before&gt;" in told
