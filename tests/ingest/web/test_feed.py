"""Feeds: what is taken from an item, and what is told of what is none."""

from __future__ import annotations

import datetime

import pytest

from ingest.articles import read_articles
from ingest.errors import Unreadable
from ingest.formats import Draft, ReadOptions
from ingest.formats.feed import read_feed
from tests.samples import AUTHOR, DATE, FACT, LINES, TITLE, feed

LONG = f"{FACT} " * 30


def only(item: str) -> Draft:
    (draft,) = read_feed(feed(f"<item>{item}</item>"), ReadOptions()).drafts
    return draft


def test_a_feed_file_is_an_article_for_each_item_with_text() -> None:
    articles = read_articles("a.rss", ".rss", feed()).articles
    assert [article.text for article in articles] == list(LINES)
    assert {(a.author, a.source, a.published) for a in articles} == {
        (AUTHOR, "Oslo Courier", datetime.date.fromisoformat(DATE))
    }
    assert [article.title for article in articles] == [f"{TITLE} {n}" for n in (1, 2, 3)]


def test_atom_is_read() -> None:
    entry = f"<entry><id>urn:1</id><title>{TITLE}</title><link href='https://a.example/1'/>"
    entry += f"<updated>{DATE}T10:00:00Z</updated><content type='html'>&lt;p&gt;{FACT}</content>"
    atom = f"<feed xmlns='http://www.w3.org/2005/Atom'><title>A</title>{entry}</entry></feed>"
    (article,) = read_articles("a.atom", ".atom", atom.encode()).articles
    assert (article.text, article.url, str(article.published)) == (
        FACT,
        "https://a.example/1",
        DATE,
    )


@pytest.mark.parametrize(
    ("item", "whole"),
    [
        (f"<description>{FACT}</description>", False),
        (f"<description>{LONG}</description>", True),
        (f"<description>{LONG} …</description>", False),
        (f"<description>{LONG} [...]</description>", False),
        (f"<content:encoded>{FACT}</content:encoded>", True),
        (f"<description>x</description><content:encoded>{FACT}</content:encoded>", True),
        (f"<title>{FACT}</title>", False),
    ],
)
def test_a_teaser_is_not_taken_for_the_article(item: str, whole: bool) -> None:
    assert bool(only(item).fields["markup"]) is whole


def test_an_item_keeps_its_name_when_its_text_changes() -> None:
    for stable in ("<guid>7</guid>", "<link>https://a.example/1</link>", "<title>T</title>"):
        one, two = (only(f"{stable}<description>{text}</description>") for text in LINES[:2])
        assert one.name == two.name and one.text != two.text


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"<?xml version='1.0'?><a/>", "no feed"),
        (b"", "no feed"),
        (feed(" "), "lists no articles"),
        (feed("<item><title>x</title></item>"), "no text in it"),
        (b"<rss version='2.0'><channel><item><title>x", "no text in it"),
    ],
)
def test_what_is_no_feed_is_told(content: bytes, reason: str) -> None:
    with pytest.raises(Unreadable, match=reason):
        read_articles("a.xml", ".xml", content)


def test_nothing_outside_a_feed_is_read_for_it(tmp_path: object) -> None:
    secret = f"{tmp_path}/secret"
    with open(secret, "w") as file:
        file.write("SECRET")
    entity = f'<!DOCTYPE rss [<!ENTITY x SYSTEM "file://{secret}">]>'
    content = feed("<item><title>T</title><description>boats &x;</description></item>")
    content = content.replace(b"?><rss", f"?>{entity}<rss".encode())
    assert "SECRET" not in repr(read_feed(content, ReadOptions()))
    with pytest.raises(Unreadable, match="no feed"):
        read_feed(secret.encode(), ReadOptions())


def test_entities_that_grow_do_not_grow() -> None:
    entities = '<!ENTITY a0 "boats">' + "".join(
        f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12)
    )
    content = feed("<item><title>T</title><description>x &a11; y</description></item>")
    content = content.replace(b"?><rss", f"?><!DOCTYPE rss [{entities}]><rss".encode())
    assert len(repr(read_feed(content, ReadOptions()))) < 10_000
