"""Follow-ups in Chinese: 泰国版呢, 2023年呢, 它的导演是谁."""

from __future__ import annotations

import re

from rag.lexicon import CJK_PLACES
from rag.sentences import CJK

_WHAT_ABOUT = re.compile(r"(?:那么?|还有|而)?(.+?)呢[？?]?")
# What may be put in: 《…》, a version, a place, a year; each for its like.
_VERSION = re.compile(rf"(?:{CJK_PLACES})版")
_TITLE, _PLACE, _YEAR = (re.compile(like) for like in (r"《[^》]+》", CJK_PLACES, r"\d{4}年"))
_PRONOUN = re.compile(r"它|(?:该|这部|那部|此)(?:电视剧|电影|影片|剧集|剧|片|作品)|这本书")


def resolve_chinese(question: str, before: str, topic: str) -> str:
    """Rewrite a follow-up in Chinese; it stays as it is where nothing fits."""
    asked = _WHAT_ABOUT.fullmatch(question)
    for like in (_TITLE, _VERSION, _PLACE, _YEAR):
        last = list(like.finditer(before))
        if asked and last and like.fullmatch(asked[1]):
            return before[: last[-1].start()] + asked[1] + before[last[-1].end() :]
    if not topic:
        return question
    title = f"《{topic}》" if CJK.search(topic) else topic
    if _VERSION.match(question) and not asked:
        return title + question
    return _PRONOUN.sub(lambda _: title, question, count=1)
