"""What is safe to clean in text that was scraped, or translated by a machine.

Goes: leftovers of the page (see `ingest.leftovers`), and what is said a second time word for word.
Stays: everything that may be a sentence of the article. Text is mended only by joining a sentence
that was broken in two, and by the space that a lost line end left missing.

Rules apply until none applies any more, so that tidy text stays as it is. Whoever changes one
raises `ingest.fingerprint.CLEANER`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from ingest.leftovers import is_leftover, is_notice, read_credits

LONG = 60  # characters (half for Chinese); what is shorter and repeated may be a refrain or heading
LINE = 40  # characters; what is shorter and breaks off may be a heading
LEADS = 3  # paragraphs at the start, where a teaser stands
PASSES = 20  # more would be needed only by a text that was made to need them
_LIST = re.compile(r"- |\d+\. ")
_CJK = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]")
_BROKEN = re.compile(r"(?:[^\W\d_A-Z]|,)$")
_GOES_ON = re.compile(r"[a-z]+[ ,].*[.!?…][\"'”’)]*$")
_STARTERS = "|".join(
    "The This That These Those It In He She They We But And However At On For After According As A "
    "An With When If From Since By Its His Her Their There Our To".split()
)
# "… in Japan.The series …": only between a word or year and one that begins sentences.
_GLUED = re.compile(rf"(?:(?<=[a-z]{{3}}[.!?])|(?<=\d\d[.!?]))(?=(?:{_STARTERS}) \w)")
_LAST_BRACKET = re.compile(r"(?<=[.!?。！？”\"])\s?([(（\[【][^()（）\[\]【】]*[)）\]】])$")


@dataclass(frozen=True, slots=True)
class Tidied:
    """Tidy text; `fields` are the author and source that stood at its end, if any."""

    text: str
    fields: dict[str, str] = field(default_factory=dict)


def tidy(text: str) -> Tidied:
    """Take leftovers out of cleaned text (paragraphs with blank lines between them)."""
    blocks, fields = text.split("\n\n"), dict[str, str]()
    for _ in range(PASSES):
        before = blocks
        blocks = [_GLUED.sub(" ", block) for block in blocks if not is_leftover(block)]
        blocks = without_repeated_lead(once(mended(blocks)))
        blocks = without_ends(blocks, fields)
        if blocks == before:
            break
    tidied = "\n\n".join(blocks)
    # Of a file with nothing else in it, somebody may want even that.
    return Tidied(tidied, fields) if any(c.isalnum() for c in tidied) else Tidied(text)


def mended(blocks: list[str]) -> list[str]:
    """Join a sentence that was broken: it stops in the middle, and its rest is in lower case."""
    joined: list[str] = []
    for block in blocks:
        last = joined[-1] if joined else ""
        broken = len(last) >= LINE and _BROKEN.search(last) and _GOES_ON.match(block)
        if broken and not any(map(is_list_or_table, (last, block))):
            joined[-1] = f"{last} {block}"
        else:
            joined.append(block)
    return joined


def without_repeated_lead(blocks: list[str]) -> list[str]:
    """Drop leads with which what follows begins, word for word, be they cut off or not."""
    kept, place = list(blocks), 0
    while place < LEADS:
        if _is_repeated(kept, place):
            del kept[place]
            place = 0
        else:
            place += 1
    return kept


def _is_repeated(blocks: list[str], place: int) -> bool:
    if place + 1 >= len(blocks) or not is_long(blocks[place]) or is_list_or_table(blocks[place]):
        return False
    lead = _letters(blocks[place].rstrip(" .…[]"))
    return any(
        _beginning(blocks[start:], len(lead)) == lead
        for start in range(place + 1, min(place + 1 + LEADS, len(blocks)))
    )


def _beginning(blocks: list[str], length: int) -> str:
    """The first letters of some paragraphs."""
    found = ""
    for block in blocks:
        if len(found) >= length:
            break
        found += _letters(block)
    return found[:length]


def once(blocks: list[str]) -> list[str]:
    """Keep long paragraphs that come again, word for word, only where they come first."""
    seen: set[str] = set()
    kept: list[str] = []
    for block in blocks:
        if not is_long(block) or is_list_or_table(block) or block not in seen:
            kept.append(block)
        seen.add(block)
    return kept


def is_long(block: str) -> bool:
    """Tell what is too long to be repeated on purpose."""
    return len(block) >= (LONG / 2 if _CJK.search(block) else LONG)


def without_ends(blocks: list[str], fields: dict[str, str]) -> list[str]:
    """Drop notices at the start, and notices and credits at the end; note down whom these name."""
    first, last = 0, len(blocks)
    while first < last and is_notice(blocks[first]):
        first += 1
    while first < last:
        if _is_speaker(blocks[last - 1], blocks) or not _is_end(blocks[last - 1], fields):
            break
        last -= 1
    kept = blocks[first:last]
    bracket = _LAST_BRACKET.search(kept[-1]) if kept else None
    if bracket and _is_end(bracket[1], fields):
        kept[-1] = kept[-1][: bracket.start()]
    return kept


def _is_speaker(block: str, blocks: list[str]) -> bool:
    """Tell a line of an interview: "Reporter:" stands before others, too."""
    role, colon, _ = block.partition(":")
    return bool(colon) and sum(other.startswith(f"{role}:") for other in blocks) > 1


def _is_end(block: str, fields: dict[str, str]) -> bool:
    found = read_credits(block)
    for name, value in (found or {}).items():
        fields.setdefault(name, value)
    return found is not None or is_notice(block)


def is_list_or_table(block: str) -> bool:
    """Tell lines that may repeat, begin in any case, and end without a full stop."""
    return "\n" in block or " | " in block or bool(_LIST.match(block))


def _letters(text: str) -> str:
    return "".join(text.split())
