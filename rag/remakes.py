"""A work and its remake: names that articles tie together as one story."""

from __future__ import annotations

import re
from itertools import pairwise

from rag.things import Book

_BRACKETED = re.compile(r" ?\([^)]*\)")
_OF = r"(?:versions?|remakes?|adaptations?)(?:, \w+,)? of (?:the )?(?:\w+ )?"
# What stands between the remake and the original, in this order …
_REMAKE_FIRST = re.compile(
    rf"(?:,| is| was)(?: the| a| an)? (?:[\w'’-]+ ){{0,5}}{_OF}"
    r"|,? (?:which )?(?:took its plot|is adapted|was adapted|adapted) from "
    r"|, (?:a|the) [\w -]{0,30}based on "
    r"|,? from "
    r"|'s? (?:\w+ )?remake of "
)
# … or between the original and the remake.
_ORIGINAL_FIRST = re.compile(
    r"(?:,[^.;]{0,80},)? ?(?:which )?(?:has become|became|become|was turned into|turned into"
    r"|(?:was |been |has been )?(?:remade|adapted)(?: there| here)? (?:as|under the title)"
    r"|was given) (?:the )?"
)


def tie_remakes(book: Book, text: str) -> None:
    """Tie the names of works that a text calls remake and original; the original stands for both.

    "Mr. Queen is the Korean version of Go Princess Go", "My Queen became Witch's Romance".
    """
    for line in text.split("\n"):
        things = [t for t in book.things(line) if t.kind in ("work", "")]
        for first, second in pairwise(things):
            between = _BRACKETED.sub("", line[first.end : second.start])
            if ". " in between or first.key == second.key:
                continue
            if _REMAKE_FIRST.fullmatch(between):
                from_only = between.strip(" ,") == "from"
                if not from_only or (first.kind == second.kind == "work"):
                    book.tie(second.key, first.key)
            elif _ORIGINAL_FIRST.fullmatch(between):
                book.tie(first.key, second.key)
