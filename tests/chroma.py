"""A Chroma server of the tests' own, on this computer."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
import uuid
from pathlib import Path

import httpx

PATIENCE = 60  # seconds


class Chroma:
    """`chroma run` over a folder; it can be killed and started again at the same address."""

    def __init__(self, folder: Path) -> None:
        """Choose a free port."""
        self.folder = folder
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port: int = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start it, and wait until it answers."""
        chroma = str(Path(sys.executable).with_name("chroma"))
        command = [chroma, "run", "--path", str(self.folder), "--host", "127.0.0.1"]
        self._process = subprocess.Popen(
            [*command, "--port", str(self.port)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                httpx.get(f"{self.url}/api/v2/heartbeat").raise_for_status()
                return
            except httpx.HTTPError:
                assert time.monotonic() < deadline and self._process.poll() is None
                time.sleep(0.05)

    def kill(self) -> None:
        """End it as by kill -9."""
        self._process.kill()
        self._process.wait()

    def new_database(self) -> str:
        """Address of a database of a test's own."""
        name = f"test-{uuid.uuid4().hex}"
        databases = f"{self.url}/api/v2/tenants/default_tenant/databases"
        httpx.post(databases, json={"name": name}).raise_for_status()
        return f"{self.url}?database={name}"
