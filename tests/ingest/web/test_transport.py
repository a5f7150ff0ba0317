"""Nobody is led from the public internet into a private network."""

from __future__ import annotations

import socket
from typing import Any

import anyio
import pytest

from ingest.errors import Unreadable
from ingest.formats import ReadOptions
from ingest.web import transport
from ingest.web.fetch import fetch_all
from ingest.web.transport import is_public
from ingest.web.wanted import Fetched, Wanted
from tests.samples import web_page
from tests.web_server import Site, in_a_loop

OUTSIDE = "127.0.0.2"  # stands for an address of the public internet


@pytest.fixture
def outside(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transport, "is_public", lambda address: address == OUTSIDE)


def fetch(*wanted: Wanted) -> list[Fetched | Unreadable]:
    async def run() -> list[Fetched | Unreadable]:
        return await fetch_all(wanted, ReadOptions(), 10)

    return in_a_loop(run)


def redirect(site: Site, path: str, to: str) -> None:
    site.put(path, status=302, headers={"Location": to})


@pytest.mark.parametrize("address", ["93.184.215.14", "2606:4700::1", "64:ff9b::808:808"])
def test_public_addresses(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "127.8.8.8", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254"),
        *("100.64.0.1", "0.0.0.0", "224.0.0.1", "240.0.0.1", "255.255.255.255", "192.0.2.1"),
        *("::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "fd12::1", "ff02::1", "2001:db8::1"),
        *("::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::a00:1", "2002:7f00:1::"),
    ],
)
def test_addresses_that_are_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::ffff:127.0.0.1]"])
def test_a_redirect_from_outside_to_a_private_address_is_refused(
    site: Site, outside: None, host: str
) -> None:
    site.put("/secret", web_page())
    redirect(site, "/start", site.address("/secret", host))
    (result,) = fetch(Wanted(site.address("/start", OUTSIDE)))
    assert "private network" in str(result)
    assert site.paths == ["/start"]


def test_neither_is_one_that_comes_after_others(site: Site, outside: None) -> None:
    site.put("/secret", web_page())
    redirect(site, "/inside", site.address("/out", OUTSIDE))
    redirect(site, "/out", "/out-again")
    redirect(site, "/out-again", site.address("/secret"))
    (result,) = fetch(Wanted(site.address("/inside")))
    assert "private network" in str(result)
    assert site.paths == ["/inside", "/out", "/out-again"]


def test_a_person_may_give_a_private_address_and_be_redirected_there(
    site: Site, outside: None
) -> None:
    site.put("/page", web_page())
    redirect(site, "/start", "/page")
    (result,) = fetch(Wanted(site.address("/start")))
    assert isinstance(result, Fetched) and result.private


def test_a_public_page_may_name_no_private_one(site: Site, outside: None) -> None:
    site.put("/page", web_page())
    inside, public = fetch(
        Wanted(site.address("/page"), private=False),
        Wanted(site.address("/page", OUTSIDE), private=False),
    )
    assert "give that address itself" in str(inside)
    assert isinstance(public, Fetched) and not public.private
    assert site.paths == ["/page"]


def test_what_was_checked_is_connected_to(
    site: Site, outside: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name server that gives another address at each look (DNS rebinding) gains nothing."""
    looks = []

    async def getaddrinfo(host: str, *_: Any, **__: Any) -> list[Any]:
        looks.append(host)
        found = OUTSIDE if len(looks) == 1 else "127.0.0.1"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (found, 0))]

    monkeypatch.setattr(anyio, "getaddrinfo", getaddrinfo)
    site.put("/page", web_page())
    (result,) = fetch(Wanted(site.address("/page", "rebinding.example"), private=False))
    assert isinstance(result, Fetched) and result.page
    assert looks == ["rebinding.example"]
    assert site.asked[0][1]["host"] == f"rebinding.example:{site.port}"


def test_one_private_address_among_public_ones_is_one_too_many(
    site: Site, outside: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def getaddrinfo(*_: Any, **__: Any) -> list[Any]:
        return [(socket.AF_INET, 1, 6, "", (found, 0)) for found in (OUTSIDE, "127.0.0.1")]

    monkeypatch.setattr(anyio, "getaddrinfo", getaddrinfo)
    (result,) = fetch(Wanted(site.address("/page", "both.example"), private=False))
    assert "private network" in str(result) and not site.asked
