"""A kill at any moment leaves an index that answers, and that the next run brings up to date."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest

from rag import Encoder
from tests.faults.kills import STEPS, Trial, Victim
from tests.faults.victim import DONE, KILLED


@pytest.fixture(scope="module")
def trial(tmp_path_factory: pytest.TempPathFactory, encoder: Encoder) -> Iterator[Trial]:
    with Victim() as victim:
        yield Trial(tmp_path_factory.mktemp("kills"), encoder, victim)


def check(trial: Trial) -> None:
    faults = ("failed", "lost articles", "mixed answers", "manual repairs", "leftovers")
    assert {name: trial.found[name] for name in faults} == dict.fromkeys(faults, 0)
    trial.compare()


@pytest.mark.parametrize("step", STEPS)
def test_killed_at_a_step(trial: Trial, step: str) -> None:
    assert trial.kill(step=STEPS[step]) == KILLED, "the step was not reached"
    check(trial)


def test_killed_at_random_moments(trial: Trial) -> None:
    chance = random.Random(1)
    for _ in range(4):
        trial.kill(delay=chance.uniform(0, 0.5))
        check(trial)


def test_the_victim_can_also_live(trial: Trial) -> None:
    """Else a victim that dies of something else would pass for one that was killed."""
    assert trial.kill() == DONE
    check(trial)
