"""Addresses given to ingest: what gets into the index, stays there, and is told."""

from __future__ import annotations

import logging

import pytest

from ingest import IndexReport
from ingest.reindex import reindex
from rag import Article
from rag.errors import InvalidInput
from tests.conftest import Library
from tests.samples import DATE, FACT, LINES, TITLE, feed, pdf, web_page
from tests.web_server import Site, in_a_loop, web_server

FERRY = "The Kelvane ferry sank near Bergen in May 2024, and nobody was on it."
ETAG = {"ETag": '"1"'}


@pytest.fixture(autouse=True)
def _soon(library: Library) -> None:
    """Nothing takes long here."""
    library.settings = library.settings.model_copy(update={"fetch_seconds": 20})


def add(library: Library, *paths: object) -> IndexReport:
    return library.reindex(*paths)  # type: ignore[arg-type]


def articles(library: Library) -> dict[str, Article]:
    with library.snapshot() as snapshot:
        found = [snapshot.article(entry.id) for entry in snapshot.manifest.articles]
    return {article.path: article for article in found}


def failures(report: IndexReport) -> dict[str, str]:
    assert len({failure.path for failure in report.failed}) == len(report.failed)
    return {failure.path: failure.reason for failure in report.failed}


def item(site: Site, path: str, *, text: str = "", title: str = TITLE) -> str:
    own = f"<content:encoded><![CDATA[<p>{text}</p>]]></content:encoded>" if text else ""
    return (
        f"<item><title>{title}</title><link>{site.address(path)}</link>{own}"
        "<pubDate>Mon, 06 May 2024 10:00:00 GMT</pubDate></item>"
    )


def test_a_page_goes_by_its_address_and_is_found(library: Library, site: Site) -> None:
    url = site.put("/prize", web_page())
    report = add(library, f"{url}#top")
    assert (report.added, report.failed) == ((url,), ())
    article = articles(library)[url]
    assert (article.url, article.title, str(article.published)) == (url, TITLE, DATE)
    assert library.sources_of("Who won the Zorblatt prize?") == {url}


def test_the_same_address_again_is_the_same_article(library: Library, site: Site) -> None:
    url = site.put("/prize", web_page(), headers=ETAG)
    before = add(library, url)
    again = add(library, url, url)
    assert (again.unchanged, again.snapshot) == (1, before.snapshot)
    assert site.asked[1][1]["if-none-match"] == '"1"'
    site.put("/prize", web_page(f"<p>{FERRY}</p><p>{FACT}</p>"), headers={"ETag": '"2"'})
    assert add(library, url).updated == (url,)
    assert FERRY in articles(library)[url].text
    assert len(list((library.corpus / "web").iterdir())) == 1
    assert site.paths == ["/prize"] * 3


def test_later_runs_need_no_network(library: Library) -> None:
    library.write("ferry.md", FERRY)
    with web_server() as site:
        url = site.put("/prize", web_page())
        add(library, url, library.corpus / "ferry.md")
    for options in ({}, {"checksum": True}, {"rebuild": True}):
        report = library.reindex(**options)
        assert (report.unchanged, report.removed, report.failed) == (2, (), ())
    assert articles(library).keys() == {url, "ferry.md"}
    report = add(library, url)
    assert "nothing answers there" in failures(report)[url]
    assert (report.articles, report.removed, report.unchanged) == (2, (), 1)


def test_deleting_its_file_removes_a_page(library: Library, site: Site) -> None:
    library.write("ferry.md", FERRY)
    url = site.put("/prize", web_page())
    add(library, url, library.corpus)
    next((library.corpus / "web").iterdir()).unlink()
    assert library.reindex().removed == (url,)


def test_a_pdf_is_read_as_one(library: Library, site: Site) -> None:
    url = site.put("/prize", pdf(), "application/pdf")
    assert add(library, url).added == (url,)
    assert FACT in articles(library)[url].text


def test_a_canonical_link_makes_no_two_pages_one(library: Library, site: Site) -> None:
    urls = tuple(site.put(path, web_page()) for path in ("/a", "/b"))
    assert add(library, *urls).added == urls
    assert {article.url for article in articles(library).values()} == set(urls)


def test_the_articles_of_a_feed_are_fetched_each_as_its_own(library: Library, site: Site) -> None:
    site.put("/1", web_page())
    site.put("/2", f"<html><body><article><p>{FERRY}</p></article></body></html>")
    items = (item(site, "/1", title="Teaser"), item(site, "/2").replace(site.address(""), ""))
    url = site.put("/feed", feed(*items), "application/rss+xml")
    report = add(library, url)
    assert report.added == (site.address("/1"), site.address("/2"))
    first, second = articles(library).values()
    assert (first.title, first.source) == (TITLE, "Oslo Courier")
    assert (second.text, second.title, str(second.published)) == (FERRY, TITLE, DATE)
    assert add(library, url).unchanged == 2
    assert add(library, site.address("/2")).unchanged == 1  # also without the feed that dates it
    assert library.reindex().unchanged == 2


def test_an_item_whose_link_is_dead_is_taken_from_the_feed(library: Library, site: Site) -> None:
    def put(text: str) -> str:
        items = (item(site, "/1", text=text), item(site, "/2"))
        return site.put("/feed", feed(*items), "text/xml")

    report = add(library, put(FERRY))
    assert report.added == (site.address("/1"),)
    assert failures(report).keys() == {site.address("/2")}
    (article,) = articles(library).values()
    assert (article.text, article.title, article.url) == (FERRY, TITLE, site.address("/1"))
    assert (article.source, str(article.published)) == ("Oslo Courier", DATE)
    assert add(library, put(FERRY.replace("Bergen", "Molde"))).updated == (site.address("/1"),)
    site.put("/1", web_page())
    assert add(library, put(FERRY)).updated == (site.address("/1"),)
    assert FACT in articles(library)[site.address("/1")].text
    del site.pages["/1"]
    report = add(library, put(FERRY))
    assert FACT in articles(library)[site.address("/1")].text
    assert "404" in failures(report)[site.address("/1")]


def test_a_long_feed_is_cut_and_says_so(
    library: Library, site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    library.settings = library.settings.model_copy(update={"feed_items": 2})
    for number, line in enumerate(LINES):
        site.put(f"/{number}", f"<html><body><article><p>{line}</p></article></body></html>")
    url = site.put("/feed", feed(*(item(site, f"/{n}") for n in range(3))), "text/xml")
    with caplog.at_level(logging.WARNING):
        assert add(library, url).added == (site.address("/0"), site.address("/1"))
    assert "lists 3 articles; the first 2 are taken. CITEWELL_FEED_ITEMS" in caplog.text


def test_every_failure_is_told_once_and_the_rest_goes_on(library: Library, site: Site) -> None:
    good = site.put("/good", web_page())
    wrong = {
        "ftp://a.example/x": "only http and https",
        "http://nowhere.invalid/": "not known",
        site.address("/gone"): "404",
        site.put("/png", b"x", "image/png"): "image/png",
        site.put("/empty", "<html><body><script>x()</script></body></html>"): "no text in it",
        site.put("/broken", b"%PDF-1.4 x", "application/pdf"): "cannot be read as PDF",
        site.put("/feed", feed(" "), "text/xml"): "lists no articles",
        site.put("/notfeed", "<?xml version='1.0'?><a/>", "text/xml"): "neither a page nor a feed",
        site.put("/inner", feed(), "text/xml"): "is a feed, not an article",
    }
    ftp = "<item><title>x</title><link>ftp://a.example/x</link></item>"
    items = (item(site, "/inner"), item(site, "/outer"), ftp, ftp)
    outer = site.put("/outer", feed(*items), "text/xml")
    given = [address for address in wrong if address != site.address("/inner")]
    report = add(library, *given, good, outer, *given)
    assert report.added == (good,)
    told = failures(report)
    assert told.keys() == wrong.keys()
    for address, reason in wrong.items():
        assert reason in told[address], told[address]
    assert len(list((library.corpus / "web").iterdir())) == 1


def test_a_version_that_cannot_be_read_does_not_replace_a_good_one(
    library: Library, site: Site
) -> None:
    url = site.put("/prize", web_page())
    add(library, url)
    site.put("/prize", "<html><body></body></html>")
    report = add(library, url)
    assert "no text in it" in failures(report)[url]
    assert (report.unchanged, report.updated) == (1, ())
    assert library.reindex().unchanged == 1


def test_when_nothing_can_be_fetched_nothing_else_is_indexed(library: Library, site: Site) -> None:
    library.write("ferry.md", FERRY)
    report = add(library, site.address("/gone"))
    assert (report.articles, report.added, report.snapshot) == (0, (), "")
    library.reindex()
    library.write("other.md", FACT)
    report = add(library, site.address("/gone"))
    assert (report.articles, report.added, len(report.failed)) == (1, (), 1)


def test_an_index_that_was_lost_gets_the_kept_page_though_it_is_gone(
    library: Library, site: Site
) -> None:
    url = site.put("/prize", web_page())
    add(library, url)
    library.settings = library.settings.model_copy(
        update={"index_dir": library.index_dir.with_name("another")}
    )
    del site.pages["/prize"]
    report = add(library, url)
    assert (report.added, len(report.failed)) == ((url,), 1)
    (failure,) = add(library, url).failed
    assert (failure.path, failure.kept) == (url, True)


def test_a_folder_that_cannot_be_written_to_is_told(library: Library, site: Site) -> None:
    library.write("web", "a file where the folder should be")
    url = site.put("/prize", web_page())
    assert "CITEWELL_CORPUS_DIR" in failures(add(library, url))[url]


def test_addresses_may_be_given_within_a_loop(library: Library, site: Site) -> None:
    url = site.put("/prize", web_page())

    async def run() -> IndexReport:
        return reindex([url], settings=library.settings, encoder=library.encoder)

    assert in_a_loop(run).added == (url,)


def test_a_dry_run_fetches_nothing(library: Library, site: Site) -> None:
    with pytest.raises(InvalidInput, match="leave out one"):
        library.reindex(site.put("/prize", web_page()), dry_run=True)  # type: ignore[arg-type]
    assert not site.asked
