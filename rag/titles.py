"""Titles in Chinese characters, which no space and no capital sets apart from the words around.

A question may ask 人世间有多少观众: that its first three characters are a title is known from
articles that have them in brackets, "A Lifelong Journey (人世间)", or in 《》.
"""

from __future__ import annotations

import re

import numpy as np

from rag.keyword import CJK_CHARACTERS, keywords
from rag.sentences import CJK, Span
from rag.snapshot import Snapshot

CHUNKS = 20  # in which titles are looked up

_TITLE = re.compile(rf"《([^《》\n]{{1,40}})》|[(（]([{CJK_CHARACTERS}]{{2,20}})(?=[)）,，·])")


def find_titles(snapshot: Snapshot, question: str) -> tuple[Span, ...]:
    """Where titles that the index knows stand in a question, in order; the longest where in doubt.

    They are looked up in the chunks that have most of the question's characters.
    """
    known = {match[1] for match in _TITLE.finditer(question) if match[1]}
    scores = snapshot.keyword.scores([term for term in keywords(question) if CJK.match(term)])
    for row in np.argsort(-scores, kind="stable")[:CHUNKS].tolist():
        if scores[row] > 0:
            text = snapshot.titled_text(row)
            known.update(match[1] or match[2] for match in _TITLE.finditer(text))
    found = [
        match.span()
        for title in sorted(known, key=len, reverse=True)
        if CJK.search(title)
        for match in re.finditer(re.escape(title), question)
    ]
    kept: list[Span] = []
    for start, end in found:
        if all(end <= a or b <= start for a, b in kept):
            kept.append((start, end))
    return tuple(sorted(kept))
