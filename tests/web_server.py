"""A web server on this computer, whose pages a test writes."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TypeVar

from anyio.from_thread import start_blocking_portal

T = TypeVar("T")


@dataclass
class Reply:
    """What the server says to a request; `act` says it by itself."""

    body: bytes = b""
    kind: str = "text/html"
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    act: Callable[[BaseHTTPRequestHandler], None] | None = None


@dataclass
class Site:
    """Pages by path. `asked`: each request so far, with the header lines that came with it."""

    port: int
    scheme: str = "http"
    pages: dict[str, Reply] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    def put(
        self, path: str, body: str | bytes = b"", kind: str = "text/html", **more: object
    ) -> str:
        """Write a page and give its address."""
        content = body.encode() if isinstance(body, str) else body
        self.pages[path] = Reply(content, kind, **more)  # type: ignore[arg-type]
        return self.address(path)

    def address(self, path: str, host: str = "127.0.0.1") -> str:
        return f"{self.scheme}://{host}:{self.port}{path}"

    @property
    def paths(self) -> list[str]:
        """Paths that were asked for, in order."""
        return [path for path, _ in self.asked]


@contextmanager
def web_server(tls: ssl.SSLContext | None = None) -> Iterator[Site]:
    """Serve until the end of the block, on all loopback addresses."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            site.asked.append((self.path, {k.lower(): v for k, v in self.headers.items()}))
            reply = site.pages.get(self.path, Reply(b"nothing here", "text/plain", 404))
            if reply.act:
                reply.act(self)
                return
            etag = reply.headers.get("ETag")
            fresh = etag is not None and self.headers.get("If-None-Match") == etag
            self.send_response(304 if fresh else reply.status)
            headers = {"Content-Type": reply.kind, "Content-Length": str(len(reply.body))}
            for name, value in {**headers, **reply.headers}.items():
                if value and not (fresh and name.startswith("Content")):
                    self.send_header(name, value)
            self.end_headers()
            if not fresh:
                self.wfile.write(reply.body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_: object) -> None:
            """Who went away, went away."""

    with Server(("0.0.0.0", 0), Handler) as server:
        if tls:
            server.socket = tls.wrap_socket(server.socket, server_side=True)
        site = Site(server.server_port, "https" if tls else "http")
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield site
        finally:
            server.shutdown()
            thread.join()


def in_a_loop(run: Callable[[], Awaitable[T]]) -> T:
    """Run in a loop and a thread of its own: a browser test may have left one running here."""
    with start_blocking_portal() as portal:
        return portal.call(run)
