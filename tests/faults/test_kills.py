"""A kill at any moment leaves an index that answers, and that the next run brings up to date.

The whole trial is a program: `python -m tests.faults.kills --kills 200`.
"""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest
import torch

from rag import Encoder
from tests.faults.kills import HOW, STEPS
from tests.faults.trial import Trial, Victim
from tests.faults.victim import DONE, KILLED

# Those between which the index on disk differs most.
TRIED = (
    "articles half written",
    "store copied",
    "large store linked",
    "vectors written",
    "manifest written",
    "folder renamed",
    "pointer written",
    "pointer moved",
    "old snapshot renamed",
)


@pytest.fixture(scope="module")
def trial(tmp_path_factory: pytest.TempPathFactory, encoder: Encoder) -> Iterator[Trial]:
    threads = torch.get_num_threads()
    torch.set_num_threads(1)  # texts this short take longer with more
    with Victim() as victim:
        yield Trial(tmp_path_factory.mktemp("kills"), encoder, victim)
    torch.set_num_threads(threads)


def test_killed_at_a_step(trial: Trial) -> None:
    for step in TRIED:
        ended = trial.kill(step=STEPS[step], **HOW.get(step, {}))
        assert ended == KILLED, f"the step {step} was not reached"
        trial.compare()
        assert not trial.faults(), step


def test_killed_at_random_moments(trial: Trial) -> None:
    chance = random.Random(1)
    for _ in range(4):
        trial.kill(delay=chance.uniform(0, 1))
        trial.compare()
        assert not trial.faults()


def test_the_victim_can_also_live(trial: Trial) -> None:
    """Else a victim that dies of something else would pass for one that was killed."""
    assert trial.kill() == DONE
    trial.compare()
    assert not trial.faults()
