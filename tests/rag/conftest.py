"""What tests of the command `python -m rag` share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from rag import Encoder, Settings
from rag.__main__ import main

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(
    corpus_settings: Settings,
    encoder: Encoder,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Run:
    """Runs the command over the sample corpus: exit code, output, errors. The model is loaded."""
    monkeypatch.setattr("rag.assistant.Encoder", lambda *_: encoder)

    def run_command(*arguments: str | Path) -> tuple[int, str, str]:
        words = [str(argument) for argument in arguments]
        if "--index" not in words:
            words += ["--index", str(corpus_settings.index_dir)]
        code = main(words)
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return run_command
