"""The right to write to an index in a Chroma server, which one writer has at a time.

It is a collection, for the server lets no two have one name. Its holder changes it every few
seconds; one that stays as it is for longer is that of a writer that died. No clocks are compared:
whoever waits goes by what it sees, and by its own clock. Collections are renamed by their numbers,
so nobody takes away a lease other than the one it means.
"""

from __future__ import annotations

import os
import socket
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from chromadb.api.models.Collection import Collection
from chromadb.errors import ChromaError

from rag.chroma_server import PREFIX, ChromaServer
from rag.errors import IndexBusy, ServerFailed

NAME = PREFIX + "lock"
BEAT = 2.0  # seconds between signs of life
SILENCE = 12.0  # seconds without one, after which a writer is taken for dead


class Lease:
    """A lease that is held; a thread keeps it alive."""

    def __init__(self, server: ChromaServer, collection: Collection, holder: str) -> None:
        """Take the lease that was just made."""
        self._server = server
        self._collection = collection
        self._holder = holder
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._live, daemon=True)
        self._thread.start()

    def check(self) -> None:
        """Make sure that it is still held.

        Raises:
            IndexBusy: if another writer took it for dead, and took over.
        """
        found = self._server.find(NAME)
        if found is None or found.id != self._collection.id:
            raise IndexBusy(
                "another writer took over, for this one gave no sign of life for "
                f"{SILENCE:.0f} s; nothing was published, run this again"
            )

    def release(self) -> None:
        """Give it back."""
        self._done.set()
        self._thread.join()
        with suppress(ServerFailed):  # then others will see that it is silent
            remove(self._server, self._collection)

    def _live(self) -> None:
        beat = 0
        while not self._done.wait(BEAT):
            beat += 1
            with suppress(ServerFailed), self._server.told():
                self._collection.modify(metadata={"holder": self._holder, "beat": beat})


@contextmanager
def lease(server: ChromaServer, timeout: float) -> Iterator[Lease]:
    """Hold the index in a server for writing.

    Raises:
        IndexBusy: if another writer that lives holds it for longer than `timeout` seconds.
        ServerFailed: if the server cannot be used.
    """
    held = acquire(server, timeout)
    try:
        yield held
    finally:
        held.release()


def acquire(server: ChromaServer, timeout: float) -> Lease:
    """Wait for the lease; take it over from a writer that died."""
    holder = f"process {os.getpid()} on {socket.gethostname()}"
    started = changed = time.monotonic()
    last: object = None
    signs = 0
    while True:
        found = server.find(NAME)
        if found is None:
            if made := _create(server, holder):
                return Lease(server, made, holder)
            continue  # another one was quicker
        seen, now = (found.id, found.metadata), time.monotonic()
        if seen != last:
            last, changed, signs = seen, now, signs + 1
        alive = signs > 1  # the first look is no sign of life
        if alive and now - started >= timeout:
            told = (found.metadata or {}).get("holder", "another process")
            raise IndexBusy(
                f"{told} is writing to the index in the Chroma server at {server.url}; wait until "
                "it is done and run this again"
            )
        if now - changed >= SILENCE:
            remove(server, found)
        time.sleep(min(BEAT, SILENCE) / 8)


def _create(server: ChromaServer, holder: str) -> Collection | None:
    """Make the lease; `None` if another one was quicker, though it may be gone again by now."""
    with server.told():
        try:
            return server.client.create_collection(
                NAME, metadata={"holder": holder, "beat": 0}, embedding_function=None
            )
        except ChromaError as error:  # versions differ in how they say so
            if "already exists" in str(error) or server.find(NAME) is not None:
                return None
            raise


def remove(server: ChromaServer, collection: Collection) -> None:
    """Take away this lease and no other, be it of the same name."""
    name = f"{PREFIX}dead.{uuid.uuid4().hex}"
    with server.told(), suppress(ChromaError):  # gone already
        collection.modify(name=name)
        server.client.delete_collection(name)
