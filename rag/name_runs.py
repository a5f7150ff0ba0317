"""Capitalised runs: where the names of a text may stand, and the words it writes small."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

_CJK = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af"
_LETTER = rf"[^\W{_CJK}]"
_UPPER = "A-Z" + "".join(c for c in map(chr, range(0xC0, 0x1F00)) if c.isupper())
_CAPITAL = (
    rf"(?:(?:Mr|Mrs|Ms|Dr|St)\.|i?[{_UPPER}](?:{_LETTER}|['’.&-](?={_LETTER}))*"
    rf"(?:[!+]|(?<=s)['’](?= [{_UPPER}]))?"
    rf"|tv[{_UPPER}]\w*)"
)
_JOIN = "of|the|to|in|on|with|for|by|a|an|at|from|&|behind"
_RUN = re.compile(
    rf"(?:\d+ (?=[{_UPPER}]))?{_CAPITAL}"
    rf"(?:(?: (?:{_JOIN})){{0,2}} {_CAPITAL}"
    rf"| \d{{1,2}}(?![\d%.,]|\w| (?:[{_UPPER}a-z]))"
    rf"|(?<!^[A-Z])(?<!\s[A-Z]): {_CAPITAL})*"  # not "A: Turkey", in an interview
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
_QUOTED = re.compile(  # an apostrophe does not end what is quoted
    rf"(?<!\w)[\"“‘']([{_UPPER}\d](?:[^\"“”‘\n.;]|(?<=Mr)\.){{1,60}}?),?[\"”’'](?!\w)"
)
_SMALL = frozenset(f"{_JOIN}|and|or|as|is|it|not|no|but|vs".split("|"))
BRACKET = re.compile(r"^ ?\(([^()]*[^\x00-\x7f][^()]*)\)")
BRACKETED = re.compile(r" ?\([^)]*\)")
ENUMERATED = re.compile(r",? and (?:the )?|, (?:the )?|、|和")
OPENS = re.compile(r"(?:^|[.!?:。！？] |[\n\"“‘]|[-–—|] )$")
LOWER_RUN = re.compile(r"[a-z][a-z'’+-]*(?: [a-z][a-z'’+-]*)*")
_LOWER = re.compile(r"(?<![\w'’-])[a-z]+(?![\w'’])")


@lru_cache(maxsize=4096)  # the same articles come up question after question
def capital_runs(text: str) -> tuple[tuple[int, int], ...]:
    """Spans of capitalised runs, of titles in 《》 and in quotation marks, in order."""
    titles = quoted_titles(text)
    spans = [*(match.span(1) for match in _CJK_TITLE.finditer(text)), *titles]
    taken = [*(match.span() for match in _DATELINE.finditer(text)), *titles]
    runs = (match.span() for match in _RUN.finditer(text))
    spans += [run for run in runs if not any(a <= run[0] < b for a, b in taken)]
    spans += [match.span() for match in _LOWER_PRIZE.finditer(text)]
    return tuple(sorted(spans))


@lru_cache(maxsize=4096)
def quoted_titles(text: str) -> tuple[tuple[int, int], ...]:
    """Spans of what is quoted and written as a title: "Hi, Mom", not "Hi, how are you"."""
    return tuple(m.span(1) for m in _QUOTED.finditer(text) if _is_title(m[1].split()))


def _is_title(words: Sequence[str]) -> bool:
    """Tell two words or more, all capitalised but for small ones between."""
    large = [word[0].isupper() or word[0].isdigit() or not word[0].isalnum() for word in words]
    small = (word in _SMALL for word, is_large in zip(words, large, strict=True) if not is_large)
    return len(words) > 1 and large[-1] and all(small)


@lru_cache(maxsize=4096)
def lower_words(text: str) -> frozenset[str]:
    """The words that a text writes in lower case."""
    return frozenset(_LOWER.findall(text))
