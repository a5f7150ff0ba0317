"""Looking for the other side: sentences of other articles that give another value.

A sentence counts only if it is about every name of the question, states a value of the kind asked
for, and nothing around the value sets it apart.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass

from rag.amounts import find_amounts, unit_stem
from rag.choice import choose_sentences
from rag.corrections import Correction, read_correction, reported
from rag.evidence import Sentence
from rag.keyword import keywords, words
from rag.lexicon import PLACES
from rag.retrieval import Query, Ranking
from rag.same_thing import Context, set_apart
from rag.sentences import CJK, is_complete, sentence_spans
from rag.snapshot import Snapshot
from rag.stated import Asked, Stated, read_claim, read_stated
from rag.types import Answer

DEPTH = 24  # chunks whose sentences may be the other side
SEED = 0.15  # how far the answer's own side may score below the best sentence
REACH = 0.35  # and the other side
SIDES = 4
CLAIMED = 0.5  # share of the words of a yes-or-no question that a correction has
REPEATED = 0.6  # share of the words of a retracted claim that its source has

# By these an article sets a second value against the one it has given.
_CONTRAST = re.compile(r"\b(?:the same|others|another|however|instead|disputes?|disputed)\b", re.I)


@dataclass(frozen=True, slots=True)
class Side:
    """One of the values, with the sentence that gives it."""

    sentence: Sentence
    value: str
    published: datetime.date


class Finder:
    """Looks for the other side among the sentences that were retrieved."""

    def __init__(
        self, snapshot: Snapshot, query: Query, ranking: Ranking, answer: Answer, asked: Asked
    ) -> None:
        """Score the candidates once."""
        self.snapshot, self.asked = snapshot, asked
        found = choose_sentences(snapshot, query, ranking, DEPTH)
        self.sentences = [s for s in found if is_complete(s.text)]
        best = self.sentences[0].score if self.sentences else 0.0
        self.near = [s for s in self.sentences if s.score >= best - REACH]
        # A quote may begin with the sentences that its last one leans on.
        cited = {(c.article_id, c.end) for c in answer.citations}
        self.seeds = [
            s for s in self.near if s.score >= best - SEED and (s.article_id, s.end) in cited
        ]

    def corrected(self) -> list[Side]:
        """A correction of what is asked and the sentence it corrects; empty if there is none."""
        for sentence in self.near:
            published = self._published(sentence)
            correction = read_correction(sentence.text, self._following(sentence))
            if correction is None or published is None or not self._is_asked(correction, sentence):
                continue
            source = self._source(correction, sentence, published)
            if source:
                old, new = self._values(correction)
                day = self._published(source) or published
                return [Side(sentence, new, published), Side(source, old, day)]
        return []

    def _is_asked(self, correction: Correction, sentence: Sentence) -> bool:
        """Tell whether a correction takes back a value of the kind asked for, or else the words."""
        if not self._is_about(sentence, whole=True):
            return False
        said = set(keywords(f"{correction.old} {correction.new}"))
        said |= {unit_stem(word) for word in said}
        if self.asked.units:
            return bool(self.asked.units & (said | _units(correction.old)))
        if not self.asked.predicate & said:
            return False
        if self.asked.kind:
            return read_claim(self.asked, correction.old) is not None
        question = set(keywords(self.asked.question))
        return len(question & said) >= CLAIMED * len(question)

    def _source(
        self, correction: Correction, sentence: Sentence, published: datetime.date
    ) -> Sentence | None:
        """The earlier article's sentence that has the value, or the words, that are taken back."""
        old = read_claim(self.asked, correction.old) if self.asked.kind else None
        claim = set(keywords(reported(correction.old)))
        for other in self.sentences:
            day = self._published(other)
            if day is None or day >= published or read_correction(other.text):
                continue
            if old:
                told = read_claim(self.asked, other.text, self._before(other))
                if self._has_name(old, other) or (told and old.agrees(told)):
                    return other
            elif len(claim & set(keywords(other.text))) >= REPEATED * len(claim):
                return other
        return None

    def _has_name(self, old: Stated, other: Sentence) -> bool:
        names = {word for name in old.names for word in words(name)}
        return bool(names) and names <= set(words(other.text)) and self._is_about(other)

    def _values(self, correction: Correction) -> tuple[str, str]:
        """What to show for the two halves: the values, or else the halves themselves."""
        old = read_claim(self.asked, correction.old) if self.asked.kind else None
        new = read_claim(self.asked, correction.new, correction.old) if self.asked.kind else None
        if old and new:
            return old.text, new.text
        return reported(correction.old), correction.new

    def different(self) -> list[Side]:
        """Sides with different values for the same thing, newest first; empty if all agree."""
        if not self.asked.kind or (self.asked.kind in ("name", "place") and not self.asked.names):
            return []  # people of whom it is not said what they are to be compared in
        own: Stated | None = None
        # A wrong name is told from the right one by its rank alone.
        for seed in self.seeds[: 1 if self.asked.kind in ("name", "place") else None]:
            stated = self._stated(seed)
            published = self._published(seed)
            if stated is None or published is None:
                continue
            # What the answer says first is its value; a further sentence may only bear it out.
            own = own or stated
            if not own.agrees(stated):
                continue
            mine = Context(seed.text, stated, published)
            sides = [Side(seed, stated.text, published)]
            values = [stated]
            for other, value in self._others(seed, mine):
                if all(value.agrees(known) is False for known in values):
                    day = self._published(other)
                    if day and len(sides) < SIDES:
                        sides.append(Side(other, value.text, day))
                        values.append(value)
            if len({side.sentence.article_id for side in sides}) > 1:
                return sorted(sides, key=lambda side: side.published, reverse=True)
        return []

    def _others(self, seed: Sentence, mine: Context) -> Iterator[tuple[Sentence, Stated]]:
        """Sentences of other articles that state a value of the same thing, the best of each."""
        seen: set[str] = {seed.article_id}
        for other in self.near:
            if other.article_id in seen and not _CONTRAST.search(other.text):
                continue
            stated = self._stated(other)
            if stated is None or mine.stated.agrees(stated) is None:
                continue
            if not set_apart(self.asked, mine, Context(other.text, stated, self._published(other))):
                seen.add(other.article_id)
                yield other, stated

    def _stated(self, sentence: Sentence) -> Stated | None:
        if not self._is_about(sentence):
            return None
        return read_stated(self.asked, sentence.text, self._before(sentence))

    def _is_about(self, sentence: Sentence, *, whole: bool = False) -> bool:
        """Tell whether a sentence is about every name of the question.

        The name stands in it, in the title, or shortly before in an article that names it first
        or twice: what is named once in passing is not what the next sentence is about. With
        `whole` it may stand anywhere in the article.
        """
        entry = self.snapshot.entries[sentence.article_id]
        text = self.snapshot.article(sentence.article_id).text
        if whole:
            return self._names_in(f"{entry.title} {text}")
        if self._names_in(f"{entry.title} {sentence.text}"):
            return True
        lead = self._before(sentence)
        rest = text.replace(lead, " ", 1) if lead else text
        opens = text.lstrip().startswith(lead) or self._names_in(f"{entry.title} {rest}")
        carried = opens or bool(_CONTRAST.search(sentence.text))
        return carried and self._names_in(f"{entry.title} {lead} {sentence.text}")

    def _names_in(self, text: str) -> bool:
        """Look for every name; a nationality will do for a country."""
        said = set(words(text))
        said |= {word[:4] for word in said if word in PLACES}
        return all(
            name in said
            or (name in PLACES and name[:4] in said)
            or (bool(CJK.match(name)) and name in text)
            for name in self.asked.names
        )

    def _published(self, sentence: Sentence) -> datetime.date | None:
        return self.snapshot.entries[sentence.article_id].published

    def _before(self, sentence: Sentence) -> str:
        """The sentences that lead to one in its paragraph, two at most."""
        text = self.snapshot.article(sentence.article_id).text
        lead = text[text.rfind("\n", 0, sentence.start) + 1 : sentence.start]
        return lead[sum(end for _, end in sentence_spans(lead)[-3:-2]) :]

    def _following(self, sentence: Sentence) -> str:
        """The rest of the paragraph up to the end of the next sentence."""
        text = self.snapshot.article(sentence.article_id).text[sentence.end :]
        match = re.match(r" ?[^\n]*?[.!?。](?=\s|$)", text)
        return match[0].strip() if match else ""


def _units(text: str) -> set[str]:
    return {unit for amount in find_amounts(text) for unit in amount.unit}
