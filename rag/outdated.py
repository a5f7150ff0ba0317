"""What was not yet known once, and is told by a later article."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

import numpy as np

from rag.answer_type import answer_type, stated_type
from rag.evidence import Sentence
from rag.hedges import STATED_UNKNOWN
from rag.lexicon import is_place
from rag.names import has_name, name_key
from rag.parts import Parts, mean_cosine, words_of
from rag.retrieval import Query
from rag.snapshot import Snapshot

LOOKED_AT = 20  # of the best sentences
KNOWN_FLOOR = 0.4  # mean cosine of the predicate in the sentence that tells
NO_DATE = datetime.date.min


def without_outdated(
    snapshot: Snapshot, query: Query, parts: Parts, sentences: Sequence[Sentence]
) -> list[Sentence]:
    """Put a sentence that has the date for an older one by which "no date has been named".

    It must name what the question names, for there are dates of other things in any article.
    """
    unknown = [s for s in sentences[:LOOKED_AT] if STATED_UNKNOWN.search(s.text)]
    if not unknown:
        return list(sentences)
    published = {s.article_id: snapshot.article(s.article_id).published for s in sentences}
    known = [s for s in sentences[:LOOKED_AT] if _tells(query, parts, s) and s not in unknown]
    newest = max(known, key=lambda s: published[s.article_id] or NO_DATE, default=None)
    day = published[newest.article_id] if newest else None
    outdated = [s for s in unknown if day and (published[s.article_id] or day) < day]
    if not newest or not outdated:
        return list(sentences)
    return [newest, *(s for s in sentences if s is not newest and s not in outdated)]


def _tells(query: Query, parts: Parts, sentence: Sentence) -> bool:
    """Tell whether a sentence has what is asked for, of all that the question names."""
    wanted = answer_type(query.text)
    predicate = np.flatnonzero(parts.predicate).tolist()
    names = [name_key(words_of(query, group)) for group in parts.names]
    names = [name for name in names if not is_place(name)]
    return bool(
        wanted
        and predicate
        and names
        and all(has_name(sentence.text, name) for name in names)
        and stated_type(wanted, sentence.text, query.text)
        and mean_cosine(query, sentence.own, predicate) >= KNOWN_FLOOR
    )
