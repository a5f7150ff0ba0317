"""Doing what will be asked for next in threads: files are read, and cut while texts are encoded.

Torch and the tokenizer leave other threads alone while they compute, and so do processes that read.
"""

from __future__ import annotations

import contextvars
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from queue import Full, Queue
from typing import TypeVar

T = TypeVar("T")
Given = TypeVar("Given")


def ahead(items: Generator[T, None, None], room: int) -> Generator[T, None, None]:
    """Yield the items in order; at most `room` of them wait.

    Raises:
        Exception: whatever the iterator raises. If it is given up, the iterator is closed.
    """
    # An item alone in a tuple, the error that ended the iterator, or nothing at its end.
    queue: Queue[tuple[T] | BaseException | None] = Queue(room)
    given_up = threading.Event()

    def put(thing: tuple[T] | BaseException | None) -> None:
        while not given_up.is_set():
            with suppress(Full):
                return queue.put(thing, timeout=0.1)

    def run() -> None:
        end = None
        try:
            for item in items:
                put((item,))
                if given_up.is_set():
                    break
        except BaseException as error:  # raised again where the items are used
            end = error
        items.close()
        put(end)

    thread = threading.Thread(target=contextvars.copy_context().run, args=(run,), daemon=True)
    thread.start()
    try:
        while (got := queue.get()) is not None:
            if isinstance(got, BaseException):
                raise got
            yield got[0]
    finally:
        given_up.set()
        thread.join()


def in_order(
    work: Callable[[Given], T], items: Iterable[Given], threads: int, room: int
) -> Generator[T, None, None]:
    """Yield what the work makes of each item, in order; several are worked on at a time.

    At most `room` results wait. If it is given up, no more work is begun.

    Raises:
        Exception: whatever the work raises, when its turn comes.
    """
    waiting: deque[Future[T]] = deque()
    pool = ThreadPoolExecutor(threads)
    try:
        for item in items:
            waiting.append(pool.submit(work, item))
            if len(waiting) > room:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
