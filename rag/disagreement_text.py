"""How a disagreement is told, in the answer's text and on the page."""

from __future__ import annotations

from collections.abc import Sequence

from rag.dates import write
from rag.types import Citation, Disagreement


def tell_disagreement(found: Disagreement, citations: Sequence[Citation]) -> str:
    """Write a disagreement as one line: each value with its number, date and source."""
    cited = {citation.number: citation for citation in citations}
    told = []
    for number, value in zip(found.citations, found.values, strict=True):
        citation = cited.get(number)
        if citation is None:
            continue  # an answer that still grows
        about = [write(citation.published) if citation.published else "", citation.source]
        told.append(f"{value} [{number}] ({', '.join(part for part in about if part)})")
    return f"{heading(found)} {' / '.join(told)}"


def heading(found: Disagreement) -> str:
    """What a disagreement is called."""
    if found.corrected:
        return "A later article corrects an earlier one:"
    return "The articles disagree:"
