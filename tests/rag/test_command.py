"""How the commands end when nobody reads on."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tests.conftest import ROOT

PRINTS = "from rag.command import run_command; run_command(lambda: print('x' * 100_000) or 3)"


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (("-c", PRINTS), 1),
        (("-m", "rag", "--help"), 0),  # argparse does not mind
        (("-m", "ingest", "--help"), 0),
    ],
)
def test_output_that_nobody_reads_ends_a_command_quietly(
    command: tuple[str, ...], code: int
) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    try:
        run = subprocess.run(
            [sys.executable, *command], cwd=ROOT, stdout=writing, stderr=subprocess.PIPE, text=True
        )
    finally:
        os.close(writing)
    assert (run.returncode, run.stderr) == (code, "")


def test_the_exit_code_of_a_command_is_kept() -> None:
    run = subprocess.run([sys.executable, "-c", PRINTS], cwd=ROOT, capture_output=True)
    assert (run.returncode, len(run.stdout.strip())) == (3, 100_000)
