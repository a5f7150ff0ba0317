"""Turning chosen sentences into an answer: numbered citations, statements, text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from rag.snapshot import Snapshot
from rag.types import Answer, Citation, Statement

Quote = tuple[str, int, int]  # article id, start, end
ALSO_NEAR = "These come near, too, but may not belong here:"


@dataclass(frozen=True, slots=True)
class Claim:
    """What is to be stated, verbatim, and every place it can be read at, the best first.

    `item`: in a list, the thing that it is about, as the first quote names it. `near`: it comes
    near, but may not belong there; such claims are last.
    """

    quotes: tuple[Quote, ...]
    item: str = ""
    near: bool = False


def overlap(one: Quote, other: Quote) -> bool:
    """Tell whether two quotes share characters of an article."""
    return one[0] == other[0] and one[1] < other[2] and one[2] > other[1]


def compose(
    snapshot: Snapshot, claims: Sequence[Claim], *, as_list: bool = False
) -> tuple[str, tuple[Statement, ...], tuple[Citation, ...]]:
    """Number the quotes in the order of appearance and write the text with its `[n]`.

    The text of a statement is its first quote as it stands; nothing is reworded. In a list the
    thing stands before it; a sentence that speaks of several things is quoted with the first.
    """
    numbers: dict[Quote, int] = {}
    statements: list[Statement] = []
    for claim in claims:
        quoted = claim.quotes[0] in numbers
        for quote in claim.quotes:
            numbers.setdefault(quote, len(numbers) + 1)
        article_id, start, end = claim.quotes[0]
        said = snapshot.article(article_id).text[start:end].removeprefix("- ")
        if claim.item:
            said = claim.item if quoted else f"{claim.item}: {said}"
        cited = tuple(numbers[quote] for quote in claim.quotes)
        statements.append(Statement(said, cited, supported=True, item=claim.item, near=claim.near))
    citations = [cite(snapshot, quote, number) for quote, number in numbers.items()]
    return write_text(statements, as_list=as_list), tuple(statements), tuple(citations)


def write_text(statements: Sequence[Statement], *, as_list: bool = False) -> str:
    """Write statements as prose, or as list lines, each with the numbers of its citations."""
    lines = [
        f"{statement.text} {''.join(f'[{number}]' for number in statement.citations)}"
        for statement in statements
    ]
    if as_list or any(statement.item for statement in statements):
        lines = [f"- {line}" for line in lines]
        sure = sum(not statement.near for statement in statements)
        return "\n".join([*lines[:sure], *([ALSO_NEAR] if lines[sure:] else []), *lines[sure:]])
    return " ".join(lines)


def with_statements(answer: Answer, statements: Sequence[Statement]) -> Answer:
    """Give an answer these statements instead, with its citations numbered anew.

    What only comes near stays last.
    """
    statements = sorted(statements, key=lambda statement: statement.near)
    cited = {citation.number: citation for citation in answer.citations}
    used = list(dict.fromkeys(n for statement in statements for n in statement.citations))
    number = {old: new for new, old in enumerate(used, start=1)}
    kept = tuple(
        replace(statement, citations=tuple(number[n] for n in statement.citations))
        for statement in statements
    )
    return replace(
        answer,
        text=write_text(kept, as_list=answer.kind == "list"),
        statements=kept,
        citations=tuple(replace(cited[n], number=number[n]) for n in used),
    )


def cite(snapshot: Snapshot, quote: Quote, number: int) -> Citation:
    """Cite characters of an article: `quote` is read from the stored text, never from a copy."""
    article_id, start, end = quote
    article = snapshot.article(article_id)
    return Citation(
        number=number,
        **article.named(),
        quote=article.text[start:end],
        start=start,
        end=end,
    )
