"""The value that a sentence states for what is asked: an amount, a date, a name."""

from __future__ import annotations

import re
from dataclasses import dataclass

from rag.amounts import Amount, find_amounts, same_unit, unit_stem
from rag.asked import Asked
from rag.clauses import Spot, clause_around, passes_another, predicates
from rag.days import MONTH, Day, find_days
from rag.keyword import STOPWORDS, stem, words
from rag.lexicon import PLACES

_NAME = r"[A-ZÀ-Þ][\w'’-]*(?: [A-ZÀ-Þ][\w'’-]*)*"
_NOT_PLACE = re.compile(rf"(?:{MONTH}|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b)")
_STATES = frozenset("united states kingdom emirates".split())
NEAR = 60  # characters between a date or a name and the word it answers
WIDEST = 10.0  # amounts further apart than this factor hardly measure the same


@dataclass(frozen=True, slots=True)
class Stated:
    """Values of one sentence, all that could be meant, and how to show the first of them."""

    text: str
    amounts: tuple[Amount, ...] = ()
    days: tuple[Day, ...] = ()
    names: tuple[str, ...] = ()

    def agrees(self, other: Stated) -> bool | None:
        """Tell whether any value of one may be that of the other; `None` if they do not compare."""
        if self.days and other.days:
            return any(a.agrees(b) for a in self.days for b in other.days)
        if self.names and other.names:
            return any(_same_name(a, b) for a in self.names for b in other.names)
        pairs = [(a, b) for a in self.amounts for b in other.amounts if same_unit(a, b)]
        if any(a.agrees(b) for a, b in pairs):
            return True
        low, high = (f((a.value for pair in pairs for a in pair), default=0.0) for f in (min, max))
        return False if pairs and high <= WIDEST * low else None


def read_stated(asked: Asked, sentence: str, before: str = "") -> Stated | None:
    """Find the values that a sentence states; `before`: the sentences that lead to it."""
    if asked.kind == "number":
        return _amounts(asked, sentence, before)
    if not asked.kind:
        return None
    spots = predicates(asked, sentence)

    def near(start: int, end: int) -> bool:
        return any(
            _distance(spot, start, end) <= NEAR
            and not passes_another(asked, sentence[spot[1] : start])
            for spot in spots
        )

    if asked.kind == "date":
        days = [(day, a, b) for day, a, b in find_days(sentence) if near(a, b)]
        if not days:
            return None
        _, start, end = min(days, key=lambda one: min(_distance(s, one[1], one[2]) for s in spots))
        return Stated(sentence[start:end], days=tuple(day for day, _, _ in days))
    found = _people(asked, sentence) if asked.kind == "name" else _placed(asked, sentence)
    close = [name for name, a, b in found if near(a, b)]
    # Of several names it cannot be told which is meant.
    return Stated(close[0], names=(close[0],)) if len(set(close)) == 1 else None


def read_claim(asked: Asked, clause: str, before: str = "") -> Stated | None:
    """Find the value in half of a correction, which need not say again what it is of."""
    if asked.kind == "number":
        return _amounts(asked, clause, before, claim=True)
    if asked.kind == "date":
        days = find_days(clause)
        shown = clause[days[0][1] : days[0][2]] if days else ""
        return Stated(shown, days=tuple(day for day, _, _ in days)) if days else None
    if asked.kind == "name":
        names = [name for name, _, _ in _people(asked, clause)]
    else:
        found = [m[0] for m in re.finditer(_NAME, clause) if m.start()]
        found = [name for name in found if not _NOT_PLACE.match(name)]
        names = [name for name in found if not set(words(name)) & asked.names]
    return Stated(names[0], names=(names[0],)) if len(set(names)) == 1 else None


def _amounts(asked: Asked, sentence: str, before: str, *, claim: bool = False) -> Stated | None:
    amounts = find_amounts(sentence, but=asked.question)
    fit: list[Amount] = []
    if asked.units & {"$", "%"}:
        fit = [a for a in amounts if set(a.unit) & asked.units]
        # Articles are full of shares and sums: what this one is of stands beside it.
        fit = [a for a in fit if claim or _said_of(asked, sentence, a)]
    elif asked.units:
        said = {unit_stem(w) for w in words(f"{before} {sentence}")}
        fit = [a for a in amounts if set(a.unit) & asked.units]
        fit = fit or [a for a in amounts if _is_bare(a) and said & asked.units]
    elif claim or {stem(w) for w in words(sentence)} & (asked.predicate | asked.names):
        fit = [a for a in amounts if not a.unit or a.unit == ("%",)]
        if not fit and {stem(w) for w in words(sentence)} & asked.predicate:
            fit = amounts  # "a capacity of 2,400 seats"
    return Stated(fit[0].text, amounts=tuple(fit)) if 0 < len(fit) <= 2 else None


def _said_of(asked: Asked, sentence: str, amount: Amount) -> bool:
    start, end = clause_around(sentence, amount.start, amount.end)
    return bool({stem(w) for w in words(sentence[start:end])} & asked.predicate)


def _is_bare(amount: Amount) -> bool:
    whole = amount.value == int(amount.value)  # nothing is counted in tenths
    return whole and (not amount.unit or amount.unit == ("time",))


def _distance(spot: Spot, start: int, end: int) -> int:
    return max(start - spot[1], spot[0] - end, 0)


def _people(asked: Asked, sentence: str) -> list[tuple[str, int, int]]:
    """Runs of two to four capitalised words with no place among them and not in the question."""
    found = []
    for match in re.finditer(_NAME, sentence):
        name = re.sub(r"['’]s$", "", match[0])
        parts = words(name)
        if 2 <= len(parts) <= 4 and not set(parts) & (asked.names | PLACES | _STATES | STOPWORDS):
            found.append((name, match.start(), match.end()))
    return found


def _placed(asked: Asked, sentence: str) -> list[tuple[str, int, int]]:
    pattern = rf"\b(?:{asked.joint}) (?:the )?({_NAME})"
    return [
        (m[1], m.start(1), m.end(1))
        for m in re.finditer(pattern, sentence)
        if not _NOT_PLACE.match(m[1]) and not set(words(m[1])) & asked.names
    ]


def _same_name(first: str, second: str) -> bool:
    one, other = set(words(first)), set(words(second))
    letters = ["".join(word[0] for word in words(name)) for name in (first, second)]
    return bool(one & other) or letters[0] in other or letters[1] in one
