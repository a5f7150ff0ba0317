"""A Ray Data pipeline: what is to be done goes to workers, and what they send comes in order.

It is run by an actor, for Ray Data wants to be on the cluster, and who calls over `ray://` is not.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import ray
from ray.data import ActorPoolStrategy, DataContext

from ingest.ray_worker import SENT, Worker

BLOCK = 32_000_000  # bytes that a worker collects before it sends them


class Pipeline:
    """Hands out what the workers send, one after the other."""

    def __init__(
        self, worker: type[Worker], told: Sequence[Any], groups: Sequence[Any], retries: int
    ) -> None:
        """Describe the pipeline; nothing runs until somebody asks.

        Args:
            worker: what the actors run; each has one core, and all cores are used.
            told: what each of them is made with.
            groups: references to tables, one for each call of a worker.
            retries: for a group whose worker dies; then it is likely that its content kills it.
        """
        context = DataContext.get_current()
        context.execution_options.preserve_order = True
        context.target_max_block_size = BLOCK
        context.enable_progress_bars = False
        cores = int(ray.cluster_resources().get("CPU", 1))  # type: ignore[no-untyped-call]
        sent = ray.data.from_arrow_refs(list(groups)).map_batches(
            worker,
            batch_size=None,
            fn_constructor_args=list(told),
            compute=ActorPoolStrategy(size=max(1, min(cores, len(groups)))),
            num_cpus=1,
            # Ray calls this way deprecated, but has no other, and would go on for ever.
            max_task_retries=retries,
        )
        self._rows: Iterator[dict[str, Any]] = iter(sent.iter_rows())

    def next(self) -> bytes | None:
        """What comes next, pickled; nothing at the end."""
        row = next(self._rows, None)
        return row[SENT] if row else None
