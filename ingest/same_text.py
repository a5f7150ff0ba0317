"""Whether one article is a copy of another: every sentence of it stands there, word for word.

A copy may have another headline, byline or dateline, and sentences may be cut from it. It is none
if a sentence, a figure, a date or a name is its own, or if the other has a correction that it
lacks: that articles differ is worth knowing, so when in doubt both are indexed.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from ingest.formats.stated import stated_lines
from rag.corrections import tells_of_earlier
from rag.sentences import is_complete, sentence_spans
from rag.types import Article
from rag.wording import wording

SHARE = 0.5  # of the other's words; what is shorter is a brief
WINDOW = timedelta(days=30)  # what is said once more after a longer time is news again
SHORT = 50  # words; what a shorter text is about may stand in its headline alone
LINES = 4  # of headline, byline and the like, before and after the text
LONGEST_LINE = 15  # words

_DATELINE = re.compile(
    r"^(?:[A-Z][A-Z .'’-]{2,}(?:, [A-Z][a-z]+\.? \d{1,2})?(?: \([^()\n]{2,30}\))?"
    r"|[A-Z][\w .,'’-]{1,40} \([A-Z][\w ]{1,20}\)) ?[-–—]{1,2} "
    r"|^[^。，；\n]{0,25}日电(?:[（(][^）)\n]*[）)])?[ ：]*"
)
_CREDIT = re.compile(
    r"^\W*(?:(?:additional )?reporting by|writ(?:ing|ten) by|edit(?:ing|ed) by|compiled by"
    r"|translated by|(?:photo|picture|image|source)s?(?: by\b|:)|copyright\b|©|by [^.!?]*$"
    r"|记者|编辑|责任编辑|来源|作者)|^\([\w ]{2,30}\)$",
    re.I,
)
_NOTICE = re.compile(
    r"^\W*(?:correct(?:ion|ed|s)|clarif(?:ication|ied|ies)|updat(?:e|ed|es)|retract(?:ion|ed))\b"
    r"|更正|勘误|更新",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence or line as it stands, and its bare wording."""

    text: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """An article taken apart; `words` are all of its words, with those of its title."""

    article: Article
    sentences: tuple[Sentence, ...]
    said: frozenset[tuple[str, ...]]
    words: frozenset[str]

    @classmethod
    def of(cls, article: Article) -> Reading:
        """Take an article apart."""
        sentences: list[Sentence] = []
        led = False
        own = _own_text(article)
        for start, end in sentence_spans(own, article.language):
            text = own[start:end]
            body = text if led or not is_complete(text) else _DATELINE.sub("", text)
            led = led or is_complete(text)
            if words := tuple(wording(body)):
                sentences.append(Sentence(text, words))
        said = frozenset(sentence.words for sentence in sentences)
        return cls(article, tuple(sentences), said, frozenset(wording(article.title)).union(*said))


def is_copy(copy: Reading, original: Reading) -> bool:
    """Tell whether an article is a copy of another one, published before or on the same day."""
    return (
        _of_one_time(copy.article, original.article)
        and _figures(copy.words) <= original.words
        and _title_agrees(copy, original)
        and _text_agrees(copy, original)
        and not _is_corrected(copy, original)
    )


def _own_text(article: Article) -> str:
    """The text without lines at the top that say who brought it when: each outlet has its own.

    A date that is not the article's stays: it may be what the article is about.
    """
    day = article.published
    known = {line for line, said in stated_lines(article.text) if said.get("published", day) == day}
    return "\n".join(line for line in article.text.split("\n") if line not in known)


def _of_one_time(copy: Article, original: Article) -> bool:
    if copy.published is None or original.published is None:
        return True
    return timedelta(0) <= copy.published - original.published <= WINDOW


def _figures(words: Iterable[str]) -> set[str]:
    return {word for word in words if any(c.isnumeric() for c in word)}


def _title_agrees(copy: Reading, original: Reading) -> bool:
    """Tell whether what the headline names is said in the original, too; figures always are."""
    title = copy.article.title
    if bool(_NOTICE.search(title)) != bool(_NOTICE.search(original.article.title)):
        return False
    if sum(len(sentence.words) for sentence in copy.sentences) < SHORT:
        return set(wording(title)) <= original.words
    _, *others = title.split() or [""]
    if not any(word.islower() and len(word) > 3 for word in others):
        return True  # Every Word Has a Capital: no name can be told
    return set(wording(" ".join(w for w in others if w[0].isupper()))) <= original.words


def _text_agrees(copy: Reading, original: Reading) -> bool:
    """Tell whether every sentence is one of the original's, and all make up enough of it."""
    left = Counter(sentence.words for sentence in original.sentences)
    shared: list[bool] = []
    for sentence in copy.sentences:  # one that comes twice has to come twice in the original
        shared.append(left[sentence.words] > 0)
        left[sentence.words] -= 1
    if not any(shared):
        return False
    first, end = shared.index(True), len(shared) - shared[::-1].index(True)
    before, after = copy.sentences[:first], copy.sentences[end:]
    if not all(shared[first:end]) or max(len(before), len(after)) > LINES:
        return False
    if not all(_is_credit(line) or _is_heading(line, copy, original) for line in before):
        return False
    if not all(_is_credit(line) for line in after):
        return False
    length = sum(len(sentence.words) for sentence in copy.sentences[first:end])
    return length >= SHARE * sum(len(sentence.words) for sentence in original.sentences)


def _is_heading(line: Sentence, copy: Reading, original: Reading) -> bool:
    """Tell the headline, the name of who wrote it, or a line that only repeats the text."""
    article = copy.article
    known = (tuple(wording(field)) for field in (article.title, article.author, article.source))
    repeats = set(line.words) <= original.words and not is_complete(line.text)
    return len(line.words) <= LONGEST_LINE and (repeats or line.words in known)


def _is_credit(line: Sentence) -> bool:
    return len(line.words) <= LONGEST_LINE and bool(_CREDIT.search(line.text))


def _is_corrected(copy: Reading, original: Reading) -> bool:
    """Tell whether a sentence that the copy lacks takes back something."""
    cut = [s.text for s in original.sentences if s.words not in copy.said]
    return any(_NOTICE.search(text) or tells_of_earlier(text) for text in cut)
