"""The page as a visitor sees it, in a real browser against a real index."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect

from ingest import reindex
from rag import Settings

OpenTab = Callable[[int, int], Page]

REMADE = "which dramas were remade abroad"
UNKNOWN = "How many moons does the planet Jupiter have?"
# The first question also waits for the model to load.
SECONDS = 1000
ANSWER = 60 * SECONDS

# Keeps each different state of the newest reply, as the visitor could have read it.
WATCH = """() => {
  window.states = [];
  new MutationObserver(() => {
    const replies = document.querySelectorAll('#chat .answer');
    const text = replies.length ? replies[replies.length - 1].innerText : '';
    if (text && text !== window.states[window.states.length - 1]) window.states.push(text);
  }).observe(document.body, {subtree: true, childList: true, characterData: true});
}"""


def ask(page: Page, question: str) -> Locator:
    """Ask, wait until the answer is final, and give the newest reply."""
    before = page.locator("#chat .question").count()
    page.fill("#question textarea", question)
    page.press("#question textarea", "Enter")
    expect(page.locator("#chat .question")).to_have_count(before + 1)
    return finished(page)


def finished(page: Page) -> Locator:
    """Wait until no answer is being given, and give the newest reply."""
    reply = page.locator("#chat .bot .answer, #chat .bot .note").last
    expect(page.locator("#chat .waiting")).to_have_count(0, timeout=ANSWER)
    expect(page.locator("#ask")).to_be_visible(timeout=ANSWER)
    return reply


def quote_of(link: Locator) -> str:
    """Read the quoted sentence out of a citation link."""
    href = link.get_attribute("href") or ""
    return parse_qs(href.partition("?")[2])["quote"][0]


def expect_in_view(page: Page, quote: str) -> None:
    """Check that exactly this sentence is marked, and lies between the panel's head and foot."""
    mark = page.locator("#panel mark")
    expect(mark).to_have_text(quote)
    inside = page.wait_for_function(
        """() => {
          const mark = document.querySelector('#panel mark').getBoundingClientRect();
          const panel = document.querySelector('#panel .scroll').getBoundingClientRect();
          const head = document.querySelector('#panel header').getBoundingClientRect();
          const foot = Math.min(panel.bottom, window.innerHeight);
          return mark.height > 0 && mark.top >= head.bottom - 1 && mark.bottom <= foot
            && mark.left >= 0 && mark.right <= window.innerWidth;
        }"""
    )
    assert inside


def test_an_answer_grows_and_every_line_is_cited(page: Page) -> None:
    page.evaluate(WATCH)
    reply = ask(page, REMADE)
    expect(reply).to_have_class(re.compile("answered"))
    states: list[str] = page.evaluate("window.states")
    assert len(states) > 1, states
    assert len(states[0]) < len(states[-1])
    assert reply.locator("a.cite").count() >= 2
    for line in reply.locator(":scope > ul:not([class]) > li").all():
        expect(line.locator("a.cite").first).to_be_visible()


def test_a_citation_opens_its_sentence_and_another_one_moves_it(page: Page) -> None:
    reply = ask(page, REMADE)
    links = reply.locator("a.cite")
    for link in (links.first, links.nth(1)):
        link.click()
        expect_in_view(page, quote_of(link))
        expect(link).to_have_attribute("aria-current", "true")
    expect(page.locator("#panel h2")).not_to_be_empty()


def test_citations_of_older_answers_still_open(page: Page) -> None:
    first = ask(page, REMADE).locator("a.cite").first
    quote = quote_of(first)
    ask(page, "What is To the Wonder about?")
    page.locator("#chat a.cite").first.click()
    expect_in_view(page, quote)


def test_a_conversation_survives_a_reload_in_its_own_tab(page: Page, open_tab: OpenTab) -> None:
    ask(page, REMADE)
    page.wait_for_function("(sessionStorage.getItem('citewell') || '').includes('#cite?')")
    page.reload()
    link = page.locator("#chat a.cite").first
    link.click()
    expect_in_view(page, quote_of(link))
    expect(open_tab(1280, 800).locator("#chat .question")).to_have_count(0)
    page.click("#new")
    expect(page.locator("#chat .question")).to_have_count(0)
    page.reload()
    expect(page.locator("#chat .example").first).to_be_visible()


def test_a_citation_clicked_before_the_page_is_ready_opens_once_it_is(page: Page) -> None:
    link = ask(page, REMADE).locator("a.cite").first
    page.wait_for_function("(sessionStorage.getItem('citewell') || '').includes('#cite?')")
    # What such a click does: without the script, a link only changes the address.
    page.evaluate("address => history.replaceState(null, '', address)", link.get_attribute("href"))
    page.reload()
    expect_in_view(page, quote_of(link))
    assert "#" not in page.url


def test_a_citation_opens_from_the_keyboard(page: Page) -> None:
    link = ask(page, REMADE).locator("a.cite").first
    link.focus()
    page.keyboard.press("Enter")
    expect_in_view(page, quote_of(link))
    expect(page.locator("#quoted")).to_be_focused()
    page.keyboard.press("Escape")
    expect(link).to_be_focused()


def test_on_a_phone_the_article_comes_up_from_below(open_tab: OpenTab) -> None:
    page = open_tab(390, 844)
    expect(page.locator("#panel")).not_to_be_visible()
    link = ask(page, REMADE).locator("a.cite").first
    link.click()
    expect(page.locator("#panel")).to_be_visible()
    expect_in_view(page, quote_of(link))
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    page.click("#panel .close")
    expect(page.locator("#panel")).not_to_be_visible()


def test_a_refusal_looks_different_and_opens_the_nearest_articles(page: Page) -> None:
    reply = ask(page, UNKNOWN)
    expect(reply).to_have_class(re.compile("refused"))
    expect(reply.locator(".missing li").first).to_be_visible()
    nearest = reply.locator(".nearest a").first
    title = nearest.inner_text()
    nearest.click()
    expect(page.locator("#panel h2")).to_have_text(title)


def test_an_example_asks_at_once(page: Page) -> None:
    example = page.locator("#chat .example").first
    text = example.inner_text()
    example.click()
    expect(page.locator("#chat .question")).to_have_text(text.strip())
    expect(finished(page)).to_have_class(re.compile("answer"))


def test_nothing_in_a_question_or_an_article_runs(page: Page) -> None:
    page.evaluate("window.hacked = 0")
    ask(page, "<img src=x onerror='window.hacked=9'> ${window.hacked=8} {{hacked}}")
    reply = ask(page, "Who won the Zorblatt prize in February 2024?")
    expect(page.locator("#chat .question").first).to_contain_text("<img src=x")
    link = reply.locator("a[href*='cite']").first
    link.click()
    expect(page.locator("#panel h2")).to_contain_text("Zorblatt")
    expect(page.locator("#panel .address")).to_have_count(0)
    assert page.locator("#chat img, #panel img, #panel script").count() == 0
    assert page.evaluate("window.hacked") == 0


def test_two_visitors_do_not_mix(open_tab: OpenTab) -> None:
    one, other = open_tab(1280, 800), open_tab(1280, 800)
    for page, question in ((one, REMADE), (other, UNKNOWN)):
        page.fill("#question textarea", question)
        page.press("#question textarea", "Enter")
    replies = [finished(page) for page in (one, other)]
    expect(replies[0]).to_have_class(re.compile("answered"))
    expect(replies[1]).to_have_class(re.compile("refused"))
    expect(one.locator("#chat .question")).to_have_text([REMADE])
    other.click("#new")
    expect(other.locator("#chat .question")).to_have_count(0)
    expect(one.locator("#chat .question")).to_have_text([REMADE])


@pytest.mark.parametrize("question", ["x" * 5000, "why " * 1250])
def test_a_very_long_question_ends_without_a_traceback(page: Page, question: str) -> None:
    reply = ask(page, question)
    expect(reply).not_to_contain_text("Traceback")
    expect(reply).not_to_contain_text("Something went wrong")


def test_an_empty_question_is_pointed_out(page: Page) -> None:
    page.press("#question textarea", "Enter")
    expect(page.locator(".toast-body")).to_contain_text("Type a question first")
    expect(page.locator("#chat .question")).to_have_count(0)


def test_a_wrong_date_is_pointed_out(page: Page) -> None:
    page.click("#filters .label-wrap")
    page.get_by_label("Published from").fill("spring")
    expect(ask(page, REMADE)).to_contain_text("is not a date")


def test_the_page_names_no_other_computer(page: Page, requested: list[str]) -> None:
    ask(page, REMADE).locator("a.cite").first.click()
    expect(page.locator("#panel mark")).to_be_visible()
    assert len(requested) > 10
    assert {urlsplit(url).hostname for url in requested} == {"127.0.0.1"}
    assert page.locator("footer a, iframe").count() == 0


def test_a_taken_port_is_told_without_a_traceback(
    address: str, port: int, settings: Settings
) -> None:
    command = [sys.executable, "-m", "ui", "--index", str(settings.index_dir), "--port", str(port)]
    root = Path(__file__).parents[2]
    ended = subprocess.run(command, cwd=root, capture_output=True, text=True, timeout=90)
    assert ended.returncode == 2, address
    assert "Choose another with --port" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_the_status_line_follows_the_index(page: Page, settings: Settings) -> None:
    status = page.locator("#status .status")
    before = int((status.inner_text()).split()[0])
    added = settings.corpus_dir / "added.md"
    added.write_text("---\ntitle: Kite day\n---\nThe kite day drew a crowd.\n", encoding="utf-8")
    reindex(settings=settings)
    ask(page, REMADE)
    expect(status).to_contain_text(f"{before + 1} articles")
