"""From bytes to text, whatever the encoding."""

from __future__ import annotations

import charset_normalizer
from charset_normalizer import CharsetMatches

from ingest.errors import Unreadable

WESTERN = "cp1252"
# How much worse cp1252 may look than the best guess and still be taken: a few accented letters
# in a page of plain ones say next to nothing about which of a dozen code pages they are from.
CLOSE_MESS = 0.02
CLOSE_COHERENCE = 0.05
# Languages that are told well, and whose letters cp1252 lacks.
NOT_WESTERN = ("Hungarian", "Turkish")


def decode(content: bytes) -> str:
    """Turn bytes into text: UTF-8, else the encoding they are most likely in.

    Raises:
        Unreadable: if they are no text.
    """
    try:
        text = content.decode("utf-8-sig")
        if "\x00" not in text:
            return text
    except UnicodeDecodeError:
        pass
    wide = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    if b"\x00" not in content or wide:
        matches = charset_normalizer.from_bytes(content)
        best = matches.best()
        if best is not None:
            return content.decode(WESTERN) if _may_be_western(matches) else str(best)
    raise Unreadable("looks like a binary file, not text; save it as UTF-8 text")


def _may_be_western(matches: CharsetMatches) -> bool:
    """Tell whether cp1252 is as good a guess as the best one, or nearly so."""
    best = matches.best()
    if best is None or best.language in NOT_WESTERN:
        return False
    return any(
        WESTERN in match.could_be_from_charset
        and match.chaos <= best.chaos + CLOSE_MESS
        and match.coherence >= best.coherence - CLOSE_COHERENCE
        for match in matches
    )
