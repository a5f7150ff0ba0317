"""Sentences by which an article takes back what an earlier one said, and their two halves.

An earlier report gave the capacity as 640; the correct figure is 580.
We wrongly said that Peter Halasz designed it. In fact Anna Szabo did.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_REPORT = r"(?:report|article|story|version|piece|edition|dispatch|account|headline|item)s?"
_SAID = (
    r"(?:said|reported|wrote|gave|given|stated|named|put|printed|placed|called|repeated|spelled"
    r"|quoted)"
)
_EARLIER = re.compile(
    rf"\b(?:earlier|previous|our|last (?:week|month|year)'s|original) {_REPORT}\b"
    rf"|\bwe (?:\w+ ){{0,2}}{_SAID}\b|\bearlier {_SAID}\b|\b{_SAID} earlier\b"
    rf"|\b(?:wrongly|mistakenly|incorrectly|erroneously) (?:\w+ )?{_SAID}\b|此前|本刊|本报",
    re.I,
)
_RIGHT = re.compile(
    r"\b(?:correct(?:s|ed|ion|ly)?|in fact|actually|rather than|has since|have since|"
    r"later (?:published|revised|given|corrected)|wrong(?:ly)?|incorrect(?:ly)?|mistaken(?:ly)?|"
    r"erroneous(?:ly)?|error|out of date|outdated|misstated|should have (?:said|been|read)|"
    r"revised)\b|正确|更正|有误|错",
    re.I,
)
_BREAK = re.compile(
    r"[;—；]|, (?=but\b|in fact\b|the correct\b|not\b)|\. (?=[A-Z])|[。，]|, (?=and|which)"
)
# "Nor did it buy the 40 boats that we quoted then. It rented them."
_NOR = re.compile(
    r"^(?:Nor|Neither) (?:did|does|do|was|were|is|are|had|has|have) (?P<old>.+?) (?:that|which) we "
    r"(?:\w+ ){0,2}(?:quoted|cited|gave|named|printed)\b"
)
_BARE = re.compile(rf"(?:that|this|it|which|both|那) ?(?:(?:is|was|were|has been) )?(?:\w+ )?"
                   rf"(?:{_RIGHT.pattern}|untrue|false)的?", re.I)  # fmt: skip
_THAT = re.compile(rf"^.*?\b{_SAID} (?:(?:last|on|in) (?:\w+ ){{1,2}})?(?:that )?"
    r"|^.*?(?:写成|写作|说成|误作|误写为|称为?)", re.I)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Correction:
    """What was said before, and what is said instead."""

    old: str
    new: str

    @property
    def is_bare(self) -> bool:
        """Tell whether nothing is said instead: "that was wrong"."""
        return _BARE.fullmatch(self.new) is not None


def read_correction(sentence: str, following: str = "") -> Correction | None:
    """Read a sentence as a correction; `None` if it is none.

    `following`: the next sentence, where the right version may stand ("In fact …").
    """
    denied = _NOR.match(sentence)
    if denied and following:
        return Correction(denied["old"], following.strip(" .。"))
    earlier = _EARLIER.search(sentence)
    if not earlier:
        return None
    opens = re.match(r"(?:In fact|Actually|The correct|That (?:was|is)|It (?:was|is) in fact|"
                     r"This (?:was|is)|正确)", following)  # fmt: skip
    text = f"{sentence} {following}" if opens else sentence
    if not _RIGHT.search(text):
        return None
    parts = _BREAK.search(text, earlier.end())
    if not parts:
        return None
    return Correction(text[: parts.start()].strip(), text[parts.end() :].strip(" .。"))


def tells_of_earlier(sentence: str) -> bool:
    """Tell whether a sentence speaks of what an earlier report said, be it to correct it or not."""
    return bool(_EARLIER.search(sentence))


def reported(old: str) -> str:
    """What was said, without who said it: "it had been renewed for a second season"."""
    return _THAT.sub("", old, count=1) or old
