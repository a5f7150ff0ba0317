"""Looking for the other side: sentences of other articles that give another value.

A sentence counts only if it is about every name of the question, states a value of the kind asked
for, and nothing around the value sets it apart.
"""

from __future__ import annotations

from collections.abc import Iterator

from rag.candidates import CONTRAST, Candidates, Side
from rag.evidence import Sentence
from rag.same_thing import Context, set_apart
from rag.stated import Stated, read_stated

SIDES = 4


def find_different(candidates: Candidates) -> list[Side]:
    """Sides with different values for the same thing, newest first; empty if all agree."""
    asked = candidates.asked
    ranked = asked.kind in ("name", "place")
    if asked.vague or not asked.kind or (ranked and not asked.names):
        return []  # it is not said of what the values are to be, so they need not be of one thing
    own: Stated | None = None
    # A wrong name is told from the right one by its rank alone.
    for seed in candidates.seeds[: 1 if ranked else None]:
        stated = _stated(candidates, seed)
        if stated is None or candidates.published(seed) is None:
            continue
        # What the answer says first is its value; a further sentence may only bear it out.
        own = own or stated
        sides = _sides(candidates, seed, stated) if own.agrees(stated) else []
        if len({side.sentence.article_id for side in sides}) > 1:
            return sorted(sides, key=lambda side: side.published, reverse=True)
    return []


def _sides(candidates: Candidates, seed: Sentence, stated: Stated) -> list[Side]:
    """The answer's own side, and those whose values differ from it and from each other."""
    values: list[Stated] = []
    sides: list[Side] = []
    for sentence, value in ((seed, stated), *_others(candidates, seed, stated)):
        day = candidates.published(sentence)
        new = all(value.agrees(known) is False for known in values)
        if day and new and len(sides) < SIDES:
            sides.append(Side(sentence, value.text, day, sentence.end))
            values.append(value)
    return sides


def _others(
    candidates: Candidates, seed: Sentence, stated: Stated
) -> Iterator[tuple[Sentence, Stated]]:
    """Sentences of other articles that state a value of the same thing, the best of each."""
    mine = Context(seed.text, stated, candidates.published(seed))
    seen: set[str] = {seed.article_id}
    for other in candidates.near:
        if other.article_id in seen and not CONTRAST.search(other.text):
            continue
        value = _stated(candidates, other)
        if value is None or stated.agrees(value) is None:
            continue
        theirs = Context(other.text, value, candidates.published(other))
        if not set_apart(candidates.asked, mine, theirs):
            seen.add(other.article_id)
            yield other, value


def _stated(candidates: Candidates, sentence: Sentence) -> Stated | None:
    if not candidates.is_about(sentence):
        return None
    return read_stated(candidates.asked, sentence.text, candidates.before(sentence))
