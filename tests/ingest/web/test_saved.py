"""Pages in single files: bytes and what is known of them come back as they were."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.articles import read_articles
from ingest.errors import Unreadable
from ingest.formats.kinds import FEED, TYPE_OF
from ingest.formats.saved import FIELDS, SavedPage
from ingest.web.addresses import page_key
from tests.samples import DATE, FACT, RECORDS, SAMPLES, TITLE, saved_page, web_page

WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=200).map(
    lambda text: " ".join(text.split())
)
URL = "https://courier.example/a?b=1"
PAGE = SavedPage(URL, ".html", web_page())


@given(
    body=st.binary(max_size=300),
    suffix=st.sampled_from(sorted(TYPE_OF.keys() - {FEED})),
    fields=st.dictionaries(st.sampled_from(sorted(FIELDS)), WORDS.filter(bool)),
    etag=st.text(st.characters(min_codepoint=33, max_codepoint=126), max_size=300),
)
def test_nothing_is_lost(body: bytes, suffix: str, fields: dict[str, str], etag: str) -> None:
    page = SavedPage(URL, suffix, body, "utf-8", etag, "Mon", URL, fields)
    content = page.to_bytes()
    assert SavedPage.from_bytes(content) == page
    assert content.endswith(b"\r\n\r\n" + body)  # without CR LF Chromium shows an empty page


def test_a_page_that_we_keep_goes_by_its_address_and_no_copy_of_it_does() -> None:
    (article,) = read_articles(page_key(URL), ".mhtml", PAGE.to_bytes()).articles
    assert (article.path, article.url, article.title) == (URL, URL, TITLE)
    (copy,) = read_articles("web/copy.mhtml", ".mhtml", PAGE.to_bytes()).articles
    assert (copy.path, copy.url) == ("web/copy.mhtml", URL)
    assert copy.id != article.id


def test_a_page_saved_by_a_browser_is_read() -> None:
    (article,) = read_articles("a.mhtml", ".mhtml", saved_page()).articles
    assert (article.path, article.url) == ("a.mhtml", "https://courier.example/p")
    assert FACT in article.text


def test_what_a_feed_says_of_a_page_serves_where_the_page_says_nothing() -> None:
    fields = {"title": "Another", "author": "Bea", "published": DATE}
    bare = f"<html><head><title>{TITLE}</title></head><body><article><p>{FACT}</p>".encode()
    page = dataclasses.replace(PAGE, body=bare, fields=fields)
    (article,) = read_articles("a", ".mhtml", page.to_bytes()).articles
    assert (article.title, article.author, str(article.published)) == (TITLE, "Bea", DATE)
    own = dataclasses.replace(page, feed="https://courier.example/feed")
    (article,) = read_articles("a", ".mhtml", own.to_bytes()).articles
    assert article.title == "Another"


def test_records_at_an_address_are_articles_of_it() -> None:
    page = SavedPage(URL, ".json", SAMPLES[".json"])
    articles = read_articles(page_key(URL), ".mhtml", page.to_bytes()).articles
    assert [a.path for a in articles] == [f"{URL}#{record['id']}" for record in RECORDS]
    assert {a.url for a in articles} == {URL}


@pytest.mark.parametrize("charset", ["iso-8859-1", "utf-8", "no-such"])
def test_the_charset_that_a_server_names_counts_unless_it_is_wrong(charset: str) -> None:
    body = "<html><body><p>La remise du prix a été fêtée à Genève.</p>".encode()
    page = SavedPage(URL, ".html", body, charset)
    assert "fêtée à Genève" in read_articles("a", ".mhtml", page.to_bytes()).articles[0].text
    page = SavedPage(URL, ".html", body.decode().encode("iso-8859-1"), "iso-8859-1")
    assert "fêtée à Genève" in read_articles("a", ".mhtml", page.to_bytes()).articles[0].text


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "no text in it"),
        (b"Content-Type: image/png\n\nx", "no page in it"),
        (b"Content-Type: application/rss+xml\n\nx", "no page in it"),
        (b"Content-Type: multipart/related; boundary=x\n\n--x\n\n--x--", "no text|no page"),
        (b"a: boundary=x\n" * 300, "nested parts"),
        (b"Content-Type: application/pdf\n\nx", "cannot be read as PDF"),
    ],
)
def test_what_is_wrong_is_told(content: bytes, reason: str) -> None:
    with pytest.raises(Unreadable, match=reason):
        read_articles("a", ".mhtml", content)
