"""From an address to the page that it names, or to the reason why not."""

from __future__ import annotations

import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import Message
from http import HTTPStatus

import anyio
import httpx

from ingest.errors import Unreadable
from ingest.formats import Draft, ReadOptions
from ingest.formats.kinds import suffix_for
from ingest.formats.packed import unpack_gzip
from ingest.formats.saved import SavedPage
from ingest.web.addresses import without_login
from ingest.web.transport import CheckedTransport

MOST_REDIRECTS = 5
CONNECTING = 5.0  # seconds for each address of a host, so that one that is dead leaves time
HEADERS = {
    "User-Agent": "Citewell",
    "Accept": "text/html, application/xhtml+xml, application/pdf, application/rss+xml, "
    "application/atom+xml;q=0.9, text/*;q=0.8, */*;q=0.1",
    "Accept-Encoding": "gzip",  # the one whose unpacking we can bound
}
ADVICE = {
    401: "it asks for a password: save the page in a browser and index the file",
    403: "it lets no program in: save the page in a browser and index the file",
    404: "check the address",
    410: "it was taken down",
    429: "it is asked too often: try again later",
}
LATER = "try again later, or save the page in a browser and index the file"


@dataclass(frozen=True, slots=True)
class Wanted:
    """A page to fetch.

    `private`: it may be in a private network, for a person gave the address, or a page there.
    `known`: what is kept of it. `item` and `feed`: what names it, if no person did.
    """

    url: str
    private: bool = True
    known: SavedPage | None = None
    item: Draft | None = None
    feed: str = ""

    @property
    def address(self) -> str:
        """What the page goes by."""
        return without_login(self.url)

    @property
    def conditions(self) -> dict[str, str]:
        """Header lines that ask only for what is not kept yet."""
        if self.known is None or self.known.feed:
            return {}
        stated = {"If-None-Match": self.known.etag, "If-Modified-Since": self.known.modified}
        return {name: value for name, value in stated.items() if value}


@dataclass(frozen=True, slots=True)
class Fetched:
    """A page, or `None` if it is as we keep it; `private`: it came from a private network."""

    page: SavedPage | None
    private: bool


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
                return Fetched(await _page(response, wanted, options), private)
        finally:
            await response.aclose()
    raise Unreadable(f"leads from one address to the next more than {MOST_REDIRECTS} times")


async def _page(response: httpx.Response, wanted: Wanted, options: ReadOptions) -> SavedPage | None:
    """Make a page of a response; `None` if the one we keep is the latest."""
    if response.status_code == HTTPStatus.NOT_MODIFIED and wanted.known:
        return None
    if not response.is_success:
        status = f"{response.status_code} {response.reason_phrase}".strip()
        raise Unreadable(f"the server says {status}; {ADVICE.get(response.status_code, LATER)}")
    body = await _body(response, options)
    stated = Message()
    stated["Content-Type"] = response.headers.get("content-type", "").strip() or "x/"
    kind = stated.get_content_type() if stated.get_content_maintype() != "x" else ""
    return SavedPage(
        wanted.address,
        suffix_for(kind, str(response.request.url), body),
        body,
        charset=str(stated.get_param("charset", "")),
        etag=response.headers.get("etag", ""),
        modified=response.headers.get("last-modified", ""),
    )


async def _body(response: httpx.Response, options: ReadOptions) -> bytes:
    """Read no more than is allowed, and unpack no more than that."""
    parts: list[bytes] = []
    room = options.max_bytes
    async for part in response.aiter_raw():
        room -= len(part)
        if room < 0:
            raise too_large(options)
        parts.append(part)
    body = b"".join(parts)
    packed = response.headers.get("content-encoding", "identity").strip().lower()
    if packed in ("gzip", "x-gzip"):
        body = unpack_gzip(body, options)
    elif packed not in ("identity", ""):
        raise Unreadable(f"comes packed as {packed}, which we did not ask for; {LATER}")
    if len(body) > options.max_bytes:
        raise too_large(options)
    return body


def too_large(options: ReadOptions) -> Unreadable:
    """Say that a page is over the limit."""
    return Unreadable(
        f"is over the limit of {options.max_bytes / 1e6:.1f} MB for one page; give a smaller one "
        "or raise CITEWELL_MAX_FILE_BYTES"
    )


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
