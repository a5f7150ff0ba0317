"""What a run does about memory that Python and the C library would see to too late or too often."""

from __future__ import annotations

import ctypes
import gc
from collections.abc import Iterator
from contextlib import contextmanager, suppress

RARELY = 50_000  # new objects, instead of 700 or 2,000


@contextmanager
def few_collections() -> Iterator[None]:
    """Look for garbage in cycles less often: a large index is a million objects without any."""
    usual = gc.get_threshold()
    gc.set_threshold(RARELY, *usual[1:])
    try:
        yield
    finally:
        gc.set_threshold(*usual)


def give_back() -> None:
    """Return what is free to the system; the C library of Linux keeps it for later."""
    with suppress(OSError, AttributeError):  # other systems have no such call
        ctypes.CDLL("libc.so.6").malloc_trim(0)
