"""The Chroma server that `CITEWELL_CHROMA_URL` names, and what is told when it fails."""

from __future__ import annotations

import threading
import time
import weakref
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Literal, cast
from urllib.parse import parse_qs, quote, urlsplit

from rag.errors import CitewellError, ServerFailed
from rag.settings import Settings

if TYPE_CHECKING:
    import httpx
    from chromadb.api.client import Client
    from chromadb.api.models.Collection import Collection

PREFIX = "citewell."  # of the collections that are ours; others may share the server
PATIENCE = 30  # seconds for an answer; Chroma's own client waits for ever
CONNECTING = 5  # seconds
REST = 5  # seconds that a server that failed is left alone: no question waits for it twice
PAGE = 100  # collections that are listed at a time


class ChromaServer:
    """A server of vectors; connected when it is first used, and shared between threads."""

    def __init__(self, url: str, token: str = "") -> None:
        """Take an address such as `http://vectors:8000?tenant=ours&database=news`."""
        parts = urlsplit(url)
        options = parse_qs(parts.query)
        self.url = f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}"
        self.tenant = options.get("tenant", ["default_tenant"])[0]
        self.database = options.get("database", ["default_database"])[0]
        # Chroma Cloud reads the first, a proxy before a server of one's own the second.
        self._headers = (
            {"x-chroma-token": token, "Authorization": f"Bearer {token}"} if token else {}
        )
        self._lock = threading.Lock()
        self._client: Client | None = None
        self._failed: tuple[float, str] = (-REST, "")

    @classmethod
    def of(cls, settings: Settings) -> ChromaServer | None:
        """The server that the settings name, or `None`."""
        if not settings.chroma_url:
            return None
        return cls(settings.chroma_url, settings.chroma_token.get_secret_value())

    @property
    def client(self) -> Client:
        """A connection; raises `ServerFailed` if there is none."""
        with self._lock, self.told():
            if self._client is None:
                self._client = self._connect()
            return self._client

    def collections(self, kind: str) -> dict[str, Collection]:
        """Our collections of a kind, by the rest of their names; oldest first."""
        found: dict[str, Collection] = {}
        start = PREFIX + kind + "."
        with self.told():
            while page := self.client.list_collections(limit=PAGE, offset=len(found)):
                found |= {collection.name: collection for collection in page}
                if len(page) < PAGE:
                    break
        names = sorted(name for name in found if name.startswith(start))
        return {name.removeprefix(start): found[name] for name in names}

    def find(self, name: str) -> Collection | None:
        """A collection by its whole name; `None` if there is none."""
        from chromadb.errors import NotFoundError

        with self.told():
            try:
                return self.client.get_collection(name, embedding_function=None)
            except NotFoundError:
                return None

    def create(self, name: str, space: Literal["l2", "cosine"] = "l2") -> Collection:
        """Make a collection, for distances of a kind, unless there is one of that name."""
        with self.told():
            return self.client.get_or_create_collection(
                name, configuration={"hnsw": {"space": space}}, embedding_function=None
            )

    @contextmanager
    def told(self) -> Iterator[None]:
        """Tell what is wrong with the server, and what to do.

        Raises:
            ServerFailed: for all that goes wrong with it inside.
        """
        since, problem = self._failed
        if time.monotonic() - since < REST:
            raise ServerFailed(problem)
        try:
            yield
        except CitewellError:
            raise
        except Exception as error:
            problem = self._problem(error)
            if not problem:
                raise
            raise ServerFailed(problem) from error

    def _problem(self, error: Exception) -> str:
        """Say what an error means; nothing if it is not the server's."""
        import httpx
        from chromadb import errors

        at = f"the Chroma server at {self.url}"
        if isinstance(error, httpx.HTTPError) or "Could not connect" in str(error):
            slow = isinstance(error, httpx.ReadTimeout)
            what = f"did not answer within {PATIENCE} s" if slow else "cannot be reached"
            problem = (
                f"{at} {what} ({error}); look whether it runs (chroma run --path DIR) and whether "
                "CITEWELL_CHROMA_URL is right, and try again"
            )
            self._failed = (time.monotonic(), problem)
            return problem
        if isinstance(error, errors.ChromaAuthError | errors.AuthorizationError):
            return f"{at} refused the token ({error}); set CITEWELL_CHROMA_TOKEN to a valid one"
        if isinstance(error, errors.NotFoundError):
            return (
                f"{at} lacks what should be there ({error}): it was emptied, or "
                "CITEWELL_CHROMA_URL names another one. Correct that, or fill it with: "
                "python -m ingest"
            )
        # Where it has no name for an error, Chroma's client raises a bare Exception.
        if isinstance(error, errors.ChromaError | ValueError) or type(error) is Exception:
            return (
                f"{at} gave an answer that is not understood ({str(error)[:300]}); "
                "CITEWELL_CHROMA_URL must name a Chroma server of version 1"
            )
        return ""

    def prepare(self) -> None:
        """Make the database that the address names, unless there is one."""
        from chromadb.errors import NotFoundError

        with self.told():
            try:
                self._ask("GET", f"{self.tenant}/databases/{self.database}")
            except NotFoundError:
                self._ask("POST", f"{self.tenant}/databases", {"name": self.database})

    def _ask(self, method: str, tenant: str, content: dict[str, str] | None = None) -> None:
        """Ask without Chroma's client, which waits for ever while it is made."""
        import httpx
        from chromadb.api.base_http_client import BaseHTTPClient

        url = f"{self.url}/api/v2/tenants/{quote(tenant)}"
        timeout = httpx.Timeout(PATIENCE, connect=CONNECTING)
        found = httpx.request(method, url, json=content, headers=self._headers, timeout=timeout)
        BaseHTTPClient._raise_chroma_error(found)

    def _connect(self) -> Client:
        import chromadb  # takes seconds
        import httpx
        from chromadb.config import Settings as ChromaSettings

        self._ask("GET", f"{self.tenant}/databases/{self.database}")  # or it would not let go
        client = chromadb.HttpClient(
            self.url,
            ssl=self.url.startswith("https"),
            headers=dict(self._headers),
            settings=ChromaSettings(anonymized_telemetry=False),
            tenant=self.tenant,
            database=self.database,
        )
        # It has two connections, which Chroma neither limits nor closes.
        inner = cast("Any", client)
        sessions = [each._server._session for each in (inner, inner._admin_client)]
        sessions[0].timeout = httpx.Timeout(PATIENCE, connect=CONNECTING)
        weakref.finalize(self, _close, inner, sessions)
        return cast("Client", client)


def _close(client: Any, sessions: Sequence[httpx.Client]) -> None:
    client.close()
    for session in sessions:
        session.close()
