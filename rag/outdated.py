"""What was not yet known once, and is told by a later article."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

import numpy as np

from rag.answer_type import answer_type, stated_type
from rag.evidence import Sentence
from rag.hedges import STATED_UNKNOWN
from rag.lexicon import is_place
from rag.names import name_key
from rag.parts import Parts, mean_cosine, words_of
from rag.retrieval import Query
from rag.snapshot import Snapshot

LOOKED_AT = 20  # of the best sentences
KNOWN_FLOOR = 0.4  # mean cosine of the predicate in the sentence that tells
NO_DATE = datetime.date.min


def without_outdated(
    snapshot: Snapshot, query: Query, parts: Parts, sentences: Sequence[Sentence]
) -> list[Sentence]:
    """Drop "no date has been named" where a sentence of a newer article has one.

    It must name what the question names, for there are dates of other things in any article.
    """
    predicate = np.flatnonzero(parts.predicate).tolist()
    wanted = answer_type(query.text)
    if not predicate or not wanted:
        return list(sentences)

    def published(sentence: Sentence) -> datetime.date:
        return snapshot.article(sentence.article_id).published or NO_DATE

    names = [name_key(words_of(query, group)) for group in parts.names]
    names = [name for name in names if not is_place(name)]
    near = sentences[:LOOKED_AT]
    unknown = [s for s in near if STATED_UNKNOWN.search(s.text)]
    known = [
        published(s)
        for s in near
        if unknown
        and names
        and all(f" {name} " in f" {name_key(s.text)} " for name in names)
        and not STATED_UNKNOWN.search(s.text)
        and stated_type(wanted, s.text, query.text)
        and mean_cosine(query, s.own, predicate) >= KNOWN_FLOOR
    ]
    newest = max(known, default=NO_DATE)
    outdated = {(s.article_id, s.start) for s in unknown if NO_DATE < published(s) < newest}
    return [s for s in sentences if (s.article_id, s.start) not in outdated]
