"""An index in a Chroma server: what pages and writers on several machines share.

    citewell.lock                 held by the one writer, see `ingest.lease`
    citewell.files                pieces of files, named by their content: each is there once
    citewell.vectors.<id>         vectors of the chunks of the snapshots that grew from <id>
    citewell.snapshot.<id>        a snapshot: a record for each file, with the names of its pieces
    citewell.building.<id>        one that is not published yet, or whose writer died
    citewell.undone.<id>          one that was gone back from

The newest snapshot is the current one. To publish is to rename a collection, which the server does
at one stroke, and refuses if somebody has cleared the collection away meanwhile.
"""

from __future__ import annotations

import base64
import zlib
from collections.abc import Iterator, Sequence
from typing import Any

from rag.chroma_server import PREFIX, ChromaServer
from rag.errors import ServerFailed

SNAPSHOT = "snapshot"
FILES = PREFIX + "files"
AT_ONCE = 16  # pieces that are asked for at a time, of some 100 KB each
KEY = "content"  # where the record of a piece, or of a file, has what it is about


class SharedIndex:
    """Reads an index in a server."""

    def __init__(self, server: ChromaServer) -> None:
        """Name the server; nothing is asked yet."""
        self.server = server

    def names(self) -> list[str]:
        """Ids of the published snapshots, newest first."""
        return list(self.server.collections(SNAPSHOT))[::-1]

    def files(self, name: str) -> dict[str, list[str]]:
        """The files of a snapshot, and the pieces of each.

        Raises:
            ServerFailed: also if the snapshot was dropped meanwhile.
        """
        with self.server.told():
            collection = self.server.client.get_collection(
                f"{PREFIX}{SNAPSHOT}.{name}", embedding_function=None
            )
            found = collection.get(include=["metadatas"])
        metadatas: Any = found["metadatas"]
        told = [str(metadata[KEY]).split() for metadata in metadatas]
        return dict(zip(found["ids"], told, strict=True))

    def read(self, pieces: Sequence[str]) -> Iterator[bytes]:
        """Yield pieces in order.

        Raises:
            ServerFailed: also if one was deleted meanwhile.
        """
        for start in range(0, len(pieces), AT_ONCE):
            wanted = pieces[start : start + AT_ONCE]
            with self.server.told():
                collection = self.server.client.get_collection(FILES, embedding_function=None)
                found = collection.get(ids=list(dict.fromkeys(wanted)), include=["metadatas"])
            metadatas: Any = found["metadatas"]
            content = dict(zip(found["ids"], metadatas, strict=True))
            if missing := [piece for piece in wanted if piece not in content]:
                raise ServerFailed(
                    f"the Chroma server at {self.server.url} lacks {len(missing)} pieces of the "
                    "index; try again, and if that does not help, fill it anew with: "
                    "python -m ingest --rebuild"
                )
            for piece in wanted:
                yield unpack(str(content[piece][KEY]))


def pack(content: bytes) -> str:
    """Write a piece of a file as Chroma can keep it: as metadata, for a text would be searchable.

    To make 24 MB searchable took 29 s, to keep them 1 s.
    """
    return base64.b64encode(zlib.compress(content, 1)).decode("ascii")


def unpack(text: str) -> bytes:
    """Undo `pack`."""
    return zlib.decompress(base64.b64decode(text))
