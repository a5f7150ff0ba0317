"""The Ray Data pipeline of a run: groups of files to workers, what they send in order.

It is run by an actor, for Ray Data wants to be on the cluster, and who calls over `ray://` is not.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import ray
from numpy.typing import NDArray
from ray.data import ActorPoolStrategy, DataContext

from ingest.ray_worker import FILES, SENT, Order, Worker

BLOCK = 32_000_000  # bytes that a worker collects before it sends them


class Pipeline:
    """Hands out what the workers send, one after the other."""

    def __init__(
        self,
        order: Order,
        known: NDArray[np.uint64],
        groups: Sequence[bytes],
        worker: type[Worker],
        retries: int,
    ) -> None:
        """Describe the pipeline; nothing runs until somebody asks.

        Args:
            order: for the workers.
            known: sorted numbers of the texts that are stored.
            groups: files, pickled, a group for each call of a worker.
            worker: what the actors run; each has one core, and all cores are used.
            retries: for a group whose worker dies; then it is likely that its files kill it.
        """
        context = DataContext.get_current()
        context.execution_options.preserve_order = True
        context.target_max_block_size = BLOCK
        context.enable_progress_bars = False
        cores = int(ray.cluster_resources().get("CPU", 1))  # type: ignore[no-untyped-call]
        items = ray.data.from_items(
            [{FILES: group} for group in groups], override_num_blocks=len(groups)
        )
        sent = items.map_batches(
            worker,
            batch_size=None,
            fn_constructor_args=[order, ray.put(known)],
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
