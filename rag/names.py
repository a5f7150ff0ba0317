"""Names in a text: capitalised words, titles in 《》; and the key that compares them."""

from __future__ import annotations

import re
from functools import lru_cache

from rag.keyword import STOPWORDS, fold
from rag.lexicon import PLACES

_UPPER = "A-ZÀ-ÖØ-ÞĂĐĨŨƠƯẠ-Ỹ"
_CAPITAL = rf"(?:(?:Mr|Mrs|Ms|Dr|St)\.|[{_UPPER}\d][\w'’.-]*[\w!]|[A-Z\d])"
_JOIN = "of|the|to|in|on|with|for|by|a|an|&"
_NAME = re.compile(rf"{_CAPITAL}(?:(?: (?:{_JOIN})){{0,2}} {_CAPITAL}|: {_CAPITAL})*")
_YEAR = re.compile(r"\d{4}")
_CONTRACTION = re.compile(r"(?:n['’]t|['’](?:s|re|ll|ve|d|m))\b")
_NOT = re.compile(r"n['’]t$")
# What is told of a thing: "Shaxi's Douban score" names two, "Dead Man's Ledger" one.
_OWNER = re.compile(r"['’]s (?=[^ ]+$)")
FIGURE = re.compile(r" (?:scores?|ratings?|ranking|page|premiere|debut|release|launch|rights)\b")
_OWNS = re.compile(r"['’]s$")
_CJK_TITLE = re.compile(r"《([^》]+)》")
_MONTHS = frozenset(
    """
    january february march april may june july august september october november december monday
    tuesday wednesday thursday friday saturday sunday
    """.split()
)


@lru_cache(maxsize=4096)  # the same articles come up question after question
def find_names(text: str) -> tuple[tuple[str, int, int], ...]:
    """Find names with their offsets; dates, places and leading articles are not names."""
    found: list[tuple[str, int, int]] = []
    for match in _CJK_TITLE.finditer(text):
        found.append((match[1], match.start(1), match.end(1)))
    for match in _NAME.finditer(text):
        start, name = match.start(), match[0].rstrip(".")
        while " " in name and _droppable(name.split(" ", 1)[0], text, start):
            cut = name.index(" ") + 1
            start, name = start + cut, name[cut:]
        for at, part in _owner_apart(text, start, name):
            if _tells(part) and not _only_first(text, at, part):
                found.append((part, at, at + len(part)))
    return tuple(found)


def is_name(text: str) -> bool:
    """Tell a text that is one name and nothing else, wherever it stands."""
    return _NAME.fullmatch(text) is not None and _tells(text)


@lru_cache(maxsize=16384)
def name_key(name: str) -> str:
    """Compare names by this: folded, without article and punctuation."""
    words = [w for w in re.split(r"[\W_]+", fold(name)) if w]
    return " ".join(words[1:] if len(words) > 1 and words[0] in ("the", "a", "an") else words)


def _owner_apart(text: str, start: int, name: str) -> list[tuple[int, str]]:
    """Cut a name at the "'s" of an owner, and off one that a plain word follows."""
    after, owner = text[start + len(name) :], _OWNER.search(name)
    if owner and FIGURE.match(after):
        return [(start, name[: owner.start()]), (start + owner.end(), name[owner.end() :])]
    return [(start, _OWNS.sub("", name) if re.match(r" [a-z]", after) else name)]


def _tells(name: str) -> bool:
    """Tell that a word of a name is more than a date, a place or a stop word ("What's")."""
    words = [w for w in re.split(r"[^\w]+", _CONTRACTION.sub("", fold(name))) if w]
    plain = [w for w in words if w not in STOPWORDS and w not in PLACES and w not in _MONTHS]
    return bool(plain) and not all(w.isdigit() for w in plain)


def has_name(text: str, key: str) -> bool:
    """Tell whether a text has a name, given by its key, as whole words."""
    return f" {key} " in f" {name_key(text)} "


def _droppable(first: str, text: str, start: int) -> bool:
    """Tell a word that opens a sentence or a noun phrase from the first word of a name."""
    lower = _CONTRACTION.sub("", first.lower())
    opens = (
        start == 0
        or text[max(0, start - 2) : start] in (". ", "\n\n", "- ")
        or text[start - 1] in '"\n'
    )
    return (
        (lower in STOPWORDS and opens)
        or (lower in PLACES)
        or lower in _MONTHS
        or _YEAR.fullmatch(lower) is not None
    )


def _only_first(text: str, start: int, name: str) -> bool:
    """Tell a single capitalised word that opens a sentence: it need not be a name."""
    before = text[max(0, start - 2) : start]
    opens = start == 0 or before in (". ", "- ", "\n\n", '"')
    owns = text[start + len(name) :].startswith(("'s", "’s"))  # "Halvard's ban": of a name only
    return opens and not owns and " " not in name and _NOT.sub("", name).isalpha()
