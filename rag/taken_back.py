"""Corrections of what is asked: the sentence that corrects, and the earlier one that it corrects.

A correction counts if it is about what the question names and takes back what is asked for. What
it takes back must stand in the earlier sentence, and is shown as it stands there.
"""

from __future__ import annotations

import re

from rag.amounts import find_amounts, same_unit, unit_stem
from rag.asked import Asked
from rag.candidates import Candidates, Side
from rag.corrections import Correction, read_correction, reported
from rag.days import find_days
from rag.evidence import Sentence
from rag.keyword import keywords, words
from rag.names import find_names
from rag.question import answers_yes_or_no
from rag.stated import Stated, read_claim

CLAIMED = 0.5  # share of the words of a yes-or-no question that a correction has
REPEATED = 0.6  # share of the words of a retracted claim that its source has

_QUOTED = re.compile(r"[\"“「]([^\"”」]{3,80})[\"”」]")
_OF = re.compile(r"\b(?:of|for) (?:the )?$")
_FIGURE = re.compile(r"\d+(?:[.,]\d+)*")
_PART = re.compile(r"(?:[^,;—–。，；]|,(?=\d))+")


def find_corrected(candidates: Candidates) -> list[Side]:
    """A correction of what is asked and the sentence it corrects; empty if there is none."""
    asked = candidates.asked
    for sentence in () if asked.vague else candidates.near:
        correction = read_correction(sentence.text, candidates.following(sentence))
        published = candidates.published(sentence)
        end = _end(candidates, sentence, correction) if correction else 0
        if correction is None or published is None or not end:
            continue
        old, new = _values(asked, correction)
        if _is_asked(candidates, sentence, correction, old):
            right = Side(sentence, new.text if new else correction.new, published, end)
            wrong = _source(candidates, right, correction, old)
            if wrong:
                return [right, wrong]
    return []


def _source(
    candidates: Candidates, right: Side, correction: Correction, old: Stated | None
) -> Side | None:
    """The earlier article's sentence that has the value, or the words, that are taken back."""
    for other in candidates.sentences:
        day = candidates.published(other)
        if day and day < right.published and not read_correction(other.text):
            shown = _repeated(candidates, other, correction, old)
            if shown:
                return Side(other, shown, day, other.end)
    return None


def _end(candidates: Candidates, sentence: Sentence, correction: Correction) -> int:
    """Where the quote ends: with the next sentence if the right version stands there; 0 if not."""
    if correction.new in sentence.text:
        return sentence.end
    text = candidates.snapshot.article(sentence.article_id).text
    following = candidates.following(sentence)
    end = text.index(following, sentence.end) + len(following)
    return end if correction.new in text[sentence.start : end] else 0


def _values(asked: Asked, correction: Correction) -> tuple[Stated | None, Stated | None]:
    """The value that is taken back, and the right one, as far as they can be told."""
    if not asked.kind:
        old, new = (_figure(asked, t) for t in (reported(correction.old), correction.new))
        return (old, new) if old and new and old.agrees(new) is False else (None, None)
    # The day on which something was reported is not the day that was reported.
    claim = reported(correction.old) if asked.kind == "date" else correction.old
    old = read_claim(asked, claim)
    return old, read_claim(asked, correction.new, correction.old) if old else None


def _figure(asked: Asked, clause: str) -> Stated | None:
    amounts = find_amounts(clause, but=asked.question)
    return Stated(amounts[0].text, amounts=(amounts[0],)) if len(amounts) == 1 else None


def _is_asked(
    candidates: Candidates, sentence: Sentence, correction: Correction, old: Stated | None
) -> bool:
    """Tell whether a correction takes back a value of the kind asked for, or else the words."""
    asked, both = candidates.asked, f"{correction.old} {correction.new}"
    title = candidates.snapshot.entries[sentence.article_id].title
    whole = f"{title} {candidates.before(sentence)} {sentence.text} {correction.new}"
    if not candidates.says_topic(whole) or _is_about_others(asked, correction):
        return False
    said = {stem for word in keywords(both) for stem in (word, unit_stem(word))}
    if asked.units:
        units = {unit for amount in find_amounts(correction.old) for unit in amount.unit}
        return bool(asked.units & (said | units))
    if not asked.predicate & said or (asked.kind and not old):
        return False
    # That something is not so answers no question but whether it is.
    if not old and correction.is_bare and not answers_yes_or_no(asked.question):
        return False
    question = set(keywords(asked.question))
    return bool(asked.kind) or len(question & said) >= CLAIMED * len(question)


def _is_about_others(asked: Asked, correction: Correction) -> bool:
    """Tell a correction that has names of its own, though none of those asked for.

    "The score of Meet Yourself" is no other's. Where a name is the value, it cannot be told apart.
    """
    if asked.kind in ("name", "place"):
        return False
    names = find_names(f"{correction.old} {correction.new}")
    of = [name for name, start, _ in names if _OF.search(correction.old[:start])]
    own = {word for name in of or [name for name, _, _ in names] for word in words(name)}
    return bool(own) and not own & asked.names


def _repeated(
    candidates: Candidates, other: Sentence, correction: Correction, old: Stated | None
) -> str:
    """What is taken back, as an earlier sentence has it; empty if it is not there."""
    if not candidates.mentions(other):
        return ""
    if old is None:
        return _claimed(reported(correction.old), other.text)
    if old.days:
        days = ((day, other.text[a:b]) for day, a, b in find_days(other.text))
        return next((shown for day, shown in days if any(map(day.equals, old.days))), "")
    if old.names and re.search(rf"(?<!\w){re.escape(old.text)}(?!\w)", other.text):
        return old.text
    told = read_claim(candidates.asked, other.text, candidates.before(other))
    if old.names:
        return told.text if told and old.agrees(told) else ""
    if candidates.asked.kind:
        amounts = told.amounts if told else ()
    else:
        amounts = tuple(find_amounts(other.text))
    same = (a for a in amounts for b in old.amounts if same_unit(a, b) and a.agrees(b))
    return next((amount.text for amount in same), "")


def _claimed(claim: str, text: str) -> str:
    """The part of a text that has the words, or the quoted words and the figures, of a claim."""
    terms = set(keywords(claim))
    quoted = _QUOTED.findall(claim)
    if not set(_FIGURE.findall(claim)) <= set(_FIGURE.findall(text)):
        return ""
    if not all(phrase in text for phrase in quoted):
        return ""
    if not quoted and len(terms & set(keywords(text))) < REPEATED * len(terms):
        return ""
    parts: list[str] = _PART.findall(text)
    return max(parts, key=lambda part: len(terms & set(keywords(part)))).strip(" .")
