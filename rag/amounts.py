"""Amounts in a text: number, precision, unit; whether two of them say the same."""

from __future__ import annotations

import re
from dataclasses import dataclass

from rag.days import find_days
from rag.keyword import STOPWORDS, stem
from rag.lexicon import related

_WORDS = dict(
    zip(
        "two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
        "sixteen seventeen eighteen nineteen twenty thirty forty fifty".split(),
        [*range(2, 21), 30, 40, 50],
        strict=True,
    )
)
_SCALES = {"hundred": 1e2, "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12}
_SCALES |= {"万": 1e4, "亿": 1e8, "bn": 1e9}
_HEDGE = (
    "about|around|roughly|some|approximately|nearly|almost|close to|an estimated|up to|more than|"
    "over|at least|above|exceeded|passed|less than|fewer than|under|below|at most"
)
_AMOUNT = re.compile(
    rf"(?:\b(?P<hedge>{_HEDGE}) )?(?P<sign>(?:US|A|C|HK|NT)?\$|[€£¥])?"
    rf"(?P<number>(?<![\w.,:-])\d{{1,3}}(?:,\d{{3}})+(?:\.\d+)?|(?<![\w.,:-])\d+(?:\.\d+)?"
    rf"|\b(?:{'|'.join(_WORDS)})\b)"
    r"(?![\d]|,\d|\.\d|-?(?:st|nd|rd|th)\b|:\d)"
    r"(?:(?P<percent> ?%| per ?cent\b)"
    r"|[ -]?(?P<scale>hundred|thousand|million|billion|trillion|bn)\b|(?P<cjk>[万亿]))?"
    r"(?P<unit>(?: [a-z][\w'-]*){0,4})",
    re.I,
)
_MONEY = frozenset(
    "yuan dollar euro pound yen won baht crown kroner krona franc peso rupee renminbi rmb".split()
)
_PERSONS = frozenset(
    "viewer visitor passenger tourist spectator user resident inhabitant employee worker people "
    "voter subscriber guest reader listener".split()
)
_PEOPLE = {stem(word): stem("people") for word in _PERSONS}
_RELATIVE = 0.05  # how far a hedged amount may be off


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount at characters `start` to `end`; `text` is how it is shown.

    `step`: the last place it is given to. `unit`: `$`, `%`, or stems of the words after it.
    """

    text: str
    start: int
    end: int
    value: float
    step: float
    hedged: bool
    unit: tuple[str, ...]

    def agrees(self, other: Amount) -> bool:
        """Tell whether two differ only in precision: 40 and 40.2 million, 40 and "about 41"."""
        near = abs(self.value - other.value) <= _RELATIVE * max(self.value, other.value)
        if near and (self.hedged or other.hedged):
            return True
        exact, coarse = sorted((self, other), key=lambda one: one.step)
        return abs(exact.value - coarse.value) <= coarse.step / 2


def find_amounts(text: str, *, but: str = "") -> list[Amount]:
    """Find amounts that are no dates; those whose number stands in the text `but` are left out."""
    days = [(start, end) for _, start, end in find_days(text)]
    known = set(re.findall(r"[\d.,]*\d", but))
    found = []
    for match in _AMOUNT.finditer(text):
        start, end = match.span("number")
        if any(a < end and start < b for a, b in days) or match["number"] in known:
            continue
        if match["number"].isalpha() and _in_name(text, start, end):
            continue
        found.append(_amount(match))
    return found


def _in_name(text: str, start: int, end: int) -> bool:
    """Tell a numeral that is part of a name or a compound: Nothing But Thirty, two-year-old."""
    opens = start == 0 or text[:start].rstrip().endswith((".", "?", "!", "\n"))
    return text[end : end + 1] == "-" or (text[start].isupper() and not opens)


def _amount(match: re.Match[str]) -> Amount:
    digits = match["number"].lower().replace(",", "")
    scale = _SCALES.get((match["scale"] or match["cjk"] or "").lower(), 1.0)
    decimals = len(digits.partition(".")[2])
    words = match["unit"].lower().split()
    money = bool(match["sign"]) or any(stem(word) in _MONEY or word in _MONEY for word in words[:1])
    plain = [unit_stem(word) for word in words if word not in STOPWORDS]
    shown_end = match.start("unit")
    if words and not match["percent"] and words[0] not in STOPWORDS:
        shown_end += 1 + len(words[0])
    return Amount(
        text=match.string[match.start() : shown_end].strip(),
        start=match.start(),
        end=shown_end,
        value=float(_WORDS.get(digits) or digits) * scale,
        step=10.0**-decimals * scale,
        hedged=bool(match["hedge"]),
        unit=("%",) if match["percent"] else ("$",) if money else _until_stopword(words, plain),
    )


def unit_stem(word: str) -> str:
    """Stem of a unit; viewers, visitors and the like are all people."""
    return _PEOPLE.get(stem(word), stem(word))


def _until_stopword(words: list[str], plain: list[str]) -> tuple[str, ...]:
    """Stems of the words right after a number: "episodes in all" counts episodes."""
    first = next((n for n, word in enumerate(words) if word in STOPWORDS), len(words))
    return tuple(plain[:first])


def same_unit(first: Amount, second: Amount) -> bool:
    """Tell whether two may measure the same: a bare number may have its unit elsewhere."""
    if "%" in first.unit + second.unit or "$" in first.unit + second.unit:
        return first.unit == second.unit
    if not first.unit or not second.unit:
        return True
    return any(a == b or b in related(a) for a in first.unit for b in second.unit)
