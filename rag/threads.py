"""How many threads torch may use for the little that a question takes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def one_thread() -> Iterator[None]:
    """Let torch work on this thread alone.

    A question is too short for a second thread to help, and where another program keeps a core
    busy, each of the hundred steps waits for the thread that does not get one: 15 ms a step.
    """
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)
