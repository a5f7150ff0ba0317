"""How an answer is scored against what a good one contains; pure functions."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rag.gold import Gold, Question
from rag.keyword import fold
from rag.lexicon import NUMBER_WORDS
from rag.metrics import Overlap, overlap
from rag.names import name_key
from rag.sentences import CJK
from rag.types import Answer

Names = Sequence[str]  # all names of one thing

_OPENING_NUMBER = re.compile(rf"\W*(\d+|{'|'.join(NUMBER_WORDS)})\b(?![.,:]\d)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ListScore:
    """What a list has right: gold items by their first names, and wrong ones as they were said.

    `right`: how many lines stand for a gold item; more than `found` if one comes twice.
    """

    found: tuple[str, ...]
    missed: tuple[str, ...]
    wrong: tuple[str, ...]
    right: int
    count_right: bool | None = None

    @property
    def overlap(self) -> Overlap:
        """Precision, recall and F1."""
        wanted = len(self.found) + len(self.missed)
        return overlap(self.right, self.right + len(self.wrong), len(self.found), wanted)


def is_gold(article_id: str, path: str, quote: str, gold: Gold) -> bool:
    """Tell whether a quote from an article is a gold sentence.

    One may contain the other, for where a sentence ends is a matter of taste; the mark of a list
    item does not count.
    """
    said, wanted = quote.removeprefix("- ").strip(), gold.sentence.removeprefix("- ").strip()
    same = bool(said) and bool(wanted) and (said in wanted or wanted in said)
    return same and gold.is_article(article_id, path)


def gold_rank(answer: Answer, gold: Sequence[Gold]) -> int | None:
    """Place of the first statement that cites a gold sentence, from 1; `None` if refused or missed.

    A statement may cite several places that say the same; any of them will do.
    """
    if answer.status != "answered":
        return None
    right = set()
    for citation in answer.citations:
        places = [(citation.article_id, citation.path)]
        places += [(outlet.article_id, outlet.path) for outlet in citation.also]
        if any(is_gold(*place, citation.quote, wanted) for place in places for wanted in gold):
            right.add(citation.number)
    ranks = (n for n, said in enumerate(answer.statements, 1) if right & set(said.citations))
    return next(ranks, None)


def score_list(answer: Answer, question: Question) -> ListScore:
    """Score a list line by line where its lines say what they stand for, else by its text."""
    items = [statement.item for statement in answer.statements if statement.item]
    answered = answer.status == "answered"
    if items and answered:
        found, right, wrong = _match_items(items, question)
    else:
        found, wrong = names_in(answer.text if answered else "", question)
        right = len(found)
    count_right = None
    if question.count is not None:
        count_right = answered and question.count in (len(items), _opening_number(answer.text))
    return ListScore(
        found=tuple(names[0] for names in question.items if names in found),
        missed=tuple(names[0] for names in question.items if names not in found),
        wrong=tuple(wrong),
        right=right,
        count_right=count_right,
    )


def names_in(text: str, question: Question) -> tuple[list[Names], list[str]]:
    """Gold items any of whose names occur in a text, and wrong items by the name that does.

    A wrong name does not count where it is part of a right one.
    """
    said = _spaced(text)
    found = [names for names in question.items if any(_occurs(name, said) for name in names)]
    right = {_key(name).strip() for names in question.items for name in names} - {""}
    for key in sorted(right, key=len, reverse=True):
        around = ("", "") if CJK.search(key) else ("(?<= )", "(?= )")
        said = re.sub(re.escape(key).join(around), "|", said)
    wrong = (
        next((name for name in names if _occurs(name, said)), None) for names in question.not_items
    )
    return list(found), [name for name in wrong if name]


def _match_items(items: Sequence[str], question: Question) -> tuple[list[Names], int, list[str]]:
    """Gold items found, how many lines are right, and the items that are wrong."""
    found: list[Names] = []
    wrong: list[str] = []
    for item in items:
        match = _gold_item(item, question)
        if match is None:
            wrong.append(item)
        elif match not in found:
            found.append(match)
    return found, len(items) - len(wrong), wrong


def _gold_item(item: str, question: Question) -> Names | None:
    """The gold item that a name stands for: the same name first, then one within the other."""
    key = _key(item)
    for names in question.items:
        if key.strip() and key in map(_key, names):
            return names
    if any(key in map(_key, names) for names in question.not_items):
        return None
    for names in question.items:
        if any(_within(key, _key(name)) or _within(_key(name), key) for name in names):
            return names
    return None


def _key(name: str) -> str:
    return f" {name_key(name)} "


def _spaced(text: str) -> str:
    """A text as it is compared with keys of names: folded words with spaces around each."""
    words = [word for word in re.split(r"[\W_]+", fold(text)) if word]
    return f" {' '.join(words)} "


def _occurs(name: str, said: str) -> bool:
    return _within(_key(name), said)


def _within(key: str, said: str) -> bool:
    """Tell whether a key occurs in a text as whole words; Chinese puts no spaces between words."""
    bare = key.strip()
    return bool(bare) and (key in said or (bool(CJK.search(bare)) and bare in said))


def _opening_number(text: str) -> int | None:
    match = _OPENING_NUMBER.match(text)
    if not match:
        return None
    word = match[1].lower()
    return int(word) if word.isdigit() else NUMBER_WORDS.index(word)
