"""A connection to Ray for one run: to a cluster, or to Ray started on this computer alone."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from rag.errors import ClusterFailed

OBJECT_STORE = 1_000_000_000  # bytes; what waits to be written is far less
# Ray reads these when it is imported. It tells its makers that it is used unless told not to.
QUIET = {
    "RAY_USAGE_STATS_ENABLED": "0",
    "RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO": "0",  # as it will be by default; else it warns
}
# Whatever its name says: with this, Ray listens on 127.0.0.1 only, as elsewhere by default.
LOOPBACK = {"RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0"}
ALONE: dict[str, Any] = {
    "address": "local",  # an empty one would take whatever cluster it finds
    "include_dashboard": False,
    "object_store_memory": OBJECT_STORE,
}


@contextmanager
def ray_session(address: str) -> Iterator[None]:
    """Connect to the cluster at an address, or start Ray here; end what was begun.

    A program that has a connection already goes on with it.

    Raises:
        ClusterFailed: if that does not work.
    """
    for name, value in (QUIET if address else QUIET | LOOPBACK).items():
        os.environ.setdefault(name, value)
    import ray

    if ray.is_initialized():
        yield
        return
    try:
        options = {"address": address} if address else ALONE
        ray.init(log_to_driver=False, logging_level=logging.ERROR, **options)
    except Exception as error:  # it raises anything: ConnectionError, RuntimeError, ValueError …
        where = f"the Ray cluster at {address} cannot be reached" if address else "Ray cannot start"
        raise ClusterFailed(
            f"{where} ({' '.join(str(error).split())[:200] or type(error).__name__}); check "
            "CITEWELL_RAY_ADDRESS and that the cluster runs (one that wants a token: set "
            "RAY_AUTH_MODE=token and RAY_AUTH_TOKEN), or run with --engine local. The index was "
            "left as it is"
        ) from error
    try:
        yield
    finally:
        ray.shutdown()
