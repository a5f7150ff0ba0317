"""The bare wording of a text: its words and figures in order, without case, accents and points.

What two outlets print of one report differs in quotation marks, dashes and line breaks; the wording
does not. Signs that change a figure (minus, per cent, currencies) are part of it.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from rag.keyword import fold
from rag.sentences import CJK

_CJK = CJK.pattern.strip("[]")
_WORD = re.compile(rf"(?<![\w.,])[-−](?=\d)|[{_CJK}]|[^\W_{_CJK}]+|[%‰$€£¥₹₽₩°±<>=+]")


def wording(text: str) -> list[str]:
    """The words of a text; each Chinese, Japanese or Korean character is one."""
    return _WORD.findall(unicodedata.normalize("NFC", fold(text)))


def says(text: str, sentence: str) -> bool:
    """Tell whether a whole sentence, or several, stand in a text, word for word."""
    return sentence in text or _line(sentence) in _line(text)


@lru_cache(maxsize=256)  # the same copies come up again and again
def _line(text: str) -> str:
    return f" {' '.join(wording(text))} "
