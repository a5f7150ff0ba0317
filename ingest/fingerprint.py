"""What the content of an index depends on besides the articles."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rag.manifest import Fingerprint

if TYPE_CHECKING:
    from rag.encoder import Encoder

CHUNKER = "sentences-1"  # raise when `ingest.chunking` would cut the same article otherwise
# Raise when the same file would become another text (`ingest.clean`, `ingest.tidy`, a format's
# reader). It is part of the hash of every file, so the next run reads all files again and embeds
# what came out otherwise; nothing has to be rebuilt.
CLEANER = "tidy-2"
COPIES = "copies-2"  # raise when `ingest.copies` would find other copies among the same articles


def fingerprint(encoder: Encoder) -> Fingerprint:
    """Name the model and the chunker."""
    return Fingerprint(model=encoder.name, digest=encoder.digest, chunker=CHUNKER)
