"""A real index, a real server and a real browser, each started once for all browser tests."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, Page, sync_playwright

from ingest import reindex
from rag import Settings, load_settings
from tests.browser.install import find_chromium

ROOT = Path(__file__).parents[2]
START_SECONDS = 90
INSTALL = f"{sys.executable} -m tests.browser.install"

# An article that tries to run code in the page, from its title and from its text.
EVIL_ARTICLE = """\
---
title: "Zorblatt prize <img src=x onerror='window.hacked=1'> awarded"
source: "Daily <b>Post</b>"
date: 2024-02-03
url: "javascript:window.hacked=2"
---
The Zorblatt prize went to <img src=x onerror='window.hacked=3'> Mirela Quonset in February 2024.

<script>window.hacked=4</script> The Zorblatt jury met in a ${window.hacked=5} lighthouse.
"""


@pytest.fixture(scope="session")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings of an index over a copy of the sample articles and one hostile article."""
    folder = tmp_path_factory.mktemp("citewell")
    shutil.copytree(ROOT / "corpus", folder / "corpus")
    (folder / "corpus" / "hostile.md").write_text(EVIL_ARTICLE, encoding="utf-8")
    settings = load_settings(corpus_dir=folder / "corpus", index_dir=folder / "index")
    reindex(settings=settings)
    return settings


@pytest.fixture(scope="session")
def port() -> int:
    """A port of the loopback address that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def address(
    settings: Settings, port: int, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """The address of a running page; it must stop cleanly and never print a traceback."""
    log = tmp_path_factory.mktemp("server") / "log.txt"
    command = [sys.executable, "-m", "ui", "--index", str(settings.index_dir), "--port", str(port)]
    environment = os.environ | {
        "CITEWELL_CORPUS_DIR": str(settings.corpus_dir),
        "CITEWELL_MAX_FILE_BYTES": "1000000",
    }
    with log.open("wb") as output:
        server = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=output, stderr=output)
    try:
        _wait_until_announced(server, log)
        yield f"http://127.0.0.1:{port}"
        server.terminate()
        assert server.wait(timeout=20) == 0
    finally:
        server.kill()
        server.wait()
    assert "Traceback" not in log.read_text(encoding="utf-8")


def _wait_until_announced(server: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while "Citewell is at" not in log.read_text(encoding="utf-8"):
        if server.poll() is not None or time.monotonic() > deadline:
            pytest.fail(f"the page did not start:\n{log.read_text(encoding='utf-8')}")
        time.sleep(0.1)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium: the one named by CHROMIUM, else the system's."""
    path = find_chromium()
    if path is None:
        pytest.fail(f"no Chromium to test with; install it with: {INSTALL}")
    with sync_playwright() as playwright:
        try:
            started = playwright.chromium.launch(
                executable_path=path, args=["--no-sandbox", "--disable-gpu"]
            )
        except Error as error:
            pytest.fail(f"{path} does not start ({error.message}); install one with: {INSTALL}")
        yield started
        started.close()


@pytest.fixture
def requested() -> list[str]:
    """The address of every request that the test's windows made."""
    return []


@pytest.fixture
def open_tab(
    browser: Browser, address: str, requested: list[str]
) -> Iterator[Callable[[int, int], Page]]:
    """Opens the page in a window of its own, of this width and height, as another visitor does.

    Whatever a test does there, no script may break and no request may leave this computer.
    """
    contexts: list[BrowserContext] = []
    problems: list[str] = []

    def open_one(width: int, height: int) -> Page:
        context = browser.new_context(viewport={"width": width, "height": height})
        contexts.append(context)
        context.on("request", lambda request: requested.append(request.url))
        page = context.new_page()
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.goto(address)
        page.wait_for_selector("#chat .example")
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert not problems, problems
    hosts = {urlsplit(url).hostname for url in requested if not url.startswith(("data:", "blob:"))}
    assert hosts <= {"127.0.0.1"}, hosts


@pytest.fixture
def page(open_tab: Callable[[int, int], Page]) -> Page:
    """The page in a desktop window."""
    return open_tab(1280, 800)
