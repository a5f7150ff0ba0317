"""The little English that the readers know."""

from __future__ import annotations

import pytest

from rag.hedges import STATED_UNKNOWN


@pytest.mark.parametrize(
    "sentence",
    [
        "The festival has given no reason.",
        "A price has not been set.",
        "The valve came from a supplier whom he will not name.",
        "Where she is going she won't say.",
        "The parties agreed not to disclose the terms.",
        "Both keep the price secret.",
        "The company declined to comment on the sum.",
        "The report is silent about the rest.",
        "没有公布价格。",
    ],
)
def test_what_says_that_something_is_not_known(sentence: str) -> None:
    assert STATED_UNKNOWN.search(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "He kept a diary of the secretary's visits.",
        "She refused to leave the stage.",
        "The price was set at nine euros and named in the contract.",
        "They gave no quarter.",
        "The town will not be rebuilt.",
    ],
)
def test_what_does_not(sentence: str) -> None:
    assert not STATED_UNKNOWN.search(sentence)
