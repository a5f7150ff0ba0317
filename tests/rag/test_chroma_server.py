"""What is told when a Chroma server is down, slow, empty, or none at all."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from rag import InvalidInput, load_settings
from rag.chroma_server import ChromaServer
from rag.errors import ServerFailed
from tests.chroma import Chroma


def problem(url: str) -> str:
    with pytest.raises(ServerFailed) as raised:
        ChromaServer(url).collections("snapshot")
    return str(raised.value)


class Page(BaseHTTPRequestHandler):
    """Answers as a server of another kind; the token decides how."""

    protocol_version = "HTTP/1.1"
    seen: list[str]

    def do_GET(self) -> None:
        self.seen.append(self.headers.get("x-chroma-token", ""))
        kind, content = 404, b"<html>Not here</html>"
        if self.seen[-1] == "wrong":
            kind, content = 401, b'{"error": "AuthError", "message": "Forbidden"}'
        self.send_response(kind)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def other() -> Iterator[str]:
    """Address of a server that is none of Chroma's."""
    Page.seen = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), Page)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_server_that_is_down_is_told_and_left_alone_for_a_while(chroma: Chroma) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{probe.getsockname()[1]}"  # bound, but nobody listens
        assert "cannot be reached" in problem(url)
        assert "chroma run --path" in problem(url)
        server = ChromaServer(url)
        for _ in range(2):
            with pytest.raises(ServerFailed, match="cannot be reached"):
                server.collections("snapshot")


def test_a_server_that_does_not_answer_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rag.chroma_server.PATIENCE", 0.3)
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        assert "did not answer within 0.3 s" in problem(url)


def test_a_server_of_another_kind_or_version_is_told(other: str) -> None:
    assert "must name a Chroma server of version 1" in problem(other)


def test_a_token_is_sent_and_a_wrong_one_told(other: str) -> None:
    with pytest.raises(ServerFailed, match="set CITEWELL_CHROMA_TOKEN"):
        ChromaServer(other, "wrong").collections("snapshot")
    assert set(Page.seen) == {"wrong"}


def test_an_unknown_database_is_told_and_made_by_a_writer(chroma: Chroma) -> None:
    url = f"{chroma.url}?database=nowhere"
    assert "[nowhere] not found" in problem(url)
    assert "fill it with: python -m ingest" in problem(url)
    for _ in range(2):
        ChromaServer(url).prepare()
        assert ChromaServer(url).collections("snapshot") == {}


@pytest.mark.parametrize("url", ["vectors:8000", "ftp://vectors", "http://", "http:// vectors"])
def test_what_is_no_address_is_refused(url: str) -> None:
    with pytest.raises(InvalidInput, match="chroma_url"):
        load_settings(chroma_url=url)


def test_the_token_is_not_shown() -> None:
    assert "secret" not in repr(load_settings(chroma_token="secret"))
