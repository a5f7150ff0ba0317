"""What `python -m ui` says when it cannot serve the page, and what importing `ui` costs."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import ui
from ui.__main__ import main


def test_a_missing_index_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--index", str(tmp_path / "none")]) == 2
    assert "python -m ingest" in capsys.readouterr().err


def test_the_public_surface_is_what_can_be_imported() -> None:
    assert ui.__all__ == ["launch"]
    assert callable(ui.launch)


def test_importing_the_package_does_not_load_gradio() -> None:
    check = "import sys, ui; sys.exit('gradio' in sys.modules or 'torch' in sys.modules)"
    root = Path(__file__).parents[2]
    assert subprocess.run([sys.executable, "-c", check], cwd=root).returncode == 0


@pytest.mark.parametrize(
    ("host", "only_here"),
    [("127.0.0.1", True), ("::1", True), ("localhost", True), ("0.0.0.0", False), ("pc", False)],
)
def test_uploads_are_off_where_others_can_reach_the_page(host: str, only_here: bool) -> None:
    from ui.server import is_this_computer

    assert is_this_computer(host) is only_here
