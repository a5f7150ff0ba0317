"""From a server's response to a page, or to the reason why not."""

from __future__ import annotations

from email.message import Message
from http import HTTPStatus

import httpx

from ingest.errors import Unreadable
from ingest.formats import ReadOptions
from ingest.formats.kinds import suffix_for
from ingest.formats.packed import unpack_gzip
from ingest.formats.saved import SavedPage
from ingest.web.wanted import Wanted

ADVICE = {
    401: "it asks for a password: save the page in a browser and index the file",
    403: "it lets no program in: save the page in a browser and index the file",
    404: "check the address",
    410: "it was taken down",
    429: "it is asked too often: try again later",
}
LATER = "try again later, or save the page in a browser and index the file"


async def read_page(
    response: httpx.Response, wanted: Wanted, options: ReadOptions
) -> SavedPage | None:
    """Make a page of a response; `None` if the one we keep is the latest.

    Raises:
        Unreadable: if there is none in it.
    """
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
