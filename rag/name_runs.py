"""Capitalised runs: where the names of a text may stand, and the words it writes small."""

from __future__ import annotations

import re
from functools import lru_cache

_CJK = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af"
_LETTER = rf"[^\W{_CJK}]"
_UPPER = "A-Z" + "".join(c for c in map(chr, range(0xC0, 0x1F00)) if c.isupper())
_CAPITAL = (
    rf"(?:(?:Mr|Mrs|Ms|Dr|St)\.|i?[{_UPPER}](?:{_LETTER}|['’.&-](?={_LETTER}))*"
    rf"(?:[!+]|s['’](?= [{_UPPER}]))?"
    rf"|tv[{_UPPER}]\w*)"
)
_JOIN = "of|the|to|in|on|with|for|by|a|an|at|from|&|behind"
_RUN = re.compile(
    rf"(?:\d+ (?=[{_UPPER}]))?{_CAPITAL}"
    rf"(?:(?: (?:{_JOIN})){{0,2}} {_CAPITAL}"
    rf"| \d{{1,2}}(?![\d%.,]|\w| (?:[{_UPPER}a-z]))|: {_CAPITAL})*"
)
_DATELINE = re.compile(  # "LONDON, 5 May": where a report was written, not what it is about
    rf"^[{_UPPER}]{{2,}}(?: [{_UPPER}]{{2,}})*(?=, \d| \(|, [A-Z][a-z]+ \d)", re.MULTILINE
)
_LOWER_PRIZE = re.compile(
    r"\bbest (?:\w+ )?(?:actor|actress|director|writer|newcomer|series|film|drama"
    r"|script|screenplay|picture|album|player)\b"
)
SPLIT = re.compile(rf" (?:{_JOIN})(?: (?:{_JOIN}))* ")
SPLIT_OR_TITLE = re.compile(rf"{SPLIT.pattern}| (?=The )")  # "in Busan The Bad Kids won"
LEADING = re.compile(rf"(?:(?:{_JOIN}) )+")
_CJK_TITLE = re.compile(r"《([^》]+)》")
BRACKET = re.compile(r"^ ?\(([^()]*[^\x00-\x7f][^()]*)\)")
BRACKETED = re.compile(r" ?\([^)]*\)")
ENUMERATED = re.compile(r",? and (?:the )?|, (?:the )?|、|和")
OPENS = re.compile(r"(?:^|[.!?:。！？] |[\n\"“‘]|[-–—|] )$")
LOWER_RUN = re.compile(r"[a-z][a-z'’+-]*(?: [a-z][a-z'’+-]*)*")
_LOWER = re.compile(r"(?<![\w'’-])[a-z]+(?![\w'’])")


@lru_cache(maxsize=4096)  # the same articles come up question after question
def capital_runs(text: str) -> tuple[tuple[int, int], ...]:
    """Spans of capitalised runs and of titles in 《》, in order."""
    spans = [match.span(1) for match in _CJK_TITLE.finditer(text)]
    places = [match.span() for match in _DATELINE.finditer(text)]
    runs = (match.span() for match in _RUN.finditer(text))
    spans += [run for run in runs if not any(a <= run[0] < b for a, b in places)]
    spans += [match.span() for match in _LOWER_PRIZE.finditer(text)]
    return tuple(sorted(spans))


@lru_cache(maxsize=4096)
def lower_words(text: str) -> frozenset[str]:
    """The words that a text writes in lower case."""
    return frozenset(_LOWER.findall(text))
