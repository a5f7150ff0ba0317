"""What a caller may ask for; anything else ends in an error that says what to write instead."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence

from rag.errors import InvalidInput
from rag.types import Filters

MOST_CHARACTERS = 2000
MOST_SOURCES = 20  # named in a message


def check_question(question: str) -> str:
    """Give a question back on one line.

    Raises:
        InvalidInput: if there is no question, or far too long a one.
    """
    text = " ".join(question.split()) if isinstance(question, str) else ""
    if not any(character.isalnum() for character in text):
        raise InvalidInput("there is no question; write one, such as: which dramas were remade?")
    if len(text) > MOST_CHARACTERS:
        raise InvalidInput(
            f"the question has {len(text):,} characters; keep it below {MOST_CHARACTERS:,}"
        )
    return text


def check_passages(k: int) -> int:
    """Give back how many passages are asked for.

    Raises:
        InvalidInput: if that is not a number from 1.
    """
    if isinstance(k, bool) or not isinstance(k, int) or k < 1:
        raise InvalidInput(f"k is {k!r}; ask for at least 1 passage")
    return k


def check_days(
    after: datetime.date | None, before: datetime.date | None, names: str = "after and before"
) -> None:
    """Check that articles can be published between two days, which a caller knows by `names`.

    Raises:
        InvalidInput: if the second is the earlier one.
    """
    if after and before and after > before:
        raise InvalidInput(
            f"no day is both on or after {after} and on or before {before}; swap {names}"
        )


def check_filters(filters: Filters | None) -> Filters | None:
    """Give filters back as they can be compared.

    Raises:
        InvalidInput: for what only looks like a filter: it would let nothing through, or end in an
            error far from here.
    """
    if filters is None:
        return None
    if not isinstance(filters, Filters):
        raise InvalidInput(f"filters is {filters!r}; write it as Filters(sources=…, after=…)")
    for field in ("sources", "authors"):
        names = getattr(filters, field)
        if isinstance(names, str) or not all(isinstance(name, str) for name in names):
            raise InvalidInput(f"{field} is {names!r}; write names in a tuple: ({str(names)!r},)")
    for field in ("after", "before"):
        day = getattr(filters, field)
        if day is not None and type(day) is not datetime.date:
            raise InvalidInput(f"{field} is {day!r}; write a day as datetime.date(2024, 5, 31)")
    check_days(filters.after, filters.before)
    return filters


def check_sources(given: Iterable[str], known: Sequence[str]) -> tuple[str, ...]:
    """Give back sources as the index writes them; those given may be in any case.

    Raises:
        InvalidInput: if no article is of a source that is given.
    """
    found: list[str] = []
    for name in given:
        same = [source for source in known if source.casefold() == name.strip().casefold()]
        if not same:
            more = len(known) - MOST_SOURCES
            named = ", ".join(known[:MOST_SOURCES]) + (f" and {more} more" if more > 0 else "")
            raise InvalidInput(
                f"no article is of the source {name!r}; "
                + (f"there are {named}" if known else "no article in the index names its source")
            )
        found += same
    return tuple(found)
