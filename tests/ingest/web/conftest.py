"""A web server for each test, and pages for it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.web_server import Site, web_server


@pytest.fixture
def site() -> Iterator[Site]:
    """A server on this computer."""
    with web_server() as made:
        yield made
