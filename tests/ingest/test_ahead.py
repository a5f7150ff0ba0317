"""Running ahead in threads: the same items, the same errors, and an end."""

from __future__ import annotations

import threading
import time
from collections.abc import Generator
from contextlib import closing

import pytest

from ingest.ahead import ahead, in_order


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


@pytest.mark.parametrize("threads", [1, 4])
def test_work_done_at_a_time_comes_in_order(threads: int) -> None:
    def slow(number: int) -> int:
        time.sleep(0.001 * (number % 3))  # the later ones may be done first
        return 2 * number

    assert list(in_order(slow, range(50), threads, 6)) == [2 * number for number in range(50)]


def test_work_that_fails_does_so_in_its_turn() -> None:
    def work(number: int) -> int:
        if number == 1:
            raise OSError("no more")
        return number

    results = in_order(work, range(10), 2, 8)
    assert next(results) == 0
    with pytest.raises(OSError, match="no more"):
        next(results)


def test_of_work_no_more_than_the_room_is_begun_before_it_is_used() -> None:
    begun: list[int] = []
    results = in_order(lambda number: begun.append(number), range(100), 2, 3)
    for used, _ in enumerate(results):
        assert len(begun) <= used + 1 + 3


def test_work_that_is_given_up_is_not_begun() -> None:
    begun: list[int] = []
    hold = threading.Event()

    def work(number: int) -> None:
        begun.append(number)
        if number:
            hold.wait()

    results = in_order(work, range(100), 1, 50)
    next(results)
    results.close()
    hold.set()
    assert len(begun) <= 2
