"""From an address to the page that it names, or to the reason why not."""

from __future__ import annotations

import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import anyio
import httpx

from ingest.errors import Unreadable
from ingest.formats import ReadOptions
from ingest.web.response import LATER, read_page
from ingest.web.transport import CheckedTransport
from ingest.web.wanted import Fetched, Wanted

MOST_REDIRECTS = 5
CONNECTING = 5.0  # seconds for each address of a host, so that one that is dead leaves time
HEADERS = {
    "User-Agent": "Citewell",
    "Accept": "text/html, application/xhtml+xml, application/pdf, application/rss+xml, "
    "application/atom+xml;q=0.9, text/*;q=0.8, */*;q=0.1",
    "Accept-Encoding": "gzip",  # the one whose unpacking we can bound
}


async def fetch_all(
    wanted: Sequence[Wanted], options: ReadOptions, seconds: float
) -> list[Fetched | Unreadable]:
    """Fetch pages at the same time; each within a number of seconds, all redirects included."""
    results: list[Fetched | Unreadable] = [Unreadable("was not fetched")] * len(wanted)
    # Connections are not used again: two hosts at one IP address must each show a certificate.
    transport = CheckedTransport(
        verify=httpx.create_ssl_context(), limits=httpx.Limits(max_keepalive_connections=0)
    )
    limits = httpx.Timeout(None, connect=CONNECTING)
    async with httpx.AsyncClient(
        transport=transport, headers=HEADERS, timeout=limits, trust_env=False
    ) as client:

        async def fetch_one(place: int) -> None:
            try:
                with _told(seconds), anyio.fail_after(seconds):
                    results[place] = await _fetch(client, wanted[place], options)
            except Unreadable as error:
                results[place] = error

        async with anyio.create_task_group() as group:
            for place in range(len(wanted)):
                group.start_soon(fetch_one, place)
    return results


async def _fetch(client: httpx.AsyncClient, wanted: Wanted, options: ReadOptions) -> Fetched:
    """Fetch a page; once a redirect came from the public internet, none leads out of it."""
    private = wanted.private
    request: httpx.Request | None = client.build_request(
        "GET", wanted.url, headers=wanted.conditions
    )
    for _ in range(MOST_REDIRECTS + 1):
        assert request is not None  # noqa: S101  # for the type checker
        request.extensions["private"] = private
        response = await client.send(request, stream=True)
        try:
            private = private and response.extensions["private"]
            request = response.next_request
            if request is None:
                return Fetched(await read_page(response, wanted, options), private)
        finally:
            await response.aclose()
    raise Unreadable(f"leads from one address to the next more than {MOST_REDIRECTS} times")


@contextmanager
def _told(seconds: float) -> Iterator[None]:
    """Say in words what goes wrong on the way."""
    try:
        yield
    except (TimeoutError, httpx.TimeoutException) as error:
        raise Unreadable(
            f"took longer than {seconds:g} s; try again later, or raise CITEWELL_FETCH_SECONDS"
        ) from error
    except httpx.ConnectError as error:
        if isinstance(_origin(error), ssl.SSLError):
            raise Unreadable(
                f"the server's certificate does not hold ({_origin(error)}); check the address, or "
                "save the page in a browser and index the file"
            ) from error
        raise Unreadable(
            "nothing answers there; check the address, and whether the server runs"
        ) from error
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        reason = " ".join(str(error).split())[:120] or type(error).__name__
        raise Unreadable(f"the connection broke off ({reason}); {LATER}") from error


def _origin(error: BaseException) -> BaseException:
    """What an error goes back to."""
    while error.__cause__ or error.__context__:
        error = error.__cause__ or error.__context__ or error
    return error
