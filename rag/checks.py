"""What a caller may ask for; anything else ends in an error that says what to write instead."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence

from rag.errors import InvalidInput

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


def check_days(after: datetime.date | None, before: datetime.date | None) -> None:
    """Check that articles can be published between two days.

    Raises:
        InvalidInput: if the second is the earlier one.
    """
    if after and before and after > before:
        raise InvalidInput(
            f"no day is both on or after {after} and on or before {before}; swap --after and "
            "--before"
        )


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
