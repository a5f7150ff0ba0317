"""What a caller may ask for; anything else ends in an error that says what to write instead."""

from __future__ import annotations

from rag.errors import InvalidInput

MOST_CHARACTERS = 2000


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
