"""Articles that give different values for what is asked: both sides, newest first.

Only values for the same thing disagree. What can be told apart (seasons, versions, years, parts of
a whole) or differs in precision alone does not; copies of one report have one voice. A later
article that takes back the earlier value wins.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from rag.compose import cite, with_statements
from rag.disagreement_text import tell_disagreement
from rag.other_side import Finder, Side
from rag.retrieval import Query, Ranking
from rag.snapshot import Snapshot
from rag.stated import Asked, read_asked, read_stated
from rag.types import Answer, Disagreement, Statement


def show_disagreement(snapshot: Snapshot, query: Query, ranking: Ranking, answer: Answer) -> Answer:
    """Put both sides first in an answer, newest first, and say that they disagree."""
    asked = read_asked(query.text)
    if answer.status == "refused" or answer.kind == "summary" or not answer.statements:
        return answer
    itemised = any(statement.item for statement in answer.statements)
    if itemised or (answer.kind == "list" and asked.kind not in ("number", "place")):
        return answer  # lines of a list are different things, not different values
    finder = Finder(snapshot, query, ranking, answer, asked)
    sides = finder.corrected()
    corrected = bool(sides)
    sides = sides or finder.different()
    return _with_sides(snapshot, asked, answer, sides, corrected) if sides else answer


def _with_sides(
    snapshot: Snapshot, asked: Asked, answer: Answer, sides: Sequence[Side], corrected: bool
) -> Answer:
    """Begin an answer with the sentences of the sides; the rest of it follows."""
    citations = list(answer.citations)
    first: list[Statement] = []
    own: set[int] = set()
    for side in sides:
        quote = (side.sentence.article_id, side.sentence.start, side.sentence.end)
        place = (quote[0], quote[2])
        number = next((c.number for c in citations if (c.article_id, c.end) == place), 0)
        if not number:
            number = len(citations) + 1
            citations.append(cite(snapshot, quote, number))
        own.add(number)
        said = citations[number - 1].quote.removeprefix("- ")
        first.append(Statement(said, (number,), True))
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
