"""Who reads, cuts and encodes the files of a run: this process, or the workers of a Ray cluster."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Literal, get_args

from ingest.formats import ReadOptions
from rag.encoder import Encoder
from rag.errors import InvalidInput
from rag.settings import Settings

if TYPE_CHECKING:
    from ingest.local_engine import LocalEngine

EngineName = Literal["local", "ray"]
ENGINES: tuple[EngineName, ...] = get_args(EngineName)


def check_engine(name: EngineName) -> None:
    """Look whether an engine can be had, before anything is begun.

    Raises:
        InvalidInput: if there is none of that name, or Ray is not installed.
    """
    if name not in ENGINES:
        raise InvalidInput(f"there is no engine {name!r}; use {' or '.join(ENGINES)}")
    if name == "ray" and importlib.util.find_spec("ray") is None:
        raise InvalidInput(
            "the engine ray needs Ray, which is not installed; install the extra that brings it: "
            "pip install 'citewell[ray]', or from a checkout: pip install -e '.[ray]'"
        )


@contextmanager
def open_engine(name: EngineName, settings: Settings, encoder: Encoder) -> Iterator[LocalEngine]:
    """Start an engine, and end it and all its processes.

    Raises:
        ClusterFailed: if the cluster cannot be reached, or Ray does not start here.
    """
    options = ReadOptions.of(settings)
    if name == "local":
        from ingest.local_engine import LocalEngine  # these bring libraries that a run may not need

        with LocalEngine(encoder, options) as engine:
            yield engine
    else:
        from ingest.ray_session import ray_session

        with ray_session(settings.ray_address):
            from ingest.ray_engine import RayEngine  # it imports Ray, which must be set up before

            with RayEngine(encoder, options) as engine:
                yield engine
