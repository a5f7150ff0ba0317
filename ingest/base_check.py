"""Whether what a new snapshot takes over from the one before is whole, looked at meanwhile.

All of it but the token vectors, which are several times as large as all else; a bit that flips
there is found by `--checksum`.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

from ingest.gather import Previous
from rag.integrity import check_files
from rag.layout import STORES


class BaseCheck:
    """Hashes files in a thread: the tables at once, the large vector stores for who writes some."""

    def __init__(self, base: Previous | None) -> None:
        """Begin with the tables of a snapshot; of none, all is well."""
        self._base = base
        self._aside = ThreadPoolExecutor(1)
        self._tables = self._begin(lambda name: not name.startswith(("tokens/", f"{STORES}/")))

    def begin_stores(self) -> None:
        """Begin with the vector stores, which takes a while: a run may turn out to change none."""
        self._stores = self._begin(lambda name: name.startswith(f"{STORES}/"))

    def tables(self) -> None:
        """Wait for the tables; raises `IndexDamaged` if a file is not what was written."""
        self._tables.result()

    def stores(self) -> None:
        """Wait for the vector stores; raises `IndexDamaged` if a file is not what was written."""
        self._stores.result()

    def close(self) -> None:
        """Wait for what has begun, and leave the rest; may be called again."""
        self._aside.shutdown(cancel_futures=True)

    def _begin(self, wanted: Callable[[str], bool]) -> Future[None]:
        base = self._base
        folder, files = (base.folder, base.manifest.files) if base else (Path(), {})
        table = {name: files[name] for name in files if wanted(name)}
        return self._aside.submit(check_files, folder, table, full=True)
