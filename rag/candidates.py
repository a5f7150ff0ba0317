"""Sentences near a question that may give a value for what it asks, and what they are about."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass

from rag.asked import Asked
from rag.choice import choose_sentences
from rag.evidence import Sentence
from rag.keyword import STOPWORDS, keywords, words
from rag.lead_in import leans
from rag.lexicon import PLACES
from rag.name_kinds import PREPOSITION
from rag.names import find_names
from rag.retrieval import Query, Ranking
from rag.sentences import CJK, is_complete, sentence_spans
from rag.snapshot import Snapshot
from rag.types import Answer

DEPTH = 24  # chunks whose sentences may be the other side
SEED = 0.15  # how far the answer's own side may score below the best sentence
REACH = 0.35  # and the other side
MET = 0.75  # share of the words of a question without a name that a sentence about it has

# By these an article sets a second value against the one it has given.
CONTRAST = re.compile(r"\b(?:the same|others|another|however|instead|disputes?|disputed)\b", re.I)
_WHERE = re.compile(
    r"\b(?:[Oo]n|[Aa]t|[Ii]n|[Ff]rom) (?:the )?([A-ZÀ-Þ][\w'’-]*(?: [A-ZÀ-Þ][\w'’-]*)*)"
)


@dataclass(frozen=True, slots=True)
class Side:
    """One of the values, with the sentence that gives it; the quote may run on to `end`."""

    sentence: Sentence
    value: str
    published: datetime.date
    end: int


class Candidates:
    """The sentences that were retrieved; those near the best, and those that the answer cites."""

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

    def is_about(self, sentence: Sentence) -> bool:
        """Tell whether a sentence is about every name of the question, or most telling words.

        They stand in it, in the title, or shortly before in an article that has them first or
        twice: what is named once in passing is what the next sentence is about only if that one
        speaks of "it".
        """
        title = self.snapshot.entries[sentence.article_id].title
        said = self._not_where(sentence.text)
        if self.says_topic(said):
            return True
        if self._opens_with_another(sentence.text):
            return False
        lead = self.before(sentence)
        last = lead[sum(start for start, _ in sentence_spans(lead)[-1:]) :]
        text = self.snapshot.article(sentence.article_id).text
        rest = text.replace(lead, " ", 1) if lead else text
        opens = text.lstrip().startswith(lead) or self.says_topic(f"{title} {rest}")
        if not (opens or self.asked.topic or CONTRAST.search(sentence.text)):
            lead = last if leans(sentence.text) else ""
        return self.says_topic(f"{title} {self._not_where(lead)} {said}")

    def _not_where(self, text: str) -> str:
        """A text without the name asked for where it only says where something else was.

        "When did Tencent Video begin?" is not answered by "Joy of Life began on Tencent Video".
        """
        asked = self.asked
        if asked.kind not in ("number", "date") or not asked.is_of_one:
            return text
        return _WHERE.sub(lambda m: " " if asked.names & set(words(m[1])) else m[0], text)

    def _opens_with_another(self, text: str) -> bool:
        """Tell a sentence whose figure or date is of another name: "Iron Orchard was shown in"."""
        if self.asked.kind not in ("number", "date"):
            return False
        name, start, _ = next(iter(find_names(text)), ("", len(text), 0))
        opener = text[:start].strip(" -").lower()  # "Why Try to Change Me Now was shown"
        opens = not opener or (opener in STOPWORDS and not PREPOSITION.search(f" {opener} "))
        other = len(words(name)) > 1 and not self.asked.names & set(words(name))
        return opens and other

    def mentions(self, sentence: Sentence) -> bool:
        """Tell whether the article of a sentence has what the question is about."""
        title = self.snapshot.entries[sentence.article_id].title
        return self.says_topic(f"{title} {self.snapshot.article(sentence.article_id).text}")

    def says_topic(self, text: str) -> bool:
        """Look for every name; a nationality will do for a country, a related word for a word."""
        said = set(words(text))
        said |= {word[:4] for word in said if word in PLACES}
        named = all(
            name in said
            or (name in PLACES and name[:4] in said)
            or (bool(CJK.match(name)) and name in text)
            for name in self.asked.names
        )
        stems = set(keywords(text)) if named and self.asked.topic else set()
        met = sum(bool(stems & word) for word in self.asked.topic)
        return named and met >= MET * len(self.asked.topic)

    def published(self, sentence: Sentence) -> datetime.date | None:
        """The day on which the article of a sentence was published."""
        return self.snapshot.entries[sentence.article_id].published

    def before(self, sentence: Sentence) -> str:
        """The sentences that lead to one in its paragraph, two at most."""
        text = self.snapshot.article(sentence.article_id).text
        lead = text[text.rfind("\n", 0, sentence.start) + 1 : sentence.start]
        return lead[sum(end for _, end in sentence_spans(lead)[-3:-2]) :]

    def following(self, sentence: Sentence) -> str:
        """The rest of the paragraph up to the end of the next sentence."""
        text = self.snapshot.article(sentence.article_id).text[sentence.end :]
        match = re.match(r" ?[^\n]*?[.!?。](?=\s|$)", text)
        return match[0].strip() if match else ""
