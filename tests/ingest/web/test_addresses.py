"""What is an address, and where its page is kept."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.errors import Unreadable
from ingest.names import is_meant
from ingest.web.addresses import is_address, page_key, parse_address, without_login


def test_addresses_are_told_from_paths() -> None:
    assert all(map(is_address, ("https://a.example", "HTTP://A", "ftp://a/b", "file:///a")))
    assert not any(map(is_address, ("a/b.md", "/a", "C:\\a", "C:/a", "a:b", Path("https://a"))))


@pytest.mark.parametrize(
    ("given", "address"),
    [
        ("HTTP://News.Example:80", "http://news.example/"),
        ("https://news.example/a b?q=1#part", "https://news.example/a%20b?q=1"),
        ("https://münchen.example/ä", "https://xn--mnchen-3ya.example/%C3%A4"),
        ("http://[::1]:8000/x", "http://[::1]:8000/x"),
    ],
)
def test_an_address_is_written_in_one_way(given: str, address: str) -> None:
    assert parse_address(given) == address == parse_address(address)


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ("ftp://a.example/x", "only http and https"),
        ("file:///etc/passwd", "only http and https"),
        ("https://", "not a whole address"),
        ("http:///x", "not a whole address"),
        ("http://a.example:99999/", "not a (valid|whole) address"),
        ("http://[::1/x", "not a valid address"),
    ],
)
def test_what_cannot_be_fetched_is_told(given: str, reason: str) -> None:
    with pytest.raises(Unreadable, match=reason):
        parse_address(given)


def test_a_password_is_no_part_of_what_a_page_goes_by() -> None:
    assert without_login("https://ann:secret@a.example:81/x?y=@") == "https://a.example:81/x?y=@"
    assert without_login("https://a.example/@ann") == "https://a.example/@ann"


@pytest.mark.parametrize(
    "address",
    [
        "https://a.example/",
        "https://a.example/../../../etc/passwd",
        "http://[::1]:80/_x",
        f"https://a.example/{'x' * 3000}",
        "https://a.example/x.tmp?a=1&b=%2F",
    ],
)
def test_each_address_has_a_file_of_its_own_that_is_meant_as_an_article(address: str) -> None:
    file = Path(page_key(address))
    assert file.parent == Path("web") and is_meant(file) and len(file.name) < 130
    assert page_key(address) == page_key(address) != page_key(f"{address}x")
