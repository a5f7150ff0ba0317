"""Adding articles through the page, in a real browser."""

from __future__ import annotations

import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from rag import Settings
from tests.browser.test_page import ANSWER, ask

FERRY = """\
---
title: Kelvane ferry sinks
source: Harbour Post <b>
---
The Kelvane ferry sank near Bergen with nobody on board.
"""
OpenTab = Callable[[int, int], Page]


def choose(page: Page, folder: Path, **files: str | bytes) -> Locator:
    """Choose files (`ferry__md` is ferry.md), and give the list of what became of them."""
    if not page.locator("#files").is_visible():
        page.click("#add .label-wrap")
    chosen = []
    for name, content in files.items():
        file = folder / name.replace("__", ".")
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
        chosen.append(file)
    page.set_input_files("#files input[type=file]", chosen)
    return page.locator("#added li")


def test_an_article_is_added_and_answers_the_next_question(
    page: Page, tmp_path: Path, settings: Settings, requested: list[str]
) -> None:
    told = choose(page, tmp_path, ferry__md=FERRY, bad__pdf=b"%PDF-1.4", big__txt="x " * 600_000)
    expect(told).to_have_count(3, timeout=ANSWER)
    expect(told.nth(0)).to_contain_text("ferry.md added")
    expect(told.nth(1)).to_contain_text("cannot be read as PDF")
    expect(told.nth(2)).to_contain_text("over the limit of 1.0 MB")
    reply = ask(page, "Where did the Kelvane ferry sink?")
    expect(reply).to_contain_text("near Bergen")
    reply.locator("a.cite").first.click()
    expect(page.locator("#panel mark")).to_contain_text("Kelvane ferry sank near Bergen")
    page.click("#filters .label-wrap")
    page.get_by_label("Sources").click()
    expect(page.get_by_role("option", name="Harbour Post <b>")).to_be_visible()
    kept = {file.name for file in (settings.corpus_dir / "uploads").iterdir()}
    assert kept == {"ferry.md"}
    choose(page, tmp_path, ferry__md=FERRY)
    expect(told).to_have_count(1, timeout=ANSWER)
    expect(told).to_contain_text("there already")


def test_a_file_far_too_large_never_leaves_the_browser(page: Page, tmp_path: Path) -> None:
    told = choose(page, tmp_path, huge__txt="x " * 1_100_000)
    expect(page.locator(".toast-body")).to_contain_text("huge.txt")
    expect(told).to_have_count(0)


def test_what_was_sent_cannot_be_read_by_others_afterwards(page: Page, tmp_path: Path) -> None:
    with page.expect_response(lambda response: "/upload?" in response.url) as sent:
        told = choose(page, tmp_path, secret__md="The Quandry report is secret.")
    expect(told).to_contain_text("added", timeout=ANSWER)
    (copy,) = sent.value.json()
    root = sent.value.url.partition("/upload?")[0]
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(f"{root}/file={copy}")
    assert refused.value.code in (403, 404)
    refused.value.close()


def test_on_a_phone_files_can_be_added(open_tab: OpenTab, tmp_path: Path) -> None:
    page = open_tab(390, 844)
    name = "a_very_long_name_that_has_no_place_to_break_" * 3
    told = choose(page, tmp_path, **{f"{name}__md": "The Ostrava tram was painted green."})
    expect(told).to_contain_text("added", timeout=ANSWER)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    expect(page.locator("#ask")).to_be_in_viewport()
    expect(told).to_be_in_viewport()


def test_two_visitors_add_at_once(open_tab: OpenTab, tmp_path: Path) -> None:
    pages = [open_tab(1280, 800), open_tab(1280, 800)]
    names = ("tram", "kite")
    lists = [
        choose(page, tmp_path, **{f"{name}__md": f"The {name} of Ostrava was painted green."})
        for page, name in zip(pages, names, strict=True)
    ]
    for told, name in zip(lists, names, strict=True):
        expect(told).to_have_text(f"{name}.md added", timeout=ANSWER)
