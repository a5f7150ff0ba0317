"""Questions that no article answers but the index itself does, and plain courtesies."""

from __future__ import annotations

import re
from datetime import date

from rag.snapshot import Snapshot
from rag.types import Answer, Coverage, Kind

_GREETING = re.compile(
    r"^(?:hi|hello|hey|good (?:morning|afternoon|evening)|greetings|你好|您好|嗨)(?: there)?\W*$",
    re.I,
)
_THANKS = re.compile(
    r"^(?:ok(?:ay)?\W+)?(?:thanks?(?: you)?(?: (?:very|so) much)?|bye|goodbye|谢谢|再见)"
    r"\W*$",
    re.I,
)
_ABILITY = re.compile(
    r"^(?:help|what can you do|what can i ask(?: you)?|how does (?:this|it) work|how do i use "
    r"(?:this|it)|who are you|what are you)\W*$",
    re.I,
)
_HOW_MANY = re.compile(
    r"^how many articles(?: (?:do|are|have|can|you|in|there|the|index|know))*\W*$",
    re.I,
)
_ALL = r"(?:all )?(?:of )?(?:the|your|these|my)? ?articles"
_ABOUT_WHAT = re.compile(
    rf"^(?:please )?(?:(?:summari[sz]e|sum up|list|show(?: me)?) {_ALL}"
    rf"|give (?:me )?(?:a |an )?(?:summary|overview|list) of {_ALL}"
    rf"|what (?:are|do) {_ALL} (?:about|say|speak of|deal with)"
    rf"|(?:which|what) articles (?:do you have|are there)"
    r"|what (?:do you know|is in the index|topics (?:do you know|are there)))\W*$",
    re.I,
)
NEWEST_SHOWN = 5
_NEWEST = re.compile(
    r"^(?:what|which) is (?:the|your) (newest|latest|most recent|oldest|first) article\W*$", re.I
)


def answer_about(snapshot: Snapshot, question: str) -> Answer | None:
    """Answer from the index itself; `None` if the question is one for the articles."""
    text = question.strip()
    count = len(snapshot.entries)
    if _GREETING.match(text):
        examples = snapshot.manifest.examples[:1]
        hint = f" For example: {examples[0]}" if examples else ""
        return _plain(snapshot, text, "small_talk", f"Hello. Ask me about the articles.{hint}")
    if _THANKS.match(text):
        return _plain(snapshot, text, "small_talk", "You are welcome.")
    if _ABILITY.match(text):
        told = (
            f"I search {count} articles and answer with sentences from them, each with a citation "
            "you can open. If they do not say what you ask, I say so."
        )
        return _plain(snapshot, text, "about_the_corpus", told)
    if _HOW_MANY.match(text):
        return _plain(snapshot, text, "about_the_corpus", _how_many(snapshot))
    if _ABOUT_WHAT.match(text):
        told = f"{_how_many(snapshot)} {_newest(snapshot)}"
        return _plain(snapshot, text, "about_the_corpus", told)
    if newest := _NEWEST.match(text):
        return _plain(snapshot, text, "about_the_corpus", _by_age(snapshot, newest[1].lower()))
    return None


def _how_many(snapshot: Snapshot) -> str:
    status = snapshot.status()
    span = f", published from {status.first_published} to {status.last_published}"
    return f"The index holds {status.articles} articles{span if status.first_published else ''}."


def _newest(snapshot: Snapshot) -> str:
    """The titles of the newest articles; one without a date comes last."""
    entries = sorted(snapshot.manifest.articles, key=lambda e: (e.published or date.min, e.path))
    shown = [f"“{entry.title or entry.path}”" for entry in entries[: -NEWEST_SHOWN - 1 : -1]]
    return f"The newest are {', '.join(shown)}. Ask me about any of them."


def _by_age(snapshot: Snapshot, which: str) -> str:
    dated = [(e.published, e.title or e.path) for e in snapshot.manifest.articles if e.published]
    if not dated:
        return "None of the articles has a date."
    oldest = which in ("oldest", "first")
    day, title = min(dated) if oldest else max(dated)
    return f"The {'oldest' if oldest else 'newest'} article is “{title}”, published on {day}."


def _plain(snapshot: Snapshot, question: str, kind: Kind, text: str) -> Answer:
    coverage = Coverage(searched=len(snapshot.entries))
    return Answer(question, question, kind, "answered", text, coverage=coverage)
