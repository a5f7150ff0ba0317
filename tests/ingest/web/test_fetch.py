"""Fetching: what comes back from a real server, and what is told when nothing does."""

from __future__ import annotations

import gzip
import socket
import ssl
import time
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest
import trustme

from ingest.errors import Unreadable
from ingest.formats import ReadOptions
from ingest.formats.saved import SavedPage
from ingest.web.fetch import fetch_all
from ingest.web.wanted import Fetched, Wanted
from tests.samples import SAMPLES, web_page
from tests.web_server import Site, in_a_loop, web_server

LIMIT = 100_000


def fetch(url: str, known: SavedPage | None = None, seconds: float = 20) -> Fetched:
    async def run() -> list[Fetched | Unreadable]:
        return await fetch_all([Wanted(url, known=known)], ReadOptions(LIMIT, LIMIT), seconds)

    (result,) = in_a_loop(run)
    if isinstance(result, Unreadable):
        raise result
    return result


def page(url: str) -> SavedPage:
    found = fetch(url).page
    assert found
    return found


def test_a_page_keeps_its_bytes_and_what_the_server_says_of_it(site: Site) -> None:
    day = "Mon, 06 May 2024 10:00:00 GMT"
    stated = {"ETag": '"1"', "Last-Modified": day}
    url = site.put("/a", web_page(), "text/html; charset=utf-8", headers=stated)
    assert page(url) == SavedPage(url, ".html", web_page(), "utf-8", '"1"', day)


@pytest.mark.parametrize(
    ("kind", "path", "body", "suffix"),
    [
        ("application/pdf", "/a", SAMPLES[".pdf"], ".pdf"),
        ("text/html", "/a", SAMPLES[".pdf"], ".pdf"),
        ("application/xhtml+xml", "/a", b"<html/>", ".html"),
        ("text/plain", "/a", b"boats", ".txt"),
        ("text/plain", "/a.md", b"# boats", ".md"),
        ("", "/a.docx", b"PK", ".docx"),
        ("", "/a", b"<!DOCTYPE html><p>x", ".html"),
        ("application/octet-stream", "/a.json?x=1", b"[]", ".json"),
        ("application/json; charset=utf-8", "/a", b"[]", ".json"),
        ("application/rss+xml", "/a", b"<rss>", ".rss"),
        ("text/html", "/a", b"<?xml version='1.0'?><feed xmlns='x'>", ".rss"),
        ("nonsense", "/a", b"<html>", ".html"),
    ],
)
def test_the_format_is_what_came(
    site: Site, kind: str, path: str, body: bytes, suffix: str
) -> None:
    assert page(site.put(path, body, kind)).suffix == suffix


def test_only_what_is_not_kept_is_asked_for(site: Site) -> None:
    url = site.put("/a", web_page(), headers={"ETag": '"1"'})
    known = page(url)
    assert fetch(url, known).page is None
    assert site.asked[1][1]["if-none-match"] == '"1"'
    site.put("/a", b"<html>new", headers={"ETag": '"2"'})
    newer = fetch(url, known).page
    assert newer and newer.body == b"<html>new"


def test_packed_pages_are_unpacked_within_limits(site: Site) -> None:
    packed = {"Content-Encoding": "gzip"}
    assert page(site.put("/a", gzip.compress(web_page()), headers=packed)).body == web_page()
    with pytest.raises(Unreadable, match=r"more than 0\.1 MB"):
        page(site.put("/b", gzip.compress(bytes(10 * LIMIT)), headers=packed))
    with pytest.raises(Unreadable, match="packed as br"):
        page(site.put("/c", b"x", headers={"Content-Encoding": "br"}))


def test_redirects_are_followed_but_the_page_goes_by_what_was_asked(site: Site) -> None:
    site.put("/new/page", web_page())
    site.put("/mid", status=301, headers={"Location": "new/page"})
    url = site.put("/old", status=302, headers={"Location": "/mid"})
    assert page(url).address == url
    assert site.paths == ["/old", "/mid", "/new/page"]


def test_a_login_is_for_the_server_alone(site: Site) -> None:
    url = site.put("/a", web_page()).replace("//", "//ann:secret@")
    assert "secret" not in page(url).address
    assert site.asked[0][1]["authorization"].startswith("Basic")


def drip(handler: BaseHTTPRequestHandler) -> None:
    """Send a header byte by byte, for ever."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    while True:
        handler.wfile.write(b"x")
        time.sleep(0.02)


def endless(handler: BaseHTTPRequestHandler) -> None:
    handler.wfile.write(b"HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\n")
    while True:
        handler.wfile.write(b"x" * 10_000)


def broken(handler: BaseHTTPRequestHandler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nhalf")


def garbage(handler: BaseHTTPRequestHandler) -> None:
    handler.wfile.write(b"\x00\x01\x02 no HTTP\r\n\r\n")


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        ({"status": 404}, "404 Not Found; check the address"),
        ({"status": 403}, "403 Forbidden; it lets no program in"),
        ({"status": 401}, "password"),
        ({"status": 429}, "try again later"),
        ({"status": 500}, "500 Internal Server Error; try again later"),
        ({"kind": "image/png"}, "is image/png, which holds no text"),
        ({"kind": "application/xml", "body": b"<?xml version='1.0'?><a/>"}, "neither a page nor"),
        ({"kind": ""}, "of no stated type"),
        ({"body": bytes(LIMIT + 1)}, "over the limit of 0.1 MB"),
        ({"status": 302, "headers": {"Location": "/a"}}, "more than 5 times"),
        ({"status": 302, "headers": {"Location": "ftp://a.example/x"}}, "only http and https"),
        ({"status": 302, "headers": {"Location": "http://[::1"}}, "broke off"),
        ({"status": 302}, "302 Found"),
        ({"act": endless}, "over the limit"),
        ({"act": broken}, "the connection broke off"),
        ({"act": garbage}, "the connection broke off"),
    ],
)
def test_what_goes_wrong_is_told(site: Site, reply: dict[str, Any], reason: str) -> None:
    url = site.put("/a", **reply)
    with pytest.raises(Unreadable, match=reason):
        fetch(url)


def test_the_time_counts_for_all_of_a_fetch(site: Site) -> None:
    with pytest.raises(Unreadable, match=r"longer than 0\.3 s.*CITEWELL_FETCH_SECONDS"):
        fetch(site.put("/a", act=drip), seconds=0.3)


def test_an_unknown_host_and_one_that_does_not_answer_are_told() -> None:
    with pytest.raises(Unreadable, match=r"host nowhere\.invalid is not known"):
        fetch("http://nowhere.invalid/")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))  # taken, but nobody listens
        with pytest.raises(Unreadable, match="nothing answers there"):
            fetch(f"http://127.0.0.1:{free.getsockname()[1]}/")


def test_certificates_are_checked_against_the_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    with web_server(context) as site:
        site.put("/a", web_page())
        url = site.address("/a", "localhost")
        with pytest.raises(Unreadable, match="certificate does not hold"):
            fetch(url)
        authority.cert_pem.write_to_path(str(tmp_path / "authority.pem"))
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))
        assert page(url).body == web_page()
        with pytest.raises(Unreadable, match="certificate does not hold"):
            fetch(site.address("/a"))
