"""A vector store in the folder of a snapshot, open for reading.

Snapshots share stores, so whoever opens one that is open gets the same: a page that follows the
index opens only what is new. A store goes when nobody holds it any more.
"""

from __future__ import annotations

import threading
import weakref
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from rag.errors import IndexDamaged
from rag.integrity import REPAIR
from rag.layout import COLLECTION, open_chroma
from rag.workspace import Workspace

if TYPE_CHECKING:
    from chromadb.api.client import Client

_open: weakref.WeakValueDictionary[tuple[Path, str], Store] = weakref.WeakValueDictionary()
_lock = threading.Lock()


class Store:
    """One store; a copy of it is opened, see `rag.workspace`."""

    def __init__(self, folder: Path) -> None:
        """Open it; `open_store` shares it with others.

        Raises:
            IndexDamaged: if it cannot be opened.
            StorageFailed: if there is no room for a working copy.
        """
        try:
            workspace = Workspace(folder)
        except OSError as error:
            raise IndexDamaged(f"the vector store cannot be read ({error}); {REPAIR}") from error
        self.name = folder.name
        client = None
        try:
            client = open_chroma(workspace.folder / folder.name)
            self.collection = client.get_collection(COLLECTION, embedding_function=None)
        except Exception as error:  # chromadb raises its own, sqlite's and rust's errors here
            _close(client, workspace)
            raise IndexDamaged(f"the vector store cannot be opened ({error}); {REPAIR}") from error
        self.client = client
        weakref.finalize(self, _close, client, workspace)  # also at the end of a program


def open_store(folder: Path) -> Store:
    """Open a store, or take it where it is open: its name tells it from all others of its index.

    Raises:
        IndexDamaged: if it cannot be opened.
        StorageFailed: if there is no room for a working copy.
    """
    index_dir = folder.resolve().parents[3]
    with _lock:
        store = _open.get((index_dir, folder.name))
        if store is None:
            store = _open[index_dir, folder.name] = Store(folder)
        return store


def _close(client: Client | None, workspace: Workspace) -> None:
    if client:
        with suppress(Exception):  # nobody is there to be told
            client.close()
    workspace.close()
