"""Articles that give different values for what is asked: both sides, newest first.

Only values for the same thing disagree. What can be told apart (seasons, versions, years, parts of
a whole) or differs in precision alone does not; copies of one report have one voice. A later
article that takes back the earlier value wins.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from rag.asked import Asked, read_asked
from rag.candidates import Candidates, Side
from rag.compose import Quote, cite, overlap, with_statements
from rag.disagreement_text import tell_disagreement
from rag.lead_in import quote_with_lead_in
from rag.other_side import find_different
from rag.retrieval import Query, Ranking
from rag.snapshot import Snapshot
from rag.stated import read_stated
from rag.taken_back import find_corrected
from rag.types import Answer, Disagreement, Statement


def show_disagreement(snapshot: Snapshot, query: Query, ranking: Ranking, answer: Answer) -> Answer:
    """Put both sides first in an answer, newest first, and say that they disagree."""
    asked = read_asked(query.text)
    if answer.status == "refused" or answer.kind == "summary" or not answer.statements:
        return answer
    itemised = any(statement.item for statement in answer.statements)
    if itemised or (answer.kind == "list" and asked.kind not in ("number", "place")):
        return answer  # lines of a list are different things, not different values
    candidates = Candidates(snapshot, query, ranking, answer, asked)
    sides = find_corrected(candidates)
    corrected = bool(sides)
    sides = sides or find_different(candidates)
    return _with_sides(snapshot, asked, answer, sides, corrected) if sides else answer


def _with_sides(
    snapshot: Snapshot, asked: Asked, answer: Answer, sides: Sequence[Side], corrected: bool
) -> Answer:
    """Begin an answer with the sentences of the sides; the rest of it follows."""
    quotes: list[Quote] = []
    for side in sides:
        article_id, start, end = quote_with_lead_in(snapshot, side.sentence, quotes)
        quotes.append((article_id, start, max(end, side.end)))
    numbered = enumerate(quotes, start=len(answer.citations) + 1)
    citations = [*answer.citations, *(cite(snapshot, quote, number) for number, quote in numbered)]
    first = [
        Statement(c.quote.removeprefix("- "), (c.number,), True)
        for c in citations[len(answer.citations) :]
    ]
    # What the sides quote is not said a second time.
    own = {
        c.number
        for c in answer.citations
        if any(overlap((c.article_id, c.start, c.end), quote) for quote in quotes)
    }
    rest = [
        dataclasses.replace(s, citations=tuple(n for n in s.citations if n not in own))
        for s in answer.statements
        if s.citations[0] not in own
    ]
    # What else gives a figure or a date goes before what gives none.
    rest.sort(key=lambda statement: read_stated(asked, statement.text) is None)
    whole = dataclasses.replace(answer, citations=tuple(citations), text="")
    whole = with_statements(whole, [*first, *rest[: max(0, len(answer.statements) - len(first))]])
    numbers = tuple(statement.citations[0] for statement in whole.statements[: len(first)])
    found = Disagreement(numbers, tuple(side.value for side in sides), corrected)
    used = len({citation.article_id for citation in whole.citations})
    cover = dataclasses.replace(
        answer.coverage, used=used, matched=max(used, answer.coverage.matched)
    )
    text = f"{whole.text}\n{tell_disagreement(found, whole.citations)}"
    return dataclasses.replace(whole, text=text, disagreements=(found,), coverage=cover)
