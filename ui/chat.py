"""What happens in a conversation: a question comes in, the growing answer goes out."""

from __future__ import annotations

import datetime
import logging
from collections.abc import Iterator
from typing import Any

from rag import Assistant, CitewellError
from rag.errors import InvalidInput
from rag.types import Answer, Filters
from ui.render import answer_html, note_html, question_html

Message = dict[str, Any]
"""A message as Gradio and LangChain write it: `role` and `content`."""

_log = logging.getLogger(__name__)

WAITING = "Reading the articles…"
EMPTY = "Type a question first."
BROKEN = "Something went wrong inside Citewell; its log says what. Please try another question."


def filters_of(sources: list[str] | None, after: str | None, before: str | None) -> Filters | None:
    """Turn what was typed into the filter fields into `Filters`, or `None` for no filter.

    Raises:
        InvalidInput: for a date that is not written YYYY-MM-DD, or a range that ends too early.

    """
    first, last = _day(after), _day(before)
    if first and last and first > last:
        raise InvalidInput(f"No day is both after {first} and before {last}; swap the two dates.")
    filters = Filters(sources=tuple(sources or ()), after=first, before=last)
    return filters or None


def _day(text: str | None) -> datetime.date | None:
    if not text or not text.strip():
        return None
    try:
        return datetime.date.fromisoformat(text.strip())
    except ValueError:
        message = f"“{text.strip()[:40]}” is not a date; write it as 2024-05-31."
        raise InvalidInput(message) from None


def converse(
    assistant: Assistant, question: str, history: list[Message], filters: Filters | None
) -> Iterator[tuple[str, list[Message]]]:
    """Answer a question; yield the reply as HTML so far, and the conversation to remember.

    A question that failed is not remembered: it would only mislead the next one.
    """
    yield note_html(WAITING, "waiting"), history
    answer = None
    try:
        for answer in assistant.stream(question, history=history, filters=filters):
            yield answer_html(answer, final=False), history
    except CitewellError as error:
        yield note_html(str(error), "problem"), history
    except Exception:
        # The last line of defence: a user never sees a traceback, the operator always does.
        _log.exception("the question %.200r failed", question)
        yield note_html(BROKEN, "problem"), history
    else:
        if answer is not None:
            yield answer_html(answer), [*history, *_remembered(question, answer)]


def _remembered(question: str, answer: Answer) -> list[Message]:
    return [
        {"role": "user", "content": question},
        {"role": "assistant", "content": answer.text},
    ]


def asked(question: str) -> Message:
    """Make the chat message of a question."""
    return {"role": "user", "content": question_html(question)}


def replied(html: str) -> Message:
    """Make the chat message of a reply."""
    return {"role": "assistant", "content": html}


def stopped(chat: list[Message]) -> list[Message]:
    """Say under the last reply that it was stopped; what was shown of it stays."""
    return [*chat, replied(note_html("Stopped.", "stopped"))] if chat else chat
