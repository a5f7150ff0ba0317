"""Connections only to addresses that were checked.

A name may resolve to another machine at every look, so the addresses found are checked and one of
these is connected to, not the name once more. The certificate is still checked against the name.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Iterable

import anyio
import httpx

from ingest.errors import Unreadable

MOST_TRIED = 4  # addresses of one name
_NAT64 = ipaddress.ip_network("64:ff9b::/96")  # IPv4 as networks without it see it


class CheckedTransport(httpx.AsyncHTTPTransport):
    """Resolves, checks, connects.

    A request with the extension `private` may go to a machine of a private network; the response
    has the same extension and tells whether it did.
    """

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request to the first address of its host that can be connected to.

        Raises:
            Unreadable: if the host is not known, or may not be asked.
        """
        if request.url.scheme not in ("http", "https"):
            raise Unreadable(f"leads to {request.url}, and only http and https can be fetched")
        host = request.url.raw_host.decode("ascii")
        failed: httpx.TransportError = httpx.ConnectError("no address")
        for address in (await _addresses(host, request.extensions["private"]))[:MOST_TRIED]:
            pinned = httpx.Request(
                request.method,
                request.url.copy_with(host=address),
                headers=request.headers,
                stream=request.stream,
                extensions=request.extensions | {"sni_hostname": host},
            )
            try:
                response = await super().handle_async_request(pinned)
            except (httpx.ConnectError, httpx.ConnectTimeout) as error:
                failed = error
                continue
            response.extensions["private"] = not is_public(address)
            return response
        raise failed


async def _addresses(host: str, private: bool) -> list[str]:
    """Resolve a host's name; if it may not be private, none of its addresses may be."""
    try:
        found = await anyio.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise Unreadable(
            f"the host {host} is not known; check the spelling, and whether there is a network"
        ) from error
    addresses = list(dict.fromkeys(str(each[4][0]) for each in found))
    if not private:
        check_public(host, addresses)
    return addresses


def check_public(host: str, addresses: Iterable[str]) -> None:
    """Refuse to be led into a private network.

    Raises:
        Unreadable: if an address is in one.
    """
    inside = [address for address in addresses if not is_public(address)]
    if inside:
        raise Unreadable(
            f"a public page leads to {host} ({inside[0]}), which is in a private network, so it "
            "was not followed; if you trust it, give that address itself"
        )


def is_public(address: str) -> bool:
    """Tell whether an IP address is one of the public internet."""
    found = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address):
        inner = found.ipv4_mapped or found.sixtofour
        if inner is None and found in _NAT64:
            inner = ipaddress.IPv4Address(int(found) & 0xFFFF_FFFF)
        if inner is not None:
            return is_public(str(inner))
    return found.is_global and not found.is_multicast
