"""Addresses: what is one, and where the page that it names is kept."""

from __future__ import annotations

import hashlib
import re
from urllib.parse import urlsplit

from ingest.errors import Unreadable

WEB = "web"  # folder below the corpus folder
LONGEST_STEM = 100
_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]+://", re.I)


def is_address(given: object) -> bool:
    """Tell an address from a path."""
    return isinstance(given, str) and bool(_ADDRESS.match(given))


def parse_address(given: str) -> str:
    """Write an address as it is fetched: encoded, and without what no server is told.

    Raises:
        Unreadable: if it is none that can be fetched.
    """
    import httpx  # takes a while, and files need it not

    scheme, _, rest = given.partition("://")
    if scheme.lower() not in ("http", "https"):
        raise Unreadable("only http and https addresses can be fetched; save it as a file instead")
    try:
        url = httpx.URL(f"{scheme.lower()}://{rest}")
        url = url.copy_with(fragment=None, raw_path=url.raw_path)
    except (httpx.InvalidURL, ValueError, UnicodeError) as error:
        raise Unreadable(f"is not a valid address ({error}); copy it anew") from error
    if not url.host or not 0 < (url.port or 80) < 65536:
        raise Unreadable("is not a whole address; write it as https://host/path")
    return str(url)


def without_login(url: str) -> str:
    """Name a page: a user name and password are for its server, not for readers."""
    parts = urlsplit(url)
    return parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()


def page_key(address: str) -> str:
    """Name the file that keeps a page, relative to the corpus folder: one for each address."""
    readable = re.sub(r"[^\w.]+", "-", address.partition("://")[2].partition("?")[0])
    stem = readable.strip("._-")[:LONGEST_STEM]
    return f"{WEB}/{stem}-{hashlib.sha256(address.encode()).hexdigest()[:12]}.mhtml"
