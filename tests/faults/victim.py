"""A process that others kill: it runs ingest in forks of itself, so that the model loads once.

Each line on standard input orders one run, as JSON; each line on standard output tells how it
ended. Run as `python -m tests.faults.victim`.
"""

from __future__ import annotations

import importlib
import json
import os
import signal
import sys
import time
from collections.abc import Callable
from contextlib import redirect_stdout
from functools import reduce
from io import StringIO
from typing import Any

import torch

from ingest import vector_writer
from ingest.__main__ import main as main_of_ingest
from rag import Encoder

KILLED, DONE = "killed", "done"
LARGE = {"SMALL": 0, "SHARE": 0}  # any store is large, and nothing is too much beside it


def main() -> None:
    """Serve until standard input ends."""
    # A fork has only the thread that forked; with one thread nothing waits for another.
    torch.set_num_threads(1)
    os.environ["TOKENIZERS_PARALLELISM"] = "false"
    encoder = Encoder()
    encoder.model  # noqa: B018  # loads it
    print("ready", flush=True)
    for line in sys.stdin:
        print(run(json.loads(line), encoder), flush=True)


def run(order: dict[str, Any], encoder: Encoder) -> str:
    """Fork, let the fork run ingest, kill it if so ordered, and tell how it ended."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            code = ingest(order, encoder)
        finally:
            os._exit(code)
    if order.get("delay") is not None:
        time.sleep(order["delay"])
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return KILLED
    return DONE if os.WEXITSTATUS(status) == 0 else "failed"


def ingest(order: dict[str, Any], encoder: Encoder) -> int:
    """Run `python -m ingest`, but for loading the model; with a step, die there."""
    os.environ |= {"CITEWELL_CORPUS_DIR": order["corpus"], "CITEWELL_KEEP_SNAPSHOTS": "2"}
    # `ingest.reindex` is the function; the module of that name is only in sys.modules.
    vars(sys.modules["ingest.reindex"])["Encoder"] = lambda *given: encoder
    if order.get("large"):
        vars(vector_writer).update(LARGE)
    if order.get("step"):
        die_at(*order["step"])
    with redirect_stdout(StringIO()):  # ours is for reports
        return main_of_ingest(["--index", order["index"]])


def die_at(name: str, when: str, call: int) -> None:
    """Replace a function by one that dies before or after its n-th call."""
    module, _, path = name.partition(":")
    importlib.import_module(module)
    *parents, last = path.split(".")
    owner = reduce(getattr, parents, sys.modules[module])
    setattr(owner, last, dying(getattr(owner, last), when, call))


def dying(function: Callable[..., Any], when: str, call: int) -> Callable[..., Any]:
    """Wrap a function."""
    calls = 0

    def wrapped(*arguments: Any, **options: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == call and when == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        result = function(*arguments, **options)
        if calls == call and when == "after":
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    return wrapped


if __name__ == "__main__":
    main()
