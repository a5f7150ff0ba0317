"""Running ahead in a thread: the same items, the same errors, and an end."""

from __future__ import annotations

import threading
from collections.abc import Generator
from contextlib import closing

import pytest

from ingest.ahead import ahead


def numbers(end: int, closed: list[bool]) -> Generator[int, None, None]:
    try:
        yield from range(end)
    finally:
        closed.append(True)


@pytest.mark.parametrize("room", [1, 3, 1000])
def test_all_items_come_in_order(room: int) -> None:
    closed: list[bool] = []
    assert list(ahead(numbers(100, closed), room)) == list(range(100))
    assert closed == [True]


def test_an_error_comes_where_it_would() -> None:
    def failing() -> Generator[int, None, None]:
        yield 1
        raise OSError("no more")

    items = ahead(failing(), 2)
    assert next(items) == 1
    with pytest.raises(OSError, match="no more"):
        next(items)


def test_giving_up_ends_the_thread_and_closes_the_iterator() -> None:
    closed: list[bool] = []
    before = threading.active_count()
    with closing(ahead(numbers(10**9, closed), 2)) as items:
        assert next(items) == 0
        assert threading.active_count() == before + 1
    assert closed == [True]
    assert threading.active_count() == before


def test_no_more_than_the_room_is_made_before_it_is_used() -> None:
    made: list[int] = []

    def noted() -> Generator[int, None, None]:
        for number in range(100):
            made.append(number)
            yield number

    for item in ahead(noted(), 3):
        assert len(made) <= item + 1 + 3 + 1  # used, waiting, and one at the door
